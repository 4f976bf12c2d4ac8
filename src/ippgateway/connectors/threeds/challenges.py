"""CReq, RReq, RRes and Erro of EMV 3DS 2.2.0: what a challenge is begun with, and how its result is taken. Pure."""

import base64
from typing import Any
from urllib.parse import urlsplit

import msgspec

from ippgateway.connectors.threeds.messages import UUID, VERSION, decided, read
from ippgateway.domains.payments.ports import (
    ChallengeBegun,
    ChallengeForm,
    ChallengeNeeded,
    ChallengeResult,
    ResultTaken,
)

_WHOLE_FRAME = "05"  # challengeWindowSize: the bank's page fills whatever the shop gives the frame
_RECEIVED = "01"  # resultsStatus

# Error codes: an invalid message, an id that is not recognised, a transaction that has timed out.
_INVALID, _NOT_RECOGNISED, _TIMED_OUT = "101", "301", "402"
_DESCRIPTIONS = {
    _INVALID: "Message is not one this component takes.",
    _NOT_RECOGNISED: "Transaction ids are not recognised.",
    _TIMED_OUT: "The transaction has timed out.",
}
_WHY = {ResultTaken.UNKNOWN: _NOT_RECOGNISED, ResultTaken.LATE: _TIMED_OUT}


def form(begun: ChallengeBegun) -> ChallengeForm:
    """What the browser posts to the access-control server: the CReq as base64url without padding."""
    address = begun.acs_url.open()
    creq = {
        "messageType": "CReq",
        "messageVersion": begun.version,
        "threeDSServerTransID": begun.transaction_id,
        "acsTransID": begun.acs_transaction_id,
        "challengeWindowSize": _WHOLE_FRAME,
    }
    encoded = base64.urlsafe_b64encode(msgspec.json.encode(creq)).rstrip(b"=").decode()
    parts = urlsplit(address)
    return ChallengeForm(address=address, origin=f"{parts.scheme}://{parts.netloc}", creq=encoded)


def result(raw: bytes) -> ChallengeResult | None:
    """The RReq; None when it is none, or breaks the specification (a status Y without its proof, say)."""
    found = read(raw)
    if found is None or found.message_type != "RReq" or found.message_version != VERSION:
        return None
    ids = (found.transaction_id, found.acs_transaction_id, found.ds_transaction_id)
    outcome = decided(found)
    if outcome is None or isinstance(outcome, ChallengeNeeded) or not all(map(UUID.fullmatch, ids)):
        return None
    return ChallengeResult(
        transaction_id=ids[0].lower(), acs_transaction_id=ids[1], ds_transaction_id=ids[2], outcome=outcome
    )


def answer(reported: ChallengeResult | None, taken: ResultTaken) -> bytes:
    """The RRes to a result that is on record, else the Erro. Ids are repeated, nothing else of what was sent."""
    said = _answer(reported, taken)
    if reported is not None:
        said |= {
            "threeDSServerTransID": reported.transaction_id,
            "acsTransID": reported.acs_transaction_id,
            "dsTransID": reported.ds_transaction_id,
        }
    return msgspec.json.encode(said)


def _answer(reported: ChallengeResult | None, taken: ResultTaken) -> dict[str, Any]:
    if reported is not None and taken is ResultTaken.TAKEN:
        return {"messageType": "RRes", "messageVersion": VERSION, "resultsStatus": _RECEIVED}
    code = _INVALID if reported is None else _WHY[taken]
    return {
        "messageType": "Erro",
        "messageVersion": VERSION,
        "errorCode": code,
        "errorComponent": "S",
        "errorDescription": _DESCRIPTIONS[code],
        "errorDetail": "messageType" if reported is None else "threeDSServerTransID",
        "errorMessageType": "RReq",
    }
