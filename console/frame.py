"""What every page stands in: who looks at which store, and how a template becomes an answer.

A page is a plain function (Starlette runs it in a worker thread):

    @requires("viewer")
    def people(request: Request) -> Response:
        page = current_page()
        with page.services.database.read() as session:
            found = people_service.newest(session, page.store.store_id, ...)
        return render(request, "people/list.html", people=found)
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from console.accounts import Entered, may
from console.format import Formatter
from console.navigation import Navigation
from console.services import ConsoleServices
from core.clock import Instant
from tracking.stores.schemas import Role, Store, User


class NotAllowed(Exception):
    """The user's role does not open this page; `needed` is the least one that does."""

    def __init__(self, needed: Role) -> None:
        super().__init__(f"This page needs the role {needed}.")
        self.needed = needed


class NotSignedIn(Exception):
    """A page asked for its user although nobody is signed in; the door lets no such request through."""

    def __init__(self) -> None:
        super().__init__("Nobody is signed in.")


@dataclass(frozen=True)
class Toast:
    """One sentence about a small thing just done, in the past tense; with `undo_path` it offers Undo.

    `undo_path` is the path that a form posts `undo_fields` to; it must also be reachable elsewhere (timeline, History).
    """

    text: str
    undo_path: str = ""
    undo_fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PageContext:
    """One request to the console. `root` is the path it is mounted at, `now` the instant the request began.

    `form` holds what a changing request sent; the door has read it (and checked its token), so a page reads it here and
    never from the request.
    """

    services: ConsoleServices
    navigation: Navigation
    root: str
    path: str
    query: QueryParams
    form: FormData
    now: Instant
    format: Formatter
    csrf_token: str
    visitor: Entered | None = None
    chosen_store: Store | None = None
    theme: str = ""
    has_shortcuts: bool = True
    wants_fragment: bool = False
    toast: Toast | None = None

    @property
    def user(self) -> User:
        """Who is signed in; raises NotSignedIn on the few pages that are open to all."""
        if self.visitor is None:
            raise NotSignedIn
        return self.visitor.user

    @property
    def store(self) -> Store:
        """The store the page is about; raises NotSignedIn on the few pages that are open to all."""
        if self.chosen_store is None:
            raise NotSignedIn
        return self.chosen_store

    def answer(self, name: str) -> str:
        """What was typed into a field of the form, without blanks at its ends and without NUL; "" where it is missing."""
        value = self.form.get(name, "")
        return value.replace("\x00", "").strip() if isinstance(value, str) else ""

    def link_with(self, **changes: str | int | None) -> str:
        """This view's address with some of its query changed; None takes a part away."""
        kept = [(name, value) for name, value in self.query.multi_items() if name not in changes]
        query = kept + [(name, str(value)) for name, value in changes.items() if value is not None]
        return self.path + (f"?{urlencode(query)}" if query else "")


_page: ContextVar[PageContext] = ContextVar("console_page")


def enter(page: PageContext) -> None:
    """Make `page` the context of the rest of this request (the door calls it)."""
    _page.set(page)


def current_page() -> PageContext:
    """The context of the request being answered."""
    return _page.get()


def path_to(request: Request, name: str, **parts: str | int) -> str:
    """The path of a route by its name, with the mount point before it."""
    found = request.scope["app"].url_path_for(name, **{key: str(part) for key, part in parts.items()})
    return f"{request.scope.get('root_path', '')}{found}"


def render(request: Request, template: str, *, status_code: int = 200, **context: Any) -> Response:
    """Fill a template of `console/templates` in the frame; a refused form answers 422.

    Besides `context` a template sees `page` (PageContext), `url(name, …)` and the kit's globals and filters.
    """
    text = request.app.state.templates.get_template(template).render(
        page=current_page(), url=lambda name, **parts: path_to(request, name, **parts), **context
    )
    return HTMLResponse(text, status_code)


def requires(role: Role) -> Callable[[Callable[[Request], Response]], Callable[[Request], Response]]:
    """Open a page to `role` and those above it; others get a page that says who may."""

    def limit(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
        @wraps(endpoint)
        def limited(request: Request) -> Response:
            if not may(current_page().user.role, role):
                raise NotAllowed(role)
            return endpoint(request)

        return limited

    return limit
