"""The signature of generic deliveries."""

import pytest

from core import clock, security
from storefront_plugin.platforms.generic.signature import BadSignature, sign, verify
from tests.conftest import NOON

SECRET, BODY = "sk_test", b'{"order_id":"O1"}'
TIME = str(NOON // 1000)
RIGHT = security.sign(SECRET, f"{TIME}.".encode() + BODY)


def test_the_header_is_as_documented() -> None:
    assert sign(SECRET, BODY, NOON) == f"t={TIME},v1={RIGHT}"
    verify(sign(SECRET, BODY, NOON), BODY, SECRET, NOON)


def test_one_of_several_signatures_is_enough_while_a_secret_changes() -> None:
    verify(f"t={TIME}, v1={'0' * 64}, v1={RIGHT}", BODY, SECRET, NOON)


@pytest.mark.parametrize("offset", [-5 * clock.MINUTE, 5 * clock.MINUTE])
def test_five_minutes_off_is_in_time(offset: int) -> None:
    verify(sign(SECRET, BODY, NOON), BODY, SECRET, NOON + offset)


@pytest.mark.parametrize("offset", [-5 * clock.MINUTE - 1, 5 * clock.MINUTE + 1])
def test_more_is_not(offset: int) -> None:
    with pytest.raises(BadSignature, match="five minutes"):
        verify(sign(SECRET, BODY, NOON), BODY, SECRET, NOON + offset)


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"v1={RIGHT}",
        f"t={TIME}",
        f"t={TIME},v1=",
        f"t={TIME},v1={'0' * 64}",
        f"t={TIME},t={TIME},v1={RIGHT}",
        f"t=now,v1={RIGHT}",
        f"t={int(TIME) + 1},v1={RIGHT}",
        f"t={TIME},v2={RIGHT}",
        f"t={TIME},v1=ü",
    ],
)
def test_anything_else_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        verify(header, BODY, SECRET, NOON)


def test_a_body_changed_by_one_byte_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(sign(SECRET, BODY, NOON), BODY + b" ", SECRET, NOON)
