"""What a request says on the wire, element by element, and what an answer means."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from samples import AT, DS_ID, PAN, PROOF, SECURITY_CODE, VALUE, authorisation, reversal_of
from wire_decoder import private_data, read

from ippgateway.connectors.iso8583 import messages, responses
from ippgateway.connectors.iso8583.codec import BadMessage, Message, encode, message
from ippgateway.core.money import Money, currency
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.ports import (
    Approved,
    CardData,
    Declined,
    DeclineReason,
    Entry,
    Initiator,
    Kind,
    NoAnswer,
    TryAgain,
    UnknownReason,
    trace_for,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "iso8583.md"


def _on_the_wire(built: Message) -> tuple[str, dict[int, str]]:
    return read(encode(built))


def test_every_element_of_an_online_authorisation() -> None:
    mti, fields = _on_the_wire(messages.authorisation(authorisation(41)))
    assert mti == "0100"
    assert private_data(fields.pop(48)) == {
        "01": "05", "02": VALUE, "03": DS_ID, "04": "2.2.0", "05": SECURITY_CODE, "06": "C",
    }  # fmt: skip
    assert fields == {
        2: PAN,
        3: "000000",
        4: "000000001200",
        7: "0304233009",
        11: "000042",
        12: "003009",  # an hour later in the merchant's zone, and so the next day
        13: "0305",
        14: "3004",
        18: "5411",
        22: "812",
        25: "59",
        32: "457199",
        37: "606323000042",
        41: "IPP00000",
        42: "MERCHANT1      ",
        43: "Koebmand Aase & Soenne Koebenhavn Oe 208",
        49: "208",
    }


def test_a_sale_by_telephone_differs_in_type_entry_mode_and_condition() -> None:
    by_telephone = authorisation(kind=Kind.SALE, entry=Entry.MOTO, authentication=None, initiator=Initiator.MERCHANT)
    mti, fields = _on_the_wire(messages.authorisation(by_telephone))
    assert (mti, fields[22], fields[25]) == ("0200", "012", "08")
    assert private_data(fields[48]) == {"05": SECURITY_CODE, "06": "M"}


@pytest.mark.parametrize(
    ("pan", "indicator"),
    [
        (PAN, "07"),
        ("5555555555554444", "00"),
        ("2223003122003222", "00"),
        ("6759649826438453", "00"),
        ("5019717010103742", "07"),
        ("378282246310005", "07"),
    ],
)
def test_an_online_payment_without_3d_secure_says_so(pan: str, indicator: str) -> None:
    card = CardData(pan=Secret(pan), expiry_month=12, expiry_year=2031)
    _, fields = _on_the_wire(messages.authorisation(authorisation(card=card, authentication=None)))
    assert private_data(fields[48]) == {"01": indicator, "06": "C"}


@pytest.mark.parametrize(
    ("amount", "digits", "number"),
    [
        (Money(5000, currency("JPY")), "000000005000", "392"),
        (Money(1234, currency("KWD")), "000000001234", "414"),
        (Money(999_999_999_999, currency("AUD")), "999999999999", "036"),
    ],
)
def test_amounts_are_minor_units_of_their_currency(amount: Money, digits: str, number: str) -> None:
    _, fields = _on_the_wire(messages.authorisation(authorisation(amount=amount)))
    assert (fields[4], fields[49]) == (digits, number)


@pytest.mark.parametrize(("kind", "mti"), [(Kind.AUTHORISATION, "0100"), (Kind.SALE, "0200")])
def test_every_element_of_a_reversal(kind: Kind, mti: str) -> None:
    original = authorisation(1_000_040, kind=kind)
    first = _on_the_wire(messages.reversal(reversal_of(original)))
    again = _on_the_wire(messages.reversal(reversal_of(original, repeat=True)))
    assert first == (
        "0420",
        {
            2: PAN,
            3: "000000",
            4: "000000001200",
            7: "0305010203",
            11: "000078",
            12: "003009",
            13: "0305",
            18: "5411",
            32: "457199",
            37: "606323000042",
            41: "IPP00001",
            42: "MERCHANT1      ",
            49: "208",
            90: mti + "000042" + "0304233009" + "00000457199" + "00000000000",
        },
    )
    assert again == ("0421", first[1])


def test_every_element_of_a_network_message() -> None:
    sent = _on_the_wire(messages.network(messages.ECHO, "IPPNET00", 9, AT))
    assert sent == ("0800", {7: "0304233009", 11: "000009", 41: "IPPNET00", 70: "301"})


def test_no_request_shows_its_card() -> None:
    request = authorisation()
    shown = f"{request!r} {request!s} {reversal_of(request)!r} {messages.authorisation(request)!r}"
    assert not any(secret in shown for secret in (PAN, SECURITY_CODE, VALUE))


@pytest.mark.parametrize("pan", ["4111 1111 1111 1111", "41111111111111111111", "", "４１１１１１１１１１１１１１１１"])
def test_a_card_number_the_wire_can_not_carry_is_refused_without_showing_it(pan: str) -> None:
    with pytest.raises(BadMessage, match=r"^DE 2$"):
        messages.authorisation(authorisation(card=CardData(pan=Secret(pan), expiry_month=1, expiry_year=2030)))


def _answer(sent: Message, code: str, **changes: str | None) -> Message:
    fields = {n: sent.fields[n] for n in (3, 4, 7, 11, 32, 37, 41, 42, 49)} | {39: code, 38: "ab12  "}
    for name, value in changes.items():
        fields.pop(int(name[2:]), None)
        if value is not None:
            fields[int(name[2:])] = value
    return message("0110", fields)


def _meaning(code: str, **changes: str | None) -> Approved | Declined:
    request = authorisation()
    sent = messages.authorisation(request)
    return messages.answer_to_authorisation(request, sent, _answer(sent, code, **changes))


def test_an_approval_carries_its_code_and_reference() -> None:
    assert _meaning("00") == Approved(auth_code="ab12", rrn="606323000001", response_code="00")


@pytest.mark.parametrize(
    ("code", "reason", "again"),
    [
        ("05", DeclineReason.DO_NOT_HONOUR, TryAgain.LATER),
        ("51", DeclineReason.INSUFFICIENT_FUNDS, TryAgain.LATER),
        ("43", DeclineReason.STOLEN_CARD, TryAgain.NEVER),
        ("82", DeclineReason.SECURITY_CODE, TryAgain.NOW),
        ("1A", DeclineReason.AUTHENTICATION_REQUIRED, TryAgain.NOW),
        ("65", DeclineReason.LIMIT_EXCEEDED, TryAgain.LATER),
        ("ZZ", DeclineReason.DECLINED, TryAgain.LATER),
    ],
)
def test_a_decline_is_typed(code: str, reason: DeclineReason, again: TryAgain) -> None:
    assert _meaning(code, de38=None) == Declined(reason=reason, again=again, response_code=code)


def test_65_asks_an_unauthenticated_online_payment_to_authenticate() -> None:
    request = authorisation(authentication=None)
    sent = messages.authorisation(request)
    found = messages.answer_to_authorisation(request, sent, _answer(sent, "65", de38=None))
    assert found == Declined(reason=DeclineReason.AUTHENTICATION_REQUIRED, again=TryAgain.NOW, response_code="65")


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("00", {"de38": None}),
        ("00", {"de38": "      "}),
        ("00", {"de4": "000000001201"}),
        ("00", {"de4": None}),
        ("00", {"de49": "978"}),
        ("00", {"de42": "MERCHANT2      "}),
        ("05", {"de4": "000000001201"}),
        ("10", {}),
        ("08", {}),
        ("68", {}),
        ("94", {}),
        ("00", {"de39": None}),
    ],
)
def test_what_is_neither_a_plain_approval_nor_a_refusal_is_unknown(code: str, changes: dict[str, str | None]) -> None:
    with pytest.raises(NoAnswer) as caught:
        _meaning(code, **changes)
    assert caught.value.reason is UnknownReason.UNUSABLE_ANSWER


def test_a_refused_format_may_repeat_less() -> None:
    found = _meaning("30", de38=None, de42=None, de32=None)
    assert isinstance(found, Declined)
    assert found.reason is DeclineReason.FORMAT_ERROR


def test_a_reversal_is_acknowledged_by_00_alone() -> None:
    sent = messages.reversal(reversal_of(authorisation()))
    fields = {n: sent.fields[n] for n in (3, 4, 7, 11, 32, 37, 41, 42, 49)}
    messages.check_acknowledged(sent, message("0430", fields | {39: "00"}))
    for wrong in (message("0430", fields | {39: "96"}), message("0430", fields), message("0410", fields | {39: "00"})):
        with pytest.raises(NoAnswer):
            messages.check_acknowledged(sent, wrong)


def _codes_on_the_page(row: str) -> frozenset[str]:
    found = re.search(rf"^\| {re.escape(row)}[^|]*\|([^|]*)\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert found is not None, f"no row {row!r} on the page"
    return frozenset(found[1].split())


def test_the_page_and_the_table_of_response_codes_agree() -> None:
    by_advice = {
        again: frozenset(code for code, (_, a) in responses.REFUSALS.items() if a is again) for again in TryAgain
    }
    assert _codes_on_the_page("approved") == responses.APPROVALS
    assert _codes_on_the_page("unknown") == responses.UNCLEAR
    assert _codes_on_the_page("declined, try again `never`") == by_advice[TryAgain.NEVER]
    assert _codes_on_the_page("declined, try again `now`") == by_advice[TryAgain.NOW]
    assert not responses.REFUSALS.keys() & (responses.APPROVALS | responses.UNCLEAR)


def test_the_page_and_the_codec_agree_on_every_format() -> None:
    from ippgateway.connectors.iso8583.codec import FIELDS

    written = {}
    for number, form in re.findall(r"^\| (\d+) \|[^|]*\| ([^|]*) \|", PAGE.read_text("utf-8"), re.MULTILINE):
        found = re.fullmatch(r"(L*)(?:VAR )?(n|ans|an)(?:\.\.)?(\d+)", form)
        if found:
            written[int(number)] = (len(found[1]), found[2].upper(), int(found[3]))
    assert written == {n: (f.prefix, f.format.name, f.length) for n, f in FIELDS.items()}


def test_traces_use_up_a_terminal_before_the_next() -> None:
    ends = [trace_for(number, AT, 3, "IPP") for number in (0, 999_998, 999_999, 2_999_996, 2_999_997)]
    assert [(t.terminal, t.stan) for t in ends] == [
        ("IPP00000", "000001"),
        ("IPP00000", "999999"),
        ("IPP00001", "000001"),
        ("IPP00002", "999999"),
        ("IPP00000", "000001"),
    ]
    assert ends[0].transmitted_at == datetime(2026, 3, 4, 23, 30, 9, tzinfo=UTC)


def test_a_trace_keeps_to_its_shape() -> None:
    with pytest.raises(ValueError, match="terminal pool"):
        trace_for(0, AT, 11, "IPPGATE")
    with pytest.raises(ValueError, match="wrong shape"):
        replace(trace_for(0, AT, 1, "IPP"), stan="12345")
    assert trace_for(0, AT, 1, "IPPGATE1").terminal == "IPPGATE1"


def test_the_proof_goes_out_without_a_value_too() -> None:
    _, fields = _on_the_wire(messages.authorisation(authorisation(authentication=replace(PROOF, value=None))))
    assert "02" not in private_data(fields[48])
