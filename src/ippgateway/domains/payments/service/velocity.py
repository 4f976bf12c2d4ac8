"""Limits on declines against the testing of stolen cards, for each network at each company.

Only refusals count, and only where they outnumber approvals two to one, so that an honest burst never meets a limit.
They count for a quarter of an hour: long enough that testing a list of cards takes days, short enough that an honest
payer behind the same network can wait it out.
While a whole company is under attack, from many networks at once, each network that was refused has a smaller share.

What comes at once is counted in the process besides (`turn`), because attempts under way are in no table's count. It
holds: once a refusal of a network is on record and not outweighed, no more of its attempts are under way in a process
than it may still have refused; whoever comes beyond that waits until one has ended, so that nobody is refused who
would not have been later. It does not hold: what one process has let in before the first refusal is heard of, and each
process counts for itself. A network of which nothing is known is not narrowed, or a shop's one server could not pay for
thousands at once.
"""

import asyncio
import ipaddress
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.errors import TooManyDeclines
from ippgateway.domains.payments.service.gateway import Gateway, Limits
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.platform import Platform

EVERYBODY = b""
"""In place of a network: the whole company."""

_SPAN_S = 300
_LOOKS_BACK = timedelta(minutes=15)
_PER_APPROVAL = 2
_PATIENCE_S = 20.0
"""How long somebody waits for a turn: nobody is charged when they have long gone."""

Whose = tuple[str, bytes]
"""A company, and the code of a network or `EVERYBODY`."""


class Tried(NamedTuple):
    """How attempts ended within the last quarter of an hour."""

    declined: int
    approved: int


class Ending(NamedTuple):
    """How one attempt ended."""

    company_id: str
    network: bytes
    approved: bool


_NOTHING = Tried(0, 0)


class Rush:
    """One network's attempts at one company that a process has under way, and how those that ended did, as long as
    there are any."""

    __slots__ = ("_approved", "_declined", "_door", "_ended", "_found", "_under_way", "concerned")

    def __init__(self) -> None:
        self._under_way = self._declined = self._approved = 0
        self._door = asyncio.Lock()
        self._ended = asyncio.Event()
        self._found: dict[Whose, Tried] | None = None
        self.concerned = 0
        """How many wait for their turn or have it; nobody remembers a rush that is over."""

    def count(self, approved: bool) -> None:
        """One of them was approved or refused, and that is on record."""
        if approved:
            self._approved += 1
        else:
            self._declined += 1

    def with_ours(self, found: "dict[Whose, Tried]", whose: "Whose") -> "dict[Whose, Tried]":
        """What was found, and what is known here: approvals are on record only where there are refusals."""
        it = found.get(whose, _NOTHING)
        return {**found, whose: Tried(max(it.declined, self._declined), max(it.approved, self._approved))}

    async def let_in(self, g: Gateway, whose: "Whose") -> None:
        """Wait, one behind the other, until a refusal of everything under way would not go beyond the limit."""
        async with self._door:
            while True:
                if self._found is None or self._ended.is_set():
                    self._ended.clear()
                    self._found = await _look(g, whose)
                found = self.with_ours(self._found, whose)
                if too_many(g.limits, found, *whose):
                    raise TooManyDeclines
                if (
                    not _suspect(found[whose])
                    or self._under_way < _most(g.limits, found, whose) - found[whose].declined
                ):
                    return
                await self._ended.wait()

    def enter(self) -> None:
        """One more is under way."""
        self._under_way += 1

    def leave(self) -> None:
        """One less is."""
        self._under_way -= 1
        self._ended.set()


@asynccontextmanager
async def turn(g: Gateway, whose: Whose, found: dict[Whose, Tried]) -> AsyncIterator[Rush]:
    """An attempt's turn, from before it is recorded until its outcome is. `found`: what happened lately, as it was read
    for this attempt; it is looked at again where somebody was refused. Raises TooManyDeclines, also when the turn does
    not come."""
    rush = g.rushes.setdefault(whose, Rush())
    rush.concerned += 1
    try:
        if whose[1] != EVERYBODY and _suspect(rush.with_ours(found, whose)[whose]):
            await _wait(rush, g, whose)
        rush.enter()  # nothing was awaited since it was let in
        try:
            yield rush
        finally:
            rush.leave()
    finally:
        rush.concerned -= 1
        if not rush.concerned:
            del g.rushes[whose]


