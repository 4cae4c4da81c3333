"""Why an item is recommended, in words that the counts carry. The same texts in page, mail and on the agent's screen."""

from personalization.recommendations.schemas import Evidence, Reason

MINIMUM_SUPPORT = 3

SESSION, VIEWED, TOGETHER, CHOSEN = "similar_visits", "viewed_together", "bought_together", "also_chosen"
POPULAR, POPULAR_IN, ALIKE, PLAIN = "popular", "popular_in", "alike", "catalog"
SEEN, IN_CART, AGAIN, YOUR_CATEGORY = "seen", "in_cart", "bought_before", "your_category"

_NOTHING = Reason(PLAIN, "", Evidence())
# What holds of the visitor's own doing needs no crowd behind it, and likeness is read off the products themselves.
_OF_ITSELF = {SEEN: "You looked at this", IN_CART: "It is in your cart", AGAIN: "You bought this before"}


def strength(code: str) -> int:
    """Which of two reasons for one item is told: one's own doing before counts of others, these before a category."""
    return 2 if code in _OF_ITSELF else 0 if code in (YOUR_CATEGORY, PLAIN) else 1


def reason(code: str, *, count: int = 0, of: int = 0, about: str = "", title: str = "") -> Reason:
    """The reason of a code; below the minimum support nothing is claimed."""
    if code == AGAIN and count > 1:
        return Reason(code, f"You bought this {count} times", Evidence(count, of, about))
    if code in _OF_ITSELF:
        return Reason(code, _OF_ITSELF[code], Evidence(count, of, about))
    if code == ALIKE:
        return Reason(code, f"Similar to {title}", Evidence(about=about))
    if code == YOUR_CATEGORY:
        return Reason(code, f"From {title}, where you looked before", Evidence(count)) if count else _NOTHING
    if code == PLAIN or count < MINIMUM_SUPPORT:
        return _NOTHING
    return Reason(code, _counted(code, count, of, title), Evidence(count, of, about))


def _counted(code: str, count: int, of: int, title: str) -> str:
    if code == SESSION:
        return f"{count} of {of} visitors who looked at similar things came to this"
    if code == VIEWED:
        return f"Seen or bought together with {title} in {count} of {of} visits"
    if code == TOGETHER:
        return f"Bought together with {title} in {count} of {of} orders"
    if code == CHOSEN:
        return f"{count} of {of} people who chose {title} chose this too"
    if code == POPULAR_IN:
        return f"Popular in {title}: {count} people looked at it or bought it"
    return f"{count} people looked at it or bought it"
