"""What the payment page reads and prints, without a browser."""

from datetime import UTC, datetime, timedelta

import pytest

from ippgateway.core.clock import ManualClock
from ippgateway.core.ids import SystemRandomness
from ippgateway.core.money import Money, currency
from ippgateway.domains.checkouts.schemas import CheckoutRef
from ippgateway.faces.pages.amounts import readable
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pay.asked import asked, front_of, same_site, web_address, with_transaction
from ippgateway.faces.pay.card import Envelope, Faults, read
from ippgateway.privacy import policy
from ippgateway.privacy.catalogue import ACQUIRER, CARD_NUMBER, DIRECTORY_SERVER

NOW = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
CARD = {"holder": "Jens Hansen", "number": "4111 1111-11111111", "expiry": "03/26", "code": "123"}


@pytest.mark.parametrize(
    ("minor", "code", "english", "danish"),
    [
        (124950, "DKK", "DKK 1,249.50", "1.249,50 kr."),
        (5, "EUR", "EUR 0.05", "0,05 EUR"),
        (123456789, "ISK", "ISK 123,456,789", "123.456.789 ISK"),
        (1234, "KWD", "KWD 1.234", "1,234 KWD"),
    ],
)
def test_an_amount_is_written_as_its_readers_write_it(minor: int, code: str, english: str, danish: str) -> None:
    money = Money(minor, currency(code))
    assert readable(money, Language.EN) == english.replace(" ", "\u00a0")
    assert readable(money, Language.DA) == danish.replace(" ", "\u00a0")


@pytest.mark.parametrize("text", ["03/26", "0326", "03 / 26", "3/26", "03-2026", " 03.26 ", "032026"])
def test_a_date_is_read_as_people_write_it(text: str) -> None:
    card = read({**CARD, "expiry": text}, NOW)
    assert (card.month, card.year) == (3, 2026)
    assert card.number.open() == "4111111111111111"


@pytest.mark.parametrize(
    ("field", "text", "fault"),
    [
        ("holder", " <> ", "holder"),
        ("holder", "x" * 101, "holder"),
        ("number", "4111111111111112", "number"),
        ("number", "41111111111", "number"),
        ("number", "\u0664" * 16, "number"),
        ("expiry", "13/26", "expiry"),
        ("expiry", "02/26", "expired"),
        ("expiry", "", "expiry"),
        ("code", "12", "code"),
        ("code", "12345", "code"),
    ],
)
def test_a_fault_names_its_field_and_never_its_value(field: str, text: str, fault: str) -> None:
    with pytest.raises(Faults) as caught:
        read({**CARD, field: text}, NOW)
    assert caught.value.of == {field: fault}
    assert str(caught.value) == field


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(Faults) as caught:
        read({}, NOW)
    assert set(caught.value.of) == {"holder", "number", "expiry", "code"}


def test_a_sealed_card_opens_for_its_checkout_and_its_time_alone() -> None:
    clock = ManualClock(NOW)
    envelope = Envelope(clock, SystemRandomness())
    mine, other = (CheckoutRef(company_id="c", id=name, authenticated=False) for name in ("mine", "other"))
    sealed = envelope.seal(mine, read(CARD, NOW))
    assert "4111" not in sealed
    opened = envelope.open(mine, sealed)
    assert opened is not None
    assert (opened.number.open(), opened.year) == ("4111111111111111", 2026)
    assert envelope.open(other, sealed) is None
    assert envelope.open(mine, sealed[:-8] + "AAAAAAA=") is None
    assert envelope.open(mine, "no base64 é") is None
    assert Envelope(clock, SystemRandomness()).open(mine, sealed) is None
    clock.advance(timedelta(minutes=16).total_seconds())
    assert envelope.open(mine, sealed) is None


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("https://shop.example/thanks?a=1#b", True),
        ("http://127.0.0.1:9", True),
        ("javascript:alert(1)", False),
        ("//shop.example", False),
        ("/thanks", False),
        ("https://shop.example@evil.example/", False),
        ("https://shop.example\\@evil.example/", False),
        ("https://shop.example/ x", False),
        ('https://shop.example/"', False),
        ("https://" + "x" * 2_100, False),
        ("http://[::1]:8000/thanks", True),
        ("http://[x", False),
        ("http://[x]/", False),
        ("http://shop.example:99999/", False),
        ("http://shop.example:x/", False),
        ("http://a<b>/", False),
        ("http://%zz/", False),
    ],
)
def test_only_a_plain_web_address_is_followed(address: str, known: bool) -> None:
    assert web_address(address) == (address if known else "")


@pytest.mark.parametrize(
    ("known", "same"),
    [
        ("https://Shop.example/other?x=1", True),
        ("https://shop.example:443", True),
        ("http://shop.example", False),
        ("https://shop.example:8443", False),
        ("https://shop.example.evil.example", False),
        ("shop.example", False),
        ("http://[x", False),
        ("", False),
    ],
)
def test_a_site_is_the_same_by_scheme_host_and_port(known: str, same: bool) -> None:
    assert same_site("https://shop.example/thanks", "http://testing", known) is same


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("https://s.example/", "https://s.example/?transaction_id=i&transaction_key=k"),
        ("https://s.example/?a=1", "https://s.example/?a=1&transaction_id=i&transaction_key=k"),
        ("https://s.example/?a=%C3%A6&#top", "https://s.example/?a=%C3%A6&transaction_id=i&transaction_key=k#top"),
    ],
)
def test_the_two_parameters_are_added_and_nothing_else_is_changed(address: str, back: str) -> None:
    assert with_transaction(address, "i", "k") == back
    assert front_of(address) == "https://s.example/"


def test_a_query_is_read_with_what_is_malformed_left_out() -> None:
    query = b"checkout_id=a%22b&cryptogram=c&theme=neon&lang=fr&action=javascript:1&done=1"
    it = asked({"query_string": query, "headers": [(b"accept-language", b"da")]})
    assert (it.checkout_id, it.cryptogram, it.theme, it.action, it.done) == ("", "c", "", "", True)
    assert (it.chosen, it.language) == (None, Language.DA)
    assert it.query(chosen=Language.EN, done=False) == "?cryptogram=c&lang=en"


def test_the_policy_is_the_declarations() -> None:
    told = policy.for_payers()
    assert set(told.card_recipients) == {ACQUIRER, DIRECTORY_SERVER}
    assert CARD_NUMBER in {each.category for each in told.told}
    assert [place.value for place in told.places] == ["EU", "US"]
    assert len(told.version) <= 24


def test_the_policys_version_changes_with_what_is_told() -> None:
    told = policy.for_payers().told
    assert policy._mark(told) == policy._mark(told)
    assert policy._mark(told[1:]) != policy._mark(told)
