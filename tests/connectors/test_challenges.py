"""CReq, RReq, RRes and Erro: what is sent, what is understood, and that nothing else gets through."""

import base64
import json
from typing import Any

import pytest
from samples import DS_ID, VALUE

from ippgateway.connectors.threeds import challenges
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.ports import (
    Attempted,
    Authenticated,
    ChallengeBegun,
    ChallengeResult,
    Refused,
    ResultTaken,
    Unavailable,
    UnavailableReason,
)

OUR_ID = "8a880dc0-d2d2-4067-bcb1-b08d1690b26e"
ACS_ID = "d7c1ee99-9478-44a6-b1f2-391e29c6b340"


def rreq(**changes: Any) -> bytes:
    """The report of a confirmed challenge."""
    message = {
        "messageType": "RReq", "messageVersion": "2.2.0", "messageCategory": "01", "authenticationType": "02",
        "threeDSServerTransID": OUR_ID, "acsTransID": ACS_ID, "dsTransID": DS_ID, "interactionCounter": "01",
        "transStatus": "Y", "eci": "05", "authenticationValue": VALUE,
    } | changes  # fmt: skip
    return json.dumps({name: value for name, value in message.items() if value is not None}).encode()


def result(**changes: Any) -> ChallengeResult:
    found = challenges.result(rreq(**changes))
    assert found is not None
    return found


def test_the_browser_gets_the_two_ids_it_needs_and_not_the_directorys() -> None:
    begun = ChallengeBegun(
        acs_url=Secret("https://acs.example:8443/c?x=1"), acs_transaction_id=ACS_ID, transaction_id=OUR_ID,
        version="2.2.0",
    )  # fmt: skip
    form = challenges.form(begun)
    assert (form.address, form.origin) == ("https://acs.example:8443/c?x=1", "https://acs.example:8443")
    assert "=" not in form.creq
    assert json.loads(base64.urlsafe_b64decode(form.creq + "==")) == {
        "messageType": "CReq", "messageVersion": "2.2.0", "threeDSServerTransID": OUR_ID, "acsTransID": ACS_ID,
        "challengeWindowSize": "05",
    }  # fmt: skip


@pytest.mark.parametrize(("status", "eci", "kind"), [("Y", "05", Authenticated), ("A", "06", Attempted)])
def test_a_proof_is_read_with_its_ids(status: str, eci: str, kind: type) -> None:
    found = result(transStatus=status, eci=eci)
    assert (found.transaction_id, found.acs_transaction_id, found.ds_transaction_id) == (OUR_ID, ACS_ID, DS_ID)
    assert isinstance(found.outcome, Authenticated | Attempted)
    assert isinstance(found.outcome, kind)
    proof = found.outcome.authentication
    assert proof.value is not None
    assert (proof.eci, proof.value.open(), proof.ds_transaction_id) == (eci, VALUE, DS_ID)
    assert VALUE not in repr(found)


def test_a_refusal_and_a_bank_that_can_not_tell_are_read() -> None:
    gone = {"eci": None, "authenticationValue": None}
    refused = result(transStatus="N", transStatusReason="01", challengeCancel="01", **gone).outcome
    assert refused == Refused(reason_code="01", by_issuer=False, ds_transaction_id=DS_ID)
    assert result(transStatus="R", transStatusReason="11", **gone).outcome == Refused(
        reason_code="11", by_issuer=True, ds_transaction_id=DS_ID
    )
    assert result(transStatus="U", **gone).outcome == Unavailable(reason=UnavailableReason.NOT_PERFORMED)


@pytest.mark.parametrize(
    "changes",
    [
        {"messageType": "ARes"}, {"messageType": "Erro"}, {"messageType": None}, {"messageVersion": "2.1.0"},
        {"threeDSServerTransID": "1"}, {"threeDSServerTransID": None}, {"acsTransID": "x' or 1"}, {"dsTransID": None},
        {"transStatus": None}, {"transStatus": "C", "acsURL": "https://acs.example/"}, {"transStatus": "D"},
        {"transStatus": ["Y"]}, {"eci": "07"}, {"eci": None}, {"authenticationValue": None},
        {"authenticationValue": VALUE[:-4]}, {"transStatus": "A"},
    ],
)  # fmt: skip
def test_a_report_that_breaks_the_specification_is_none(changes: dict[str, Any]) -> None:
    assert challenges.result(rreq(**changes)) is None


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[]", b'"RReq"', b'{"messageType":"RReq","x":' + b"[" * 60_000])
def test_what_is_no_message_is_none(raw: bytes) -> None:
    assert challenges.result(raw) is None
    assert json.loads(challenges.answer(None, ResultTaken.UNKNOWN))["errorCode"] == "101"


@pytest.mark.parametrize(
    ("taken", "kind", "code"),
    [
        (ResultTaken.TAKEN, "RRes", None),
        (ResultTaken.UNKNOWN, "Erro", "301"),
        (ResultTaken.LATE, "Erro", "402"),
    ],
)
def test_the_answer_repeats_the_ids_and_says_what_became_of_it(taken: ResultTaken, kind: str, code: str | None) -> None:
    said = json.loads(challenges.answer(result(), taken))
    assert (said["messageType"], said.get("errorCode")) == (kind, code)
    assert said.get("resultsStatus") == ("01" if taken is ResultTaken.TAKEN else None)
    assert (said["threeDSServerTransID"], said["acsTransID"], said["dsTransID"]) == (OUR_ID, ACS_ID, DS_ID)
    assert VALUE not in str(said)
