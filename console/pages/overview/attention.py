"""What waits for a person, most harmful first."""

import json
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from console import links
from console.accounts import may
from console.frame import PageContext, path_to
from console.language import gettext as _
from console.language import ngettext
from console.parts import Attention, Progress
from core import clock
from core.db import Session
from core.log import setting_aside
from crm.messaging import service as messaging
from crm.messaging.schemas import State
from loyalty.rules.schemas import Rule
from tracking.parcels import service as parcels

_MOST = 500
_LATE_REACTION = clock.MINUTE
_BROKEN: tuple[State, ...] = ("failed", "unknown")
_PROGRESS_FILE = "history-progress.json"
_PROGRESS_HOLDS = clock.MINUTE


@dataclass(frozen=True)
class Loading:
    """A shop's history that is still being read."""

    title: str
    work: Progress


def waiting(session: Session, page: PageContext, request: Request, rules: list[Rule]) -> list[Attention]:
    """Everything that waits; what the user may not open is left out."""
    found = [
        *(_set_aside(session, page, request) if may(page.user.role, "agent") else []),
        *_messages(session, page, request),
        *_parcels(session, page, request),
        *(_behind(page, request) if may(page.user.role, "agent") else []),
        *_drafts(page, request, rules),
    ]
    return sorted(found, key=lambda item: {"bad": 0, "warn": 1, "info": 2}[item.tone])


def loading(page: PageContext) -> Loading | None:
    """How far the reading of a shop's history is, where it is under way: its file is younger than a minute."""
    path = page.services.settings.home / _PROGRESS_FILE
    try:
        told = json.loads(path.read_text()) if _is_fresh(path, page) else None
        done, total = (int(told[name]) for name in ("done", "total")) if told else (0, 0)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if not told or total <= 0 or done >= total:
        return None
    title = _("The shop's history is being read: %(stage)s") % {"stage": str(told.get("stage", ""))}
    return Loading(title, Progress(max(0, done), total))


def _is_fresh(path: Path, page: PageContext) -> bool:
    return page.now - path.stat().st_mtime * 1000 < _PROGRESS_HOLDS


def _set_aside(session: Session, page: PageContext, request: Request) -> list[Attention]:
    counts = setting_aside.count(session, page.store.store_id)
    if not counts:
        return []
    number = sum(counts.values())
    sentence = ngettext("%(n)s event was set aside", "%(n)s events were set aside", number)
    first = setting_aside.waiting(session, page.store.store_id, limit=1)
    detail = _("By %(reactions)s, the first %(day)s") % {
        "reactions": ", ".join(counts),
        "day": page.format.day(first[0].at) if first else "",
    }
    return [
        Attention(
            sentence % {"n": page.format.number(number)},
            detail,
            _("Replay"),
            path_to(request, "set_aside"),
            "log",
            "bad",
        )
    ]


def _messages(session: Session, page: PageContext, request: Request) -> list[Attention]:
    broken = messaging.messages(session, page.store.store_id, states=_BROKEN, limit=_MOST)
    if not broken:
        return []
    sentence = ngettext(
        "%(n)s mail did not arrive, or perhaps did", "%(n)s mails did not arrive, or perhaps did", len(broken)
    )
    reason = broken[0].reason or _("The last one %(day)s") % {"day": page.format.day(broken[0].queued_at)}
    url = path_to(request, "order_news")
    return [Attention(sentence % {"n": _up_to(page, len(broken))}, reason, _("Decide"), url, "mail", "bad")]


def _parcels(session: Session, page: PageContext, request: Request) -> list[Attention]:
    late = parcels.late(session, page.store.store_id, page.now, zone=page.store.time_zone, limit=_MOST)
    if not late:
        return []
    sentence = ngettext("%(n)s parcel is late", "%(n)s parcels are late", len(late)) % {"n": _up_to(page, len(late))}
    oldest = min(parcel.promised_at for parcel in late if parcel.promised_at is not None)
    detail = _("Oldest promised for %(day)s") % {"day": page.format.day(oldest)}
    return [Attention(sentence, detail, _("Look"), f"{path_to(request, 'parcels')}?view=late", "parcel")]


def _behind(page: PageContext, request: Request) -> list[Attention]:
    """Reactions that have not handled an event for more than a minute."""
    behind = {name: age for name, age in page.services.runner.lag().items() if age > _LATE_REACTION}
    if not behind:
        return []
    longest = max(behind, key=lambda name: behind[name])
    sentence = ngettext("%(n)s reaction is behind the log", "%(n)s reactions are behind the log", len(behind))
    detail = _("%(name)s by %(time)s; numbers are not complete") % {
        "name": longest,
        "time": page.format.duration(behind[longest]),
    }
    return [
        Attention(
            sentence % {"n": page.format.number(len(behind))}, detail, _("Look"), path_to(request, "reactions"), "log"
        )
    ]


def _drafts(page: PageContext, request: Request, rules: list[Rule]) -> list[Attention]:
    found = []
    for rule in rules:
        if rule.draft is None:
            continue
        day = page.format.day(rule.draft.saved_at)
        state = (
            _("Version %(n)s stays on until then") % {"n": rule.on.version}
            if rule.on
            else _("It gives nothing until then")
        )
        found.append(
            Attention(
                _("Rule “%(name)s” has a draft of %(day)s") % {"name": rule.name, "day": day},
                state,
                _("Review"),
                links.to_rule(page, rule.rule_id),
                "rule",
                "info",
            )
        )
    return found


def _up_to(page: PageContext, number: int) -> str:
    return page.format.number(number) + ("+" if number == _MOST else "")
