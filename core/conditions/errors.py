"""What a condition can be refused for, always when it is saved and always with the place in the tree.

ConditionError
├── UnknownNode          a piece of the tree none of the compilers knows
├── UnknownField         a field, child set or threshold that is not registered
├── UnknownOperator      an operator the field does not allow
├── WrongValue           a value of another type than the field's, or out of range
├── SelectsEverybody     `all` or `none` of nothing, `is none of` nothing
└── TooLarge             more nodes or levels than a person could read
"""


class ConditionError(ValueError):
    """A condition cannot be saved; `place` says where: `$.all[0].where.any[2]`."""

    status = 422

    def __init__(self, place: str, sentence: str) -> None:
        super().__init__(f"{sentence} (at {place})")
        self.place = place
        self.sentence = sentence


class UnknownNode(ConditionError):
    """The object is neither a group, nor a field, nor an aggregate, or carries a key that means nothing here."""


class UnknownField(ConditionError):
    """No part offers a field, child set or threshold of that name."""


class UnknownOperator(ConditionError):
    """The field exists, but cannot be asked this."""


class WrongValue(ConditionError):
    """The value does not have the type or the range the operator needs."""


class SelectsEverybody(ConditionError):
    """The group or list is empty and would be true of every row."""


class TooLarge(ConditionError):
    """The condition has too many nodes or levels."""


class DuplicateName(ValueError):
    """Two parts offer the same name; an error of the program, found when it starts."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The name “{name}” is registered twice.")
