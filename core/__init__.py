"""Röda tråden: the unit's follow-up without any drawing."""
