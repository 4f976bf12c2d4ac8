"""Owing somebody a letter, and sending it (BASIS-7).

At least once until the mail server's yes is recorded, and never after that: a worker that dies between that yes and our
commit sends a letter twice, one that records first would sometimes never send it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ippgateway.core.database import Tx
from ippgateway.core.jobs import MAIL_DUE, defer
from ippgateway.core.log import Log
from ippgateway.core.secret import Secret
from ippgateway.domains.mail import letters
from ippgateway.domains.mail.models import Letter
from ippgateway.domains.mail.ports import Carrier, Handed, Outgoing, Permits
from ippgateway.domains.mail.schemas import MARKETING, Kind, Sending
from ippgateway.domains.mail.states import EARLY, LEASE, After, State, after
from ippgateway.privacy.catalogue import EMAIL, FREE_TEXT, MAIL, MAIL_PROVIDER, NEWS
from ippgateway.privacy.disclosure import records
from ippgateway.privacy.persons import Box, KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.sealing import CannotOpen
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import PLATFORM

_log = Log("mail")

_GRACE = timedelta(seconds=10)
_TURN = timedelta(seconds=5)
_RUNG_AT_ONCE = 1000
_HANDED = records.named({EMAIL, FREE_TEXT})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Claimed:
    """A letter that is ours until `until`."""

    tenant_id: str
    id: str
    person_id: str
    kind: str
    language: str
    tries: int
    created_at: datetime
    address: bytes
    told: bytes | None
    until: datetime


async def owe(
    tx: Tx,
    p: Platform,
    *,
    box: Box,
    tenant_id: str,
    person_id: str,
    kind: Kind,
    language: str,
    address: str,
    told: Mapping[str, str] | None = None,
) -> str:
    """Owe somebody a letter, due at once, in the transaction that gave rise to it. The letter's id.

    `box`: the keys of the person whom it is about, who is ours (`privacy.zones.PLATFORM`). `told`: what it says besides
    its own words, by the names in `letters.TOLD`; sealed, and emptied once it is sent. Raises BadLetter.
    """
    told = told or {}
    letters.check(kind, told)
    letter_id, now = p.ids.new(), p.clock.now()
    await tx.execute(
        "insert into ipp.letter (tenant_id, id, person_id, kind, language, state, created_at, next_at, address, told) "
        "values ($1, $2, $3, $4, $5, 'DUE', $6, $6, $7, $8)",
        tenant_id, letter_id, person_id, kind.value, language, now, box.seal(Letter.address, address),
        box.seal(Letter.told, json.dumps(dict(told))) if told else None,
    )  # fmt: skip
    await defer(tx, MAIL_DUE, company_id=tenant_id, object_id=letter_id, at=now)
    return letter_id


async def send(p: Platform, carrier: Carrier, permits: Permits, *, tenant_id: str, letter_id: str) -> Sending:
    """Send a letter if it is due and nobody else is sending it; record how that ended. `permits` is asked of marketing
    at this moment, whatever was said when it was owed."""
    claimed = await _claim(p, tenant_id, letter_id)
    if claimed is None:
        return Sending.NOT_DUE
    stop = None
    if claimed.kind in MARKETING:
        stop = await permits(tenant_id=tenant_id, person_id=claimed.person_id)
        if stop is None:
            return await _give_up(p, claimed, State.VOID)
    letter = await _written(p, claimed, stop)
    if letter is None:
        return await _give_up(p, claimed)
    if p.clock.now() + timedelta(seconds=carrier.timeout_s) > claimed.until:
        return Sending.NOT_DUE  # something held us up; by the end it would no longer be ours
    return await _record(p, claimed, await carrier.send(letter))


async def void_news(tx: Tx, *, tenant_id: str, person_id: str) -> int:
    """What somebody was to have of marketing and did not get yet is void, in the transaction in which they say no. How
    many letters."""
    return await tx.execute(
        "update ipp.letter set state = 'VOID', next_at = null, told = null "
        "where tenant_id = $1 and person_id = $2 and kind = any($3::text[]) and state = 'DUE'",
        tenant_id, person_id, [kind.value for kind in MARKETING],
    )  # fmt: skip


async def postpone(p: Platform, *, tenant_id: str, letter_id: str) -> None:
    """Leave a due letter for some seconds later, because enough are on their way already."""
    now = p.clock.now()
    async with p.db.begin(MAIL, tenants=[tenant_id]) as tx:
        await tx.execute(
            "update ipp.letter set next_at = $3 where tenant_id = $1 and id = $2 and state = 'DUE' and next_at <= $4",
            tenant_id, letter_id, now + _TURN, now + EARLY,
        )  # fmt: skip
        await _set_alarm_if_due(tx, tenant_id, letter_id)


async def ring_again(p: Platform) -> int:
    """Set the alarm for whatever is owed and was not looked at in time: a job may be lost, a row is not.

    An alarm that is still set is not set twice. How many are late, up to a thousand; the others have their turn later.
    """
    async with p.db.begin(MAIL) as tx:
        return await tx.execute(
            "select ipp.defer($1, tenant_id, id, next_at) from ipp.letter "
            "where state = 'DUE' and next_at < $2 order by next_at limit $3",
            MAIL_DUE, p.clock.now() - _GRACE, _RUNG_AT_ONCE,
        )  # fmt: skip


async def _claim(p: Platform, tenant_id: str, letter_id: str) -> _Claimed | None:
    now = p.clock.now()
    until = now + LEASE
    async with p.db.begin(MAIL, tenants=[tenant_id]) as tx:
        row = await tx.row(
            "update ipp.letter set next_at = $3 "
            "where tenant_id = $1 and id = $2 and state = 'DUE' and next_at <= $4 "
            "returning person_id, kind, language, tries, created_at, address, told",
            tenant_id, letter_id, until, now + EARLY,
        )  # fmt: skip
        if row is None:
            await _set_alarm_if_due(tx, tenant_id, letter_id)
            return None
    return _Claimed(tenant_id=tenant_id, id=letter_id, until=until, **row)


async def _set_alarm_if_due(tx: Tx, tenant_id: str, letter_id: str) -> None:
    """We came too early, or somebody has it and may die over it: look again when its time comes."""
    await tx.execute(
        "select ipp.defer($1, tenant_id, id, next_at) from ipp.letter "
        "where tenant_id = $2 and id = $3 and state = 'DUE'",
        MAIL_DUE, tenant_id, letter_id,
    )  # fmt: skip


async def _written(p: Platform, claimed: _Claimed, stop: Secret[str] | None) -> Outgoing | None:
    """The letter as it is sent; None when the person's key was destroyed, which ends what we owe with it."""
    box = await p.persons.open(MAIL, PLATFORM, claimed.person_id)
    try:
        address, told = box.open(Letter.address, claimed.address), box.open(Letter.told, claimed.told)
        written = letters.write(
            Kind(claimed.kind), claimed.language, json.loads(told.open() or "{}"), at=claimed.created_at,
            places=_places(p, claimed.tenant_id) | ({"stop": stop.open()} if stop is not None else {}),
            operator=p.operator,
        )  # fmt: skip
    except KeyDestroyed:
        return None
    except (CannotOpen, ValueError) as error:  # a letter that a newer version owed, or a row that somebody changed
        _log.error("letter.unreadable", error, letter=claimed.id)
        return None
    return Outgoing(
        id=claimed.id, to=address, subject=written.subject, text=Secret(written.text), language=claimed.language,
        at=claimed.created_at, purpose=_purpose(claimed.kind),
        about=Person(PLATFORM, claimed.person_id, claimed.tenant_id), stop=stop,
    )  # fmt: skip


