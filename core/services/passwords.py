"""Passwords: which are accepted, and how they are kept and compared. bcrypt only."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

import bcrypt

MIN_LENGTH = 12
MAX_BYTES = 72
ROUNDS = 12
ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
ONE_TIME_GROUPS = 4


def normal_form(password: str) -> str:
    """Return a password as it is hashed: the same characters whichever keyboard typed them."""
    return unicodedata.normalize("NFC", password)


def too_long(password: str) -> bool:
    """Tell whether a password holds more bytes than bcrypt reads."""
    return len(normal_form(password).encode()) > MAX_BYTES


def fault(password: str) -> str | None:
    """Return what is wrong with a new password, in Swedish, or None if it is accepted."""
    if len(normal_form(password)) < MIN_LENGTH:
        return f"Lösenordet ska ha minst {MIN_LENGTH} tecken."
    return too_long_message(password) if too_long(password) else None


def too_long_message(password: str) -> str:
    """Return the Swedish message for a password with too many bytes."""
    size = len(normal_form(password).encode())
    return (
        f"Lösenordet är för långt: högst {MAX_BYTES} byte, det här har {size}. "
        "Bokstäver som å, ä och ö räknas som två."
    )


def hashed(password: str) -> str:
    """Return bcrypt's hash of a password. Raises `ValueError` for one that is too long."""
    return bcrypt.hashpw(normal_form(password).encode(), bcrypt.gensalt(ROUNDS)).decode()


def matches(password: str, password_hash: str) -> bool:
    """Tell whether a password is the one that was hashed."""
    if too_long(password):
        return False
    return bcrypt.checkpw(normal_form(password).encode(), password_hash.encode())


def decoy_hash() -> str:
    """Return a hash that no password matches and that costs as much to compare as a real one."""
    return _decoy_hash(ROUNDS)


def one_time() -> str:
    """Return a random password to be read aloud or copied once: four groups of four characters."""
    groups = (
        "".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(4)) for _ in range(ONE_TIME_GROUPS)
    )
    return "-".join(groups)


@cache
def _decoy_hash(rounds: int) -> str:
    return bcrypt.hashpw(secrets.token_bytes(32), bcrypt.gensalt(rounds)).decode()
