"""What follows an authorisation or sale: captures, refunds, voids, increments, charges of stored cards."""

from dataclasses import dataclass
from typing import Any

import pytest
from hosting import Running, Start
from raw8583 import Client, advice, code_of, frame, increment, request, reversal, stan_of

from ippsandbox.cards import DEMO_CARDS

_OTHER_PAN = "4012888888881881"


@dataclass
class Till:
    """A host and a connection to it."""

    running: Running
    client: Client

    async def codes(self, *messages: bytes) -> list[str]:
        return [code_of(await self.client.ask(each)) for each in messages]

    async def money(self, *, stan: str = "000100") -> tuple[int, int, int]:
        """Held, captured, refunded."""
        entry = next(e for e in await self.booked("authorisation", "sale") if e["stan"] == stan)
        return entry["held_minor"], entry["captured_minor"], entry["refunded_minor"]

    async def booked(self, *kinds: str) -> list[dict[str, Any]]:
        return [entry for entry in await self.running.get("/books") if entry["kind"] in kinds]


async def _open(start: Start) -> Till:
    running = await start()
    return Till(running, await Client.connect(running.port))


async def test_an_authorisation_is_captured_in_parts_and_given_back_in_parts(start: Start) -> None:
    till = await _open(start)
    await till.client.ask(request())
    answer = await till.client.ask(advice(minor=2550))
    assert answer == (
        "0230322000010AC08000" + "000000" + "000000002550" + "0614120200" + "000500" + "06112233" + "616512000100"
        "00" + "TERM0001" + "MERCHANT0000001" + "208"
    )
    assert await till.money() == (10000, 2550, 0)
    steps = {
        advice(minor=10001, stan="000501"): "61",
        advice(minor=10000, stan="000502"): "00",
        advice(minor=1, stan="000503"): "61",
        advice(does="refund", minor=12551, stan="000504"): "61",
        advice(does="refund", minor=12000, stan="000505"): "00",
        advice(does="refund", minor=551, stan="000506"): "61",
        advice(does="refund", minor=550, stan="000507"): "00",
        advice(does="refund", minor=0, stan="000508"): "13",
    }
    assert await till.codes(*steps) == list(steps.values())
    assert await till.money() == (0, 12550, 12550)
    [first, *_] = await till.booked("capture")
    assert first == {
        "mti": "0220",
        "terminal": "TERM0001",
        "stan": "000500",
        "transmitted_at": "0614120200",
        "rrn": "616512000100",
        "amount_minor": 2550,
        "currency": "208",
        "card": "411111******1111",
        "response_code": "00",
        "state": "approved",
        "kind": "capture",
        "original_stan": "000100",
        "original_transmitted_at": "0614120001",
    }
    assert await till.running.get("/books/totals") == {
        "208": {
            "approved": {"count": 1, "amount_minor": 12550},
            "capture": {
                "approved": {"count": 2, "amount_minor": 12550},
                "declined": {"count": 2, "amount_minor": 10002},
            },
            "refund": {
                "approved": {"count": 2, "amount_minor": 12550},
                "declined": {"count": 3, "amount_minor": 13102},
            },
            "held_minor": 0,
            "captured_minor": 12550,
            "refunded_minor": 12550,
        }
    }


async def test_a_sale_is_given_back_and_never_captured(start: Start) -> None:
    till = await _open(start)
    await till.client.ask(request("0200"))
    assert await till.money() == (0, 12550, 0)
    assert await till.codes(
        advice(of="0200", minor=1),
        advice(of="0200", does="refund", minor=12550, stan="000501"),
        advice(of="0200", does="refund", minor=1, stan="000502"),
    ) == ["61", "00", "61"]
    assert await till.money() == (0, 12550, 12550)


async def test_a_repeated_advice_gets_the_stored_answer_and_moves_no_money_also_after_a_restart(start: Start) -> None:
    till = await _open(start)
    await till.client.ask(request())
    taken, refused = advice(minor=12000), advice(minor=12000, stan="000501")
    given = advice(does="refund", minor=500, stan="000502")
    assert await till.codes(taken, refused, given, increment(minor=20000)) == ["00", "61", "00", "00"]
    repeats = [
        advice("0221", minor=12000),
        advice("0221", minor=12000, stan="000501"),  # refused for good, although it would fit by now
        advice("0221", does="refund", minor=500, stan="000502"),
    ]
    for _ in range(2):
        assert await till.codes(*repeats, taken, refused, given) == ["00", "61", "00"] * 2
        assert await till.money() == (20550, 12000, 500)
        assert len(await till.booked("capture", "refund")) == 3
        till = await _open(start)


