"""Order news: the mailbox with every message, and each as its buyer sees it."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from console import links, paging, words
from console.accounts import may
from console.answers import redirect
from console.frame import PageContext, Toast, current_page, render, requires
from console.headers import MAIL_POLICY, allow_frames
from console.language import gettext as _
from console.navigation import Area, Count, Hit
from console.parts import Chip, Column, Fact, Leaf, Option, Tag, Why
from core import ids
from core.db import Session
from crm.messaging import service as messaging
from crm.messaging.schemas import Message, State
from tracking.people import service as people
from tracking.stores import service as stores

_BROKEN: tuple[State, ...] = ("failed", "unknown")
_VIEWS: dict[str, tuple[State, ...]] = {
    "sent": ("sent",),
    "waiting": ("queued", "claimed", "handed over"),
    "skipped": ("skipped",),
    "broken": _BROKEN,
}
_LOOKS = ("light", "dark", "text")
# A mail's pictures are where the shop put them; nothing else is loaded, and no script runs.
_MAIL_POLICY = MAIL_POLICY.replace("img-src 'self' data:", "img-src 'self' https: http: data:")
_DARK = "@media (prefers-color-scheme: dark)"


@dataclass(frozen=True)
class MessageLine:
    """One message of the list."""

    message: Message
    url: str
    title: str
    tag: Tag
    step: str


@requires("viewer")
def show_list(request: Request) -> Response:
    """Messages, newest first: all, of some states, or those that a search finds."""
    page = current_page()
    search, view = paging.asked(page, "q"), paging.asked(page, "view")
    with page.services.database.read() as session:
        found = messaging.messages(
            session,
            page.store.store_id,
            search=search,
            states=_VIEWS.get(view),
            cursor=paging.cursor(page),
            limit=paging.SIZE + 1,
        )
        broken = messaging.count_in(session, page.store.store_id, _BROKEN)
    shown = found[: paging.SIZE]
    following = messaging.cursor_after(shown[-1]) if len(found) > paging.SIZE else None
    return render(
        request,
        "order_news/list.html",
        section="order_news",
        lines=[_line(page, message) for message in shown],
        columns=_columns(),
        chips=_chips(page, view, broken),
        search=search,
        view=view,
        broken=broken,
        pager=paging.pager(page, len(shown), following),
    )


@requires("viewer")
def show_one(request: Request) -> Response:
    """One message: why it was sent or not, and what its buyer sees."""
    page = current_page()
    with page.services.database.read() as session:
        message = _asked_for(session, page, request)
        person = people.person(session, page.store.store_id, message.person_id) if message.person_id else None
    look = page.query.get("look", "")
    answer = render(
        request,
        "order_news/message.html",
        section="order_news",
        message=message,
        line=_line(page, message),
        facts=_facts(page, message, person.label if person else ""),
        person_url=links.to_person(page, person.person_id) if person else "",
        why=_why(page, message),
        look=look if look in _LOOKS else "light",
        looks=_look_options(page, look),
        may_send=message.state in _BROKEN and may(page.user.role, "agent"),
        sees_log=may(page.user.role, "agent"),
        order_url=links.to_order(page, str(message.data["order_id"])) if "order_id" in message.data else "",
    )
    return allow_frames(answer)


@requires("viewer")
def show_mail(request: Request) -> Response:
    """The mail itself, for a frame: no script, no form, an origin of its own."""
    page = current_page()
    with page.services.database.read() as session:
        message = _asked_for(session, page, request)
    if message.body_html is None:
        raise HTTPException(404, _("This message was never written."))
    answer = HTMLResponse(_in_light_of(message.body_html, is_dark=page.query.get("look") == "dark"))
    answer.headers["Content-Security-Policy"] = _MAIL_POLICY
    return answer


@requires("agent")
def ask_again(request: Request) -> Response:
    """Ask before a message is sent again: this cannot be undone."""
    page = current_page()
    with page.services.database.read() as session:
        message = _asked_for(session, page, request)
    if message.state not in _BROKEN:
        return redirect(links.to_message(page, message.message_id))
    return render(request, "order_news/again.html", section="order_news", message=message, line=_line(page, message))


@requires("agent")
def send_again(request: Request) -> Response:
    """Queue a failed or unknown message once more."""
    page = current_page()
    with page.services.database.write() as session:
        message = _asked_for(session, page, request)
        is_queued = messaging.send_again(session, page.store.store_id, message.message_id)
        if is_queued:
            stores.record_change(
                session,
                store_id=page.store.store_id,
                actor=page.user.email,
                action="message sent again",
                subject=f"{message.step}, {message.subject}"[:200],
                detail={"message_id": ids.public("m", message.message_id)},
            )
    text = _("The message waits to be sent again") if is_queued else _("The message had been sent meanwhile")
    return redirect(links.to_message(page, message.message_id), Toast(text))


def count(page: PageContext) -> Count | None:
    """Messages that could not be sent, or perhaps were."""
    with page.services.database.read() as session:
        broken = messaging.count_in(session, page.store.store_id, _BROKEN)
    return Count(broken, needs_work=True) if broken else None


def find(page: PageContext, text: str) -> list[Hit]:
    """Messages to an address, where a whole one was typed."""
    if "@" not in text:
        return []
    with page.services.database.read() as session:
        found = messaging.messages(session, page.store.store_id, search=text, limit=3)
    return [
        Hit(
            links.to_message(page, message.message_id),
            message.subject_line or words.message_step(message.step),
            _("Mail"),
            f"{message.recipient} · {page.format.day(message.queued_at)}",
        )
        for message in found
    ]


def _asked_for(session: Session, page: PageContext, request: Request) -> Message:
    try:
        number = ids.number(request.path_params["message_id"])
    except ids.UnknownIdentifier as error:
        raise HTTPException(404, str(error)) from error
    message = messaging.message(session, page.store.store_id, number)
    if message is None:
        raise HTTPException(404, _("There is no such message."))
    return message


def _in_light_of(html: str, *, is_dark: bool) -> str:
    """The mail as a reader's light or dark program shows it: its own rules for dark are made to hold, or not to."""
    return html.replace(_DARK, "@media all" if is_dark else "@media not all")


