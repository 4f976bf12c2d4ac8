"""Beginning, ending and reviewing an emergency access.

It is loud: letters to every administrator and to compliance are owed in the transaction that begins it. It ends by
itself: a session's rights are what they are when it is resumed, and no job has to run.
"""

from collections.abc import Iterable

import asyncpg

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience, Session
from ippgateway.domains.emergency.errors import (
    AlreadyOpen,
    NoFinding,
    NoReason,
    NoSuchAccess,
    NotReviewable,
    NotStrong,
    NotYours,
)
from ippgateway.domains.emergency.models import EmergencyAccess
from ippgateway.domains.emergency.schemas import LASTS, LONGEST, REVIEWED_WITHIN, AccessView, Looked, Verdict
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import AUDIT_REVIEW, STAFF_ACCOUNT
from ippgateway.privacy.persons import Box, KeyDestroyed
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

_SHORTEST = 15
_MOST_SHOWN = 200
_MOST_LOOKS = 500
_ANOTHER_REVIEWS = "ck_emergency_access_another_reviews"
_TOLD = ("administrator", "compliance")

# --- whoever needs it ---


async def start(p: Platform, session: Session, *, reason: str) -> str:
    """Open it for this session, for an hour; its id. Raises NotStrong, NoReason, AlreadyOpen."""
    now, access_id, said = p.clock.now(), p.ids.new(), reason.strip()
    if session.audience is not Audience.STAFF or not session.second_factor or not accounts.strong(session, now):
        raise NotStrong
    if not _SHORTEST <= len(said) <= LONGEST:
        raise NoReason
    async with p.db.begin(STAFF_ACCOUNT, tenants=[PLATFORM]) as tx:
        box = await accounts.box_of(tx, p, session)
        if not await tx.execute(
            "insert into ipp.emergency_access (tenant_id, id, user_id, session_id, began_at, ends_at, reason) "
            "select $1, $2, $3, $4::text, $5::timestamptz, $6, $7 where not exists (select from ipp.emergency_access e "
            "where e.session_id = $4::text and e.ends_at > $5::timestamptz and e.ended_at is null)",
            PLATFORM, access_id, session.user_id, session.id, now, now + LASTS, box.seal(EmergencyAccess.reason, said),
        ):  # fmt: skip
            raise AlreadyOpen
        await accounts.tell_staff(
            tx, p, roles=_TOLD, kind=Kind.EMERGENCY, by=session,
            told={"link": f"{p.origins.get('desk', '')}/reviews/{access_id}"},
        )  # fmt: skip
        await audit.record(tx, actor=f"{p.zone.value}/{session.user_id}", act="emergency.begun", on=access_id)
    return access_id


async def end(p: Platform, session: Session) -> None:
    """End the one that this session has; without one nothing happens."""
    async with p.db.begin(STAFF_ACCOUNT, tenants=[PLATFORM]) as tx:
        ended = await tx.fetch(
            "update ipp.emergency_access set ended_at = $3 where tenant_id = $1 and session_id = $2 "
            "and ended_at is null and ends_at > $3 returning id",
            PLATFORM, session.id, p.clock.now(),
        )  # fmt: skip
        for row in ended:
            await audit.record(tx, actor=f"{p.zone.value}/{session.user_id}", act="emergency.ended", on=row["id"])


# --- whoever reviews it ---


async def review(p: Platform, *, access_id: str, by: str, verdict: Verdict, finding: str) -> None:
    """Close it: somebody else than its user, once it has ended. Raises NoFinding, NoSuchAccess, NotYours,
    NotReviewable."""
    said = finding.strip()
    if not _SHORTEST <= len(said) <= LONGEST:
        raise NoFinding
    found = await one(p, access_id=access_id)
    now = p.clock.now()
    if found.open(now) or found.reviewed_at is not None:
        raise NotReviewable
    box = (await _boxes(p, [found.user_id]))[found.user_id]
    try:
        async with p.db.begin(STAFF_ACCOUNT, tenants=[PLATFORM]) as tx:
            if not await tx.execute(
                "update ipp.emergency_access set reviewed_by = $3, reviewed_at = $4, verdict = $5, finding = $6 "
                "where tenant_id = $1 and id = $2 and reviewed_at is null",
                PLATFORM, access_id, by, now, verdict.value, box.seal(EmergencyAccess.finding, said),
            ):  # fmt: skip
                raise NotReviewable
            await audit.record(tx, actor=f"{p.zone.value}/{by}", act="emergency.reviewed", on=access_id)
    except asyncpg.CheckViolationError as broken:
        if broken.constraint_name == _ANOTHER_REVIEWS:
            raise NotYours from None
        raise


