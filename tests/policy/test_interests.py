"""A legitimate interest is weighed before it is used, or the program does not start (BASIS-2)."""

import dataclasses

import pytest

from ippgateway.privacy.catalogue import ACCESS_RECORDS
from ippgateway.privacy.interests import BALANCED, NotBalanced, require_balanced
from ippgateway.privacy.vocabulary import Basis
from ippgateway.privacy.zones import PURPOSES


def test_every_purpose_on_a_legitimate_interest_has_its_test_and_no_other_has() -> None:
    assert set(BALANCED) == {p for p in PURPOSES if p.basis is Basis.LEGITIMATE_INTEREST}


def test_a_purpose_that_nobody_weighed_stops_the_program() -> None:
    planted = dataclasses.replace(ACCESS_RECORDS, key="curiosity")
    with pytest.raises(NotBalanced, match="curiosity"):
        require_balanced([*PURPOSES, planted])


def test_a_test_names_an_interest_of_the_promises_and_at_least_one_safeguard() -> None:
    for purpose, test in BALANCED.items():
        assert test.promise.startswith(("BASIS-", "DISC-")), purpose.key
        assert test.safeguards, purpose.key
