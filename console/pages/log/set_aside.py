"""What was set aside: why, and handing it to its reaction again."""

import re
from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import Response

from console import paging
from console.answers import redirect
from console.frame import PageContext, Toast, current_page, path_to, render, requires
from console.language import gettext as _
from console.language import ngettext
from console.pages.log.tabs import tabs
from console.parts import Column, FieldError
from core.clock import Instant
from core.log import setting_aside
from tracking.stores import service as stores

_SHOWN = 100
_AT_ONCE = 200
_TOLD = 5
_logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Waiting:
    """One event that waits for a person."""

    reaction: str
    position: int
    name: str
    url: str
    problem: str
    technical: str
    at: Instant
    attempts: int


@dataclass(frozen=True)
class Pile:
    """What one reaction has set aside; `more` is how many are not shown."""

    reaction: str
    count: int
    rows: list[Waiting]
    more: int


@requires("agent")
def show(request: Request) -> Response:
    """Everything that waits, by reaction."""
    return _page(request, [], 200)


@requires("agent")
def replay(request: Request) -> Response:
    """Hand one event (or with `all` every one of a reaction) to its reaction again."""
    page = current_page()
    reaction, position = str(page.form.get("reaction", "")), paging.number(str(page.form.get("position", "")))
    if "all" in page.form:
        positions = _positions(page, reaction)
    else:
        positions = [] if position is None else [position]
    errors = [error for error in (_replay(page, reaction, one) for one in positions) if error is not None]
    done = len(positions) - len(errors)
    if errors:
        return _page(request, errors[:_TOLD], 422, done)
    text = ngettext("%(n)s event was replayed", "%(n)s events were replayed", done) % {"n": done}
    return redirect(path_to(request, "set_aside"), Toast(text))


def in_words(error: str) -> str:
    """The error without the name of its class, as a sentence; the class alone where it said nothing."""
    name, _mark, rest = error.partition(": ")
    if rest and re.fullmatch(r"[A-Za-z_][\w.]*", name):
        return rest[:1].upper() + rest[1:]
    return error.rstrip(": ") or _("It failed without saying why.")


def _page(request: Request, errors: list[FieldError], status_code: int, done: int = 0) -> Response:
    page = current_page()
    with page.services.database.read() as session:
        counts = setting_aside.count(session, page.store.store_id)
        piles = [
            Pile(reaction, number, rows, number - len(rows))
            for reaction, number in counts.items()
            for rows in (
                [
                    _waiting(request, one)
                    for one in setting_aside.waiting(session, page.store.store_id, reaction=reaction, limit=_SHOWN)
                ],
            )
        ]
    return render(
        request,
        "log/set_aside.html",
        status_code=status_code,
        section="log",
        tabs=tabs(request, "set_aside"),
        piles=piles,
        total=sum(counts.values()),
        columns=_columns(),
        errors=errors,
        done=done,
    )


def _waiting(request: Request, one: setting_aside.SetAsideEvent) -> Waiting:
    return Waiting(
        reaction=one.reaction,
        position=one.position,
        name=one.name,
        url=path_to(request, "event", position=one.position),
        problem=in_words(one.error),
        technical=one.error,
        at=one.at,
        attempts=one.attempts,
    )


def _positions(page: PageContext, reaction: str) -> list[int]:
    with page.services.database.read() as session:
        rows = setting_aside.waiting(session, page.store.store_id, reaction=reaction, limit=_AT_ONCE)
    return [row.position for row in rows]


def _replay(page: PageContext, reaction: str, position: int) -> FieldError | None:
    """One event in a transaction of its own, so that one that fails again takes nothing with it."""
    if reaction not in {known.name for known in page.services.runner.reactions}:
        return FieldError(
            _row_id(reaction, position), _("There is no reaction “%(name)s” any more") % {"name": reaction}
        )
    try:
        with page.services.database.write() as session:
            page.services.runner.replay(session, page.store.store_id, reaction, position)
            stores.record_change(
                session,
                store_id=page.store.store_id,
                actor=page.user.email,
                action="event replayed",
                subject=reaction,
                detail={"position": position},
            )
    except Exception as error:
        # Whatever the reaction raises is what the page is about; it is shown at the row and stays set aside.
        _logger.warning("replay failed", reaction=reaction, position=position, error=type(error).__name__)
        return FieldError(_row_id(reaction, position), in_words(f"{type(error).__name__}: {error}"))
    return None


def _row_id(reaction: str, position: int) -> str:
    return f"{reaction}-{position}".replace(".", "-")


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Event")),
        Column(_("What went wrong")),
        Column(_("Set aside")),
        Column(_("Tries"), is_number=True, on_phone=False),
        Column(_("Replay")),
    )
