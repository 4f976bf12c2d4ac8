"""The acquirer is silent for an hour, hears and is not heard, or is gone altogether; then it is back.

The clock is passed in: the hour passes in steps, and what is sent in it is counted.
"""

from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from e2e.client import until
from ippgateway.app.queue_command import unsettled
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.connectors.iso8583.link import LinkSettings
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.schemas import Method, Result
from ippgateway.privacy.zones import Zone
from ippsandbox.acquirer.faults import Chance, Fault, Mode
from running import Scratch

from .host import Standing, open_host
from .path import Path, open_path
from .reckoning import Connection, connect, reckon, still_open
from .stories import Place, Scene, act, authorise, company, paid, unpaid

_HOUR_S = 3_600.0
_STEP_S = 5.0
_TIMER_S = 0.04  # of real time, for a host on this machine that does not answer anyway
_LONGEST_PAUSE_S = 300.0
_ROUNDS = 12
_ACTIONS = (Method.CAPTURE, Method.REFUND, Method.VOID, Method.INCREMENTAL)


@dataclass
class Hour:
    """An installation, its acquirer, and what was begun while that one said nothing."""

    settings: Settings
    admin: Connection
    host: Standing
    path: Path
    place: Place
    fresh: list[Scene] = field(default_factory=list)
    acted: list[tuple[Scene, Method]] = field(default_factory=list)
    sent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Number of a message -> when it came to the host, in seconds since the silence began."""

    async def begin(self) -> None:
        """What there is before: payments that can be captured, given back, voided and raised."""
        for method in _ACTIONS:
            scene = await paid(captured=method is Method.REFUND)(self.path, self.place, method.value)
            self.acted.append((scene, method))
        for number in range(3):
            self.fresh.append(await unpaid()(self.path, self.place, f"fresh {number}"))
        self.host.host.came.clear()

    async def ask_all(self) -> list[str]:
        """Everything once; the answers in order: payers' first."""
        said = [await authorise(self.path, scene) for scene in self.fresh]
        return said + [await act(self.path, scene, method, scene.key) for scene, method in self.acted]

    async def pass_by(self, seconds: float) -> None:
        """Time passes, and the recovery looks at every step."""
        began = self.path.clock.now()
        while (passed_s := (self.path.clock.now() - began).total_seconds()) < seconds:
            await self.path.recovery.once()
            self.note(passed_s)
            self.path.clock.advance(_STEP_S)

    def note(self, passed_s: float) -> None:
        """Take down what came to the host."""
        for _, number in self.host.host.came:
            self.sent[number].append(passed_s)
        self.host.host.came.clear()


@pytest.fixture
async def hour(scratch: Scratch) -> AsyncIterator[Hour]:
    settings = await scratch()
    admin = await connect(settings)
    try:
        async with platform_for(Zone.CONSOLE, settings) as console, open_host() as host:
            place = Place(company_id=await company(console), seller_id="", shop_url="", broken_url="")
            async with open_path(settings, port=host.port, at=datetime.now(UTC)) as path:
                it = Hour(settings, admin, host, path, place)
                await it.begin()
                yield it
    finally:
        await admin.close()


SILENCES = {"silent": Fault(Mode.SILENT), "not heard": Fault(Mode.LOSSY, Chance(8583, lose=1.0))}
"""The connection is up and nothing comes back: what is asked is lost, or is booked and only the answer is lost."""


@pytest.mark.parametrize("silence", SILENCES)
async def test_silent_for_an_hour_then_back(hour: Hour, silence: str) -> None:
    hour.host.host.play(SILENCES[silence])
    _impatient(hour.path)
    said = await hour.ask_all()
    assert set(said) == {"WAIT"}
    asked = len(hour.host.host.came)
    assert await hour.ask_all() == said
    assert len(hour.host.host.came) == asked == len(said), "what has no answer is not asked for again by its payer"
    await _shows_them(hour, len(said))
    hour.note(0)

    await hour.pass_by(_HOUR_S)
    await _shows_them(hour, len(said))
    _by_the_schedule(hour)

    hour.host.host.play(Fault())
    _patient(hour.path)
    assert await authorise(hour.path, await unpaid()(hour.path, hour.place, "afterwards")) == "ACK"
    hour.host.host.came.clear()
    await _settles(hour, most=len(said))
    await _ends_well(hour)


