"""From the lines of a file to documents: orders, refunds, and cancellations that say no order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core import clock
from core.clock import Instant
from tracking.collect.files.errors import RefusedRow
from tracking.collect.files.rows import Row
from tracking.collect.files.run import ImportRun
from tracking.orders.schemas import LineDocument, OrderDocument, RefundDocument, RefundLineDocument
from tracking.orders.take_backs import Purchases, TakenBack


@dataclass(frozen=True, kw_only=True)
class OrderOptions:
    """How a file's codes are read. The defaults are those of the UCI Online Retail file, matched exactly.

    Lines of `shipping_codes` become the order's shipping, of `discount_codes` its discount; `fee_codes` count into its total but
    are no product. An order id that begins with `cancellation_prefix` and has only pieces below zero takes earlier purchases back.
    """

    currency: str
    zone: str = "UTC"
    shipping_codes: frozenset[str] = frozenset({"POST", "DOT", "C2"})
    discount_codes: frozenset[str] = frozenset({"D"})
    fee_codes: frozenset[str] = frozenset({"M", "m", "BANK CHARGES", "AMAZONFEE", "S", "PADS", "CRUK", "B"})
    cancellation_prefix: str = "C"


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A row of the file, read."""

    row: Row
    line_id: str
    product_id: str
    name: str
    quantity: int
    price: Decimal

    @property
    def worth(self) -> Decimal:
        return abs(self.quantity) * self.price


