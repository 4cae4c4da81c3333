"""When the passing of time alone can next change the truth of a condition for one row.

The answer is a lower bound made tight where it is cheap: before it the truth is certainly the same, at it the caller
checks again and asks again. None means never. So memberships that depend on time wait in an index instead of being
polled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any as AnyType
from typing import TypeAlias, assert_never

from core.clock import Instant
from core.conditions import nodes
from core.conditions.closures import compiled, reader, taking_part
from core.conditions.days import Span, spans
from core.conditions.duration import milliseconds
from core.conditions.moment import Moment
from core.conditions.nodes import Aggregate, Leaf, Node
from core.conditions.registry import ChildSet, Registry


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether the condition is true now, and until when that is certain (None: for ever, if the data stays)."""

    true: bool
    changes_at: Instant | None


Watch: TypeAlias = Callable[[AnyType, Moment], Outlook]
Instants: TypeAlias = Callable[[AnyType, Moment], list[Instant]]


def next_change(condition: Node, registry: Registry, row: AnyType, moment: Moment) -> Instant | None:
    """The next instant after `moment.now` at which the truth for `row` can change by the passing of time."""
    return outlook(condition, registry)(row, moment).changes_at


def outlook(condition: Node, registry: Registry) -> Watch:
    """The condition as a function that gives the truth for a row and the instant up to which it is certain."""
    match condition:
        case nodes.All(children):
            return _every([outlook(child, registry) for child in children])
        case nodes.Any(children):
            return _some([outlook(child, registry) for child in children])
        case nodes.Nothing(children):
            return _contrary(_some([outlook(child, registry) for child in children]))
        case nodes.Leaf():
            return _leaf(condition, registry)
        case _:
            assert_never(condition)


def _every(children: list[Watch]) -> Watch:
    """False until every false child has changed; true until the first child changes."""

    def watch(row: AnyType, moment: Moment) -> Outlook:
        seen = [child(row, moment) for child in children]
        false = [child.changes_at for child in seen if not child.true]
        return Outlook(False, _last(false)) if false else Outlook(True, _first([child.changes_at for child in seen]))

    return watch


def _some(children: list[Watch]) -> Watch:
    """True until every true child has changed; false until the first child changes."""

    def watch(row: AnyType, moment: Moment) -> Outlook:
        seen = [child(row, moment) for child in children]
        true = [child.changes_at for child in seen if child.true]
        return Outlook(True, _last(true)) if true else Outlook(False, _first([child.changes_at for child in seen]))

    return watch


def _contrary(some: Watch) -> Watch:
    def watch(row: AnyType, moment: Moment) -> Outlook:
        seen = some(row, moment)
        return Outlook(not seen.true, seen.changes_at)

    return watch


def _first(instants: list[Instant | None]) -> Instant | None:
    return min((instant for instant in instants if instant is not None), default=None)


def _last(instants: list[Instant | None]) -> Instant | None:
    known = [instant for instant in instants if instant is not None]
    return max(known) if len(known) == len(instants) else None


def _leaf(leaf: Leaf, registry: Registry) -> Watch:
    matches, sources = compiled(leaf, registry), _sources(leaf, registry)

    def watch(row: AnyType, moment: Moment) -> Outlook:
        later = [at for source in sources for at in source(row, moment) if at > moment.now]
        return Outlook(matches(row, moment), min(later, default=None))

    return watch


def _sources(leaf: Leaf, registry: Registry) -> list[Instants]:
    """What gives instants at which the leaf can change: its child rows and its own question; nothing for most leaves."""
    sources: list[Instants] = []
    if isinstance(leaf.operand, Aggregate):
        sources += _of_rows(leaf.operand, registry.child_set(leaf.operand.of))
        if leaf.operand.function == "days_since":
            sources.append(_midnights(leaf, registry))
    if isinstance(leaf.ask, nodes.WithinLast | nodes.LongerAgo):
        sources.append(_bounds(leaf, registry, milliseconds(leaf.ask.duration)))
    return sources


def _bounds(leaf: Leaf, registry: Registry, length: int) -> Instants:
    """An instant to come is reached; one that is reached grows too old."""
    read = reader(leaf.operand, registry)

    def instants(row: AnyType, moment: Moment) -> list[Instant]:
        at = read(row, moment)
        return [] if at is None else [at, at + length + 1]

    return instants


def _of_rows(operand: Aggregate, child_set: ChildSet) -> list[Instants]:
    """When child rows enter or leave the window, or their own sub-condition changes."""
    sources: list[Instants] = []
    if operand.where is not None:
        sources.append(_of_where(operand.where, child_set))
    if operand.window is not None and child_set.read_at is not None:
        sources.append(_of_window(operand, child_set, child_set.read_at, milliseconds(operand.window)))
    return sources


def _of_where(where: Node, child_set: ChildSet) -> Instants:
    rows, watch = child_set.read(), outlook(where, child_set.registry)

    def instants(row: AnyType, moment: Moment) -> list[Instant]:
        changes = [watch(child, moment).changes_at for child in rows(row)]
        return [change for change in changes if change is not None]

    return instants


def _of_window(
    operand: Aggregate, child_set: ChildSet, read_at: Callable[[AnyType], Instant | None], length: int
) -> Instants:
    # Rows for which `where` is false do not matter until that changes, which _of_where watches.
    rows = taking_part(Aggregate(function=operand.function, of=operand.of, where=operand.where), child_set)

    def instants(row: AnyType, moment: Moment) -> list[Instant]:
        ats = [at for child in rows(row, moment) if (at := read_at(child)) is not None]
        return ats + [at + length + 1 for at in ats]

    return instants


def _midnights(leaf: Leaf, registry: Registry) -> Instants:
    """When “at < first instant of the day k days ago” begins to hold: at the start of day(at) + k + 1."""
    read, bounds = reader(leaf.operand, registry), _days(spans(leaf.ask))

    def instants(row: AnyType, moment: Moment) -> list[Instant]:
        at = read(row, moment)
        return [] if at is None else [moment.day_start(moment.days_since(at) - bound - 1) for bound in bounds]

    return instants


def _days(wanted: tuple[Span, ...]) -> list[int]:
    return [bound for span in wanted for bound in (span.start, span.end) if bound is not None]
