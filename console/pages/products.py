"""Products: what the shop sells, and how one of them changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import links, paging
from console.accounts import may
from console.frame import PageContext, current_page, render, requires
from console.headers import CONTENT_SECURITY_POLICY
from console.language import gettext as _
from console.navigation import Area, Hit
from console.parts import Column, Entry, Fact, Option, Tag, by_day
from core.db import Session
from tracking.catalog import service as catalog
from tracking.catalog.errors import UnknownCursor
from tracking.catalog.schemas import Product
from tracking.stores.schemas import Store

_MOST_VERSIONS = 12


@dataclass(frozen=True)
class ProductLine:
    """One product of the list."""

    product: Product
    url: str
    picture: str
    price: str
    stock: str
    tag: Tag


@requires("viewer")
def show_list(request: Request) -> Response:
    """Products by name: all, of one category, or those that a search finds."""
    page = current_page()
    search, category = paging.asked(page, "q"), paging.asked(page, "category") or None
    with page.services.database.read() as session:
        try:
            found = catalog.products(
                session,
                page.store.store_id,
                search=search,
                category=category,
                cursor=paging.cursor(page),
                limit=paging.SIZE,
            )
        except UnknownCursor as error:
            raise HTTPException(404, str(error)) from error
        categories = catalog.categories(session, page.store.store_id)
        total = catalog.count(session, page.store.store_id)
    lines = [_line(request, page, product) for product in found.items]
    options = [
        Option("", _("Every category"), category is None),
        *(
            Option(one.category, f"{one.category} ({page.format.number(one.products)})", one.category == category)
            for one in categories
        ),
    ]
    answer = render(
        request,
        "products/list.html",
        section="products",
        lines=lines,
        columns=_columns(),
        options=options,
        search=search,
        category=category,
        total=total,
        categories=len(categories),
        sold_out=sum(line.product.stock is not None and line.product.stock <= 0 for line in lines),
        pager=paging.pager(page, len(lines), found.next, total if not (search or category) else None),
    )
    return with_pictures(answer, page.store)


@requires("viewer")
def show_one(request: Request) -> Response:
    """One product as it is now, and what changed."""
    page = current_page()
    with page.services.database.read() as session:
        found = catalog.product(session, page.store.store_id, request.path_params["product_id"])
        if found is None:
            raise HTTPException(404, _("There is no such product."))
        versions = _versions(session, page, found)
    answer = render(
        request,
        "products/record.html",
        section="products",
        product=found,
        line=_line(request, page, found),
        facts=_facts(page, found),
        sees_log=may(page.user.role, "agent"),
        variant_columns=_variant_columns(),
        variants=[_variant(page, found, variant) for variant in found.variants],
        timeline=by_day(_changes(page, versions), page.format),
    )
    return with_pictures(answer, page.store)


def find(page: PageContext, text: str) -> list[Hit]:
    """Products whose name or id has the text in it."""
    with page.services.database.read() as session:
        found = catalog.products(session, page.store.store_id, search=text, limit=5)
    return [
        Hit(links.to_product(page, product.product_id), product.name, _("Product"), ", ".join(product.categories))
        for product in found.items
    ]


def with_pictures(answer: Response, store: Store) -> Response:
    """Let a page also load pictures from the shop's own addresses, and from nowhere else."""
    allowed = " ".join(sorted(_shop_addresses(store)))
    if allowed:
        answer.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
            "img-src 'self' data:", f"img-src 'self' data: {allowed}"
        )
    return answer


def picture_url(request: Request, store: Store, url: str | None) -> str:
    """The picture's address where the page may load it: from this server or from the shop's own; else nothing."""
    parts = urlsplit(url or "")
    if parts.scheme not in ("http", "https"):
        return ""
    origin = f"{parts.scheme}://{parts.netloc}"
    is_ours = parts.netloc == request.url.netloc
    return str(url) if is_ours or origin in _shop_addresses(store) else ""


def _shop_addresses(store: Store) -> set[str]:
    """The origins of the shop; what is not plainly scheme, host and port is left out of the policy."""
    origins = set()
    for address in (store.storefront_url, *store.origins):
        parts = urlsplit(address)
        host = parts.netloc.replace(".", "").replace("-", "").replace(":", "")
        if parts.scheme in ("http", "https") and host.isascii() and host.isalnum():
            origins.add(f"{parts.scheme}://{parts.netloc}")
    return origins