@dataclass(slots=True)
class _Sorted:
    """The lines of an order by what they are."""

    bought: list[InvoiceLine] = field(default_factory=list)
    shipping: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    others: list[InvoiceLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SoldProduct:
    """What the newest order said about a product."""

    name: str
    price: Decimal
    currency: str
    at: Instant


class Invoices:
    """Turns the gathered lines of one order id into documents of `run`."""

    def __init__(self, run: ImportRun, options: OrderOptions) -> None:
        self._run = run
        self._options = options
        self._purchases = Purchases()
        self.products: dict[str, SoldProduct] = {}

    def take(self, order_id: str, refund_id: str, rows: Sequence[Row]) -> None:
        """Append what these lines say; an unreadable line refuses its whole order, whose money would be wrong without it."""
        lines = self._read(rows)
        if not lines:
            return
        prefix = self._options.cancellation_prefix
        try:
            if refund_id:
                self._refund(order_id, refund_id, lines)
            elif prefix and order_id.startswith(prefix) and all(line.quantity < 0 for line in lines):
                self._cancellation(order_id, lines)
            else:
                self._order(order_id, lines)
        except RefusedRow as error:
            self._refuse(lines, str(error))

    def _read(self, rows: Sequence[Row]) -> list[InvoiceLine]:
        lines: list[InvoiceLine] = []
        for number, row in enumerate(rows, 1):
            try:
                lines.append(_line(row, number))
            except RefusedRow as error:
                for other in rows:
                    reason = str(error) if other is row else f"line {row.line} of the same order was refused"
                    self._run.refuse(other.line, reason, other.cells)
                return []
        return lines

    def _order(self, order_id: str, lines: list[InvoiceLine]) -> None:
        sorted_ = self._sort(lines)
        if not sorted_.bought:
            self._refuse(sorted_.others, "no product on it, only postage, fees or a discount")
            return
        if not any(line.price for line in (*sorted_.bought, *sorted_.others)):
            self._refuse(
                [*sorted_.bought, *sorted_.others], "everything on it costs nothing: a stock correction, no purchase"
            )
            return
        row = sorted_.bought[0].row
        at = row.instant("occurred_at", self._options.zone)
        document = self._document(order_id, sorted_, row, at)
        self._run.document(
            "order received",
            document,
            key=(order_id,),
            occurred_at=at,
            user_id=document.user_id,
            anonymous_id=document.anonymous_id,
        )
        self._remember(order_id, document, sorted_, at)

    def _sort(self, lines: list[InvoiceLine]) -> _Sorted:
        sorted_, options = _Sorted(), self._options
        for line in lines:
            if line.quantity < 0:
                self._refuse([line], "pieces below zero outside a cancellation: a stock correction")
            elif line.price < 0:
                self._refuse([line], "a price below zero: a correction of the books, no purchase")
            elif line.product_id in options.shipping_codes:
                sorted_.shipping += line.worth
                self._other(sorted_, line, "postage lines counted as shipping")
            elif line.product_id in options.discount_codes:
                sorted_.discount += line.worth
                self._other(sorted_, line, "discount lines counted as the order's discount")
            elif line.product_id in options.fee_codes:
                sorted_.fees += line.worth
                self._other(sorted_, line, "fee lines counted into the total, not as products")
            else:
                sorted_.bought.append(line)
        return sorted_

    def _other(self, sorted_: _Sorted, line: InvoiceLine, note: str) -> None:
        sorted_.others.append(line)
        self._run.note(note)

    def _document(self, order_id: str, sorted_: _Sorted, row: Row, at: Instant) -> OrderDocument:
        currency = row.text("currency").upper() or self._options.currency
        shipping = (row.optional_amount("shipping") or Decimal(0)) + sorted_.shipping
        discount = (row.optional_amount("discount") or Decimal(0)) + sorted_.discount
        tax, total = row.optional_amount("tax"), row.optional_amount("total")
        if total is None and sorted_.fees:
            goods = sum((line.worth for line in sorted_.bought), Decimal(0)) - discount
            total = goods + shipping + (tax or Decimal(0)) + sorted_.fees
        promised_at = row.optional_instant("promised_at", self._options.zone)
        address = {name: text for name in ("country", "city", "postal_code") if (text := row.text(name))}
        return OrderDocument(
            order_id=order_id,
            occurred_at=clock.iso(at),
            currency=currency,
            total=_text(total),
            tax=_text(tax),
            shipping=_text(shipping or None),
            discount=_text(discount or None),
            email=row.optional("email"),
            user_id=row.optional("user_id"),
            anonymous_id=row.optional("anonymous_id"),
            promised_at=None if promised_at is None else clock.iso(promised_at),
            address=dict(address),
            lines=[_line_document(line) for line in sorted_.bought],
        )

    def _remember(self, order_id: str, document: OrderDocument, sorted_: _Sorted, at: Instant) -> None:
        customer = document.user_id or document.email
        if not (customer or document.anonymous_id):
            self._run.note("orders of guests, which belong to nobody")
        for line in sorted_.bought:
            if line.price and line.name:
                self.products[line.product_id] = SoldProduct(line.name, line.price, document.currency, at)
        if not customer or not self._options.cancellation_prefix:
            return
        shipping = (line for line in sorted_.others if line.product_id in self._options.shipping_codes)
        for line in (*sorted_.bought, *shipping):
            self._purchases.add(
                customer,
                line.product_id,
                order_id=order_id,
                line_id=line.line_id,
                quantity=line.quantity,
                price=line.price,
            )

    def _refund(self, order_id: str, refund_id: str, lines: list[InvoiceLine]) -> None:
        """Rows that name their refund: pieces below zero, and as `total` what was given back (else the lines' prices)."""
        row = lines[0].row
        at, total = row.instant("occurred_at", self._options.zone), row.optional_amount("total")
        returned = [
            RefundLineDocument(
                line_id=line.row.text("line_id") or line.product_id,
                quantity=abs(line.quantity),
                amount=_text(line.worth) if total is None else None,
            )
            for line in lines
        ]
        document = RefundDocument(
            refund_id=refund_id,
            order_id=order_id,
            occurred_at=clock.iso(at),
            amount=None if total is None else _text(abs(total)),
            lines=returned,
        )
        self._run.document("refund received", document, key=(refund_id,), occurred_at=at)

    def _cancellation(self, order_id: str, lines: list[InvoiceLine]) -> None:
        """An invoice that takes earlier purchases back: one refund for each order it reaches."""
        row = lines[0].row
        customer = row.text("user_id") or row.text("email")
        by_order: dict[str, list[tuple[InvoiceLine, TakenBack]]] = {}
        for line in lines:
            for taken in self._take_back(customer, line):
                by_order.setdefault(taken.order_id, []).append((line, taken))
        at = row.instant("occurred_at", self._options.zone)
        for original, parts in by_order.items():
            refund_id = order_id if len(by_order) == 1 else f"{order_id}/{original}"
            self._run.document(
                "refund received", self._matched(refund_id, original, at, parts), key=(refund_id,), occurred_at=at
            )

    def _take_back(self, customer: str, line: InvoiceLine) -> list[TakenBack]:
        options = self._options
        if line.product_id in options.fee_codes | options.discount_codes:
            self._refuse([line], "a fee or discount taken back, which belongs to no earlier order")
            return []
        if not customer:
            self._refuse([line], "taken back by a guest: no earlier purchase can be found")
            return []
        wanted = -line.quantity
        taken = self._purchases.take_back(customer, line.product_id, wanted, line.price)
        found = sum(part.quantity for part in taken)
        if not taken:
            self._refuse([line], "taken back, but this customer has no earlier purchase of it in the file")
        elif found < wanted:
            self._run.note("cancelled lines of which only some pieces were bought before")
        return taken

    def _matched(
        self, refund_id: str, order_id: str, at: Instant, parts: Iterable[tuple[InvoiceLine, TakenBack]]
    ) -> RefundDocument:
        amount, shipping = Decimal(0), Decimal(0)
        lines = []
        for line, taken in parts:
            worth = taken.quantity * line.price
            amount += worth
            if line.product_id in self._options.shipping_codes:
                shipping += worth
            else:
                lines.append(RefundLineDocument(line_id=taken.line_id, quantity=taken.quantity, amount=_text(worth)))
        self._run.note("cancelled lines matched to an earlier purchase", len(lines))
        return RefundDocument(
            refund_id=refund_id,
            order_id=order_id,
            occurred_at=clock.iso(at),
            amount=_text(amount),
            shipping=_text(shipping or None),
            lines=lines,
        )

    def _refuse(self, lines: Iterable[InvoiceLine], reason: str) -> None:
        for line in lines:
            self._run.refuse(line.row.line, reason, line.row.cells)


def _line(row: Row, number: int) -> InvoiceLine:
    product_id, quantity, price = row.needed("product_id"), row.whole("quantity"), row.amount("price")
    if quantity == 0:
        raise RefusedRow("a line of 0 pieces")
    return InvoiceLine(row, row.text("line_id") or str(number), product_id, row.text("name"), quantity, price)


def _line_document(line: InvoiceLine) -> LineDocument:
    return LineDocument(
        line_id=line.line_id,
        product_id=line.product_id,
        variant_id=line.row.optional("variant_id"),
        name=line.name or None,
        quantity=line.quantity,
        price=_text(line.price),
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
