"""Looking round: home, shelves, search, and one product."""

from starlette.responses import Response

from demo.catalogue import Product, products
from demo.shop import stock, tracking
from demo.shop.delivery_promise import FREE_FROM, promise
from demo.shop.rendering import show
from demo.shop.shelf import SORTS, Department, department_at, departments, in_order, product_at, search
from demo.shop.visit import Visit

PAGE_SIZE = 24
# The pictures of the home page; numbers, so that they stay what they are when prices or names change.
_HERO = (3, 17, 7)


def home(visit: Visit) -> Response:
    """Show the way in: what the shop is, where one left, and what it has."""
    groups = [(one, one.products()[0], len(one.products())) for one in departments() if one.shelf is None]
    return show(
        visit,
        "home.html",
        hero=[products()[number] for number in _HERO],
        groups=groups,
        newest=products()[-8:],
        free_from=FREE_FROM,
        # Who was here before may have something to continue: its place is kept, so that nothing moves when it comes.
        known=visit.anonymous_id is not None,
    )


def category(visit: Visit) -> Response:
    """Show a group or a shelf, a page at a time."""
    department = department_at(visit.request.path_params["slug"])
    sort = visit.request.query_params.get("sort", "shelf")
    found = in_order(department.products(), sort)
    number, pages = _page_number(visit, len(found))
    shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return show(
        visit,
        "category.html",
        department=department,
        parent=Department(department.group, None),
        siblings=_siblings(department),
        shown=shown,
        count=len(found),
        number=number,
        pages=pages,
        sort=sort if sort in SORTS else "shelf",
        sorts=SORTS,
        properties=tracking.of_list(department.name, shown),
    )


def search_page(visit: Visit) -> Response:
    """Show what was found, or what to try instead."""
    query = visit.request.query_params.get("q", "").strip()[:100]
    found = search(query)
    return show(visit, "search.html", query=query, found=found[:48], count=len(found))


def product_page(visit: Visit) -> Response:
    """Show a product in the chosen colour."""
    product = product_at(visit.request.path_params["slug"])
    chosen = visit.request.query_params.get("colour", "")
    variant = next((one for one in product.variants if one.variant_id == chosen), product.variants[0])
    with visit.shop.database.read() as connection:
        left = stock.left(connection, [product.product_id]).get(product.product_id, 0)
    return show(
        visit,
        "product.html",
        product=product,
        variant=variant,
        path=_path(product),
        left=left,
        promise=promise(visit.now),
        properties=tracking.of_product(product, variant),
    )


def _siblings(department: Department) -> list[Department]:
    return [one for one in departments() if one.group == department.group and one.shelf]


def _path(product: Product) -> list[Department]:
    return [
        one
        for one in departments()
        if one.group == product.categories[0] and one.shelf in {None, product.categories[1]}
    ]


def _page_number(visit: Visit, count: int) -> tuple[int, int]:
    """Return the page that is asked for, kept within what there is, and how many there are."""
    pages = max(1, -(-count // PAGE_SIZE))
    asked = visit.request.query_params.get("page", "1")
    return min(max(int(asked), 1) if asked.isdecimal() and len(asked) < 5 else 1, pages), pages