async def test_what_has_an_advices_identity_but_says_something_else_is_no_repeat(start: Start) -> None:
    till = await _open(start)
    await till.codes(request(), request(stan="000101"), advice(minor=5000))
    assert (
        await till.codes(
            advice("0221", minor=5001),
            advice("0221", does="refund", minor=5000),
            advice("0221", minor=5000, original_stan="000101"),
            advice("0221", minor=5000, pan=_OTHER_PAN),
        )
        == ["94"] * 4
    )
    assert await till.money() == (7550, 5000, 0)


@pytest.mark.parametrize(
    ("change", "code", "kept"),
    [
        ({"original_stan": "000999"}, "25", True),
        ({"of": "0200"}, "25", True),
        ({"terminal": "TERM0002"}, "25", True),
        ({"original_stan": "000101"}, "25", True),  # declined
        ({"original_stan": "000300"}, "25", True),  # an increment
        ({"pan": _OTHER_PAN}, "30", False),
        ({"merchant": "MERCHANT0000002"}, "30", False),
        ({"currency": "752"}, "30", False),
        ({"approval": "A1B2C4"}, "30", False),
        ({"reference": "616513"}, "30", False),
    ],
)
async def test_an_advice_must_name_its_original_rightly(
    start: Start, change: dict[str, str], code: str, kept: bool
) -> None:
    till = await _open(start)
    await till.codes(request(), request(stan="000101", expiry="2605"), increment())
    assert await till.codes(advice(minor=1, **change)) == [code]
    assert [entry["state"] for entry in await till.booked("capture")] == ["declined"] * kept
    assert await till.money() == (17550, 0, 0)


async def test_a_void_releases_what_is_held_and_leaves_what_was_captured(start: Start) -> None:
    till = await _open(start)
    await till.codes(request(), advice(minor=5000))
    assert await till.codes(
        reversal(stays=4999),  # less than was captured
        reversal(stays=12551),  # more than there was
        reversal(stays=5000, amount="000000012549"),
        reversal(stays=5000, pan=_OTHER_PAN),
    ) == ["61", "30", "30", "30"]
    assert await till.money() == (7550, 5000, 0)
    assert await till.codes(reversal(stays=5000), reversal("0421", stays=5000)) == ["00", "00"]
    assert await till.money() == (0, 5000, 0)
    assert await till.codes(
        reversal("0421", stays=6000),  # not the same void
        reversal(stays=5000, stan="000901"),  # nothing is held any more
        advice(minor=1, stan="000501"),
        advice(does="refund", minor=5000, stan="000502"),
    ) == ["94", "00", "61", "00"]
    voids = await till.booked("void")
    assert [(void["amount_minor"], void["state"], void["original_stan"]) for void in voids] == [
        (7550, "approved", "000100"),
        (0, "approved", "000100"),
    ]
    assert (await till.booked("authorisation"))[0]["state"] == "approved"
    assert (await till.running.get("/books/totals"))["208"]["void"] == {"approved": {"count": 2, "amount_minor": 7550}}


async def test_a_capture_that_comes_after_the_void_that_leaves_it_finds_its_money(start: Start) -> None:
    till = await _open(start)
    await till.codes(request(), reversal(stays=5000))
    assert await till.money() == (5000, 0, 0)
    till = await _open(start)
    assert await till.codes(advice(minor=5001), advice(minor=5000, stan="000501")) == ["61", "00"]
    assert await till.money() == (0, 5000, 0)


@pytest.mark.parametrize("stays", [None, 0])
async def test_an_authorisation_of_which_nothing_stays_is_reversed(start: Start, stays: int | None) -> None:
    till = await _open(start)
    assert await till.codes(request(), reversal(stays=stays)) == ["00", "00"]
    assert (await till.booked("authorisation"))[0]["state"] == "reversed"
    assert [void["amount_minor"] for void in await till.booked("void")] == ([] if stays is None else [12550])
    assert await till.codes(advice(), increment(), reversal(stan="000901")) == ["61", "25", "00"]
    assert await till.money() == (0, 0, 0)


async def test_voids_of_what_is_not_on_the_books(start: Start) -> None:
    till = await _open(start)
    await till.client.ask(request("0200", stan="000101"))
    assert await till.codes(
        reversal(stays=1),
        reversal(stays=0),
        reversal(stays=1, of="0200", original_stan="000101"),
        request(),
        reversal(stays=1, stan="000901"),  # of a declined one
    ) == ["25", "00", "30", "68", "25"]


