"""Texts out of somebody's input, made so that both databases keep them."""


def storable(text: str, longest: int) -> str:
    """The text without NUL, which PostgreSQL refuses, and without half a character, which breaks the driver; cut."""
    whole = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return whole.encode(errors="replace").decode()[:longest]
