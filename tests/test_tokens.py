"""Signed links: good for one purpose, for so long, and for nobody who does not know the secret."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from knowledge.tokens import AHEAD, read, sign

SECRET = "a secret of tests, long enough"
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_what_was_signed_is_read() -> None:
    token = sign(SECRET, "answer", {"request": 12, "state": "asked"}, NOW)
    assert read(SECRET, "answer", token, longest=HOUR, now=NOW) == {"request": 12, "state": "asked"}


def test_a_token_is_a_path_as_it_stands() -> None:
    token = sign(SECRET, "answer", {"request": 12}, NOW)
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_a_token_expires_at_its_moment() -> None:
    token = sign(SECRET, "answer", {"request": 12}, NOW)
    assert read(SECRET, "answer", token, longest=HOUR, now=NOW + HOUR)
    assert read(SECRET, "answer", token, longest=HOUR, now=NOW + HOUR + timedelta(seconds=1)) is None


def test_a_token_of_the_future_is_none() -> None:
    token = sign(SECRET, "answer", {"request": 12}, NOW + AHEAD + timedelta(seconds=1))
    assert read(SECRET, "answer", token, longest=HOUR, now=NOW) is None


def test_a_token_signed_before_the_clock_was_set_back_is_good_and_no_longer_than_it_was() -> None:
    token = sign(SECRET, "answer", {"request": 12}, NOW + HOUR)
    assert read(SECRET, "answer", token, longest=HOUR, now=NOW)
    assert read(SECRET, "answer", token, longest=HOUR, now=NOW + 2 * HOUR)
    assert read(SECRET, "answer", token, longest=HOUR, now=NOW + 2 * HOUR + timedelta(seconds=1)) is None


def test_a_token_is_good_for_its_purpose_only() -> None:
    token = sign(SECRET, "answer", {"request": 12}, NOW)
    assert read(SECRET, "acknowledge", token, longest=HOUR, now=NOW) is None


def test_a_token_of_another_secret_is_none() -> None:
    token = sign("another secret of tests", "answer", {"request": 12}, NOW)
    assert read(SECRET, "answer", token, longest=HOUR, now=NOW) is None


def test_no_letter_of_a_token_can_be_changed() -> None:
    token = sign(SECRET, "answer", {"request": 12}, NOW)
    for place, letter in enumerate(token):
        changed = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        assert read(SECRET, "answer", changed, longest=HOUR, now=NOW) in (None, {"request": 12}), place
        if read(SECRET, "answer", changed, longest=HOUR, now=NOW):  # the last letter of base64 has bits to spare
            assert place == len(token) - 1


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "é", "\x00", "x" * 100_000, "eyJyZXF1ZXN0IjoxMn0"])
def test_what_is_no_token_is_none(token: str) -> None:
    assert read(SECRET, "answer", token, longest=HOUR, now=NOW) is None


def test_a_cookie_of_the_session_is_no_token() -> None:
    from flask import Flask
    from flask.sessions import SecureCookieSessionInterface

    app = Flask("other")
    app.secret_key = SECRET
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer
    cookie = signer.dumps({"link": 12})
    assert isinstance(cookie, str)
    assert read(SECRET, "cookie-session", cookie, longest=HOUR, now=datetime.now(UTC)) is None


def test_an_address_is_not_put_in_a_link() -> None:
    with pytest.raises(ValueError, match="no address"):
        sign(SECRET, "answer", {"to": "mo@example.org"}, NOW)


@pytest.mark.parametrize(("secret", "purpose"), [("", "answer"), (SECRET, "")])
def test_nothing_is_signed_without_a_secret_and_a_purpose(secret: str, purpose: str) -> None:
    with pytest.raises(ValueError, match="needs a secret and a purpose"):
        sign(secret, purpose, {"request": 12}, NOW)
