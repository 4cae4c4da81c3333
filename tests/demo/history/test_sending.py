from base64 import b64decode
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from demo.history.calls import Batch
from demo.history.deliveries import Delivery
from demo.history.errors import Refused, Unreachable
from demo.history.sending import ATTEMPTS, bearer, post, send_batches, send_deliveries
from tests.demo.history.conftest import DOORS, Listener

Run = Callable[[Any], None]
BATCHES = [Batch("api", b'{"batch":[%d]}' % number, number) for number in range(1, 10)]


def test_every_batch_is_sent_once_with_the_key(with_http: Run, listener: Listener) -> None:
    counted: list[int] = []
    with_http(lambda http: send_batches(http, DOORS, BATCHES, counted.append))
    assert sorted(body["batch"][0] for body in listener.bodies("/v1/import")) == list(range(1, 10))
    assert sorted(counted) == list(range(1, 10))
    authorization = listener.requests[0].headers["Authorization"]
    assert b64decode(authorization.removeprefix("Basic ")) == b"ak:"


def test_what_browsers_say_travels_with_their_key(with_http: Run, listener: Listener) -> None:
    with_http(lambda http: send_batches(http, DOORS, [Batch("write", b"{}", 1)], lambda _: None))
    assert b64decode(listener.requests[0].headers["Authorization"].removeprefix("Basic ")) == b"wk:"


def test_a_busy_server_is_asked_again_when_it_said(with_http: Run, listener: Listener, at_once: list[float]) -> None:
    listener.answers = [httpx2.Response(503, headers={"Retry-After": "2"}), httpx2.Response(429)]
    counted: list[int] = []
    with_http(lambda http: send_batches(http, DOORS, BATCHES[:1], counted.append))
    assert [request.content for request in listener.requests] == [BATCHES[0].body] * 3
    assert at_once == [2.0, 0.2]
    assert counted == [1]


def test_a_refusal_ends_it(with_http: Run, listener: Listener) -> None:
    listener.answers = [httpx2.Response(401, text="The key is unknown.")]
    with pytest.raises(Refused, match="answered 401: The key is unknown"):
        with_http(lambda http: post(http, "/v1/import", b"{}", lambda: bearer("ak")))
    assert len(listener.requests) == 1


def test_patience_has_an_end(with_http: Run, listener: Listener, at_once: list[float]) -> None:
    listener.answers = [httpx2.Response(503) for _ in range(ATTEMPTS)]
    with pytest.raises(Unreachable, match="did not answer for too long"):
        with_http(lambda http: post(http, "/v1/import", b"{}", lambda: bearer("ak")))
    assert len(listener.requests) == ATTEMPTS
    assert max(at_once) == 3.0


def test_deliveries_keep_their_order(with_http: Run, listener: Listener) -> None:
    deliveries = [Delivery(f"order.created/{number}", "order.created", b"{}") for number in range(5)]
    counted: list[int] = []
    with_http(lambda http: send_deliveries(http, DOORS, deliveries, counted.append))
    assert [request.headers["X-Regulars-Delivery"] for request in listener.requests] == [
        f"order.created/{number}" for number in range(5)
    ]
    assert {request.url.path for request in listener.requests} == {"/webhooks/generic/7"}
    assert counted == [1] * 5