async def test_a_reversal_does_not_undo_what_is_the_merchants_money_already(start: Start) -> None:
    till = await _open(start)
    await till.codes(request(), advice(minor=1))
    await till.codes(request("0200", stan="000101"), advice(of="0200", does="refund", minor=1, original_stan="000101",
                                                             stan="000501"))  # fmt: skip
    sale = reversal(of="0200", original_stan="000101", stan="000901")
    assert await till.codes(reversal(), reversal("0421"), sale) == ["61", "61", "61"]
    assert await till.money() == (12549, 1, 0)
    assert await till.money(stan="000101") == (0, 12550, 1)
    assert till.running.host.counts["reversal_not_booked"] == 3


async def test_a_reversal_that_names_an_advice_reverses_nothing(start: Start) -> None:
    till = await _open(start)
    as_advice = reversal(of="0200", original_stan="000500", amount="000000005000")[2:].decode()
    named = as_advice.replace("0614120001000001", "0614120200000001")
    assert await till.codes(request(), advice(minor=5000), frame(named)) == ["00", "00", "30"]
    assert await till.money() == (7550, 5000, 0)


async def test_increments_are_held_and_captured_with_the_authorisation_they_raise(start: Start) -> None:
    till = await _open(start)
    assert await till.codes(request(), increment(), increment(minor=450, stan="000301")) == ["00"] * 3
    assert await till.money() == (18000, 0, 0)
    assert await till.codes(
        advice(minor=18000),
        reversal(stays=18000),  # as if there were no increments
        reversal(stays=18000, amount="000000018000"),
    ) == ["00", "30", "00"]
    increments = await till.booked("increment")
    assert [(e["amount_minor"], e["original_stan"], e["rrn"], e["state"]) for e in increments] == [
        (5000, "000100", "616512000300", "approved"),
        (450, "000100", "616512000301", "approved"),
    ]
    till = await _open(start)
    assert await till.money() == (0, 18000, 0)


async def test_an_increment_is_reversed_alone_and_once(start: Start) -> None:
    till = await _open(start)
    alone = {"original_stan": "000300", "amount": "000000005000"}
    assert await till.codes(
        request(), increment(), reversal(**alone), reversal("0421", **alone), reversal(stan="000901", **alone)
    ) == ["00"] * 5  # fmt: skip
    assert await till.money() == (12550, 0, 0)
    assert [entry["state"] for entry in await till.booked("authorisation", "increment")] == ["approved", "reversed"]
    assert await till.codes(reversal(stan="000902")) == ["00"]
    assert await till.money() == (0, 0, 0)


async def test_an_increment_that_comes_after_its_reversal_holds_nothing(start: Start) -> None:
    till = await _open(start)
    alone = reversal(original_stan="000300", amount="000000005000")
    assert await till.codes(request(), alone, increment()) == ["00", "00", "68"]
    assert await till.money() == (12550, 0, 0)


async def test_an_increment_that_was_captured_is_not_reversed(start: Start) -> None:
    till = await _open(start)
    alone = {"original_stan": "000300", "amount": "000000005000"}
    assert await till.codes(request(), increment(), advice(minor=12551), reversal(**alone)) == ["00", "00", "00", "61"]
    assert await till.money() == (4999, 12551, 0)
    alone = {"original_stan": "000301", "amount": "000000000001"}
    assert await till.codes(increment(minor=1, stan="000301"), reversal(**alone)) == ["00", "00"]


@pytest.mark.parametrize(
    "change",
    [
        {"of": "616512000999"},
        {"of": "616512000101"},  # declined
        {"of": "616512000102"},  # a sale
        {"pan": _OTHER_PAN},
        {"terminal": "TERM0002"},
        {"merchant": "MERCHANT0000002"},
        {"currency": "752"},
    ],
)
async def test_only_ones_own_authorisation_is_raised(start: Start, change: dict[str, str]) -> None:
    till = await _open(start)
    await till.codes(request(), request(stan="000101", expiry="2605"), request("0200", stan="000102"))
    assert await till.codes(increment(**change)) == ["25"]
    assert [entry["state"] for entry in await till.booked("increment")] == ["declined"]
    assert await till.money() == (12550, 0, 0)


_STORES, _CHARGES = "0601C09011", "0601M0812616512000100"


@pytest.mark.parametrize("mti", ["0100", "0200"])
async def test_a_stored_card_is_charged_with_the_agreement_also_after_a_reversal(start: Start, mti: str) -> None:
    till = await _open(start)
    assert await till.codes(request(mti, private=_STORES), reversal(of=mti)) == ["00", "00"]
    till = await _open(start)
    charge = request("0200", private=_CHARGES, entry="10208", stan="000400")
    assert await till.codes(charge, advice(of="0200", does="refund", original_stan="000400")) == ["00", "00"]


