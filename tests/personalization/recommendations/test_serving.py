"""The whole way on real databases: log → people, catalog, orders → training → answers, exposures and the book."""

import json
from pathlib import Path

import pytest

from core.clock import DAY, MINUTE
from core.db import Database
from personalization.recommendations import history, service
from personalization.recommendations.errors import NothingToLearn, UnknownSlot, UnreadableRequest
from personalization.recommendations.interactions import Kind
from personalization.recommendations.schemas import RecommendationRequest, Slot
from personalization.recommendations.serving import Recommender
from tests.conftest import MASTER
from tests.personalization.recommendations.conftest import NOW
from tests.personalization.recommendations.shop_in_log import ShopInLog, settings
from tracking.stores.directory import Directory
from tracking.stores.schemas import NewStore


@pytest.fixture
def shop(database: Database, new_store: NewStore) -> ShopInLog:
    """A store with two groups of products and forty customers."""
    found = ShopInLog(database, new_store.store.store_id)
    found.two_groups(NOW)
    return found


@pytest.fixture
def recommender(shop: ShopInLog, tmp_path: Path) -> Recommender:
    """A process's recommendations after a training."""
    chosen = settings(tmp_path)
    service.train(shop.database, chosen, shop.store_id)
    return Recommender(shop.database, chosen, Directory(shop.database, master=MASTER))


def ids(recommender: Recommender, shop: ShopInLog, slot: Slot = "home", **request: object) -> list[str]:
    asked = RecommendationRequest(store_id=shop.store_id, slot=slot, **request)  # type: ignore[arg-type]
    return [item.product_id for item in recommender.answer(asked).items]


def test_the_log_becomes_interactions(shop: ShopInLog) -> None:
    found = history.read_interactions(shop.database, shop.store_id)
    assert found.of_kinds(Kind.PURCHASE).item_count == 20
    assert len(found.of_kinds(Kind.PURCHASE)) == 120
    assert len(found.of_kinds(Kind.VIEW)) == 160


def test_a_view_and_an_order_of_one_person_are_one_persons(database: Database, new_store: NewStore) -> None:
    shop = ShopInLog(database, new_store.store.store_id)
    shop.product("cup")
    shop.view("phone", "cup", NOW - DAY, user_id="u1", proof="u1")
    shop.order("o1", "u1", ["cup"], NOW - DAY + MINUTE)
    shop.commit()
    found = history.read_interactions(database, shop.store_id)
    assert len(found.person_ids) == 1
    assert found.visit.tolist() == [0, 0]


def test_a_refusal_of_personalization_and_robots_teach_nothing(database: Database, new_store: NewStore) -> None:
    shop = ShopInLog(database, new_store.store.store_id)
    shop.product("cup")
    shop.view("a", "cup", NOW, consent="-personalization")
    shop.view("b", "cup", NOW, flags="bot")
    shop.event("order placed", NOW, anonymous_id="c")
    shop.commit()
    assert len(history.read_interactions(database, shop.store_id)) == 0


def test_a_withdrawal_holds_for_what_was_seen_before(database: Database, new_store: NewStore) -> None:
    shop = ShopInLog(database, new_store.store.store_id)
    shop.product("cup")
    shop.view("a", "cup", NOW)
    shop.view("b", "cup", NOW)
    shop.commit()
    assert len(history.read_interactions(database, shop.store_id)) == 2
    shop.view("a", "cup", NOW + MINUTE, consent="-personalization")
    shop.commit()
    assert len(history.read_interactions(database, shop.store_id)) == 1


def test_an_order_of_a_guest_teaches_but_belongs_to_nobody(database: Database, new_store: NewStore) -> None:
    shop = ShopInLog(database, new_store.store.store_id)
    for name in ("cup", "pot"):
        shop.product(name)
    shop.order("g1", None, ["cup", "pot"], NOW)
    shop.order("g2", None, ["cup"], NOW)
    shop.commit()
    found = history.read_interactions(database, shop.store_id)
    assert len(found) == 3
    assert len(found.person_ids) == 2
    assert (found.person_ids < 0).all()


def test_a_store_without_history_cannot_be_trained(database: Database, new_store: NewStore, tmp_path: Path) -> None:
    with pytest.raises(NothingToLearn, match="has no interactions yet"):
        service.train(database, settings(tmp_path), new_store.store.store_id)


