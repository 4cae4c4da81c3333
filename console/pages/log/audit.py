"""What people and API keys changed, and how far each reaction has read."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from console import paging
from console.frame import current_page, render, requires
from console.language import gettext as _
from console.pages.log.tabs import tabs
from console.parts import Column, Tag
from core import clock
from core.log import setting_aside
from tracking.stores import service as stores

_SLOW = clock.MINUTE


@dataclass(frozen=True)
class ReactionLine:
    """One reaction: what it reads, how old the oldest event is that waits for it, how many it set aside."""

    name: str
    reads: str
    waits: str
    tag: Tag
    set_aside: int


@requires("agent")
def show(request: Request) -> Response:
    """Changes, newest first."""
    page = current_page()
    before = paging.number(paging.cursor(page))
    with page.services.database.read() as session:
        found = stores.audit(session, page.store.store_id, before=before, limit=paging.SIZE + 1)
    shown = found[: paging.SIZE]
    following = str(shown[-1].audit_id) if len(found) > paging.SIZE else None
    return render(
        request,
        "log/audit.html",
        section="log",
        tabs=tabs(request, "audit"),
        rows=shown,
        columns=(Column(_("Change")), Column(_("Of")), Column(_("By")), Column(_("When"))),
        pager=paging.pager(page, len(shown), following),
    )


@requires("agent")
def show_reactions(request: Request) -> Response:
    """Every reaction in the order of the table of contents."""
    page = current_page()
    lag = page.services.runner.lag()
    with page.services.database.read() as session:
        waiting = setting_aside.count(session, page.store.store_id)
    lines = [
        ReactionLine(
            name=reaction.name,
            reads=", ".join(reaction.reads) or _("everything"),
            waits=page.format.duration(lag[reaction.name]) if lag[reaction.name] else _("nothing"),
            tag=_tag(lag[reaction.name]),
            set_aside=waiting.get(reaction.name, 0),
        )
        for reaction in page.services.runner.reactions
    ]
    return render(
        request,
        "log/reactions.html",
        section="log",
        tabs=tabs(request, "reactions"),
        lines=lines,
        behind=sum(age > _SLOW for age in lag.values()),
        oldest=max(lag.values(), default=0),
        columns=(
            Column(_("Reaction")),
            Column(_("State")),
            Column(_("Oldest that waits"), is_number=True),
            Column(_("Set aside"), is_number=True),
        ),
    )


def _tag(age: int) -> Tag:
    if age == 0:
        return Tag(_("Level"), "good", "check")
    return Tag(_("Behind"), "warn", "warn") if age > _SLOW else Tag(_("At work"), "accent")