async def _wait(rush: Rush, g: Gateway, whose: Whose) -> None:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await rush.let_in(g, whose)
    except TimeoutError:
        raise TooManyDeclines from None


async def _look(g: Gateway, whose: Whose) -> dict[Whose, Tried]:
    async with g.platform.db.begin(PAYMENT, tenants=[whose[0]]) as tx:
        return await tried(tx, [whose], g.platform.clock.now())


def network_code(p: Platform, company_id: str, address: Secret[str]) -> bytes:
    """A keyed code for the payer's network (/24, or /48 of IPv6) at one company; `EVERYBODY` without an address."""
    try:
        ip = ipaddress.ip_address(address.open())
    except ValueError:
        return EVERYBODY
    network = ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False)
    return p.persons.index.code(company_id, "decline_count.network", str(network))


async def tried(tx: Tx, asked: Sequence[Whose], now: datetime) -> dict[Whose, Tried]:
    """What happened lately from these networks, and at their companies altogether."""
    wanted = {*asked, *((company_id, EVERYBODY) for company_id, _ in asked)}
    rows = await tx.fetch(
        "select c.company_id, c.network, sum(c.declined)::int as declined, sum(c.approved)::int as approved "
        "from unnest($1::text[], $2::bytea[]) as asked(company_id, network) join ipp.decline_count c "
        "on c.company_id = asked.company_id and c.network = asked.network and c.began_at > $3 group by 1, 2",
        *zip(*wanted, strict=True), now - _LOOKS_BACK,
    )  # fmt: skip
    return {(row["company_id"], row["network"]): Tried(row["declined"], row["approved"]) for row in rows}


def too_many(limits: Limits, found: dict[Whose, Tried], company_id: str, network: bytes) -> bool:
    """Whether this network had its share. What has no network is not limited here."""
    if network == EVERYBODY:
        return False
    return _beyond(found.get((company_id, network), _NOTHING), _most(limits, found, (company_id, network)))


def _most(limits: Limits, found: dict[Whose, Tried], whose: Whose) -> int:
    attacked = _beyond(found.get((whose[0], EVERYBODY), _NOTHING), limits.declines_per_company)
    return limits.declines_while_attacked if attacked else limits.declines_per_network


def _beyond(it: Tried, most: int) -> bool:
    return it.declined >= most and _suspect(it)


def _suspect(it: Tried) -> bool:
    return it.declined > _PER_APPROVAL * it.approved


async def count(tx: Tx, endings: Sequence[Ending], now: datetime) -> None:
    """Add to what is known of networks and companies. Approvals are counted beside declines only: where nothing was
    declined lately there is nothing to compare them with, and no row that all payments of a company would wait for.

    The last statement of its transaction, because these rows are the ones that many transactions want.
    """
    if not endings:
        return
    sums: dict[Whose, list[int]] = defaultdict(lambda: [0, 0])
    for ending in endings:
        for network in {ending.network, EVERYBODY}:
            sums[ending.company_id, network][ending.approved] += 1
    began_at = datetime.fromtimestamp(int(now.timestamp()) // _SPAN_S * _SPAN_S, UTC)
    rows = [(*whose, *declined_and_approved) for whose, declined_and_approved in sorted(sums.items())]
    await tx.execute(
        "insert into ipp.decline_count (company_id, network, began_at, declined, approved) "
        "select company_id, network, $5, declined, approved "
        "from unnest($1::text[], $2::bytea[], $3::int[], $4::int[]) as n(company_id, network, declined, approved) "
        "where declined > 0 or exists (select from ipp.decline_count c where c.company_id = n.company_id "
        "  and c.network = n.network and c.began_at > $6 and c.declined > 0) "
        "on conflict (company_id, network, began_at) do update "
        "set declined = decline_count.declined + excluded.declined, "
        "approved = decline_count.approved + excluded.approved",
        *zip(*rows, strict=True), began_at, now - _LOOKS_BACK,
    )  # fmt: skip
