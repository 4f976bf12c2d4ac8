"""Kill -9 at every boundary of the payment path, before it and after it; then the repeat, the recovery, the reckoning.

The boundaries are read from the code (`boundaries`), and one that no story comes to fails the test: whoever writes a
new one has to say what happens when the process dies there.
"""

import asyncio
import dataclasses
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from e2e.shop import Shop, open_shop
from guards.source import module
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.core.ids import ID_LENGTH
from ippgateway.domains.idempotency.errors import StillRunning
from ippgateway.domains.notifications import service as notifications
from ippgateway.domains.notifications.states import PAUSES
from ippgateway.privacy.zones import Zone
from running import Running, Scratch

from .boundaries import Boundary, at, boundaries
from .host import Standing, open_host
from .path import LEASE_S, Path, open_path
from .reckoning import Connection, connect, reckon, still_open
from .stories import STORIES, Place, Scene, Story, company
from .victims import Death, Nursery, nursery

UNREACHABLE: dict[str, str] = {
    "notifications.service._give_up": "an address whose key was destroyed; `notifications/test_delivery` does that",
    "payments.service.velocity._look": "reads, for whoever waits for a turn; `domains/test_velocity` has a rush",
    "payments.service.people._known_there": "reads, in another zone, for whoever asks what is held about them",
    "payments.service.people._shops": "the same",
    "payments.service.people._company": "the same",
    "payments.service.people._payer": "the same",
    "payments.service.people.received_of": "the same",
    "payments.service.people.owes": "reads, for a shop that wants to leave; `retention/test_leaving`",
    "payments.service.references.references": "reads, for the notices of Article 19; `data_requests/test_notices`",
    "payments.service.returning._own": "reads what a shop takes along when it leaves; `data_requests/test_closing`",
    "payments.service.returning._payers": "the same",
    "payments.service.returning._payer": "the same",
    "checkouts.service.correct": "a correction, one transaction in another zone; `data_requests/test_correcting`",
}
"""Functions in which no victim dies, with the reason."""

MOMENTS = ("before", "after")
_LANES = 2
_LATER_S = 4 * LEASE_S
_MOST_ROUNDS = 60
_LONGEST_PAUSE_S = max(PAUSES).total_seconds()
_MOST_BOUNDARIES = 40  # of one story


@dataclass(frozen=True)
class Victim:
    """Who died where, over what."""

    story: Story
    scene: Scene
    death: Death

    def __str__(self) -> str:
        where = f"{self.death.moment} {self.death.function}:{self.death.line}" if self.death.died else "alive"
        return f"{self.story.name}, {where}"


@dataclass
class Scaffold:
    """One installation, its acquirer, its shops, and a process that survives; one victim after the other."""

    settings: Settings
    host: Standing
    shop: Shop
    broken: Shop
    path: Path
    place: Place
    admin: Connection
    now: datetime
    tried: set[tuple[str, str, int]]
    """Boundaries before which somebody died, here or on another scaffold."""
    victims: list[Victim] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    async def execute(self, story: Story, parent: Nursery) -> None:
        """Kill behind the story's first boundary, the second, and so on, until a victim lives to the end.

        What is before a boundary is the same as what is behind the last one, but for what is rolled back: there one
        victim dies for each boundary, whichever story comes to it.
        """
        for number in range(1, _MOST_BOUNDARIES):
            victim = await self._victim(story, parent, number, "after")
            if not victim.death.died:
                assert victim.death.crossed == number - 1, f"{story.name} takes another course each time"
                break
            if victim.death.where not in self.tried:
                self.tried.add(victim.death.where)
                await self._victim(story, parent, number, "before")

    async def _victim(self, story: Story, parent: Nursery, number: int, moment: str) -> Victim:
        """A death, and what comes of it: the request again at once, the recovery later, the request once more."""
        scene = await story.arrange(self.path, self.place, f"{story.name} {number} {moment}")
        death = await parent.kill(story.name, scene, number=number, moment=moment, port=self.host.port, at=self.now)
        victim = Victim(story, scene, death)
        self.victims.append(victim)
        await self._again(victim, "at once")
        self.path.clock.back_to(self.now)
        self.path.clock.advance(_LATER_S)
        await self._clear_up(victim)
        await self._again(victim, "in the end")
        await self._clear_up(victim)
        self.now = self.path.clock.now()
        return victim

    async def _again(self, victim: Victim, when: str) -> None:
        """The same request by somebody who heard nothing: at once they may be told to wait."""
        try:
            said = await victim.story.again(self.path, victim.scene)
        except StillRunning:
            said = "WAIT"
        except Exception as error:  # belongs to a victim's name
            said = f"{type(error).__name__} {error}"
        if said not in victim.story.ends and not (when == "at once" and said == "WAIT"):
            self.wrong.append(f"{victim}: {said} {when}")

    async def _clear_up(self, victim: Victim) -> None:
        """The survivor's recovery, until nothing is open."""
        for _ in range(_MOST_ROUNDS):
            await self.path.recovery.once()
            if not await still_open(self.admin):
                return
            self.path.clock.advance(LEASE_S / 4)
        self.wrong.append(f"{victim}: {await still_open(self.admin)} have no end")

    async def deliver(self) -> None:
        """Every call that is owed; each has an alarm, or the sweep sets it."""
        working = await self.path.working()
        for _ in range(_MOST_ROUNDS):
            await notifications.ring_again(working)
            owed = await self.admin.fetch("select company_id, id from ipp.notification where state = 'PENDING'")
            if not owed:
                return
            alarms = b" ".join(row["payload"] for row in await self.admin.fetch("select payload from jobs.pgqueuer"))
            self.wrong += [f"{row['id']}: no alarm" for row in owed if row["id"].encode() not in alarms]
            for row in owed:
                await notifications.deliver(
                    working, self.path.sender, company_id=row["company_id"], notification_id=row["id"]
                )  # fmt: skip
            self.path.clock.advance(_LONGEST_PAUSE_S)
        self.wrong.append(f"{len(owed)} calls are still owed")

    async def reckon(self) -> None:
        """The books of both sides, and what the shops were told."""
        books = await reckon(self.settings, self.admin, self.host.host.books)
        told = {call.named["transaction_id"] for shop in (self.shop, self.broken) for call in shop.calls}
        names = {each: str(v) for v in self.victims for each in (v.scene.checkout_id, v.scene.payment_id)}
        self.wrong += [f"{names.get(each[:ID_LENGTH], '?')}: {each}" for each in (*books.wrong(), *books.untold(told))]