async def test_gone_for_an_hour_then_back(hour: Hour) -> None:
    await hour.host.leave()
    await until(lambda: _signed_on(hour.path, False), "the link notices")
    # Nothing was sent: a payer hears so at once and may pay in another way; an advice is owed all the same.
    said = await hour.ask_all()
    assert said == ["NOK"] * len(hour.fresh) + ["WAIT", "WAIT", "WAIT", "NOK"]
    await _shows_them(hour, said.count("WAIT"))

    await hour.pass_by(_HOUR_S)
    assert hour.host.host.came == []
    assert {row["tries"] for row in await unsettled(hour.settings)} == {_tries_in(_HOUR_S)}
    await _shows_them(hour, said.count("WAIT"))

    await hour.host.come_back()
    await until(lambda: _signed_on(hour.path, True), "the link is back")
    assert await authorise(hour.path, await unpaid()(hour.path, hour.place, "afterwards")) == "ACK"
    hour.host.host.came.clear()
    await _settles(hour, most=said.count("WAIT"))
    await _ends_well(hour)


def _impatient(path: Path) -> None:
    """Nobody waits long for a host that says nothing."""
    path.link._settings = LinkSettings(timeout_s=_TIMER_S, echo_idle_s=_HOUR_S)


def _patient(path: Path) -> None:
    """As usual."""
    path.link._settings = LinkSettings(echo_idle_s=_HOUR_S)


async def _signed_on(path: Path, on: bool) -> bool:
    return path.link.metrics.signed_on is on


async def _shows_them(hour: Hour, count: int) -> None:
    """Staff see every one in `ippgateway queue`, and shops hear that nobody knows."""
    listed = await unsettled(hour.settings)
    assert len(listed) == count
    p, company_id = hour.path.gateway.platform, hour.place.company_id
    waiting = await payments.actions(p, company_id=company_id, methods=None, result=Result.WAIT, earliest=None,
                                     latest=None)  # fmt: skip
    assert {row.action_id for row in waiting} == {row["action_id"] for row in listed}
    for row in listed:
        if row["method"] in ("AUTH", "SALE"):
            status = await payments.status(p, payment_id=row["payment_id"], payment_key=None, company_id=company_id)
            assert (status.result, status.status) == ("WAIT", "WAIT")


def _tries_in(seconds: float) -> int:
    """How often the schedule sends one message: pauses of 1, 2, 4 s and so on, 300 s at most, seen every step."""
    at_s, pause_s, tries = 0.0, 1.0, 0
    while at_s < seconds:
        tries += 1
        at_s = _step_after(at_s + min(pause_s, _LONGEST_PAUSE_S))
        pause_s *= 2
    return tries


def _step_after(moment_s: float) -> float:
    return -(-moment_s // _STEP_S) * _STEP_S


def _by_the_schedule(hour: Hour) -> None:
    """Every message came again and again with growing pauses, and no oftener than the schedule says."""
    again = {number: times for number, times in hour.sent.items() if len(times) > 1}
    assert len(again) == len(hour.fresh) + len(hour.acted)
    for times in again.values():
        tries = times[-_tries_in(_HOUR_S) :]
        assert len(times) - len(tries) in (0, 1)  # an advice was sent once by whoever asked for it
        pauses = [later - earlier for earlier, later in pairwise(tries)]
        assert pauses == sorted(pauses), "the pauses grow"
        assert pauses[-1] == _LONGEST_PAUSE_S


async def _settles(hour: Hour, *, most: int) -> None:
    """Within the longest pause everything has its end, and for each there was one message."""
    hour.path.clock.advance(_LONGEST_PAUSE_S)
    for _ in range(_ROUNDS):
        await hour.path.recovery.once()
        if not await still_open(hour.admin):
            break
        hour.path.clock.advance(_STEP_S)
    assert await unsettled(hour.settings) == []
    assert len(hour.host.host.came) == most, "no storm"


async def _ends_well(hour: Hour) -> None:
    """Repeats hear what became of it: advices are done, an increment that nobody answered is not, payers pay anew."""
    assert await hour.ask_all() == ["ACK"] * len(hour.fresh) + ["ACK", "ACK", "ACK", "NOK"]
    assert (await reckon(hour.settings, hour.admin, hour.host.host.books)).wrong() == []
