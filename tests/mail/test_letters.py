"""What our letters say, to whom, and what nobody can make them say."""

import re
from datetime import UTC, datetime
from string import Formatter

import pytest

from ippgateway.domains.mail.errors import BadLetter
from ippgateway.domains.mail.letters import TOLD, check, write
from ippgateway.domains.mail.schemas import MARKETING, Kind
from ippgateway.domains.mail.words import WORDINGS

AT = datetime(2026, 11, 30, 20, 17, tzinfo=UTC)
LINK = "https://console.gateway.example/reset/" + "aB3" * 20
PLACES = {"security": "https://console.gateway.example/account/security", "site": "https://site.gateway.example",
          "forgot": "https://console.gateway.example/forgot",
          "partner": "https://console.gateway.example/partner-access", "policy": "https://site.gateway.example/privacy",
          "stop": "https://mine.gateway.example/unsubscribe/aB3"}  # fmt: skip
TELLING = {"link": LINK, "device": "Firefox, Linux", "where": "203.0.113.0", "day": "2027-01-01",
           "what": "A new thing.", "name": "Karen Holm"}  # fmt: skip
OF_REQUESTS = frozenset({Kind.REQUEST_RECEIVED, Kind.REQUEST_EXTENDED, Kind.REQUEST_ANSWERED})
TO_EVERYBODY = frozenset({Kind.POLICY_CHANGED, Kind.NEWS, Kind.DISCLOSED, Kind.PAYERS_DISCLOSED, Kind.RECIPIENT_TOLD})
ABOUT_SECURITY = frozenset(Kind) - TO_EVERYBODY - OF_REQUESTS - {Kind.WELCOME, Kind.VERIFY, Kind.INVITE, Kind.DATA_LINK}

every_letter = pytest.mark.parametrize("kind", Kind)
either_language = pytest.mark.parametrize("language", ["en", "da"])


def _every_text(kind: Kind) -> list[str]:
    wording = WORDINGS[kind]
    every = [wording.subject, *wording.begins, *wording.ends, *([wording.not_you] if wording.not_you else [])]
    return [text for words in every for text in (words.en, words.da)]


@every_letter
def test_a_letter_is_calm_and_names_only_what_it_can_be_told(kind: Kind) -> None:
    for text in _every_text(kind):
        assert "!" not in text
        assert {name for _, name, _, _ in Formatter().parse(text) if name} <= TOLD | PLACES.keys() | {"operator"}
    subject = WORDINGS[kind].subject.under("IPP")
    assert "{" not in subject.en + subject.da


@either_language
@pytest.mark.parametrize("kind", sorted(frozenset(Kind) - TO_EVERYBODY))
def test_a_letter_says_what_to_do_if_it_was_somebody_else(kind: Kind, language: str) -> None:
    written = write(kind, language, TELLING, at=AT, places=PLACES)
    wording = WORDINGS[kind].not_you
    assert wording is not None
    begins = (wording.da if language == "da" else wording.en)[:30]
    assert begins in written.text.replace("\n", " ")
    assert "{" not in written.text
    assert PLACES["site"] in written.text


@either_language
@pytest.mark.parametrize("kind", sorted(ABOUT_SECURITY))
def test_a_security_letter_says_when_which_browser_and_where_from(kind: Kind, language: str) -> None:
    text = write(kind, language, TELLING, at=AT, places=PLACES).text
    assert {"en": "30 November 2026, 21:17 (CET)", "da": "30. november 2026 kl. 21.17 (CET)"}[language] in text
    assert "Firefox, Linux" in text
    assert "203.0.113.0" in text


@either_language
def test_a_link_stands_on_a_line_of_its_own_and_is_whole(language: str) -> None:
    assert f"\n{LINK}\n" in write(Kind.RESET, language, TELLING, at=AT, places=PLACES).text


@pytest.mark.parametrize(
    "typed",
    [
        "Win money http://evil.example/x now",
        "https://evil.example",
        "www.evil.example",
        "evil.example/login",
        "a\r\nBcc: everybody@evil.example\r\n\r\nClick http://evil.example",
        "a\u2028https://evil.example\u202e",
        "{link} {security}",
    ],
)
def test_what_somebody_typed_makes_no_link_and_no_line(typed: str) -> None:
    plain = write(Kind.INVITE, "en", {"link": LINK, "company": "A"}, at=AT, places=PLACES).text
    text = write(Kind.INVITE, "en", {"link": LINK, "company": typed}, at=AT, places=PLACES).text
    assert len(text.split("\n")) == len(plain.split("\n"))
    assert set(re.findall(r"https?://\S+", text)) == set(re.findall(r"https?://\S+", plain))
    assert not re.search(r"\bevil\.example|\bwww\.\w", text)
    assert not {"\r", "\u2028", "\u202e"} & set(text)


def test_what_somebody_typed_is_short_and_never_in_the_subject() -> None:
    written = write(Kind.KEYS_REPLACED, "en", {"company": "Klint & Krus ApS " * 90}, at=AT, places=PLACES)
    assert "Klint" not in written.subject
    assert max(len(line) for line in written.text.split("\n")) < 120
    assert "Klint & Krus ApS" in written.text


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Kind.RESET, {}),
        (Kind.RESET, {"link": ""}),
        (Kind.RESET, {"link": "javascript:alert(1)"}),
        (Kind.RESET, {"link": "https://console.gateway.example/a b"}),
        (Kind.RESET, {"link": "https://console.gateway.example/\r\nBcc: x@y.example"}),
        (Kind.WELCOME, {"nickname": "x"}),
    ],
)
def test_a_letter_that_could_not_be_written_is_not_owed(kind: Kind, told: dict[str, str]) -> None:
    with pytest.raises(BadLetter) as caught:
        check(kind, told)
    assert str(caught.value) == kind.value


def test_what_was_not_told_is_left_out() -> None:
    text = write(Kind.WELCOME, "en", {}, at=AT, places={}).text
    assert "You find it here" not in text
    assert "it is ready" in text


def test_the_moment_that_a_letter_is_told_goes_before_when_it_was_owed() -> None:
    told = {"when": "2026-07-01T10:00:00+00:00"}
    assert "1 July 2026, 12:00 (CEST)" in write(Kind.FACTOR_ADDED, "en", told, at=AT, places=PLACES).text
    assert "21:17" in write(Kind.FACTOR_ADDED, "en", {"when": ""}, at=AT, places=PLACES).text


@every_letter
@either_language
def test_a_letter_comes_from_the_operator_and_names_nobody_else(kind: Kind, language: str) -> None:
    told = {**TELLING, "company": "Klint & Krus", "what": "app", "name": "Karen", "code": "1"}
    letter = write(kind, language, told, at=AT, places=PLACES, operator="Nordlys")
    assert "Nordlys" in letter.text
    assert not re.search(r"\bIPP\b|[{}]", letter.subject + letter.text)


@either_language
@every_letter
def test_every_letter_leads_to_the_policy_and_says_whether_it_is_marketing(kind: Kind, language: str) -> None:
    text = write(kind, language, TELLING, at=AT, places=PLACES).text
    assert PLACES["policy"] in text
    advertises = {"en": "This is marketing", "da": "Dette er reklame"}[language]
    assert (advertises in text) is (kind in MARKETING)
    assert (PLACES["stop"] in text) is (kind in MARKETING)


@either_language
def test_a_change_of_the_terms_is_told_with_its_day(language: str) -> None:
    text = write(Kind.POLICY_CHANGED, language, TELLING, at=AT, places=PLACES).text
    assert {"en": "1 January 2027", "da": "1. januar 2027"}[language] in text.replace("\n", " ")
