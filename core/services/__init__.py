"""Writes: verb(session, ..., by=actor), permission checked and audited in one transaction."""
