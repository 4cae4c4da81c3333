"""Amounts as shops write them."""

from decimal import Decimal

CENTS = 100


def decimal_text(minor: int) -> str:
    """Two decimals and a point: 1250 is "12.50", -5 is "-0.05"."""
    return f"{Decimal(minor) / CENTS:.2f}"
