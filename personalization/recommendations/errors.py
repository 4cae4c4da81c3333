"""RecommendationError
├── UnknownSlot
├── UnreadableRequest
└── NothingToLearn
"""


class RecommendationError(Exception):
    """A recommendation cannot be given."""


class UnknownSlot(RecommendationError):
    def __init__(self, slot: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no slot “{slot[:40]}”; there are {', '.join(known)}.")


class UnreadableRequest(RecommendationError):
    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"The parameter {name} cannot be “{value[:40]}”.")


class NothingToLearn(RecommendationError):
    def __init__(self, store_id: int) -> None:
        super().__init__(f"Store {store_id} has no interactions yet, so there is nothing to train on.")
