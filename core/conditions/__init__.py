"""Conditions: one language for “who” and “when”, compiled to SQL, to a Python closure and to an English sentence.

A condition is a small versioned JSON tree over registered fields (`Registry`, `Field`, `ChildSet`, filled by the callers).
What cannot be compiled by all three is refused by `parse`, when it is saved. A missing value answers no; three-valued
logic never leaks out. The package knows no business noun: subjects, fields and child sets are given to it.
"""

from core.conditions.change import Outlook, Watch, next_change, outlook
from core.conditions.change_sql import NEVER, certain_until
from core.conditions.closure_asking import Check
from core.conditions.closures import compiled
from core.conditions.errors import ConditionError
from core.conditions.explanation import Explanation, explain
from core.conditions.moment import Moment
from core.conditions.nodes import Money, Node
from core.conditions.reading import parse
from core.conditions.registry import ChildSet, Field, Kind, Members, Parameter, Registry, fold
from core.conditions.sentence import sentence
from core.conditions.sql import predicate
from core.conditions.usage import Usage, usage
from core.conditions.writing import dump

__all__ = [
    "NEVER",
    "Check",
    "ChildSet",
    "ConditionError",
    "Explanation",
    "Field",
    "Kind",
    "Members",
    "Moment",
    "Money",
    "Node",
    "Outlook",
    "Parameter",
    "Registry",
    "Usage",
    "Watch",
    "certain_until",
    "compiled",
    "dump",
    "explain",
    "fold",
    "next_change",
    "outlook",
    "parse",
    "predicate",
    "sentence",
    "usage",
]
