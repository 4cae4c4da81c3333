"""Prices: integer cents inside, decimal strings to machines, "€49.00" to people. All prices include VAT."""

from decimal import ROUND_HALF_UP, Decimal

Cents = int

_VAT = Decimal("0.19")


def cents(price: Decimal) -> Cents:
    """Return a price with at most two decimals as cents."""
    return int((price * 100).to_integral_value(ROUND_HALF_UP))


def decimal_text(amount: Cents) -> str:
    """Write an amount for a machine: 4900 is "49.00"."""
    return str(Decimal(amount).scaleb(-2))


def euros(amount: Cents) -> str:
    """Write an amount for a person: 123450 is "€1,234.50"."""
    return f"€{Decimal(amount).scaleb(-2):,.2f}"


def contained_tax(gross: Cents) -> Cents:
    """Return the VAT inside an amount, half cents up."""
    return int((gross * _VAT / (1 + _VAT)).to_integral_value(ROUND_HALF_UP))
