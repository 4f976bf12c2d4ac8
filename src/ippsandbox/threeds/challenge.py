"""A challenge of the sandbox's banks: a one-time code that is always the same, three tries, and a way to give up."""

import base64
import binascii
import json
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import Enum

from ippsandbox.cards import Authentication
from ippsandbox.threeds.messages import NOT_RECOGNISED, VERSION, Fields, ProtocolError

CODE = "1234"
MOST_TRIES = 3
MOST_CHALLENGES = 10_000
_LONGEST_CREQ = 4_096


class End(Enum):
    """How a challenge ended."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    UNAVAILABLE = "unavailable"
    UNFINISHED = "unfinished"


@dataclass(kw_only=True, slots=True)
class Challenge:
    """What is asked of whom, and how it stands. `amount` is for people; `card` is masked."""

    acs_id: str
    server_id: str
    ds_id: str
    ds_url: str
    return_url: str
    shop: str
    amount: str
    card: str
    mastercard: bool
    danish: bool
    how: Authentication
    tries: int = 0
    end: End | None = None
    session_data: str = field(default="", repr=False)

    def answer(self, code: str) -> End | None:
        """The end that this code brings; None when there is another try. The first end stands."""
        if self.end is None:
            self.tries += 1
            if self.how is Authentication.UNFINISHED:
                self.end = End.UNFINISHED
            elif self.how is Authentication.UNAVAILABLE:
                self.end = End.UNAVAILABLE
            elif code == CODE:
                self.end = End.CONFIRMED
            elif self.tries >= MOST_TRIES:
                self.end = End.REFUSED
        return self.end

    def cancel(self) -> End:
        """The payer does not want to."""
        self.end = self.end or End.CANCELLED
        return self.end


class Challenges:
    """The challenges under way, by the access-control server's ids; the oldest go when there is no room."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, Challenge] = OrderedDict()

    def add(self, challenge: Challenge) -> None:
        """One more."""
        self._by_id[challenge.acs_id] = challenge
        while len(self._by_id) > MOST_CHALLENGES:
            self._by_id.popitem(last=False)

    def get(self, acs_id: str) -> Challenge:
        """The challenge by its id. Raises ProtocolError."""
        found = self._by_id.get(acs_id)
        if found is None:
            raise ProtocolError(NOT_RECOGNISED, "acsTransID")
        return found

    def asked(self, creq: str) -> Challenge:
        """The challenge that a browser's CReq is about. Raises ProtocolError."""
        message = _decoded(creq)
        found = self.get(str(message.get("acsTransID")))
        if message.get("messageType") != "CReq" or message.get("threeDSServerTransID") != found.server_id:
            raise ProtocolError(NOT_RECOGNISED, "threeDSServerTransID")
        return found


def _decoded(creq: str) -> Fields:
    if len(creq) > _LONGEST_CREQ:
        return {}
    try:
        message = json.loads(base64.urlsafe_b64decode(creq.rstrip("=") + "=" * (-len(creq.rstrip("=")) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def new(areq: Fields, acs_id: str, how: Authentication, *, mastercard: bool) -> Challenge:
    """The challenge that an AReq leads to."""
    pan = str(areq["acctNumber"])
    return Challenge(
        acs_id=acs_id, server_id=areq["threeDSServerTransID"], ds_id=areq["dsTransID"],
        ds_url=str(areq.get("dsURL", "")), return_url=str(areq.get("notificationURL", "")),
        shop=str(areq.get("merchantName", "")), amount=_amount(areq), card=f"•••• {pan[-4:]}", mastercard=mastercard,
        danish=str(areq.get("browserLanguage", "")).lower().startswith("da"), how=how,
    )  # fmt: skip


_LETTERS = {"208": "DKK", "978": "EUR", "840": "USD", "752": "SEK", "578": "NOK", "826": "GBP", "985": "PLN"}


def _amount(areq: Fields) -> str:
    digits, currency = str(areq.get("purchaseAmount", "0")), str(areq.get("purchaseCurrency", ""))
    exponent = int(areq.get("purchaseExponent", "2")) if re.fullmatch("[0-9]", str(areq.get("purchaseExponent"))) else 2
    padded = digits.rjust(exponent + 1, "0")
    number = f"{padded[:-exponent]}.{padded[-exponent:]}" if exponent else padded
    return f"{number} {_LETTERS.get(currency, currency)}"


def rreq(challenge: Challenge, value: str) -> Fields:
    """The result for the 3DS server. `value`: the authentication value for a confirmed one."""
    message = {
        "messageType": "RReq", "messageVersion": VERSION, "messageCategory": "01", "authenticationType": "02",
        "threeDSServerTransID": challenge.server_id, "acsTransID": challenge.acs_id, "dsTransID": challenge.ds_id,
        "interactionCounter": f"{challenge.tries:02d}",
    }  # fmt: skip
    eci = ("02", "00") if challenge.mastercard else ("05", "07")
    match challenge.end:
        case End.CONFIRMED:
            return message | {"transStatus": "Y", "eci": eci[0], "authenticationValue": value}
        case End.CANCELLED:
            return message | {"transStatus": "N", "transStatusReason": "01", "challengeCancel": "01", "eci": eci[1]}
        case End.UNAVAILABLE:
            return message | {"transStatus": "U", "transStatusReason": "22", "eci": eci[1]}
        case _:
            return message | {"transStatus": "N", "transStatusReason": "01", "eci": eci[1]}


def cres(challenge: Challenge) -> str:
    """What the browser carries back: that it is over, and no proof of anything."""
    message = {
        "messageType": "CRes", "messageVersion": VERSION, "threeDSServerTransID": challenge.server_id,
        "acsTransID": challenge.acs_id, "challengeCompletionInd": "Y",
        "transStatus": "Y" if challenge.end is End.CONFIRMED else "N",
    }  # fmt: skip
    return base64.urlsafe_b64encode(json.dumps(message).encode()).rstrip(b"=").decode()
