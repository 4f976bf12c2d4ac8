"""Kill -9 under load, and the reckoning afterwards: `python tests/storms/storm.py --kills 100`.

What must hold: serving again within ten seconds each time, no orphan; every acknowledged payment is in the list and in
the acquirer's books exactly once, nothing that failed here is approved there, nobody is charged twice; every owed
notification was delivered at least once, and none after its delivery was on record.
"""

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import asyncpg
import psutil

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from e2e.books import Books, read_books, unsettled, value
from e2e.client import LONGEST_S, Client, until
from e2e.shop import Shop, open_shop
from ippgateway.app.database.access import as_admin, main_database
from running import Running
from storms.load import Load, serves, shoppers
from storms.processes import Installation

SERVING_AGAIN_S = 10.0
_ROOT = Path(__file__).resolve().parents[2]
_SHOPPERS = 4
_PATIENCE_S = 60.0
_SETTLED_S = 150.0
_DELIVERED = """
select payment_id, extract(epoch from last_at) as at from ipp.notification where state = 'DELIVERED'
"""
_OWED = """
select p.id, p.state, n.state as told, n.tries from ipp.payment p
  left join ipp.notification n on n.company_id = p.company_id and n.payment_id = p.id
  join ipp.checkout k on k.company_id = p.company_id and k.id = p.checkout_id
 where p.state in ('APPROVED', 'DECLINED', 'REVERSED') and k.notify_url is not null
"""
_TWICE_IN_A_ROW = 0.2  # how often a second kill hits while the first is being mended


@dataclass
class Report:
    """What a storm did and what it found. Times in seconds."""

    kills: Counter[str] = field(default_factory=Counter)
    serving_again_s: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    acknowledged: int = 0
    declined: int = 0
    waiting: int = 0
    unanswered: int = 0
    failed_requests: int = 0
    requests_there: int = 0
    reversed_there: int = 0
    notifications: int = 0
    delivered_again: int = 0
    settled_s: float = 0.0
    diary: list[str] = field(default_factory=list)

    @property
    def late(self) -> list[float]:
        """Where it took longer than promised; only a machine that does nothing else can tell."""
        return [took_s for took_s in self.serving_again_s if took_s > SERVING_AGAIN_S]

    def told(self) -> str:
        """The figures, for a person."""
        times = sorted(self.serving_again_s) or [0.0]
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.kills.items()))
        answers = f"{self.acknowledged} ACK, {self.declined} NOK, {self.waiting} WAIT, {self.unanswered} nothing final"
        lines = [
            f"kills: {self.kills.total()} ({kinds})",
            f"serving again after: median {times[len(times) // 2]:.2f} s, longest {times[-1]:.2f} s",
            f"longer than {SERVING_AGAIN_S:g} s: {len(self.late)} times",
            f"clients were told: {answers}; {self.failed_requests} requests failed and were tried again",
            f"the acquirer's books: {self.requests_there} requests, {self.reversed_there} reversed",
            f"notifications: {self.notifications} owed and delivered, {self.delivered_again} delivered more than once",
            f"everything settled {self.settled_s:.0f} s after the last kill",
        ]
        return "\n".join([*lines, *(self.problems or ["no differences"])])


