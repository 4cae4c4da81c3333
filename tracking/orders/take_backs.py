"""Which purchases a cancellation takes back, where the file does not say it.

A file such as the UCI Online Retail set books a return as an invoice of its own, with pieces below zero and no word about the
order they came from. They are taken from the same customer's earlier purchases of the same product: the newest one that has so
many pieces left and cost the same, else the newest that has so many left, else one after the other, newest first.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(slots=True)
class _Purchase:
    order_id: str
    line_id: str
    left: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Pieces of one line of an order."""

    order_id: str
    line_id: str
    quantity: int


class Purchases:
    """What every customer has bought and not given back, in the order of the file."""

    def __init__(self) -> None:
        self._by_customer: dict[tuple[str, str], list[_Purchase]] = {}

    def add(
        self, customer: str, product_id: str, *, order_id: str, line_id: str, quantity: int, price: Decimal
    ) -> None:
        """Remember a purchase."""
        purchases = self._by_customer.setdefault((customer, product_id), [])
        purchases.append(_Purchase(order_id, line_id, quantity, price))

    def take_back(self, customer: str, product_id: str, quantity: int, price: Decimal) -> list[TakenBack]:
        """Up to `quantity` pieces; fewer where the customer has not bought so many."""
        purchases = self._by_customer.get((customer, product_id), [])
        enough = [one for one in reversed(purchases) if one.left >= quantity]
        chosen = [one for one in enough if one.price == price][:1] or enough[:1] or purchases[::-1]
        taken = []
        for one in chosen:
            pieces = min(quantity, one.left)
            if pieces:
                one.left -= pieces
                quantity -= pieces
                taken.append(TakenBack(one.order_id, one.line_id, pieces))
        self._forget(customer, product_id, purchases)
        return taken

    def _forget(self, customer: str, product_id: str, purchases: list[_Purchase]) -> None:
        left = [one for one in purchases if one.left]
        if left:
            self._by_customer[(customer, product_id)] = left
        else:
            self._by_customer.pop((customer, product_id), None)
