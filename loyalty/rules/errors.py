"""RuleError
├── UnknownRule
├── NoDraft
└── WrongRule
"""


class RuleError(Exception):
    """A rule cannot be saved or turned on; nothing was changed."""


class UnknownRule(RuleError):
    def __init__(self, rule_id: str | int) -> None:
        super().__init__(f"There is no rule {rule_id}.")


class NoDraft(RuleError):
    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” has no draft. Save one first.")


class WrongRule(RuleError):
    """What the rule says cannot be done; `field` names the word that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        # Both are arguments, so that the error crosses from the backtest's process to ours.
        super().__init__(field, message)
        self.field = field
        self.message = message

    def __str__(self) -> str:
        return self.message
