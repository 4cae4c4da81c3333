"""What a buyer is told, as one table."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """One step of an order's way. `states` are the parcel states that reach it; `folder` holds its three templates."""

    step: str
    rank: int
    folder: str
    states: tuple[str, ...] = ()


ORDER_CONFIRMED = Milestone(step="order confirmed", rank=0, folder="order_confirmed")
PARCEL = (
    Milestone(step="shipped", rank=1, folder="shipped", states=("picked_up", "in_transit")),
    Milestone(step="out for delivery", rank=2, folder="out_for_delivery", states=("out_for_delivery",)),
    Milestone(step="delivered", rank=3, folder="delivered", states=("delivered",)),
)
MILESTONES = (ORDER_CONFIRMED, *PARCEL)


def reached_by(state: str) -> Milestone | None:
    """The milestone that a parcel reaches with this state, if it is one."""
    return next((milestone for milestone in PARCEL if state in milestone.states), None)
