"""Identifiers: derived ones that are the same for the same parts for ever, and new ones that sort by time."""

import secrets
import uuid
from hashlib import blake2b

from core import clock

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no letter is mistaken for a digit
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_SEPARATOR = "\x1f"
LARGEST = 2**63 - 1  # what a column of eight bytes holds


class UnknownIdentifier(ValueError):
    """A text that should have been one of our public identifiers is not one."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text[:40]}” is not an identifier of this service.")


def derived(*parts: str | int) -> int:
    """A positive 63-bit number that depends on `parts` alone (blake2b); made for primary keys of projections."""
    return int.from_bytes(blake2b(_joined(parts), digest_size=8).digest(), "big") >> 1


def key(*parts: str | int) -> bytes:
    """The 16-byte key (blake2b-128) under which the log stores a message once."""
    return blake2b(_joined(parts), digest_size=16).digest()


def public(prefix: str, number: int) -> str:
    """How a number looks outside: `p_5m2k…`; JavaScript cannot hold 63 bits."""
    letters = []
    while number:
        number, rest = divmod(number, 32)
        letters.append(_ALPHABET[rest])
    return f"{prefix}_{''.join(reversed(letters)) or '0'}"


def number(text: str) -> int:
    """The number behind a public identifier; raises UnknownIdentifier."""
    _, mark, letters = text.partition("_")
    if not mark or not letters or len(letters) > 13 or any(letter not in _VALUES for letter in letters):
        raise UnknownIdentifier(text)
    value = 0
    for letter in letters:
        value = value * 32 + _VALUES[letter]
    if value > LARGEST:
        raise UnknownIdentifier(text)
    return value


def whole(text: str) -> int | None:
    """The whole number that a text out of an address or a cursor names, or None where no column could hold it."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 19):
        return None
    value = int(text)
    return value if value <= LARGEST else None


def new() -> str:
    """A new identifier, 32 hex digits, in the order of time (UUID version 7, RFC 9562)."""
    random_bits = secrets.randbits(74)
    value = (
        (clock.now() & (2**48 - 1)) << 80
        | 0x7 << 76
        | (random_bits >> 62) << 64
        | 0b10 << 62
        | random_bits & (2**62 - 1)
    )
    return uuid.UUID(int=value).hex


def token(size: int = 32) -> str:
    """An unguessable text of `size` random bytes."""
    return secrets.token_urlsafe(size)


def _joined(parts: tuple[str | int, ...]) -> bytes:
    # The type stands before each part, so that ("1", 2) and (1, "2") differ.
    return _SEPARATOR.join([f"i{part:d}" if isinstance(part, int) else "s" + part for part in parts]).encode(
        "utf-8", "surrogatepass"
    )
