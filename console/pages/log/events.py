"""The newest rows of the log, and one row with what caused it and what it caused."""

import json
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import paging, words
from console.frame import PageContext, current_page, path_to, render, requires
from console.language import gettext as _
from console.pages.log.tabs import tabs
from console.parts import Chip, Column, Fact, Option
from core.log import Event, Filter, chain, head, read
from tracking.collect.reserved import FACTS

_SOURCES = ("public", "server", "webhook:generic", "fact")
_LONGEST_BODY = 60_000
_BACK = 50_000  # rows that one page of a source looks through: the log has no index over sources


@dataclass(frozen=True)
class EventLine:
    """One row of the list."""

    event: Event
    url: str
    source: str
    who: str


@dataclass(frozen=True)
class Link:
    """A row above or below in the chain of causes; `level` counts the steps from what came from outside."""

    event: Event
    url: str
    level: int
    is_here: bool


@requires("agent")
def show_list(request: Request) -> Response:
    """Rows, newest first: all, of one name, of one source."""
    page = current_page()
    name, source = paging.asked(page, "name") or None, paging.asked(page, "source") or None
    before = paging.number(paging.cursor(page))
    with page.services.database.read() as session:
        floor = _floor(before or head(session) + 1) if source else None
        wanted = Filter(
            store_id=page.store.store_id, name=name, source=source, before=before, floor=floor, limit=paging.SIZE + 1
        )
        found = read(session, wanted)
    shown = found[: paging.SIZE]
    following = shown[-1].position if len(found) > paging.SIZE else floor and floor + 1
    return render(
        request,
        "log/list.html",
        section="log",
        tabs=tabs(request, "log"),
        lines=[_line(request, event) for event in shown],
        columns=_columns(),
        names=_names(page, shown, name),
        chips=_chips(page, source),
        name=name,
        source=source,
        newest=shown[0] if shown else None,
        looked_back=_BACK if floor and len(found) <= paging.SIZE else 0,
        pager=paging.pager(page, len(shown), str(following) if following else None),
    )


@requires("agent")
def show_one(request: Request) -> Response:
    """One row of the log."""
    page = current_page()
    with page.services.database.read() as session:
        position = paging.number(str(request.path_params["position"]))
        wanted = Filter(store_id=page.store.store_id, positions=[] if position is None else [position], limit=1)
        rows = read(session, wanted)
        if not rows:
            raise HTTPException(404, _("There is no such row in this store's log."))
        event = rows[0]
        above, below = chain.causes(session, event), chain.effects(session, event)
    return render(
        request,
        "log/event.html",
        section="log",
        event=event,
        source=words.source(event.source),
        facts=_facts(page, event),
        body=pretty(event.body),
        chain=_chain(request, event, above, below),
    )


def pretty(body: bytes) -> str:
    """The body as indented JSON; what is no JSON as it is, and a very long one cut."""
    try:
        text = json.dumps(json.loads(body or b"{}"), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = body.decode("utf-8", "replace")
    return text if len(text) <= _LONGEST_BODY else text[:_LONGEST_BODY] + "\n…"


def _floor(before: int) -> int | None:
    """How far back a page of one source looks; None where that is the whole log."""
    return before - _BACK if before > _BACK else None


def _line(request: Request, event: Event) -> EventLine:
    return EventLine(event, path_to(request, "event", position=event.position), words.source(event.source), _who(event))


def _who(event: Event) -> str:
    return event.user_id or event.anonymous_id or "–"


def _names(page: PageContext, shown: list[Event], chosen: str | None) -> list[Option]:
    """The names that some reaction reads or we write, and those on this page: counting all would read the whole log."""
    known = FACTS | {name for reaction in page.services.runner.reactions for name in reaction.reads}
    names = sorted(known | {event.name for event in shown} | ({chosen} if chosen else set()), key=str.casefold)
    return [Option("", _("Every name"), chosen is None), *(Option(name, name, name == chosen) for name in names)]


def _chips(page: PageContext, chosen: str | None) -> list[Chip]:
    fresh: dict[str, None] = {"after": None, "first": None, "back": None}
    return [
        Chip(_("Every source"), page.link_with(source=None, **fresh), is_on=chosen is None),
        *(Chip(words.source(one), page.link_with(source=one, **fresh), is_on=one == chosen) for one in _SOURCES),
    ]


def _facts(page: PageContext, event: Event) -> list[Fact]:
    form = page.format
    rows = [
        Fact(_("Position"), form.number(event.position)),
        Fact(_("Source"), words.source(event.source)),
        Fact(_("Kind"), event.type),
        Fact(_("Occurred"), form.when(event.occurred_at)),
        Fact(_("Received"), form.when(event.received_at)),
    ]
    optional = (
        (_("User"), event.user_id),
        (_("Browser"), event.anonymous_id),
        (_("Proved user"), event.proof),
        (_("Consent"), event.consent),
        (_("Flags"), event.flags),
    )
    rows += [Fact(name, value) for name, value in optional if value]
    if event.historical:
        rows.append(Fact(_("Historical"), _("yes: no mail, full effect on points")))
    return rows


def _chain(request: Request, event: Event, above: list[Event], below: list[Event]) -> list[Link]:
    """From what came from outside down to what was concluded from this row."""
    ordered = [*reversed(above), event]
    links = [
        Link(one, path_to(request, "event", position=one.position), level, one.position == event.position)
        for level, one in enumerate(ordered)
    ]
    return [
        *links,
        *(Link(one, path_to(request, "event", position=one.position), len(ordered), False) for one in below),
    ]


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Event")),
        Column(_("Source")),
        Column(_("Who"), on_phone=False),
        Column(_("Caused by"), is_number=True, on_phone=False),
        Column(_("Occurred")),
    )
