"""Two people decide, neither of them the one who entered it; one hands over what was put together.

Each step is one conditional statement, so that of two who come at the same moment one is first and the other second,
and the constraints of the table refuse whatever this file might get wrong.
"""

from datetime import UTC, date
from typing import NoReturn

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.domains.disclosures.errors import Decided, NoSuchCase, NotYours
from ippgateway.domains.disclosures.models import DisclosureCase
from ippgateway.domains.disclosures.states import Act, State, after
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import DISCLOSURE
from ippgateway.privacy.disclosure.register import in_force
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

_THREE_PEOPLE = "ck_disclosure_case_three_people"


async def approve(p: Platform, *, case_id: str, by: str) -> State:
    """One of the two approvals; how the case stands after it. Raises NoSuchCase, NotYours, Decided."""
    now, approved = p.clock.now(), after(State.OPEN, Act.APPROVE_LAST)
    try:
        async with p.db.begin(DISCLOSURE, tenants=[PLATFORM]) as tx:
            state = await tx.value(
                "update ipp.disclosure_case set first_by = coalesce(first_by, $3), first_at = coalesce(first_at, $4), "
                "second_by = case when first_by is not null then $3 end, "
                "second_at = case when first_by is not null then $4::timestamptz end, "
                f"state = case when first_by is not null then '{approved.value}' else state end "
                "where tenant_id = $1 and id = $2 and state = 'OPEN' returning state",
                PLATFORM, case_id, by, now,
            )  # fmt: skip
            if state is None:
                await _why_not(tx, case_id)
            await audit.record(tx, actor=f"{p.zone.value}/{by}", act="disclosure.approved", on=case_id)
    except asyncpg.CheckViolationError as broken:
        if broken.constraint_name == _THREE_PEOPLE:
            raise NotYours from None
        raise
    return State(state)


async def refuse(p: Platform, *, case_id: str, by: str) -> None:
    """End it without handing anything over. Raises NoSuchCase, Decided."""
    async with p.db.begin(DISCLOSURE, tenants=[PLATFORM]) as tx:
        done = await tx.execute(
            "update ipp.disclosure_case set state = 'REFUSED', ended_by = $3, ended_at = $4, export = null "
            "where tenant_id = $1 and id = $2 and state in ('OPEN', 'APPROVED', 'READY')",
            PLATFORM, case_id, by, p.clock.now(),
        )  # fmt: skip
        if not done:
            await _why_not(tx, case_id)
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act="disclosure.refused", on=case_id)


async def hand_over(p: Platform, *, case_id: str, by: str) -> bytes:
    """The file, once: after it only its digest is kept. Raises NoSuchCase, Decided, also when the recipient is not in
    force any more."""
    async with p.db.begin(DISCLOSURE, tenants=[PLATFORM]) as tx:
        row = await tx.row(
            "select asker_id, export from ipp.disclosure_case where tenant_id = $1 and id = $2 and state = 'READY'",
            PLATFORM, case_id,
        )  # fmt: skip
        if row is None:
            await _why_not(tx, case_id)
        if not await in_force(tx, case_id, p.clock.now()):
            raise Decided
    box = await p.persons.open(DISCLOSURE, PLATFORM, row["asker_id"])
    file = box.open(DisclosureCase.export, row["export"]).open().encode()
    async with p.db.begin(DISCLOSURE, tenants=[PLATFORM]) as tx:
        done = await tx.execute(
            "update ipp.disclosure_case set state = 'DONE', ended_by = $3, ended_at = $4, export = null "
            "where tenant_id = $1 and id = $2 and state = 'READY'", PLATFORM, case_id, by, p.clock.now(),
        )  # fmt: skip
        if not done:
            raise Decided
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act="disclosure.handed_over", on=case_id)
    return file


async def set_silence(p: Platform, *, case_id: str, by: str, until: date | None) -> None:
    """Until when the people concerned must not be told; None: from now on they may be. Raises NoSuchCase, Decided."""
    today = p.clock.now().astimezone(UTC).date()
    async with p.db.begin(DISCLOSURE, tenants=[PLATFORM]) as tx:
        done = await tx.execute(
            "update ipp.disclosure_case set silent_until = $3 where tenant_id = $1 and id = $2 and told_at is null "
            "and state <> 'REFUSED'", PLATFORM, case_id, until if until is None or until >= today else None,
        )  # fmt: skip
        if not done:
            await _why_not(tx, case_id)
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act="disclosure.silence_set", on=case_id)


async def _why_not(tx: Tx, case_id: str) -> NoReturn:
    """Raises Decided, or NoSuchCase."""
    there = await tx.value("select 1 from ipp.disclosure_case where tenant_id = $1 and id = $2", PLATFORM, case_id)
    raise Decided if there else NoSuchCase