def _line(page: PageContext, message: Message) -> MessageLine:
    return MessageLine(
        message,
        links.to_message(page, message.message_id),
        message.subject_line or words.message_step(message.step),
        words.message_tag(message.state),
        words.message_step(message.step),
    )


def _chips(page: PageContext, chosen: str, broken: int) -> list[Chip]:
    names = {
        "": _("All"),
        "sent": _("Sent"),
        "waiting": _("Waiting"),
        "skipped": _("Not sent"),
        "broken": _("Could not be sent"),
    }
    return [
        Chip(
            text,
            page.link_with(view=view or None, after=None, first=None, back=None),
            count=page.format.number(broken) if view == "broken" else "",
            is_on=view == chosen,
        )
        for view, text in names.items()
    ]


def _look_options(page: PageContext, chosen: str) -> list[Option]:
    names = {"light": _("Light"), "dark": _("Dark"), "text": _("Text")}
    return [
        Option(page.link_with(look=None if look == "light" else look), text, look == (chosen or "light"))
        for look, text in names.items()
    ]


def _facts(page: PageContext, message: Message, person: str) -> list[Fact]:
    rows = [
        Fact(_("To"), message.recipient),
        Fact(_("Person"), person or _("Nobody we know")),
        Fact(_("Milestone"), words.message_step(message.step)),
        Fact(_("Queued"), page.format.when(message.queued_at)),
        Fact(_("Sent"), page.format.when(message.sent_at) if message.sent_at else _("not yet")),
        Fact(_("Attempts"), page.format.number(message.attempts)),
    ]
    if message.reason:
        rows.append(Fact(_("Said by the mail server") if message.state != "skipped" else _("Reason"), message.reason))
    return rows


def _why(page: PageContext, message: Message) -> Why:
    kind, _mark, name = message.subject.partition(":")
    of = {"order": _("order"), "parcel": _("parcel")}.get(kind, kind)
    once = {
        "sent": _("sent once"),
        "skipped": message.reason or _("not sent"),
    }.get(message.state, words.message_state(message.state).lower())
    return Why(
        id="why-message",
        label=_("Why this mail?"),
        sentence=_("Because %(kind)s %(name)s reached “%(step)s”.")
        % {"kind": of, "name": name, "step": words.message_step(message.step)},
        leaves=(
            Leaf(True, _("Order news runs on the order itself"), _("no consent needed")),
            Leaf("@" in message.recipient, _("The shop told us the address"), message.recipient),
            Leaf(message.state == "sent", _("One mail for each milestone"), once),
        ),
        source=_("Told by row %(position)s of the log.") % {"position": message.cause} if message.cause else "",
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Mail")),
        Column(_("To")),
        Column(_("State")),
        Column(_("Milestone"), on_phone=False),
        Column(_("When")),
    )


AREA = Area(
    section="order_news",
    routes=(
        Route("/order-news", show_list, name="order_news", methods=["GET"]),
        Route("/order-news/{message_id}", show_one, name="message", methods=["GET"]),
        Route("/order-news/{message_id}/mail", show_mail, name="message_mail", methods=["GET"]),
        Route("/order-news/{message_id}/again", ask_again, name="message_again", methods=["GET"]),
        Route("/order-news/{message_id}/again", send_again, methods=["POST"]),
    ),
    count=count,
    find=find,
)