@dataclass
class Storm:
    """One installation, its load, and the kills."""

    running: Running
    client: Client
    shop: Shop
    chance: random.Random
    report: Report = field(default_factory=Report)

    @property
    def installation(self) -> Installation:
        assert self.running.process is not None
        return Installation(self.running.settings.data_dir, self.running.process.pid)

    async def run(self, kills: int, seed: int) -> None:
        """So many kills under load, then the reckoning."""
        load = Load(self.client, self.shop, seed)
        async with shoppers(load, _SHOPPERS):
            while self.report.kills.total() < kills:
                await self._kill_and_recover()
        begun = time.monotonic()
        await until(self._all_settled, "everything settled", _SETTLED_S)
        self.report.settled_s = time.monotonic() - begun
        await self._reckon(load)

    async def _kill_and_recover(self) -> None:
        await asyncio.sleep(self.chance.uniform(0.05, 0.6))
        self._kill()
        if self.chance.random() < _TWICE_IN_A_ROW:
            await asyncio.sleep(self.chance.uniform(0.0, 1.0))
            self._kill()
        begun = time.monotonic()
        await until(lambda: serves(self.client), f"serving again after {self.report.diary[-3:]}", _PATIENCE_S)
        self.report.serving_again_s.append(time.monotonic() - begun)
        self.report.diary.append(f"serving after {time.monotonic() - begun:.2f} s")
        await until(self._nobody_astray, f"no orphans after {self.report.diary[-3:]}", _PATIENCE_S)

    def _kill(self) -> None:
        """Every kind as often as every other: there are many more backends than anything else."""
        victims = self.installation.victims()
        kind = self.chance.choice(sorted(victims))
        with contextlib.suppress(psutil.NoSuchProcess):
            self.chance.choice(sorted(victims[kind], key=lambda each: each.pid)).kill()
            self.report.kills[kind] += 1
            self.report.diary.append(f"{time.strftime('%H:%M:%S')} {kind}")

    async def _nobody_astray(self) -> bool:
        return self.installation.orphans() == []

    async def _all_settled(self) -> bool:
        try:
            if await unsettled(self.running.settings):
                return False
            # Asked for last: what settles a moment ago is owed to the shop from then on.
            return not await value(
                self.running.settings, "select count(*) from ipp.notification where state = 'PENDING'"
            )
        except (OSError, asyncpg.PostgresError):
            return False

    async def _reckon(self, load: Load) -> None:
        books = await read_books(self.running.settings)
        problems = self.report.problems
        problems += books.differences()
        listed = await self.client.listed(await self.client.login(), type="AUTH", result="ACK")
        problems += _broken_words(load, books, {row["action_id"] for row in listed})
        await self._reckon_notifications()
        results = Counter(told.results[-1] if told.results else "" for told in load.told.values())
        self.report.acknowledged, self.report.declined = results["ACK"], results["NOK"]
        self.report.waiting, self.report.unanswered = results["WAIT"], results[""]
        self.report.failed_requests = load.failed
        self.report.requests_there = len(books.theirs)
        self.report.reversed_there = sum(row.state == "reversed" for row in books.theirs.values())

    async def _reckon_notifications(self) -> None:
        connection = await asyncpg.connect(**as_admin(self.running.settings, main_database(self.running.settings)))
        try:
            rows = await connection.fetch(_DELIVERED)
            owed = {row["id"]: row for row in await connection.fetch(_OWED)}
        finally:
            await connection.close()
        recorded = {row["payment_id"]: float(row["at"]) for row in rows}
        arrived = Counter(call.named["transaction_id"] for call in self.shop.calls)
        problems = self.report.problems
        problems += [
            f"{payment}: {owed[payment]['state']}, and nobody was told: the notification is {owed[payment]['told']} "
            f"after {owed[payment]['tries']} calls"
            for payment in owed.keys() - recorded.keys()
        ]
        problems += [f"{payment}: on record as delivered, never came" for payment in recorded.keys() - arrived.keys()]
        problems += [
            f"{call.named['transaction_id']}: came again after its delivery was on record"
            for call in self.shop.calls
            if call.at > recorded.get(call.named["transaction_id"], float("inf"))
        ]
        self.report.notifications = len(recorded)
        self.report.delivered_again = sum(times > 1 for times in arrived.values())


def _broken_words(load: Load, books: Books, listed: set[str]) -> list[str]:
    """Where a client was told something that did not stay true."""
    ours = {row.action_id: row for row in books.ours.values()}
    by_payment = {row.payment_id: row for row in books.ours.values()}
    found = []
    for told in load.told.values():
        if told.acknowledged is not None:
            row = ours.get(told.acknowledged)
            if row is None or row.result != "ACK" or told.acknowledged not in listed:
                found.append(f"{told.acknowledged}: acknowledged and lost")
        for payment in told.transactions:
            row = by_payment.get(payment)
            if row is None or (told.results[-1] == "NOK" and row.result != "NOK"):
                found.append(f"{payment}: told as {told.results[-1]}, {row.result if row else 'gone'} now")
    return found


@contextlib.asynccontextmanager
async def storm_over(running: Running, seed: int) -> AsyncIterator[Storm]:
    """Everything that a storm needs around an installation that serves."""
    timeout = aiohttp.ClientTimeout(total=LONGEST_S)
    connector = aiohttp.TCPConnector(force_close=True, limit=0)
    async with (
        aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False) as http,
        open_shop() as shop,
    ):
        client = Client(http, running.url, running.demo())
        yield Storm(running, client, shop, random.Random(seed))  # noqa: S311 - a storm that can be repeated


async def _main(kills: int, seed: int, *, below_make: bool) -> Report:
    with tempfile.TemporaryDirectory(prefix="storm", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # another user runs the database when we are root
        running = Running(Path(folder) / "var")
        if below_make:
            running.starts_with = ["make", "-s", "-C", str(_ROOT), "run"]
        running.start()
        try:
            async with storm_over(running, seed) as storm:
                try:
                    await storm.run(kills, seed)
                except AssertionError as failure:
                    storm.report.problems.append(str(failure))
                return storm.report
        finally:
            running.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="kill -9 under a load of payments")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0, help="0: a new one")
    parser.add_argument("--make", action="store_true", help="start it with `make run`, and kill the keeper too")
    given = parser.parse_args()
    chosen = given.seed or random.SystemRandom().randrange(1, 1_000_000)
    print(f"seed {chosen}", flush=True)  # noqa: T201 - a program for people
    report = asyncio.run(_main(given.kills, chosen, below_make=given.make))
    print("\n".join((*report.diary, report.told())))  # noqa: T201
    raise SystemExit(1 if report.problems or report.late else 0)
