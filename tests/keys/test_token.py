"""Master keys on a PKCS#11 token: they never leave it, and open what they wrapped in its own place alone."""

from datetime import UTC, datetime, timedelta

import pytest
from pkcs11 import Attribute
from pkcs11.exceptions import PKCS11Error

from ippgateway.connectors.pkcs11.masterkeys import TokenMasterKeys
from ippgateway.privacy.masterkeys import PERSONS, VAULT, TokenUnavailable, UnsafeKeyFile
from ippgateway.privacy.sealing import CannotOpen

from .conftest import LABEL, SoftHsm

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY, PLACE = b"k" * 32, "key|epoch|1"


@pytest.fixture(params=["AES-GCM", "AES key wrap"])
def token(softhsm: SoftHsm, request: pytest.FixtureRequest) -> TokenMasterKeys:
    """Each test has keys of its own, on a token with AES-GCM and on one without."""
    keys = softhsm.keys(f"t{abs(hash(request.node.name)) % 10**9}")
    assert keys.has_gcm
    keys.has_gcm = request.param == "AES-GCM"
    return keys


def test_what_was_wrapped_opens_in_its_place_and_nowhere_else(token: TokenMasterKeys) -> None:
    token.make(PERSONS, at=NOW)
    wrapped = token.key(PERSONS).wrap(KEY, PLACE)
    assert KEY not in wrapped
    assert token.key(PERSONS).unwrap(wrapped, PLACE) == KEY
    for altered, place in ((wrapped, "key|epoch|2"), (wrapped[:-1] + b"\0", PLACE), (b"\x01" + wrapped[1:], PLACE)):
        with pytest.raises(CannotOpen):
            token.key(PERSONS).unwrap(altered, place)


def test_another_master_key_opens_nothing(token: TokenMasterKeys) -> None:
    token.make(PERSONS, at=NOW)
    token.make(VAULT, at=NOW)
    with pytest.raises(CannotOpen):
        token.key(VAULT).unwrap(token.key(PERSONS).wrap(KEY, PLACE), PLACE)


def test_the_key_does_not_leave_the_token(token: TokenMasterKeys) -> None:
    token.make(PERSONS, at=NOW)
    for generation in token.generations(PERSONS):
        for key in filter(None, (generation.key, generation.code)):
            assert (key[Attribute.SENSITIVE], key[Attribute.EXTRACTABLE]) == (True, False)
            with pytest.raises(PKCS11Error):
                key[Attribute.VALUE]


def test_the_newest_generation_wraps_all_unwrap_and_a_destroyed_one_is_gone(token: TokenMasterKeys) -> None:
    token.make(PERSONS, at=NOW)
    running = token.key(PERSONS)
    old = running.wrap(KEY, PLACE)
    token.make(PERSONS, at=NOW + timedelta(days=1))
    new = running.wrap(KEY, PLACE)
    assert running.unwrap(old, PLACE) == running.unwrap(new, PLACE) == KEY
    assert token.retire(PERSONS, before=NOW) == 0
    assert token.retire(PERSONS, before=NOW + timedelta(days=3)) == 1
    assert running.unwrap(new, PLACE) == KEY
    with pytest.raises(CannotOpen):
        running.unwrap(old, PLACE)


def test_a_token_that_is_not_there_is_named_without_its_pin(softhsm: SoftHsm) -> None:
    with pytest.raises(TokenUnavailable) as refused:
        TokenMasterKeys(
            module=softhsm.module, label=f"{LABEL} elsewhere", pin_file=softhsm.pin_file, installation="x",
            randomness=None,  # type: ignore[arg-type]
        )  # fmt: skip
    assert softhsm.pin_file.read_text().strip() not in str(refused.value)
    softhsm.pin_file.chmod(0o644)
    with pytest.raises(UnsafeKeyFile):
        softhsm.keys("x")
    softhsm.pin_file.chmod(0o600)
