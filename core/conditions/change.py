"""When the passing of time alone can next change the truth of a condition for one row.

The answer is a lower bound made tight where it is cheap: before it the truth is certainly the same, at it the caller
checks again and asks again. None means never. So memberships that depend on time wait in an index instead of being
polled.
"""

from dataclasses import dataclass
from typing import Any as AnyType
from typing import assert_never

from core.clock import Instant
from core.conditions import nodes
from core.conditions.closures import compiled, reader, taking_part
from core.conditions.days import Span, spans
from core.conditions.duration import milliseconds
from core.conditions.moment import Moment
from core.conditions.nodes import Aggregate, Leaf, Node
from core.conditions.registry import Registry


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether the condition is true now, and until when that is certain (None: for ever, if the data stays)."""

    true: bool
    changes_at: Instant | None


def next_change(condition: Node, registry: Registry, row: AnyType, moment: Moment) -> Instant | None:
    """The next instant after `moment.now` at which the truth for `row` can change by the passing of time."""
    return outlook(condition, registry, row, moment).changes_at


def outlook(condition: Node, registry: Registry, row: AnyType, moment: Moment) -> Outlook:
    """The truth for `row` and the instant up to which it is certain."""
    match condition:
        case nodes.All(children):
            return _every([outlook(child, registry, row, moment) for child in children])
        case nodes.Any(children):
            return _some([outlook(child, registry, row, moment) for child in children])
        case nodes.Nothing(children):
            some = _some([outlook(child, registry, row, moment) for child in children])
            return Outlook(not some.true, some.changes_at)
        case nodes.Leaf():
            true = compiled(condition, registry)(row, moment)
            later = [instant for instant in _instants(condition, registry, row, moment) if instant > moment.now]
            return Outlook(true, min(later, default=None))
        case _:
            assert_never(condition)


def _every(children: list[Outlook]) -> Outlook:
    """False until every false child has changed; true until the first child changes."""
    false = [child.changes_at for child in children if not child.true]
    return Outlook(False, _last(false)) if false else Outlook(True, _first([child.changes_at for child in children]))


def _some(children: list[Outlook]) -> Outlook:
    """True until every true child has changed; false until the first child changes."""
    true = [child.changes_at for child in children if child.true]
    return Outlook(True, _last(true)) if true else Outlook(False, _first([child.changes_at for child in children]))


def _first(instants: list[Instant | None]) -> Instant | None:
    return min((instant for instant in instants if instant is not None), default=None)


def _last(instants: list[Instant | None]) -> Instant | None:
    known = [instant for instant in instants if instant is not None]
    return max(known) if len(known) == len(instants) else None


def _instants(leaf: Leaf, registry: Registry, row: AnyType, moment: Moment) -> list[Instant]:
    """Instants at which the leaf can change: those of its child rows and those of its own question."""
    instants: list[Instant] = []
    if isinstance(leaf.operand, Aggregate):
        instants += _of_rows(leaf.operand, registry, row, moment)
    if isinstance(leaf.ask, nodes.WithinLast | nodes.LongerAgo):
        at = reader(leaf.operand, registry)(row, moment)
        instants += [] if at is None else [at, at + milliseconds(leaf.ask.duration) + 1]
    if isinstance(leaf.operand, Aggregate) and leaf.operand.function == "days_since":
        at = reader(leaf.operand, registry)(row, moment)
        instants += [] if at is None else _midnights(at, spans(leaf.ask), moment)
    return instants


def _of_rows(operand: Aggregate, registry: Registry, row: AnyType, moment: Moment) -> list[Instant]:
    """When child rows enter or leave the window, or their own sub-condition changes."""
    child_set = registry.child_set(operand.of)
    instants: list[Instant] = []
    if operand.where is not None:
        changes = (outlook(operand.where, child_set.registry, child, moment) for child in child_set.read()(row))
        instants += [change.changes_at for change in changes if change.changes_at is not None]
    if operand.window is None or child_set.read_at is None:
        return instants
    length = milliseconds(operand.window)
    without_window = Aggregate(function=operand.function, of=operand.of, where=operand.where)
    for child in taking_part(without_window, child_set)(row, moment):
        at = child_set.read_at(child)
        instants += [] if at is None else [at, at + length + 1]
    return instants


def _midnights(at: Instant, wanted: tuple[Span, ...], moment: Moment) -> list[Instant]:
    """When “at < first instant of the day k days ago” begins to hold: at the start of day(at) + k + 1."""
    bounds = [bound for span in wanted for bound in (span.start, span.end) if bound is not None]
    age = moment.days_since(at)
    return [moment.day_start(age - bound - 1) for bound in bounds]