def test_before_any_training_the_catalog_answers(shop: ShopInLog, tmp_path: Path) -> None:
    fresh = Recommender(shop.database, settings(tmp_path), Directory(shop.database, master=MASTER))
    answer = fresh.answer(RecommendationRequest(store_id=shop.store_id, slot="home", limit=3))
    assert answer.level == "catalog"
    assert len(answer.items) == 3


def test_a_committed_view_changes_the_next_answer(shop: ShopInLog, recommender: Recommender) -> None:
    shop.database.listeners.append(recommender.feed)
    ids(recommender, shop, anonymous_id="new")
    shop.view("new", "p15", NOW - MINUTE)
    shop.commit()
    assert {one[1] for one in ids(recommender, shop, anonymous_id="new", limit=5)} == {"1"}


def test_what_another_process_appended_is_found_in_the_tail(shop: ShopInLog, recommender: Recommender) -> None:
    ids(recommender, shop, anonymous_id="new")
    shop.view("new", "p15", NOW - MINUTE)
    shop.commit()
    recommender.poll()
    assert {one[1] for one in ids(recommender, shop, anonymous_id="new", limit=5)} == {"1"}


def test_who_comes_back_is_recalled_from_the_log(shop: ShopInLog, recommender: Recommender) -> None:
    shop.view("back", "p15", NOW - DAY)
    shop.commit()
    assert ids(recommender, shop, "continue", anonymous_id="back") == ["p15"]


def test_a_new_product_is_answered_once_its_event_is_folded(shop: ShopInLog, recommender: Recommender) -> None:
    ids(recommender, shop)
    recommender.poll()
    shop.product("p99", group=1, name="Thing p15")
    shop.commit()
    recommender.poll()
    assert "p99" in ids(recommender, shop, "product", item="p15", limit=12)


def test_a_product_that_sells_out_disappears_without_training(shop: ShopInLog, recommender: Recommender) -> None:
    assert "p00" in ids(recommender, shop, limit=20)
    recommender.poll()
    shop.product("p00", stock=0)
    shop.commit()
    recommender.poll()
    assert "p00" not in ids(recommender, shop, limit=20)


def test_a_new_version_answers_after_the_swap(shop: ShopInLog, recommender: Recommender, tmp_path: Path) -> None:
    before = recommender.answer(RecommendationRequest(store_id=shop.store_id, slot="home")).model
    shop.view("somebody", "p01", NOW - MINUTE)
    shop.commit()
    report = service.train(shop.database, settings(tmp_path), shop.store_id)
    recommender.poll()
    assert (
        recommender.answer(RecommendationRequest(store_id=shop.store_id, slot="home")).model == report.version != before
    )


def test_a_browser_that_claims_to_be_somebody_never_sees_their_purchases(
    shop: ShopInLog, recommender: Recommender
) -> None:
    shop.order("secret", "victim", ["p10", "p11"], NOW - 30 * DAY)
    shop.event("identify", NOW - MINUTE, anonymous_id="thief", user_id="victim")
    shop.commit()
    recommender.poll()
    plain = recommender.answer(RecommendationRequest(store_id=shop.store_id, slot="home", limit=20)).items
    stolen = recommender.answer(
        RecommendationRequest(store_id=shop.store_id, slot="home", anonymous_id="thief", limit=20)
    ).items
    assert [(item.product_id, item.reason) for item in stolen] == [(item.product_id, item.reason) for item in plain]
    for slot in ("continue", "cart"):
        answer = recommender.answer(
            RecommendationRequest(store_id=shop.store_id, slot=slot, anonymous_id="thief")  # type: ignore[arg-type]
        )
        assert not [item for item in answer.items if item.reason.evidence.about in ("p10", "p11")]
    proved = recommender.answer(
        RecommendationRequest(store_id=shop.store_id, slot="home", anonymous_id="own", proved_user_id="victim")
    )
    assert proved.level == "personal"
    assert {item.reason.evidence.about for item in proved.items} & {"p10", "p11"}


def test_a_link_that_a_token_proved_is_remembered(shop: ShopInLog, recommender: Recommender) -> None:
    shop.order("own", "u7", ["p17", "p18"], NOW - 30 * DAY)
    shop.event("identify", NOW - DAY, anonymous_id="laptop", user_id="u7", proof="u7")
    shop.commit()
    answer = recommender.answer(RecommendationRequest(store_id=shop.store_id, slot="home", anonymous_id="laptop"))
    assert answer.level == "personal"


