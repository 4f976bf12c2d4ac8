"""The test cards: valid, distinct, recognisable, and each outcome of the brief present."""

import pytest

from ippsandbox.cards import DEMO_CARDS, Authentication, Delivery, luhn_valid, outcome_of

_PUBLIC_BRANDS = {"visa", "mastercard", "amex", "discover", "jcb", "diners", "dankort"}


def _check_digit_fits(pan: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(pan)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@pytest.mark.parametrize(("name", "pan"), DEMO_CARDS.items())
def test_a_card_is_valid_and_does_what_its_name_says(name: str, pan: str) -> None:
    assert _check_digit_fits(pan)
    assert luhn_valid(pan)
    assert outcome_of(pan).name == name
    assert (outcome_of(pan).response_code == "00") is not name.startswith("decline_")


def test_special_cards_are_synthetic_and_brands_are_the_public_ones() -> None:
    public = {name for name in DEMO_CARDS if name.removeprefix("approve_") in _PUBLIC_BRANDS}
    assert len(public) == len(_PUBLIC_BRANDS)
    special = [pan for name, pan in DEMO_CARDS.items() if name not in public]
    assert all(len(pan) == 16 and pan.startswith("499999000000") for pan in special)
    assert len(set(DEMO_CARDS.values())) == len(DEMO_CARDS)


def test_every_other_number_approves_without_a_challenge() -> None:
    for pan in ("4242424242424242", "5105105105105100", "2223003122003222", "371449635398431", "4999990000000003"):
        outcome = outcome_of(pan)
        assert (outcome.response_code, outcome.delivery) == ("00", Delivery.ONCE)
        assert outcome.authentication is Authentication.FRICTIONLESS


def test_a_wrong_check_digit_is_seen() -> None:
    assert not luhn_valid("4111111111111112")
    assert not luhn_valid("378282246310006")
