"""`/metrics`: the lag of every reaction, and no word of a client."""

import pytest
from sqlalchemy.exc import OperationalError

from tests.regulars.world import World


def test_metrics_name_reactions_and_count_refusals_without_quoting_them(world: World) -> None:
    body = {"batch": [{"type": "<script>ines@example.org", "anonymousId": "a1"}], "writeKey": world.store.write_key}
    assert world.client.post("/v1/batch", json=body).status_code == 200
    text = world.client.get("/metrics").text
    assert 'regulars_reaction_lag_seconds{reaction="orders.fold"} 0.0' in text
    assert 'regulars_refused_total{reason="unknown type"}' in text
    assert "ines" not in text


def test_metrics_answer_while_the_database_does_not(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    monkeypatch.setattr(world.services.database, "read", broken)
    answer = world.client.get("/metrics")
    assert answer.status_code == 200
    assert "regulars_events_committed_total" in answer.text
    assert world.client.get("/readyz").status_code == 503
