"""Reporting: what caseworkers and managers register."""