def _line(request: Request, page: PageContext, product: Product) -> ProductLine:
    return ProductLine(
        product,
        links.to_product(page, product.product_id),
        picture_url(request, page.store, product.image_url),
        page.format.money(product.price, product.currency) if product.price is not None else _("no price"),
        _("not counted") if product.stock is None else page.format.number(product.stock),
        _tag(product),
    )


def _tag(product: Product) -> Tag:
    if product.deleted:
        return Tag(_("Taken out"), "", "x")
    if not product.described:
        return Tag(_("Only seen in visits"), "warn", "info")
    if product.stock is not None and product.stock <= 0:
        return Tag(_("Sold out"), "warn", "warn")
    return Tag(_("For sale"), "good", "check") if product.for_sale else Tag(_("Not for sale"))


def _facts(page: PageContext, product: Product) -> list[Fact]:
    line = [
        Fact(_("Product"), product.product_id),
        Fact(_("Price"), page.format.money(product.price, product.currency)),
        Fact(_("In stock"), _("not counted") if product.stock is None else page.format.number(product.stock)),
        Fact(_("Categories"), ", ".join(product.categories) or _("none")),
        Fact(_("Last change"), page.format.when(product.updated_at)),
    ]
    return [*line, *(Fact(_title(name), _text(value)) for name, value in product.attributes.items())]


def _variant(page: PageContext, product: Product, variant: Any) -> tuple[str, str, str, str]:
    price = product.price if variant.price is None else variant.price
    stock = page.format.number(variant.stock) if variant.stock is not None else _("not counted")
    return variant.variant_id, variant.name or "", page.format.money(price, product.currency), stock


def _versions(session: Session, page: PageContext, product: Product) -> list[Product]:
    """The product as it is and as it was, newest first."""
    found = [product]
    while len(found) < _MOST_VERSIONS:
        earlier = catalog.as_of(session, page.store.store_id, [product.product_id], found[-1].position - 1)
        if product.product_id not in earlier:
            break
        found.append(earlier[product.product_id])
    return found


def _changes(page: PageContext, versions: Sequence[Product]) -> list[Entry]:
    entries = []
    for at, version in enumerate(versions):
        before = versions[at + 1] if at + 1 < len(versions) else None
        text = "; ".join(_differences(page, before, version)) if before else _("Described for the first time")
        entries.append(Entry(version.updated_at, "tag", text or _("Reported again, nothing changed")))
    if len(versions) == _MOST_VERSIONS:
        entries.pop()  # the oldest one is only what the one after it is compared with
    return entries


def _differences(page: PageContext, before: Product, after: Product) -> Iterable[str]:
    form = page.format
    changed = [
        (_("price"), form.money(before.price, before.currency), form.money(after.price, after.currency)),
        (_("stock"), _stock(page, before), _stock(page, after)),
        (_("name"), before.name, after.name),
        (_("categories"), ", ".join(before.categories), ", ".join(after.categories)),
        (_("picture"), before.image_url or "", after.image_url or ""),
    ]
    for name, old, new in changed:
        if old != new:
            yield f"{name}: {old or '–'} → {new or '–'}" if name != _("picture") else _("another picture")
    if before.deleted != after.deleted:
        yield _("taken out") if after.deleted else _("back in the shop")


def _stock(page: PageContext, product: Product) -> str:
    return _("not counted") if product.stock is None else page.format.number(product.stock)


def _title(name: str) -> str:
    return name[:1].upper() + name[1:].replace("_", " ")


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Product")),
        Column(_("Categories")),
        Column(_("State")),
        Column(_("Price"), is_number=True),
        Column(_("In stock"), is_number=True),
    )


def _variant_columns() -> tuple[Column, ...]:
    return (
        Column(_("Variant")),
        Column(_("Name")),
        Column(_("Price"), is_number=True),
        Column(_("In stock"), is_number=True),
    )


AREA = Area(
    section="products",
    routes=(
        Route("/products", show_list, name="products", methods=["GET"]),
        Route("/products/{product_id:path}", show_one, name="product", methods=["GET"]),
    ),
    find=find,
)
