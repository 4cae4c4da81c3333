"""GET /api/v1/products and /api/v1/products/{id}."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import clock
from core.http import Problem, cursor, database, page, reply
from tracking.catalog import service
from tracking.catalog.errors import UnknownCursor
from tracking.catalog.schemas import Product, ProductPage
from tracking.stores.access import require


async def list_products(request: Request) -> Response:
    """By name; `?search=&category=&after=&limit=`."""
    store, paging = require(request, "read"), cursor(request)

    def read() -> ProductPage:
        with database(request).read() as session:
            return service.products(
                session,
                store.store_id,
                search=request.query_params.get("search", ""),
                category=request.query_params.get("category") or None,
                cursor=paging.after,
                limit=paging.limit,
            )

    try:
        found = await run_in_threadpool(read)
    except UnknownCursor as error:
        raise Problem(400, "Wrong cursor", str(error)) from error
    return page([_outside(product) for product in found.items], found.next)


async def show_product(request: Request) -> Response:
    """One product as it is now."""
    store = require(request, "read")

    def read() -> Product | None:
        with database(request).read() as session:
            return service.product(session, store.store_id, request.path_params["product_id"])

    found = await run_in_threadpool(read)
    if found is None:
        raise Problem(404, "There is no such product", "Ids of products are the shop's own.")
    return reply(_outside(found))


def _outside(product: Product) -> dict[str, Any]:
    """As the API shows it; amounts stay minor units."""
    shown: dict[str, Any] = {name: getattr(product, name) for name in Product.__dataclass_fields__}
    del shown["position"]
    return shown | {"updated_at": clock.iso(product.updated_at)}


ROUTES = [
    Route("/api/v1/products", list_products),
    Route("/api/v1/products/{product_id:path}", show_product),
]