@asynccontextmanager
async def scaffold(settings: Settings, tried: set[tuple[str, str, int]]) -> AsyncIterator[Scaffold]:
    """Everything that a row of victims needs."""
    now = datetime.now(UTC)
    admin = await connect(settings)
    try:
        async with open_host() as host, open_shop() as shop, open_shop() as broken:
            broken.status = 500
            async with platform_for(Zone.CONSOLE, settings) as console:
                place = Place(company_id=await company(console), seller_id=await company(console),
                              shop_url=shop.url, broken_url=broken.url)  # fmt: skip
            await admin.execute("update ipp.company set authorise_as = 'SALE' where id = $1", place.seller_id)
            async with open_path(settings, port=host.port, at=now) as path:
                yield Scaffold(settings, host, shop, broken, path, place, admin, now, tried)
    finally:
        await admin.close()


async def test_a_kill_at_every_boundary_leaves_nothing_wrong(
    scratch: Scratch, running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    found, stories, tried = boundaries(), iter(STORIES), set[tuple[str, str, int]]()
    installations = [await scratch() for _ in range(_LANES)]

    async def lane(settings: Settings) -> Scaffold:
        async with scaffold(settings, tried) as it, nursery(running.env, settings.role_prefix) as parent:
            for story in stories:
                await it.execute(story, parent)
            it.broken.status = 200
            await it.deliver()
            await it.reckon()
        return it

    lanes = await asyncio.gather(*map(lane, installations))
    deaths: dict[str, Counter[Boundary | None]] = {moment: Counter() for moment in MOMENTS}
    for death in (victim.death for it in lanes for victim in it.victims if victim.death.died):
        deaths[death.moment][at(found, *death.where)] += 1
    with capsys.disabled():
        kills = sum(each.total() for each in deaths.values())
        sys.stdout.write(f"\n{kills} kills at {len(deaths['after'])} of {len(found)} boundaries\n")
    wrong = [each for it in lanes for each in it.wrong]
    assert not wrong, "\n".join(wrong)
    for moment in MOMENTS:
        assert None not in deaths[moment], "a boundary that is not read from the code"
        missed = [str(each) for each in found if each not in deaths[moment] and not _excused(each)]
        assert missed == [], "nobody dies there: write a story (storms/stories.py)"
    assert {str(each).partition(":")[0] for each in found} >= UNREACHABLE.keys()


def _excused(boundary: Boundary) -> bool:
    return str(boundary).partition(":")[0] in UNREACHABLE


def test_a_planted_boundary_is_found_and_missed() -> None:
    text = (
        "async def pay(g):\n    async def inner():\n        async with g.db.begin(X) as tx:\n            pass\n"
        "    await g.acquirer.ask(1)\nclass Way:\n    async def go(self):\n"
        "        await self._g.platform.db.together(\n            X, Y, 1)\n"
    )
    planted = module("ippgateway.domains.payments.service.planted", text)
    found = boundaries([planted])
    assert [(b.function, b.what) for b in found] == [
        ("Way.go", "together"), ("pay", "acquirer.ask"), ("pay.<locals>.inner", "begin"),
    ]  # fmt: skip
    assert at(found, planted.name, "Way.go", 9) == found[0]
    assert not set(found) & set(boundaries())
    assert dataclasses.replace(found[0], module="ippgateway.domains.accounts.service") not in boundaries()
