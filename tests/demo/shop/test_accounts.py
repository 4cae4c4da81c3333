"""Accounts: open, sign in, sign out, be told to Regulars by a signed token, and be forgotten."""

import re

import jwt

from demo.shop import accounts
from demo.shop.database import ShopDatabase
from demo.shop.settings import ShopSettings
from tests.demo.shop.browsing import Browser
from tests.demo.shop.conftest import TUESDAY_MORNING


def token_in(page: str) -> str:
    found = re.search(r'data-identity-token="([^"]+)"', page)
    assert found
    return found[1]


def test_a_signed_in_page_carries_a_token_that_regulars_can_check(browser: Browser, settings: ShopSettings) -> None:
    browser.register()
    claims = jwt.decode(
        token_in(browser.see("/").text),
        settings.secret_key,
        algorithms=["HS256"],
        audience="7",
        options={"verify_exp": False, "verify_iat": False},
    )
    seconds = TUESDAY_MORNING // 1000
    assert claims == {"aud": "7", "sub": claims["sub"], "iat": seconds, "exp": seconds + 3600}
    assert claims["sub"].startswith("u_")


def test_the_page_after_a_login_identifies_once(browser: Browser) -> None:
    assert "data-identify" in browser.register().text
    assert "data-identify" not in browser.see("/").text


def test_signing_out_forgets_who_it_was(browser: Browser) -> None:
    browser.register()
    page = browser.send("/account/logout", {}).text
    assert "data-reset" in page
    assert "data-identity-token" not in page
    assert "data-reset" not in browser.see("/").text


def test_the_basket_survives_a_login_and_the_session_gets_a_new_name(browser: Browser) -> None:
    browser.send("/cart/add", {"variant_id": "KL-0017"})
    before = browser.csrf()
    browser.register()
    assert browser.csrf() != before
    assert "<p>1 thing</p>" in browser.see("/cart").text


def test_a_wrong_password_and_an_unknown_address_look_the_same(browser: Browser, other_browser: Browser) -> None:
    browser.register()
    answers = [
        other_browser.send("/account/login", {"email": email, "password": "wrong password"})
        for email in ("ines@example.org", "nobody@example.org")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("Address and password do not belong together." in answer.text for answer in answers)
    fields = {"email": "INES@example.org", "password": "a slow morning"}
    assert "Hello, Ines" in other_browser.send("/account/login", fields).text


def test_one_address_has_one_account(browser: Browser, other_browser: Browser) -> None:
    browser.register()
    answer = other_browser.register("Ines@Example.org")
    assert answer.status_code == 422
    assert "There is an account with this address already" in answer.text


def test_a_refused_registration_keeps_the_answers_but_not_the_password(browser: Browser) -> None:
    answer = browser.send("/account/register", {"name": "Ines", "email": "ines", "password": "short"})
    assert answer.status_code == 422
    assert 'value="Ines"' in answer.text
    assert "short" not in answer.text


def test_passwords_are_kept_as_argon2_hashes(browser: Browser, database: ShopDatabase) -> None:
    browser.register()
    with database.read() as connection:
        kept = connection.execute("SELECT password_hash FROM account").fetchone()[0]
    assert kept.startswith("$argon2id$")


def test_a_customer_of_before_keeps_the_id_that_regulars_knows(database: ShopDatabase) -> None:
    with database.write() as connection:
        made = accounts.create(
            connection, email="a@example.org", name="Ada Abel", password="12345678", now=0, user_id="shopper-12"
        )
        again = accounts.create(
            connection, email="b@example.org", name="Ada Abel", password="12345678", now=0, user_id="shopper-12"
        )
    assert made == accounts.Account("shopper-12", "a@example.org", "Ada Abel")
    assert again is None


def test_forgetting_takes_the_name_off_the_orders_and_ends_the_session(
    browser: Browser, database: ShopDatabase
) -> None:
    browser.register()
    order_id = browser.buy("KL-0017")
    refused = browser.send("/account/forget", {"email": "somebody@example.org"})
    assert refused.status_code == 422
    page = browser.send("/account/forget", {"email": "ines@example.org"}).text
    assert "Your account is deleted" in page
    assert browser.see(f"/orders/{order_id}").status_code == 404
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM account").fetchone()[0] == 0
        row = connection.execute("SELECT user_id, email, name, street, city, total FROM customer_order").fetchone()
    assert tuple(row) == (None, "", "", "", "", 2340)
