"""What captures, refunds, voids, increments and charges of stored cards say on the wire, and what is answered."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from samples import (
    LATER,
    MERCHANT,
    PAN,
    SECURITY_CODE,
    STORED_CARD,
    advice_of,
    authorisation,
    charge_of_stored,
    increment_of,
    reversal_of,
    void_of,
)
from wire_decoder import ECHOED, check_request, private_data, read

from ippgateway.connectors.iso8583 import messages, responses
from ippgateway.connectors.iso8583.codec import BadMessage, Message, encode, message
from ippgateway.core.money import Money, currency
from ippgateway.domains.payments.ports import (
    AdviceAccepted,
    AdviceAnswer,
    AdviceKind,
    AdviceRefused,
    AuthorisationRequest,
    ChargesStored,
    Declined,
    DeclineReason,
    Entry,
    Initiator,
    Kind,
    NoAnswer,
    StoresCard,
    Trace,
    TryAgain,
    UnknownReason,
    increment_trace,
    trace_for,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "iso8583.md"
ORIGINAL = authorisation(1_000_040)


def _on_the_wire(built: Message) -> tuple[str, dict[int, str]]:
    mti, fields = read(encode(built))
    check_request(mti, fields)
    return mti, fields


ABOUT_THE_ORIGINAL = {
    2: PAN,
    3: "000000",
    7: "0305010203",
    18: "5411",
    32: "457199",
    37: "606323000042",
    41: "IPP00001",
    42: "MERCHANT1      ",
    49: "208",
    90: "0100" + "000042" + "0304233009" + "00000457199" + "00000000000",
}


@pytest.mark.parametrize(
    ("kind", "processing"), [(AdviceKind.CAPTURE, "000000"), (AdviceKind.REFUND, "200000")], ids=["capture", "refund"]
)
def test_every_element_of_an_advice(kind: AdviceKind, processing: str) -> None:
    first = _on_the_wire(messages.advice(advice_of(ORIGINAL, kind, auth_code="ab12")))
    again = _on_the_wire(messages.advice(advice_of(ORIGINAL, kind, auth_code="ab12", repeat=True)))
    assert first == (
        "0220",
        ABOUT_THE_ORIGINAL | {3: processing, 4: "000000000700", 11: "000089", 12: "020203", 13: "0305", 38: "ab12  "},
    )
    assert again == ("0221", first[1])


def test_a_refund_of_a_sale_names_the_sale() -> None:
    _, fields = _on_the_wire(messages.advice(advice_of(authorisation(kind=Kind.SALE), AdviceKind.REFUND)))
    assert fields[90][:10] == "0200" + "000001"


def test_every_element_of_a_void() -> None:
    whole = _on_the_wire(messages.void(void_of(ORIGINAL)))
    again = _on_the_wire(messages.void(void_of(ORIGINAL, repeat=True)))
    expected = ABOUT_THE_ORIGINAL | {4: "000000001200", 11: "000100", 12: "003009", 13: "0305"}
    assert whole == ("0420", expected)
    assert again == ("0421", expected)


def test_a_void_says_what_stays_of_all_that_was_authorised() -> None:
    _, fields = _on_the_wire(messages.void(void_of(ORIGINAL, more_minor=500, stays_minor=700)))
    assert (fields[4], fields[95]) == ("000000001700", "000000000700" + "0" * 30)


def test_an_increment_names_what_it_raises_and_has_an_identity_of_its_own() -> None:
    mti, fields = _on_the_wire(messages.authorisation(increment_of(ORIGINAL)))
    assert mti == "0100"
    assert private_data(fields[48]) == {"01": "07", "06": "M", "07": "I606323000042"}
    assert {number: fields[number] for number in (3, 4, 7, 11, 14, 22, 25, 37, 41)} == {
        3: "000000",
        4: "000000000500",
        7: "0305010203",
        11: "000056",
        14: "3004",
        22: "812",
        25: "59",
        37: "606401000056",
        41: "IPP00001",
    }


def test_a_reversal_of_an_increment_names_the_increment_alone() -> None:
    mti, fields = _on_the_wire(messages.reversal(reversal_of(increment_of(ORIGINAL))))
    assert (mti, fields[4], fields[37]) == ("0420", "000000000500", "606401000056")
    assert fields[90][:20] == "0100" + "000056" + "0305010203"


@pytest.mark.parametrize(("kind", "mti"), [(Kind.AUTHORISATION, "0100"), (Kind.SALE, "0200")])
@pytest.mark.parametrize("entry", list(Entry))
def test_a_charge_of_a_stored_card_names_the_payment_that_stored_it(kind: Kind, mti: str, entry: Entry) -> None:
    sent, fields = _on_the_wire(messages.authorisation(charge_of_stored(ORIGINAL, kind=kind, entry=entry)))
    assert (sent, fields[22], fields[25]) == (mti, "102", "08")
    assert private_data(fields[48]) == {"06": "M", "08": "606323000042"}


def test_a_payment_that_stores_its_card_says_so() -> None:
    _, fields = _on_the_wire(messages.authorisation(authorisation(stored=StoresCard())))
    tags = private_data(fields[48])
    assert (tags["05"], tags["06"], tags["09"]) == (SECURITY_CODE, "C", "1")
    assert fields[22] == "812"


@pytest.mark.parametrize(
    "changes",
    [
        {"increment_of": ORIGINAL.trace, "kind": Kind.SALE},
        {"increment_of": trace_for(0, LATER, 100, "IPP")},  # another terminal
        {"increment_of": ORIGINAL.trace, "stored": StoresCard()},
        {"stored": StoresCard(), "initiator": Initiator.MERCHANT},
        {"stored": ChargesStored(reference_rrn="6" * 12), "authentication": None, "card": STORED_CARD},
        {"stored": ChargesStored(reference_rrn="6" * 12), "initiator": Initiator.MERCHANT, "card": STORED_CARD},
        {"stored": ChargesStored(reference_rrn="6" * 12), "initiator": Initiator.MERCHANT, "authentication": None},
    ],
)
def test_a_request_that_contradicts_itself_can_not_be_made(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"increment|stored") as caught:
        replace(ORIGINAL, **changes)  # type: ignore[arg-type]
    assert PAN not in str(caught.value)


def test_shapes_of_references_and_of_what_stays() -> None:
    with pytest.raises(ValueError, match="wrong shape"):
        ChargesStored(reference_rrn="12345")
    for stays_minor in (-1, 1201):
        with pytest.raises(ValueError, match="can stay"):
            void_of(ORIGINAL, stays_minor=stays_minor)


def test_an_increment_keeps_the_terminal_and_gets_a_reference_of_its_own_hour() -> None:
    own = increment_trace(1_000_005, LATER, ORIGINAL.trace)
    assert own == Trace(terminal="IPP00001", stan="000007", transmitted_at=LATER, rrn="606401000007")


def test_no_request_shows_its_card() -> None:
    requests = (advice_of(ORIGINAL), void_of(ORIGINAL), increment_of(ORIGINAL), charge_of_stored(ORIGINAL))
    assert PAN not in "".join(map(repr, requests))


@pytest.mark.parametrize("auth_code", ["TOOLONG", "Ø12345"])
def test_a_code_that_the_wire_can_not_carry_is_refused(auth_code: str) -> None:
    with pytest.raises(BadMessage, match=r"^DE 38$"):
        messages.advice(advice_of(ORIGINAL, auth_code=auth_code))


def _told(code: str, mti: str = "0230", **changes: str | None) -> AdviceAnswer:
    sent = messages.advice(advice_of(ORIGINAL))
    fields = {number: sent.fields[number] for number in ECHOED} | {39: code}
    for name, value in changes.items():
        fields.pop(int(name[2:]))
        if value is not None:
            fields[int(name[2:])] = value
    return messages.answer_to_advice(sent, message(mti, fields))


def test_an_advice_is_booked_by_00() -> None:
    assert _told("00") == AdviceAccepted()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("61", DeclineReason.EXCEEDS_OPEN_AMOUNT),
        ("25", DeclineReason.ORIGINAL_NOT_FOUND),
        ("57", DeclineReason.NOT_PERMITTED),
        ("30", DeclineReason.FORMAT_ERROR),
        ("05", DeclineReason.DO_NOT_HONOUR),
        ("ZZ", DeclineReason.DECLINED),
    ],
)
def test_a_refused_advice_is_typed(code: str, reason: DeclineReason) -> None:
    assert _told(code) == AdviceRefused(reason=reason, response_code=code)


def test_a_refused_format_may_repeat_less() -> None:
    assert isinstance(_told("30", de42=None, de32=None), AdviceRefused)


@pytest.mark.parametrize(
    ("code", "mti", "changes"),
    [
        *((code, "0230", {}) for code in sorted(responses.UNDECIDED)),
        ("00", "0210", {}),
        ("00", "0230", {"de39": None}),
        ("00", "0230", {"de4": "000000000701"}),
        ("00", "0230", {"de4": None}),
        ("00", "0230", {"de3": "200000"}),
        ("00", "0230", {"de37": "606323000043"}),
        ("61", "0230", {"de49": "978"}),
    ],
)
def test_what_leaves_an_advice_open_is_no_answer(code: str, mti: str, changes: dict[str, str | None]) -> None:
    with pytest.raises(NoAnswer) as caught:
        _told(code, mti, **changes)
    assert caught.value.reason is UnknownReason.UNUSABLE_ANSWER


def test_the_page_lists_what_leaves_an_advice_open() -> None:
    found = re.search(r"^\| no decision:[^|]*\|([^|]*)\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert found is not None
    assert frozenset(found[1].split()) == responses.UNDECIDED


def test_what_leaves_an_authorisation_open_leaves_an_advice_open() -> None:
    assert responses.UNCLEAR < responses.UNDECIDED
    assert "00" not in responses.UNDECIDED


def _declined(request: AuthorisationRequest, code: str) -> Declined:
    sent = messages.authorisation(request)
    fields = {number: sent.fields[number] for number in ECHOED} | {39: code}
    answer = messages.answer_to_authorisation(request, sent, message("0110", fields))
    assert isinstance(answer, Declined)
    return answer


@pytest.mark.parametrize("request_", [increment_of(ORIGINAL), charge_of_stored(ORIGINAL)], ids=["increment", "stored"])
def test_65_asks_nobody_to_authenticate_who_is_not_there(request_: AuthorisationRequest) -> None:
    assert _declined(request_, "65") == Declined(
        reason=DeclineReason.LIMIT_EXCEEDED, again=TryAgain.LATER, response_code="65"
    )


def test_an_increment_of_what_the_host_does_not_know_is_declined() -> None:
    assert _declined(increment_of(ORIGINAL), "25").reason is DeclineReason.ORIGINAL_NOT_FOUND


def test_amounts_are_minor_units_of_their_currency() -> None:
    dinar = replace(ORIGINAL, amount=Money(12_345, currency("KWD")), merchant=MERCHANT)
    _, fields = _on_the_wire(messages.advice(advice_of(dinar, minor=1)))
    assert (fields[4], fields[49]) == ("000000000001", "414")
