"""The recommendation id: it names one answer and carries, signed, what an exposure needs to be understood later.

    <32 hex digits>.<base64url of compact JSON>.<signature>

Clicks, carts, orders and the next page carry it back; nothing about an answer has to be stored before it is really shown.
"""

import base64
import binascii
import hmac

import msgspec

from core import ids

_SIGNATURE_BYTES = 9


class Ticket(msgspec.Struct, frozen=True, array_like=True):
    """How an answer came about.

    `order` gives for each position the rank the item had before shuffling (empty: not shuffled); `size` items were answered; a share
    `exploration` of all answers is shuffled.
    """

    slot: str
    model: str
    level: str
    arm: str
    exploration: float
    size: int
    first: int = 1
    order: tuple[int, ...] = ()

    def propensity(self, place: int) -> float:
        """The chance that the logging policy puts at this place (from 0) the item that stands there.

        The policy shows the ranked list with 1 − ε and a uniform shuffle of its `size` items with ε, so an item has
        ε / size anywhere and 1 − ε more at its own rank.
        """
        own = not self.order or self.order[place] == place
        return (1.0 - self.exploration) * own + self.exploration / self.size


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Ticket).decode


def issue(ticket: Ticket, *, store_id: int, secret: bytes) -> str:
    """A new recommendation id that carries this ticket."""
    signed = f"{ids.new()}.{base64.urlsafe_b64encode(_encode(ticket)).decode().rstrip('=')}"
    return f"{signed}.{_signature(signed, store_id, secret)}"


def open_ticket(recommendation_id: str, *, store_id: int, secret: bytes) -> Ticket | None:
    """The ticket of an id that this store has issued; None for anything else."""
    signed, _, signature = recommendation_id.rpartition(".")
    expected = _signature(signed, store_id, secret)
    if not hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), expected.encode()):
        return None
    payload = signed.partition(".")[2]
    try:
        return _decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, msgspec.MsgspecError):
        return None


def _signature(signed: str, store_id: int, secret: bytes) -> str:
    digest = hmac.digest(secret, f"{store_id}.{signed}".encode("utf-8", "surrogatepass"), "sha256")
    return base64.urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode()
