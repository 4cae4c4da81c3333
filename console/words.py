"""The words, colours and icons for states that several pages show."""

from console.language import gettext as _
from console.parts import Milestones, Tag, Tone

_PARCEL_TONES: dict[str, Tone] = {
    "delivered": "good",
    "out_for_delivery": "accent",
    "delayed": "warn",
    "attempt_failed": "warn",
    "ready_for_pickup": "warn",
    "returning": "warn",
    "lost_or_cancelled": "bad",
}
_PARCEL_ICONS = {
    "delivered": "check",
    "returning": "undo",
    "returned": "undo",
    "delayed": "warn",
    "attempt_failed": "warn",
}
_PARCEL_STEPS = {
    "created": 1,
    "label_ready": 1,
    "picked_up": 2,
    "in_transit": 2,
    "customs": 2,
    "delayed": 2,
    "out_for_delivery": 3,
    "attempt_failed": 3,
    "ready_for_pickup": 3,
    "delivered": 4,
}
_MESSAGE_TONES: dict[str, Tone] = {"sent": "good", "failed": "bad", "unknown": "warn"}


def parcel_state(state: str | None) -> str:
    """A parcel's state in words; one we do not know stays as it is."""
    return {
        "created": _("Announced"),
        "label_ready": _("Label ready"),
        "picked_up": _("Picked up"),
        "in_transit": _("In transit"),
        "customs": _("At customs"),
        "delayed": _("Delayed"),
        "out_for_delivery": _("Out for delivery"),
        "attempt_failed": _("Delivery failed"),
        "ready_for_pickup": _("Ready for pickup"),
        "returning": _("On its way back"),
        "lost_or_cancelled": _("Lost or cancelled"),
        "delivered": _("Delivered"),
        "returned": _("Back at the shop"),
    }.get(state or "", state or "")


def parcel_tag(state: str, is_late: bool) -> Tag:
    """A parcel's state; a late one says so."""
    if is_late and state != "delivered":
        return Tag(_("Late: %(state)s") % {"state": parcel_state(state).lower()}, "warn", "warn")
    return Tag(parcel_state(state), _PARCEL_TONES.get(state, ""), _PARCEL_ICONS.get(state, ""))


def parcel_icon(state: str | None) -> str:
    """The icon of a scan."""
    return _PARCEL_ICONS.get(state or "", "truck")


def parcel_tone(state: str | None) -> Tone:
    """The colour of a scan."""
    return _PARCEL_TONES.get(state or "", "")


def parcel_steps(state: str) -> Milestones:
    """How far a parcel is: announced, on its way, out for delivery, delivered. One that comes back has no step."""
    done = _PARCEL_STEPS.get(state, 0)
    if done == 0:
        return Milestones(0, 4, parcel_state(state))
    return Milestones(
        done, 4, _("Step %(done)s of 4: %(state)s") % {"done": done, "state": parcel_state(state).lower()}
    )


def order_tag(status: str, total: int, refunded: int) -> Tag:
    """An order's state."""
    if status == "reported":
        return Tag(_("Only reported"), "warn", "info")
    if status == "cancelled":
        return Tag(_("Cancelled"), "", "x")
    if refunded >= total > 0:
        return Tag(_("Refunded"), "", "undo")
    return Tag(_("Partly refunded"), "", "undo") if refunded else Tag(_("Placed"), "good", "check")


def message_state(state: str) -> str:
    """A message's state in words."""
    return {
        "queued": _("Waits to be sent"),
        "claimed": _("Being written"),
        "handed over": _("Being handed over"),
        "sent": _("Sent"),
        "skipped": _("Not sent"),
        "failed": _("Could not be sent"),
        "unknown": _("Perhaps sent"),
    }.get(state, state)


def message_tag(state: str) -> Tag:
    """A message's state as a tag."""
    icon = {"sent": "check", "failed": "warn", "unknown": "warn"}.get(state, "")
    return Tag(message_state(state), _MESSAGE_TONES.get(state, ""), icon)


def message_step(step: str) -> str:
    """A milestone in words."""
    return {
        "order confirmed": _("Order confirmed"),
        "shipped": _("Shipped"),
        "out for delivery": _("Out for delivery"),
        "delivered": _("Delivered"),
    }.get(step, step[:1].upper() + step[1:])


def source(name: str) -> str:
    """Who told us: how far a row of the log is trusted."""
    kind, _mark, platform = name.partition(":")
    if kind == "webhook":
        return _("Webhook %(platform)s") % {"platform": platform}
    return {"public": _("Browser"), "server": _("Server or file"), "fact": _("Concluded")}.get(name, name)


def order_source(name: str) -> str:
    """Who told us of an order: our own fact repeats what a webhook delivered."""
    return _("Shop webhook") if name == "fact" else source(name)