def _purpose(kind: str) -> Purpose:
    """What a letter serves, which is what the gate and the record are told."""
    return NEWS if kind in MARKETING else MAIL


def _places(p: Platform, tenant_id: str) -> dict[str, str]:
    """Addresses of ours that a letter may name: at the desk for our staff, at the console for everybody else."""
    own = p.origins.get("desk" if tenant_id == PLATFORM else "console")
    found = {}
    if "site" in p.origins:
        found = {"site": p.origins["site"], "policy": f"{p.origins['site']}/privacy"}
    if own is not None:
        found |= {
            "security": f"{own}/account/security", "forgot": f"{own}/forgot", "partner": f"{own}/partner-access",
        }  # fmt: skip
    return found


async def _give_up(p: Platform, claimed: _Claimed, state: State = State.FAILED) -> Sending:
    end = After(state=state, tries=claimed.tries, next_at=None)
    async with p.db.begin(MAIL, tenants=[claimed.tenant_id]) as tx:
        await _write(tx, claimed, end, now=p.clock.now())
    _log.info("letter.unaddressed" if state is State.FAILED else "letter.void", letter=claimed.id)
    return Sending.FAILED if state is State.FAILED else Sending.VOID


async def _record(p: Platform, claimed: _Claimed, handed: Handed) -> Sending:
    now = p.clock.now()
    then = after(handed, tries=claimed.tries, owed_since=claimed.created_at, now=now)
    async with p.db.begin(MAIL, tenants=[claimed.tenant_id]) as tx:
        written = await _write(tx, claimed, then, now=now)
        if written and then.next_at is not None:
            await defer(tx, MAIL_DUE, company_id=claimed.tenant_id, object_id=claimed.id, at=then.next_at)
    _log.info(
        f"letter.{then.state.value.lower()}", letter=claimed.id, kind=claimed.kind, tries=then.tries,
        status=handed.status, failure=handed.failure and handed.failure.value,
    )  # fmt: skip
    if then.state is State.DUE:
        return Sending.AGAIN
    return Sending.SENT if then.state is State.SENT else Sending.FAILED


async def _write(tx: Tx, claimed: _Claimed, then: After, *, now: datetime) -> int:
    """A yes counts whenever it comes; anything else only while the letter is still ours. What it said goes with its
    end: it may hold a link that opens something."""
    return await tx.execute(
        "with written as (update ipp.letter set state = $3, tries = $4, next_at = $5, "
        "sent_at = case when $3 = 'SENT' then $6::timestamptz end, told = case when $3 = 'DUE' then told end "
        "where tenant_id = $1 and id = $2 and state = 'DUE' and (next_at = $7 or $3 = 'SENT') "
        f"returning tenant_id, person_id, id), handed as ({records.INSERT}select tenant_id, person_id, id, "
        f"{records.in_force(MAIL_PROVIDER, '$6')}, '{MAIL_PROVIDER.key}', $8::text, $6, '{_HANDED}' from written "
        f"where $3 = 'SENT'{records.ONCE}) "
        "select from written",
        claimed.tenant_id, claimed.id, then.state.value, then.tries, then.next_at, now, claimed.until,
        _purpose(claimed.kind).key,
    )  # fmt: skip
