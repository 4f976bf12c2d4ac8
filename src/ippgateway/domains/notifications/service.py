"""Owing a shop a notification, and delivering it (wire contract 8.7).

At least once until a 2xx is recorded, and never after that: a worker that dies between a shop's 2xx and our commit has
called once too often, one that records first would sometimes never have called.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from ippgateway.core.database import Tx
from ippgateway.core.ids import Ids
from ippgateway.core.jobs import NOTIFICATION_DUE, defer
from ippgateway.core.log import Log
from ippgateway.core.secret import Secret
from ippgateway.domains.notifications.models import Notification
from ippgateway.domains.notifications.ports import Answer, Sender
from ippgateway.domains.notifications.schemas import Delivery
from ippgateway.domains.notifications.states import EARLY, LEASE, After, State, after
from ippgateway.privacy.catalogue import FREE_TEXT, NOTIFY, PAYMENT_RECORDS, SHOP
from ippgateway.privacy.disclosure import records
from ippgateway.privacy.persons import Box, KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import CannotOpen

_log = Log("notifications")

_GRACE = timedelta(seconds=10)
_TURN = timedelta(seconds=5)
_RUNG_AT_ONCE = 1000
_KEY_LETTERS = 8
_MOST_LISTED = 5000
_HANDED = records.named({FREE_TEXT})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Claimed:
    """A notification that is ours until `until`."""

    company_id: str
    id: str
    payment_id: str
    person_id: str
    tries: int
    test: bool
    url: bytes
    until: datetime


class Owed(NamedTuple):
    """A notification that a shop is owed. `url` comes from `sealed`."""

    company_id: str
    id: str
    payment_id: str
    person_id: str
    test: bool
    at: datetime
    url: bytes


def sealed(box: Box, url: str) -> bytes | None:
    """A shop's address, sealed for the payer whom the payment is about; None when there is none."""
    return box.seal(Notification.url, url)


async def owe(
    tx: Tx, ids: Ids, *, company_id: str, payment_id: str, person_id: str, test: bool, url_sealed: bytes, at: datetime
) -> None:
    """Owe the shop one notification of this payment. See `owe_all`."""
    await owe_all(tx, [Owed(company_id, ids.new(), payment_id, person_id, test, at, url_sealed)])


