"""SegmentError
├── UnknownSegment
└── NameTaken
"""


class SegmentError(Exception):
    """Something about a segment cannot be done."""


class UnknownSegment(SegmentError):
    def __init__(self, segment_id: int) -> None:
        super().__init__(f"There is no segment {segment_id} in this store.")


class NameTaken(SegmentError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is already a segment “{name}”. Rules name segments, so a name stands for one.")
