"""What an order costs: line totals after discount, goods, total, in minor units."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core import money
from tracking.orders.schemas import Amount

_LARGEST = 10**15
_minor = lru_cache(maxsize=16_384)(money.to_minor)  # a shop's prices repeat, and Decimal is slow


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its amounts in minor units; `total` is after its share of the order's discount."""

    line_id: str
    product_id: str
    variant_id: str | None
    name: str
    quantity: int
    price: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The order's amounts in minor units."""

    total: int
    goods: int
    tax: int
    shipping: int
    discount: int


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line before the discount is spread; `price` for one piece in minor units."""

    line_id: str
    product_id: str
    variant_id: str | None
    name: str
    quantity: int
    price: int


def amount(value: Amount, currency: str) -> int:
    """An amount that may be absent, never below zero; raises UnreadableAmount."""
    return 0 if value is None else max(0, _minor(value, currency))


def priced(lines: Sequence[RawLine], discount: int) -> tuple[PricedLine, ...]:
    """The lines with the discount spread over them in proportion to what they cost; it never exceeds them.

    Lines of the same id get a number behind it, so that each stays a line. Raises UnreadableAmount for what no shop sells.
    """
    gross = [line.price * line.quantity for line in lines]
    if sum(gross) > _LARGEST:
        raise money.UnreadableAmount(sum(gross))
    off = money.shares(min(discount, sum(gross)), gross) if discount else [0] * len(lines)
    return tuple(
        PricedLine(line_id, line.product_id, line.variant_id, line.name, line.quantity, line.price, full - less)
        for line_id, line, full, less in zip(_line_ids(lines), lines, gross, off, strict=True)
    )


def _line_ids(lines: Sequence[RawLine]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for line in lines:
        count = seen[line.line_id] = seen.get(line.line_id, 0) + 1
        found.append(line.line_id if count == 1 else f"{line.line_id}#{count}")
    return found


def price(lines: Sequence[PricedLine], *, total: int | None, tax: int, shipping: int, discount: int) -> Price:
    """The order's amounts; a total that was not named is goods + shipping + tax, as in Segment's events."""
    goods = sum(line.total for line in lines)
    whole = goods + shipping + tax if total is None else total
    return Price(total=whole, goods=goods, tax=tax, shipping=shipping, discount=discount)
