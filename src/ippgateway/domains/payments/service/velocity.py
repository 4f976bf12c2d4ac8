"""Limits on declines against the testing of stolen cards, for each network at each company.

Only refusals count, and only where they outnumber approvals two to one, so that an honest burst never meets a limit.
While a whole company is under attack, from many networks at once, each network that was refused has a smaller share.
"""

import ipaddress
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.service.gateway import Limits
from ippgateway.privacy.catalogue import PAYMENT_RECOVERY
from ippgateway.privacy.platform import Platform

EVERYBODY = b""
"""In place of a network: the whole company."""

_SPAN_S = 300
_LOOKS_BACK = timedelta(hours=1)
_KEPT = timedelta(days=1)
_FORGET_AT_ONCE = 5_000
_PER_APPROVAL = 2

Whose = tuple[str, bytes]
"""A company, and the code of a network or `EVERYBODY`."""


class Tried(NamedTuple):
    """How attempts ended within the last hour."""

    declined: int
    approved: int


class Ending(NamedTuple):
    """How one attempt ended."""

    company_id: str
    network: bytes
    approved: bool


_NOTHING = Tried(0, 0)


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
    attacked = _beyond(found.get((company_id, EVERYBODY), _NOTHING), limits.declines_per_company)
    most = limits.declines_while_attacked if attacked else limits.declines_per_network
    return _beyond(found.get((company_id, network), _NOTHING), most)


def _beyond(it: Tried, most: int) -> bool:
    return it.declined >= most and it.declined > _PER_APPROVAL * it.approved


async def count(tx: Tx, endings: Sequence[Ending], now: datetime) -> None:
    """Add to what is known of networks and companies. Approvals are counted beside declines only: where nothing was
    declined there is nothing to compare them with, and no row that all payments of a company would wait for.

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
        "where declined > 0 or exists (select from ipp.decline_count c "
        "  where c.company_id = n.company_id and c.network = n.network and c.began_at = $5) "
        "on conflict (company_id, network, began_at) do update "
        "set declined = decline_count.declined + excluded.declined, "
        "approved = decline_count.approved + excluded.approved",
        *zip(*rows, strict=True), began_at,
    )  # fmt: skip


async def forget(p: Platform) -> int:
    """Delete what is older than a day, in one bounded batch; how many rows went."""
    async with p.db.begin(PAYMENT_RECOVERY) as tx:
        return await tx.execute(
            "delete from ipp.decline_count c using (select company_id, network, began_at from ipp.decline_count "
            "where began_at < $1 order by began_at limit $2) old where c.company_id = old.company_id "
            "and c.network = old.network and c.began_at = old.began_at",
            p.clock.now() - _KEPT, _FORGET_AT_ONCE,
        )  # fmt: skip