async def every(p: Platform) -> tuple[AccessView, ...]:
    """The newest ones, those to be reviewed first."""
    return await _views(p, f"order by reviewed_at is not null, began_at desc limit {_MOST_SHOWN}")


async def one(p: Platform, *, access_id: str) -> AccessView:
    """One, with what was looked at under it. Raises NoSuchAccess."""
    found = await _views(p, "and id = $2", access_id)
    if not found:
        raise NoSuchAccess
    return found[0]


async def of_session(p: Platform, session: Session) -> AccessView | None:
    """The one that a session has, while it lasts."""
    if session.emergency_id is None:
        return None
    return await one(p, access_id=session.emergency_id)


async def overdue(p: Platform) -> int:
    """How many were not reviewed in time."""
    async with p.db.begin(STAFF_ACCOUNT, tenants=[PLATFORM]) as tx:
        count = await tx.value(
            "select count(*) from ipp.emergency_access where tenant_id = $1 and reviewed_at is null "
            "and coalesce(ended_at, ends_at) <= $2",
            PLATFORM, p.clock.now() - REVIEWED_WITHIN,
        )  # fmt: skip
    return int(count)


async def _views(p: Platform, which: str, *asked: object) -> tuple[AccessView, ...]:
    async with p.db.begin(STAFF_ACCOUNT, tenants=[PLATFORM]) as tx:
        rows = await tx.fetch(
            "select id, user_id, began_at, ends_at, ended_at, reviewed_by, reviewed_at, verdict, reason, finding "
            f"from ipp.emergency_access where tenant_id = $1 {which}",
            PLATFORM, *asked,
        )  # fmt: skip
    boxes = await _boxes(p, {row["user_id"] for row in rows})
    looks = await _looks(p, [row["id"] for row in rows])
    return tuple(_view(row, boxes[row["user_id"]], looks.get(row["id"], ())) for row in rows)


async def _boxes(p: Platform, user_ids: Iterable[str]) -> dict[str, Box]:
    async with p.db.begin(STAFF_ACCOUNT, tenants=[PLATFORM]) as tx:
        rows = await tx.fetch(
            "select id, person_id from ipp.app_user where tenant_id = $1 and id = any($2::text[])",
            PLATFORM, list(user_ids),
        )  # fmt: skip
    boxes = await p.persons.open_many(STAFF_ACCOUNT, PLATFORM, [row["person_id"] for row in rows])
    return {row["id"]: boxes[row["person_id"]] for row in rows}


async def _looks(p: Platform, access_ids: list[str]) -> dict[str, tuple[Looked, ...]]:
    async with p.db.begin(AUDIT_REVIEW) as tx:
        rows = await tx.fetch(
            "select emergency_id, at, tenant_id, person_id, why, shown from ipp.look "
            f"where emergency_id = any($1::text[]) order by at limit {_MOST_LOOKS}",
            access_ids,
        )  # fmt: skip
    found: dict[str, tuple[Looked, ...]] = {}
    for row in rows:
        told = Looked(at=row["at"], tenant_id=row["tenant_id"], person_id=row["person_id"], why=row["why"],
                      shown=row["shown"] or "")  # fmt: skip
        found[row["emergency_id"]] = (*found.get(row["emergency_id"], ()), told)
    return found


def _view(row: asyncpg.Record, box: Box, looks: tuple[Looked, ...]) -> AccessView:
    try:
        reason = box.open(EmergencyAccess.reason, row["reason"]).open()
        finding = box.open(EmergencyAccess.finding, row["finding"]).open()
    except KeyDestroyed:
        reason, finding = "", ""
    return AccessView(
        id=row["id"], user_id=row["user_id"], began_at=row["began_at"], ends_at=row["ends_at"],
        ended_at=row["ended_at"], reviewed_by=row["reviewed_by"], reviewed_at=row["reviewed_at"],
        verdict=Verdict(row["verdict"]) if row["verdict"] else None, reason=reason, finding=finding, looks=looks,
    )  # fmt: skip
