"""Signing in, CSRF, roles, headers and errors, over fake accounts."""

from collections.abc import Callable

import pytest
from itsdangerous import Signer
from starlette.testclient import TestClient

Enter = Callable[[str], TestClient]
Token = Callable[[str], str]
RIGHT = {"email": "mara@example.org", "password": "slow mornings"}


def test_the_console_is_closed_without_a_session(client: TestClient) -> None:
    for path in ("/console/overview", "/console/setup/parts", "/console/find?q=a", "/console/nowhere"):
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/console/login"), path


def test_a_changing_request_without_a_session_goes_to_the_login(client: TestClient) -> None:
    answer = client.post("/console/overview", data={})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login")


def test_signing_in_leads_back_to_the_view_that_was_asked_for(client: TestClient, token: Token) -> None:
    asked = client.get("/console/people?sort=-orders").headers["location"]
    assert asked == "/console/login?next=%2Fconsole%2Fpeople%3Fsort%3D-orders"
    form = client.get(asked)
    answer = client.post(
        "/console/login", data={**RIGHT, "csrf_token": token(form.text), "next": "/console/people?sort=-orders"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/people?sort=-orders")
    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("regulars_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/console" in cookie
    assert client.get("/console/people").status_code == 200


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/console\\evil", "/elsewhere", ""])
def test_signing_in_never_leads_to_another_place(client: TestClient, token: Token, target: str) -> None:
    sent = {**RIGHT, "csrf_token": token(client.get("/console/login").text), "next": target}
    assert client.post("/console/login", data=sent).headers["location"] == "/console/"


def test_a_wrong_password_keeps_the_email_and_says_so(client: TestClient, token: Token) -> None:
    sent = {"email": "mara@example.org", "password": "wrong", "csrf_token": token(client.get("/console/login").text)}
    answer = client.post("/console/login", data=sent)
    assert answer.status_code == 422
    assert "E-mail and password do not belong together" in answer.text
    assert 'value="mara@example.org"' in answer.text
    assert "regulars_session" not in answer.headers.get("set-cookie", "")
    assert "wrong" not in answer.text.replace('class="field wrong"', "")


def test_missing_answers_are_named_one_by_one(client: TestClient, token: Token) -> None:
    answer = client.post("/console/login", data={"csrf_token": token(client.get("/console/login").text)})
    assert answer.status_code == 422
    assert "2 answers need a change" in answer.text
    assert '<a href="#field-email">Enter your e-mail</a>' in answer.text
    assert '<a href="#field-password">Enter your password</a>' in answer.text


def test_an_address_that_is_blocked_is_told_how_long(client: TestClient, token: Token, accounts) -> None:  # type: ignore[no-untyped-def]
    accounts.blocked["mara@example.org"] = 30
    answer = client.post("/console/login", data={**RIGHT, "csrf_token": token(client.get("/console/login").text)})
    assert answer.status_code == 429
    assert "Try again in 30 seconds" in answer.text


def test_one_network_address_may_try_thirty_times_in_five_minutes(client: TestClient, token: Token) -> None:
    sent = {"email": "x@example.org", "password": "guess", "csrf_token": token(client.get("/console/login").text)}
    codes = [client.post("/console/login", data=sent).status_code for _ in range(31)]
    assert codes == [422] * 30 + [429]


def test_a_form_without_its_token_changes_nothing(enter: Enter) -> None:
    client = enter("mara")
    for sent in ({}, {"csrf_token": "0" * 64}, {"csrf_token": "é"}):
        answer = client.post("/console/people", data=sent)
        assert answer.status_code == 403
        assert "The form has expired" in answer.text
    assert client.post("/console/logout", data={}).status_code == 403


def test_the_token_of_the_signed_out_is_not_that_of_the_session(client: TestClient, enter: Enter, token: Token) -> None:
    before = token(client.get("/console/login").text)
    page = enter("mara").get("/console/setup").text
    assert token(page) != before
    assert client.post("/console/people", data={"csrf_token": before}).status_code == 403
    assert client.post("/console/people", data={"csrf_token": token(page)}).status_code == 303
    assert client.post("/console/people", headers={"X-CSRF-Token": token(page)}).status_code == 303


def test_login_itself_needs_a_token(client: TestClient) -> None:
    assert client.post("/console/login", data=RIGHT).status_code == 403


def test_signing_out_ends_the_session_on_the_server(enter: Enter, token: Token) -> None:
    client = enter("mara")
    kept = client.cookies["regulars_session"]
    answer = client.post("/console/logout", data={"csrf_token": token(client.get("/console/setup").text)})
    assert answer.headers["location"] == "/console/login"
    client.cookies.set("regulars_session", kept, domain="console.test", path="/console")
    assert client.get("/console/setup").status_code == 303


def test_a_session_cookie_that_we_did_not_sign_is_nobody(client: TestClient, enter: Enter) -> None:
    enter("mara")
    forged = Signer("another secret", salt="regulars console session").sign("token-0-mara@example.org").decode()
    client.cookies.clear()
    client.cookies.set("regulars_session", forged, domain="console.test", path="/console")
    assert client.get("/console/setup").status_code == 303
    client.cookies.set("regulars_session", "token-0-mara@example.org", domain="console.test", path="/console")
    assert client.get("/console/setup").status_code == 303


def test_a_role_sees_and_opens_only_what_it_may(enter: Enter) -> None:
    client = enter("tom")
    assert 'href="/console/log"' not in client.get("/console/people").text
    refused = client.get("/console/log")
    assert refused.status_code == 403
    assert "Agents, marketers and owners may open this." in refused.text


def test_an_owner_sees_every_section_with_its_count(enter: Enter) -> None:
    text = enter("mara").get("/console/people").text
    for section in (
        "overview",
        "people",
        "segments",
        "orders",
        "parcels",
        "products",
        "rules",
        "order_news",
        "log",
        "setup",
    ):
        assert f'href="/console/{section}"' in text
    assert '<span class="count">18,440</span>' in text
    assert '<span class="count alert">14<span class="sr"> need a look</span></span>' in text
    assert 'href="/console/people" data-key="p" aria-current="page"' in text


def test_every_page_has_the_security_headers(enter: Enter) -> None:
    client = enter("mara")
    for path in ("/console/people", "/console/nowhere", "/console/people?fail=1", "/console/login"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';"), path
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_a_fault_shows_a_reference_and_not_its_cause(enter: Enter) -> None:
    answer = enter("mara").get("/console/people?fail=1")
    assert answer.status_code == 500
    assert "Something failed" in answer.text
    assert "Reference " in answer.text
    assert "the secret inside" not in answer.text


def test_an_unknown_address_is_a_page(enter: Enter) -> None:
    answer = enter("mara").get("/console/nowhere")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.text
    assert 'aria-label="Sections"' in answer.text


def test_a_part_that_fails_is_answered_by_a_card(enter: Enter) -> None:
    answer = enter("mara").get("/console/people?fail=1", headers={"HX-Request": "true"})
    assert answer.status_code == 500
    assert "<html" not in answer.text
    assert "Reference " in answer.text


def test_a_part_asked_for_without_a_session_sends_the_whole_page_to_the_login(client: TestClient) -> None:
    answer = client.get("/console/people", headers={"HX-Request": "true"})
    assert answer.headers["hx-redirect"] == "/console/login"
    assert answer.text == ""


def test_a_form_above_a_mebibyte_is_refused(enter: Enter, token: Token) -> None:
    client = enter("mara")
    sent = {"csrf_token": token(client.get("/console/setup").text), "text": "x" * 1_100_000}
    assert client.post("/console/people", data=sent).status_code == 413


def test_an_unreadable_form_is_a_page(enter: Enter) -> None:
    answer = enter("mara").post(
        "/console/people", content=b"nonsense", headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code in (400, 403)
    assert "Nothing was changed" in answer.text


def test_what_was_done_is_said_once_on_the_next_page(enter: Enter, token: Token) -> None:
    client = enter("mara")
    sent = client.post("/console/people", data={"csrf_token": token(client.get("/console/setup").text)})
    assert (sent.status_code, sent.headers["location"]) == (303, "/console/people")
    shown = client.get("/console/people").text
    assert "Saved &lt;b&gt;it&lt;/b&gt;" in shown
    assert '<input type="hidden" name="was" value="1">' in shown
    assert "Saved" not in client.get("/console/people").text


def test_theme_shortcuts_and_store_are_kept_in_cookies(enter: Enter, token: Token) -> None:
    client = enter("mara")
    page = client.get("/console/setup").text
    assert 'lang="en-GB"' in page
    assert "data-theme" not in page.split("<body")[0]
    sent = {"csrf_token": token(page), "theme": "dark", "shortcuts": "off", "store": "2", "next": "/console/setup"}
    assert client.post("/console/preferences", data=sent).headers["location"] == "/console/setup"
    page = client.get("/console/setup").text
    assert '<html lang="en-IN" data-zone="Asia/Kolkata" data-theme="dark">' in page
    assert 'data-shortcuts="off"' in page
    assert "<title>Setup · Chai Road · Regulars</title>" in page
    client.post("/console/preferences", data={"csrf_token": token(page), "theme": "", "store": "99"})
    page = client.get("/console/setup").text
    assert "data-theme" not in page.split("<body")[0]
    assert "Chai Road" in page


def test_before_the_first_store_the_page_says_how_to_make_one(enter: Enter) -> None:
    answer = enter("early").get("/console/setup")
    assert answer.status_code == 409
    assert "regulars store create" in answer.text


def test_find_goes_to_the_first_hit_and_lists_all(enter: Enter) -> None:
    client = enter("mara")
    assert client.get("/console/find?q=peo&go=1").headers["location"] == "/console/people"
    assert client.get("/console/find?q=ines&go=1").headers["location"] == "/console/people/1"
    listed = client.get("/console/find?q=ines").text
    assert "1 hit for “ines”." in listed
    assert '<a href="/console/people/1">Ines Falk</a>' in listed
    assert "Nothing is called “&lt;b&gt;”" in client.get("/console/find?q=<b>&go=1").text


def test_the_first_page_is_the_first_section(enter: Enter) -> None:
    assert enter("mara").get("/console/").headers["location"] == "/console/overview"
