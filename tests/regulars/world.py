"""The whole application over one database, driven from outside: collect, webhooks, API, and reactions drained on demand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from starlette.testclient import TestClient

from core import clock, security
from core import settings as core_settings
from core.db import Database
from core.log import Event, Filter, read
from crm.messaging.sending import Sender
from crm.messaging.transports import open_transport
from crm.notifications.rendering import renderers
from personalization.segments import service as segments
from regulars.app import create_app
from regulars.checks import replay
from regulars.checks.invariants import CHECKS
from regulars.services import Services, close_services
from regulars.wiring import reactions
from tests.conftest import MASTER
from tracking.stores import service as stores
from tracking.stores.schemas import NewStore


@dataclass
class World:
    """One store of one installation."""

    client: TestClient
    services: Services
    store: NewStore
    deliveries: int = 0

    @property
    def database(self) -> Database:
        return self.services.database

    def track(self, event: str, *, anonymous_id: str = "a1", key: str | None = None, **properties: Any) -> None:
        """A browser's event (or a server's, with the API key)."""
        self.batch([{"type": "track", "event": event, "anonymousId": anonymous_id, "properties": properties}], key=key)

    def batch(self, calls: list[dict[str, Any]], *, key: str | None = None, token: str | None = None) -> None:
        """Calls of the protocol; each gets a message id of its own."""
        for call in calls:
            self.deliveries += 1
            call.setdefault("messageId", f"m{self.deliveries}")
            call.setdefault("timestamp", clock.iso(clock.now()))
        body = {"batch": calls, "writeKey": key or self.store.write_key} | ({"identityToken": token} if token else {})
        answer = self.client.post("/v1/batch", content=json.dumps(body))
        assert answer.status_code == 200, answer.text

    def hook(self, topic: str, body: dict[str, Any], *, delivery: str | None = None, secret: str | None = None) -> int:
        """A signed delivery of the generic webhook; its status."""
        self.deliveries += 1
        raw, at = json.dumps(body), clock.now() // 1000
        signature = security.sign(secret or self.store.store.secret_key, f"{at}.{raw}".encode())
        headers = {
            "X-Regulars-Topic": topic,
            "X-Regulars-Delivery": delivery or f"d{self.deliveries}",
            "X-Regulars-Signature": f"t={at},v1={signature}",
        }
        return self.client.post("/webhooks/generic/1", content=raw, headers=headers).status_code

    def order(self, order_id: str = "10482", **more: Any) -> dict[str, Any]:
        """An order as a shop's server reports it."""
        return {
            "order_id": order_id,
            "occurred_at": clock.iso(clock.now()),
            "currency": "EUR",
            "total": "53.90",
            "shipping": "4.90",
            "email": "ines@example.org",
            "user_id": "u1",
            "anonymous_id": "a1",
            "lines": [{"line_id": "1", "product_id": "KL-1", "name": "Kettle", "quantity": 1, "price": "49.00"}],
        } | more

    def api(self, path: str) -> Any:
        """A GET of the REST API with the API key."""
        answer = self.client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.store.api_key}"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Any other call of the REST API."""
        headers = {"Authorization": f"Bearer {self.store.api_key}"}
        return self.client.request(
            method, f"/api/v1/{path}", content=json.dumps(body) if body is not None else None, headers=headers
        )

    def token(self, user_id: str = "u1", **claims: Any) -> str:
        """An identity token of the shop's server."""
        made = {"sub": user_id, "aud": "1", "exp": clock.now() // 1000 + 600} | claims
        return str(jwt.encode(made, self.store.store.secret_key, algorithm="HS256"))

    def me(self, token: str) -> Any:
        """What a shopper sees about themselves."""
        headers = {"Authorization": f"Bearer {token}"}
        return self.client.get(f"/storefront/v1/me?write_key={self.store.write_key}", headers=headers)

    def recommend(self, slot: str = "home", **query: Any) -> Any:
        """A recommendation answer."""
        asked = {"write_key": self.store.write_key, "slot": slot, "anonymous_id": "a1"} | query
        return self.client.get("/storefront/v1/recommendations", params=asked).json()

    def drain(self) -> None:
        """Let every reaction handle what waits, then send what is due."""
        self.services.runner.drain()
        Sender(
            database=self.database,
            settings=self.services.settings,
            renderers=renderers(self.services.settings),
            transport=open_transport(self.services.settings.smtp_url),
            owner="test",
        ).send_due()
        self.services.runner.drain()

    def rule(self, points: int = 1, **more: Any) -> str:
        """A spend rule, turned on."""
        body = {"name": "One for one", "rule": {"kind": "spend", "points": points} | more}
        rule_id = str(self.call("POST", "loyalty/rules", body).json()["rule_id"])
        assert self.call("POST", f"loyalty/rules/{rule_id}/turn-on").status_code == 200
        return rule_id

    def log(self, name: str | None = None) -> list[Event]:
        """The log in order."""
        with self.database.read() as session:
            return list(reversed(read(session, Filter(store_id=1, name=name, limit=200))))

    def steps(self) -> list[tuple[str, str]]:
        """Step and state of every message."""
        return sorted((message["step"], message["state"]) for message in self.api("messages")["items"])

    def contradictions(self) -> list[str]:
        """What `regulars check --replay` finds."""
        with self.database.read() as session:
            found = [sentence for check in CHECKS for sentence in check.run(session)]
        return [*found, *replay.differences(self.database, reactions(self.services.settings))]


@contextmanager
def a_world(url: str, home: Path) -> Iterator[World]:
    """The application over a migrated database, without the background threads: tests drain by hand."""
    environment = {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": url,
        "REGULARS_SECRET_KEY": MASTER,
        "REGULARS_SMTP_URL": f"file://{home}/mail",
        "REGULARS_BASE_URL": "https://crm.example",
        "REGULARS_EXPLORATION": "0",
    }
    database = Database(url)
    with database.write() as session:
        store = stores.create_store(
            session, name="Kettle Lane", currency="EUR", time_zone="Europe/Berlin", master=MASTER
        )
        segments.create_defaults(session, 1, time_zone="Europe/Berlin")
    database.close()
    app = create_app(core_settings.load(environment))
    services: Services = app.state.services
    try:
        yield World(TestClient(app), services, store)
    finally:
        close_services(services)