@pytest.mark.parametrize(
    ("stored", "change", "code"),
    [
        ("0601C", {}, "57"),  # without the agreement
        (_STORES, {"pan": _OTHER_PAN}, "25"),
        (_STORES, {"merchant": "MERCHANT0000002"}, "25"),
        (_STORES, {"private": "0601M0812616512000101"}, "25"),
        (_STORES, {"private": "0601C0812616512000100"}, "30"),
        (_STORES, {"private": "05031230601M0812616512000100"}, "30"),  # nobody may have kept the security code
        (_STORES, {"private": "0601M"}, "30"),
        (_STORES, {"entry": "81259"}, "30"),
        (_STORES, {"entry": "10259"}, "30"),
    ],
)
async def test_no_card_is_charged_without_agreement(
    start: Start, stored: str, change: dict[str, str], code: str
) -> None:
    till = await _open(start)
    await till.client.ask(request(private=stored))
    charge = {"private": _CHARGES, "entry": "10208"} | change
    assert await till.codes(request(stan="000400", **charge)) == [code]


async def test_private_data_that_contradicts_itself_is_refused(start: Start) -> None:
    till = await _open(start)
    assert (
        await till.codes(
            request(private="0601M09011"),  # only the cardholder agrees
            request("0200", private="0601C0713I616512000100"),  # an increment of a sale
            request(private="0601C0713I61651200010009011"),
            request(private="0601C0713D616512000100"),
            request(private="0601C09012"),
        )
        == ["30"] * 5
    )
    assert len(till.running.host.books) == 0


async def test_advices_and_voids_out_of_form_are_refused(start: Start) -> None:
    till = await _open(start)
    await till.client.ask(request())
    void = reversal(stays=100)[2:].decode()
    good = advice(minor=100)[2:].decode()
    broken = [
        good.replace("4111111111111111000000", "4111111111111111010000"),
        good.replace("A1B2C3", "a1b2c3"),
        good.replace("0CC0", "08C0", 1).replace("A1B2C3", ""),  # without the authorisation code
        void.replace("4111111111111111000000", "4111111111111111200000"),
        void[:-1] + "1",
    ]
    for text in broken:
        answer = await till.client.ask(frame(text))
        assert answer[2:4] == "30"
        assert "30TERM0001" in answer
    assert len(till.running.host.books) == 1


async def test_cards_whose_captures_refunds_or_increments_are_refused(start: Start) -> None:
    till = await _open(start)
    for stan, card, codes in (
        ("000101", "capture_refused", ["00", "57", "61", "00"]),
        ("000102", "refund_refused", ["00", "00", "57", "00"]),
        ("000103", "increment_declined", ["00", "00", "00", "51"]),
    ):
        pan = DEMO_CARDS[card]
        follows = {"pan": pan, "original_stan": stan, "minor": 100}
        assert await till.codes(
            request(stan=stan, pan=pan),
            advice(stan=f"5{stan[1:]}", **follows),
            advice(stan=f"6{stan[1:]}", does="refund", **follows),
            increment(stan=f"7{stan[1:]}", of=f"616512{stan}", pan=pan),
        ) == codes  # fmt: skip
    states = [entry["state"] for entry in await till.booked("capture", "refund", "increment")]
    assert states == ["declined", "declined", "approved", "approved", "declined", "approved", "approved", "approved",
                      "declined"]  # fmt: skip


@pytest.mark.parametrize("does", ["capture", "refund"])
async def test_a_silent_capture_or_refund_is_booked_and_its_repeat_answered(start: Start, does: str) -> None:
    till = await _open(start)
    pan = DEMO_CARDS[f"{does}_silent"]
    mti = "0100" if does == "capture" else "0200"
    await till.client.ask(request(mti, pan=pan))
    till.client.send(advice(does=does, of=mti, pan=pan, minor=5000))
    assert await till.client.silent()
    assert [entry["state"] for entry in await till.booked(does)] == ["approved"]
    till = await _open(start)
    answer = await till.client.ask(advice("0221", does=does, of=mti, pan=pan, minor=5000))
    assert (answer[:4], stan_of(answer), code_of(answer)) == ("0230", "000500", "00")
    assert len(await till.booked(does)) == 1
    assert await till.money() == ((7550, 5000, 0) if does == "capture" else (0, 12550, 5000))
