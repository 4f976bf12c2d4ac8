"""Answers that go astray at random, and random orders of everything: the books add up."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hosting import Start
from raw8583 import Client, advice, code_of, increment, network, request, reversal, stan_of

from ippsandbox.acquirer.books import Books
from ippsandbox.acquirer.faults import Chance
from ippsandbox.acquirer.host import Host, Surroundings
from ippsandbox.cards import Delivery


def _drawn(seed: int, n: int = 2000, **shares: float) -> list[Delivery]:
    chance = Chance(seed, **shares)
    return [chance.draw() for _ in range(n)]


def test_a_seed_plays_the_same_again_in_the_shares_that_were_asked_for() -> None:
    shares = {"lose": 0.1, "double": 0.2, "late": 0.3}
    assert _drawn(7, **shares) == _drawn(7, **shares)
    assert _drawn(7, **shares) != _drawn(8, **shares)
    counted = Counter(_drawn(7, **shares))
    for delivery, share in zip((Delivery.NEVER, Delivery.TWICE, Delivery.LATE), shares.values(), strict=True):
        assert counted[delivery] / 2000 == pytest.approx(share, abs=0.05)
    assert set(_drawn(7)) == {Delivery.ONCE}
    assert set(_drawn(7, lose=1)) == {Delivery.NEVER}


@pytest.mark.parametrize(
    "odds",
    [{}, {"seed": "x"}, {"seed": 1, "lose": 1.1}, {"seed": 1, "late": -0.1}, {"seed": 1, "lose": 0.6, "double": 0.6},
     {"seed": 1, "lose": "all"}, {"seed": 1, "loose": 0.1}],
)  # fmt: skip
async def test_shares_that_are_none_are_refused(start: Start, odds: dict[str, Any]) -> None:
    running = await start()
    assert await running.play("lossy", **odds) == 400
    assert running.host.mode.value == "normal"


async def test_everything_is_booked_once_whatever_becomes_of_the_answers(start: Start) -> None:
    running = await start()
    client = await Client.connect(running.port)
    assert await running.play("lossy", seed=3, lose=0.2, double=0.2, late=0.2) == 200
    client.send(b"".join(request(stan=f"{n:06d}") for n in range(1, 101)) + network("301"))
    arrived = [await client.receive()]
    while not arrived[-1].startswith("0810"):  # spared, and handled after all that came before it
        arrived.append(await client.receive())
    durable = asyncio.Event()
    running.host.books.when_durable(durable.set)
    await durable.wait()
    lost, late = running.host.counts["withheld"], len(running.timers)
    while len(arrived) + 1 < running.host.counts["answered"]:  # one more was the sign-on's
        arrived.append(await client.receive())
    answers = Counter(stan_of(answer) for answer in arrived if answer.startswith("0110"))
    assert set(answers.values()) == {1, 2}
    assert min(lost, late) > 0
    assert len(answers) + lost + late == 100
    assert await running.play("normal") == 200
    assert code_of(await client.ask(request(stan="000001"))) == "00"
    assert len(running.host.books) == 100
    await client.close()


class _Tape:
    """A journal in memory, and a line that keeps the last answer."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.signed_on = True
        self.last = b""

    def write(self, record: dict[str, Any] | None, then: Any) -> None:
        if record is not None:
            self.records.append(record)
        then()

    def send(self, answer: bytes) -> None:
        self.last = answer

    def close(self) -> None:
        """Nothing to close."""


def _any_message(random: Random, number: int) -> bytes:
    own, minor = f"{number:06d}", random.choice([100, 250, 1000, 5000, 12550])
    earlier = f"{random.randint(1, number):06d}"
    match random.randrange(8):
        case 0:
            return increment(minor=minor, stan=own)
        case 1 | 2 | 3:
            return advice(minor=minor, stan=own)
        case 4:
            return advice(does="refund", minor=minor, stan=own)
        case 5:
            return reversal(stan=own, original_stan=earlier, amount=f"{minor:012d}")
        case 6:
            whole = random.choice([12550, 12650, 12800, 13550, 17550])
            return reversal(stan=own, amount=f"{whole:012d}", stays=random.choice([0, minor]))
        case _:
            return advice("0221", minor=minor, stan=earlier)


@pytest.mark.parametrize("seed", range(40))
def test_in_any_order_no_money_is_made_and_a_restart_comes_to_the_same(seed: int) -> None:
    random, tape = Random(seed), _Tape()  # noqa: S311 - the same orders every time
    books = Books(fingerprint_key=b"k", journal=tape)  # type: ignore[arg-type]
    around = Surroundings(lambda: datetime(2026, 6, 14, tzinfo=UTC), lambda *_: None, lambda: "A1B2C3")
    host = Host(books, around)
    for each in (request(), *(_any_message(random, number) for number in range(101, 160))):
        host.receive(tape, each[2:])
        assert stan_of(tape.last[2:].decode())
        _check(list(books.listing()))
    again = Books(fingerprint_key=b"k")
    for record in tape.records:
        again.replay(record)
    assert list(again.listing()) == list(books.listing())
    assert again.totals() == books.totals()


def _check(listing: list[dict[str, Any]]) -> None:
    booked: Counter[str] = Counter()
    for entry in listing:
        if entry["state"] == "approved":
            booked[entry["kind"]] += entry["amount_minor"]
    [payment] = [entry for entry in listing if entry["kind"] == "authorisation"]
    assert payment["captured_minor"] == booked["capture"]
    assert payment["refunded_minor"] == booked["refund"] <= booked["capture"]
    authorised = 12550 + booked["increment"]
    assert 0 <= payment["held_minor"] <= authorised - booked["capture"]
    if all(entry["state"] != "reversed" for entry in listing):
        assert payment["held_minor"] == authorised - booked["capture"] - booked["void"]
