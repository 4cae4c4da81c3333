"""Explanations that other parts keep, as the popovers behind “why?” show them."""

from console.frame import PageContext
from console.language import gettext as _
from console.parts import Leaf, Why
from core import clock
from core.conditions import Explanation
from loyalty.ledger.schemas import Movement


def movement_why(page: PageContext, movement: Movement) -> Why:
    """Why points moved: the rule's sentence, each of its conditions, the sum, and which version of the rule it was."""
    told = movement.explanation
    leaves = tuple(
        Leaf(leaf["holds"], str(leaf["text"]), str(leaf.get("seen", "")), str(leaf.get("needed", "")))
        for leaf in told.get("leaves", ())
    )
    arithmetic = told.get("arithmetic")
    return Why(
        id="",
        sentence=str(told.get("sentence", "")),
        leaves=leaves,
        total=(str(arithmetic), page.format.number(movement.points)) if arithmetic else None,
        source=" ".join(_sources(page, movement)),
    )


def _sources(page: PageContext, movement: Movement) -> list[str]:
    found = []
    version = movement.rule_version or movement.explanation.get("version")
    if version:
        found.append(_("Rule version %(version)s.") % {"version": version})
    waits = (movement.explanation.get("rule") or {}).get("spendable_after_days", 0)
    if movement.kind == "award" and waits:
        day = page.format.day(movement.effective_at + waits * clock.DAY)
        found.append(_("Can be spent from %(day)s, %(days)s days after the order.") % {"day": day, "days": waits})
    return found


def segment_why(identifier: str, name: str, told: Explanation, source: str) -> Why:
    """Why somebody is in a segment now: each condition with the value seen and the value needed."""
    sentence = _("%(name)s: %(sentence)s.") % {"name": name, "sentence": told.sentence}
    leaves = tuple(Leaf(leaf.true, leaf.sentence, leaf.seen, leaf.needed) for leaf in told.leaves())
    return Why(id=identifier, sentence=sentence, leaves=leaves, source=source)
