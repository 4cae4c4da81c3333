"""Find: a person, an order, a parcel, a product or a section by what was typed."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.frame import current_page, path_to, render
from console.language import gettext as _
from console.navigation import Hit
from console.parts import Column

_MOST = 30


def find(request: Request) -> Response:
    """All hits as a list; Enter in the field goes straight to the first one (`go=1`)."""
    page = current_page()
    text = page.query.get("q", "").strip()[:200]
    hits = _hits(request, text) if text else []
    if hits and "go" in page.query:
        return RedirectResponse(hits[0].url, 303)
    return render(request, "find.html", text=text, hits=hits, columns=_columns())


def _columns() -> tuple[Column, ...]:
    return (Column(_("Name")), Column(_("Kind")), Column(_("Detail")))


def _hits(request: Request, text: str) -> list[Hit]:
    page = current_page()
    finders = (area.find for area in page.navigation.areas if area.find is not None)
    found = [hit for finder in finders for hit in finder(page, text)]
    return [*_sections(request, text), *found][:_MOST]


def _sections(request: Request, text: str) -> list[Hit]:
    """Sections whose name begins with the text, whatever the case."""
    items = (item for _label, items in current_page().navigation.groups(current_page()) for item in items)
    return [
        Hit(path_to(request, item.key), item.label, _("Section"))
        for item in items
        if item.label.casefold().startswith(text.casefold())
    ]


ROUTES = (Route("/find", find, name="find", methods=["GET"]),)
