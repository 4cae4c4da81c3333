"""`X-Regulars-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256(secret, "t.body")>`, checked on the bytes as they came."""

from core import clock, security
from core.clock import Instant

TOLERANCE = 5 * clock.MINUTE
_MOST_SIGNATURES = 5  # a sender may sign with its old and its new secret while it changes them


class BadSignature(Exception):
    """A delivery is not signed as the store's secret signs it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The delivery was refused: {reason}.")


def verify(header: str, body: bytes, secret: str, now: Instant) -> None:
    """Raise BadSignature unless one of the header's signatures is right and its time is within five minutes."""
    signed_at, signatures = _read(header)
    right = security.sign(secret, signed_at.encode() + b"." + body)
    # Every signature is compared, so that the time taken does not tell which one came near.
    matches = [security.same(right, signature) for signature in signatures]
    if not any(matches):
        raise BadSignature("its signature is not that of the store's secret key")
    if abs(int(signed_at) * clock.SECOND - now) > TOLERANCE:
        raise BadSignature("its signature is more than five minutes off; sign each attempt anew")


def sign(secret: str, body: bytes, now: Instant) -> str:
    """The header a sender puts on a delivery."""
    signed_at = str(now // clock.SECOND)
    return f"t={signed_at},v1={security.sign(secret, signed_at.encode() + b'.' + body)}"


def _read(header: str) -> tuple[str, list[str]]:
    parts = [part.strip().partition("=") for part in header[:1_000].split(",")]
    times = [value for name, _, value in parts if name == "t"]
    signatures = [value for name, _, value in parts if name == "v1" and value.isascii()]
    if len(times) != 1 or not times[0].isdecimal() or not times[0].isascii() or len(times[0]) > 12:
        raise BadSignature("its header X-Regulars-Signature has no time t=<unix seconds>")
    if not signatures:
        raise BadSignature("its header X-Regulars-Signature has no v1=<hex HMAC-SHA256>")
    return times[0], signatures[:_MOST_SIGNATURES]