def test_the_endpoint_gets_json_with_the_promised_keys(shop: ShopInLog, recommender: Recommender) -> None:
    body = json.loads(recommender.answer_bytes(shop.store_id, {"slot": "product", "item": "p03", "limit": "2"}))
    assert list(body) == ["recommendation_id", "slot", "model", "level", "arm", "items", "next"]
    assert list(body["items"][0]) == [
        "product_id",
        "position",
        "title",
        "url",
        "image_url",
        "price",
        "currency",
        "reason",
    ]
    assert list(body["items"][0]["reason"]) == ["code", "text", "evidence"]
    assert body["next"] == "2"


@pytest.mark.parametrize("query", [{"limit": "many"}, {"limit": "-1"}, {"next": "²"}])
def test_an_unreadable_parameter_is_named(shop: ShopInLog, recommender: Recommender, query: dict[str, str]) -> None:
    with pytest.raises(UnreadableRequest, match=next(iter(query))):
        recommender.answer_bytes(shop.store_id, query)


def test_an_unknown_slot_is_named(shop: ShopInLog, recommender: Recommender) -> None:
    with pytest.raises(UnknownSlot, match="There is no slot “cellar”; there are home, product"):
        recommender.answer_bytes(shop.store_id, {"slot": "cellar"})


def test_what_was_shown_is_in_the_book_once_with_its_chances(shop: ShopInLog, recommender: Recommender) -> None:
    answer = json.loads(recommender.answer_bytes(shop.store_id, {"slot": "home", "limit": "3", "anonymous_id": "ann"}))
    shown = {
        "recommendation_id": answer["recommendation_id"],
        "slot": "home",
        "product_ids": [item["product_id"] for item in answer["items"]],
    }
    for _ in range(2):
        shop.event("Recommendations Shown", NOW, shown, anonymous_id="ann")
        shop.commit()
    forged = shown | {"recommendation_id": answer["recommendation_id"][:-1] + "~"}
    shop.event("Recommendations Shown", NOW, forged, anonymous_id="ann")
    shop.event("Recommendations Shown", NOW, {"recommendation_id": 3}, anonymous_id="ann")
    shop.commit()
    with shop.database.read() as session:
        book = service.exposures(session, shop.store_id)
    assert len(book) == 1
    assert (book[0].slot, book[0].level, book[0].anonymous_id, book[0].at) == ("home", "popular", "ann", NOW)
    assert [(item.product_id, item.position) for item in book[0].items] == [
        (product_id, number) for number, product_id in enumerate(shown["product_ids"], 1)
    ]
    assert [item.propensity for item in book[0].items] == [1.0, 1.0, 1.0]


def test_training_is_due_when_models_are_old_and_the_log_has_gone_on(shop: ShopInLog, tmp_path: Path) -> None:
    def is_due(now: int) -> bool:
        return service.is_training_due(shop.database, settings(tmp_path), shop.store_id, now, age=DAY)

    assert is_due(NOW)
    service.train(shop.database, settings(tmp_path), shop.store_id)
    assert not is_due(NOW + 2 * DAY)
    shop.view("somebody", "p01", NOW)
    shop.commit()
    assert not is_due(NOW + DAY - 1)
    assert is_due(NOW + DAY)


def test_training_is_due_at_once_when_the_log_has_doubled(shop: ShopInLog, tmp_path: Path) -> None:
    service.train(shop.database, settings(tmp_path), shop.store_id)
    for number in range(1200):
        shop.view(f"visitor{number}", "p01", NOW)
    shop.commit()
    assert service.is_training_due(shop.database, settings(tmp_path), shop.store_id, NOW, age=DAY)


def test_one_answer_for_the_command_line(shop: ShopInLog, recommender: Recommender, tmp_path: Path) -> None:
    answer = service.recommend_once(shop.database, settings(tmp_path), shop.store_id, user_id="user1", limit=4)
    assert answer.level == "personal"
    assert len(answer.items) == 4


def test_the_store_is_evaluated_with_every_baseline(shop: ShopInLog) -> None:
    found = service.evaluate(shop.database, shop.store_id, horizon_days=5, k=5)
    assert {row.recommender for row in found[0].rows} >= {"popular", "buy again", "LightFM", "home slot"}