async def owe_all(tx: Tx, owed: Sequence[Owed]) -> None:
    """Owe shops one notification for each payment, due at `at`; a second time it changes nothing.

    Called in the transaction in which the payments become final.
    """
    await tx.execute(
        "with made as (insert into ipp.notification "
        "  (company_id, id, payment_id, person_id, test, state, tries, created_at, next_at, url) "
        "  select company_id, id, payment_id, person_id, test, 'PENDING', 0, at, at, url from unnest("
        "    $1::text[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::timestamptz[], $7::bytea[]) "
        "  as owed(company_id, id, payment_id, person_id, test, at, url) "
        "  on conflict (company_id, payment_id) do nothing returning company_id, id, next_at) "
        "select ipp.defer($8, company_id, id, next_at) from made",
        *zip(*owed, strict=True), NOTIFICATION_DUE,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A notification as its shop sees it (wire contract 7.13)."""

    id: str
    payment_id: str
    state: str
    created_at: datetime
    last_at: datetime | None
    next_at: datetime | None


async def listed(p: Platform, *, company_id: str) -> list[Listed]:
    """A company's notifications, newest first, at most 5000."""
    async with p.db.begin(PAYMENT_RECORDS, tenants=[company_id]) as tx:
        rows = await tx.fetch(
            "select id, payment_id, state, created_at, last_at, next_at from ipp.notification where company_id = $1 "
            f"order by created_at desc, id desc limit {_MOST_LISTED}",
            company_id,
        )
    return [Listed(**dict(row)) for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """How far a payment's notification is. `last_status`: what the shop answered, None when nobody did."""

    id: str
    state: str
    tries: int
    last_status: int | None
    created_at: datetime
    last_at: datetime | None
    next_at: datetime | None


async def of_payment(tx: Tx, *, company_id: str, payment_id: str) -> Told | None:
    """The notification of a payment; None when its shop asked for none, or nothing is final yet."""
    row = await tx.row(
        "select id, state, tries, last_status, created_at, last_at, next_at from ipp.notification "
        "where company_id = $1 and payment_id = $2",
        company_id, payment_id,
    )  # fmt: skip
    return None if row is None else Told(**dict(row))


async def deliver(p: Platform, sender: Sender, *, company_id: str, notification_id: str) -> Delivery:
    """Call the shop if its notification is due and nobody else is calling; record how that ended."""
    claimed = await _claim(p, company_id, notification_id)
    if claimed is None:
        return Delivery.NOT_DUE
    url = await _address(p, claimed)
    if url is None:
        return await _give_up(p, claimed)
    if p.clock.now() + timedelta(seconds=sender.timeout_s) > claimed.until:
        return Delivery.NOT_DUE  # something held us up; by the end of the call it would no longer be ours
    answer = await sender.get(url, allow_plain=claimed.test)
    return await _record(p, claimed, answer)


async def postpone(p: Platform, *, company_id: str, notification_id: str) -> None:
    """Leave a due notification for some seconds later, because its shop has enough calls to answer already."""
    now = p.clock.now()
    async with p.db.begin(NOTIFY, tenants=[company_id]) as tx:
        await tx.execute(
            "update ipp.notification set next_at = $3 "
            "where company_id = $1 and id = $2 and state = 'PENDING' and next_at <= $4",
            company_id, notification_id, now + _TURN, now + EARLY,
        )  # fmt: skip
        await _set_alarm_if_pending(tx, company_id, notification_id)


async def ring_again(p: Platform) -> int:
    """Set the alarm for whatever is owed and was not looked at in time: a job may be lost, a row is not.

    An alarm that is still set is not set twice. How many are late, up to a thousand; the others have their turn later.
    """
    async with p.db.begin(NOTIFY) as tx:
        return await tx.execute(
            "select ipp.defer($1, company_id, id, next_at) from ipp.notification "
            "where state = 'PENDING' and next_at < $2 order by next_at limit $3",
            NOTIFICATION_DUE, p.clock.now() - _GRACE, _RUNG_AT_ONCE,
        )  # fmt: skip


def called(url: str, *, transaction_id: str, transaction_key: str) -> str:
    """The shop's address with exactly these two parameters added to its query, and nothing else changed (8.7)."""
    before, hash_sign, fragment = url.partition("#")
    _, mark, query = before.partition("?")
    if not mark:
        joint = "?"
    else:
        joint = "" if not query or query.endswith("&") else "&"
    return f"{before}{joint}transaction_id={transaction_id}&transaction_key={transaction_key}{hash_sign}{fragment}"


async def _claim(p: Platform, company_id: str, notification_id: str) -> _Claimed | None:
    now = p.clock.now()
    until = now + LEASE
    async with p.db.begin(NOTIFY, tenants=[company_id]) as tx:
        row = await tx.row(
            "update ipp.notification set next_at = $3 "
            "where company_id = $1 and id = $2 and state = 'PENDING' and next_at <= $4 "
            "returning payment_id, person_id, tries, test, url",
            company_id, notification_id, until, now + EARLY,
        )  # fmt: skip
        if row is None:
            await _set_alarm_if_pending(tx, company_id, notification_id)
            return None
    return _Claimed(company_id=company_id, id=notification_id, until=until, **row)


async def _set_alarm_if_pending(tx: Tx, company_id: str, notification_id: str) -> None:
    """We came too early, or somebody has it and may die over it: look again when its time comes."""
    await tx.execute(
        "select ipp.defer($1, company_id, id, next_at) from ipp.notification "
        "where company_id = $2 and id = $3 and state = 'PENDING'",
        NOTIFICATION_DUE, company_id, notification_id,
    )  # fmt: skip


async def _address(p: Platform, claimed: _Claimed) -> Secret[str] | None:
    """What to call; None when the person's key was destroyed, which ends what we owe with it."""
    box = await p.persons.open(NOTIFY, claimed.company_id, claimed.person_id)
    try:
        url = box.open(Notification.url, claimed.url)
    except KeyDestroyed:
        return None
    except CannotOpen as error:
        _log.error("notification.unreadable", error, notification=claimed.id)
        return None
    key = p.persons.index.letters(claimed.company_id, "payment_key", claimed.payment_id, _KEY_LETTERS)
    return Secret(called(url.open(), transaction_id=claimed.payment_id, transaction_key=key))


async def _give_up(p: Platform, claimed: _Claimed) -> Delivery:
    end = After(state=State.FAILED, tries=claimed.tries, next_at=None)
    async with p.db.begin(NOTIFY, tenants=[claimed.company_id]) as tx:
        await _write(tx, claimed, end, status=None, now=p.clock.now())
    _log.info("notification.unaddressed", notification=claimed.id)
    return Delivery.FAILED


async def _record(p: Platform, claimed: _Claimed, answer: Answer) -> Delivery:
    now = p.clock.now()
    then = after(answer, tries=claimed.tries, now=now)
    async with p.db.begin(NOTIFY, tenants=[claimed.company_id]) as tx:
        written = await _write(tx, claimed, then, status=answer.status, now=now)
        if written and then.next_at is not None:
            await defer(tx, NOTIFICATION_DUE, company_id=claimed.company_id, object_id=claimed.id, at=then.next_at)
    _log.info(
        f"notification.{then.state.value.lower()}", notification=claimed.id, tries=then.tries, status=answer.status,
        failure=answer.failure and answer.failure.value,
    )  # fmt: skip
    if then.state is State.PENDING:
        return Delivery.AGAIN
    return Delivery.DELIVERED if then.state is State.DELIVERED else Delivery.FAILED


async def _write(tx: Tx, claimed: _Claimed, then: After, *, status: int | None, now: datetime) -> int:
    """A 2xx counts whenever it comes; anything else only while the notification is still ours. Any status means that
    the shop's address was called, which may name the payer."""
    return await tx.execute(
        "with called as (update ipp.notification set state = $3, tries = $4, next_at = $5, last_status = $6, "
        "last_at = $7 where company_id = $1 and id = $2 and state = 'PENDING' and (next_at = $8 or $3 = 'DELIVERED') "
        f"returning company_id, person_id, id), told as ({records.INSERT}select company_id, person_id, id, "
        f"{records.in_force(SHOP, '$7')}, '{SHOP.key}', '{NOTIFY.key}', $7, '{_HANDED}' from called "
        f"where $6::int is not null{records.ONCE}) "
        "select from called",
        claimed.company_id, claimed.id, then.state.value, then.tries, then.next_at, status, now, claimed.until,
    )  # fmt: skip
