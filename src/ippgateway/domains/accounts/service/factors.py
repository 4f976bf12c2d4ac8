"""Second factors: listed, added, removed. What each kind proves is in `totp` and `passkeys`."""

from ippgateway.core.database import Tx
from ippgateway.domains.accounts.errors import BadProfile, LastFactor, NotStrong
from ippgateway.domains.accounts.models import Factor
from ippgateway.domains.accounts.schemas import (
    Arrival,
    Audience,
    FactorKind,
    FactorView,
    Happened,
    Proven,
    Session,
    Stage,
)
from ippgateway.domains.accounts.service import recovery
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import Known, known, note, tell
from ippgateway.domains.accounts.service.proof import locked, require_strong
from ippgateway.domains.accounts.service.sessions import prove, strong
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy import audit
from ippgateway.privacy.platform import Platform

MOST = 10
"""Second factors of one user."""
_LONGEST_LABEL = 60


async def factors(p: Platform, session: Session) -> tuple[FactorView, ...]:
    """The second factors of a user, the oldest first."""
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)
        rows = await tx.fetch(
            "select id, kind, label, created_at, used_at from ipp.second_factor where tenant_id = $1 and user_id = $2 "
            "and confirmed_at is not null order by created_at, id",
            session.home_id, session.user_id,
        )  # fmt: skip
    return tuple(
        FactorView(
            id=row["id"], kind=FactorKind(row["kind"]), label=whom.box.open(Factor.label, row["label"]).open(),
            created_at=row["created_at"], used_at=row["used_at"],
        )
        for row in rows
    )  # fmt: skip


async def remove_factor(p: Platform, session: Session, factor_id: str) -> None:
    """Take a second factor away; one that is somebody else's, or gone already, stays as it is. With the last one go the
    recovery codes, the application passwords that were made under it, and what the user's browsers could do by it.

    Raises NotStrong, LastFactor.
    """
    require_strong(p, session)
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await locked(tx, p, session)
        others = await tx.value(
            "select count(*) from ipp.second_factor where tenant_id = $1 and user_id = $2 and confirmed_at is not null "
            "and id <> $3",
            whom.tenant_id, whom.user_id, factor_id,
        )  # fmt: skip
        gone = await tx.row(
            "delete from ipp.second_factor where tenant_id = $1 and user_id = $2 and id = $3 "
            "and confirmed_at is not null returning label",
            whom.tenant_id, whom.user_id, factor_id,
        )  # fmt: skip
        if gone is None:
            return
        if not others:
            if whom.audience is Audience.STAFF:
                raise LastFactor
            await _without_any(tx, p, whom)
        await note(tx, p, whom, Happened.FACTOR_REMOVED)
        label = whom.box.open(Factor.label, gone["label"]).open()
        await tell(tx, p, whom, Kind.FACTOR_REMOVED, told={"what": label})
        await audit.record(tx, actor=f"{p.zone.value}/{whom.user_id}", act="factor.removed", on=factor_id)


async def _without_any(tx: Tx, p: Platform, whom: Known) -> None:
    await tx.execute(
        "update ipp.app_user set second_factor = false where tenant_id = $1 and id = $2", whom.tenant_id, whom.user_id
    )
    await recovery.forget(tx, whom)
    await tx.execute(
        "delete from ipp.credential where tenant_id = $1 and user_id = $2 and kind = 'application'",
        whom.tenant_id, whom.user_id,
    )  # fmt: skip
    await tx.execute(
        "update ipp.sign_in_session set ended_at = $3 where tenant_id = $1 and user_id = $2 and wire "
        "and ended_at is null",
        whom.tenant_id, whom.user_id, p.clock.now(),
    )  # fmt: skip
    await tx.execute(
        "update ipp.sign_in_session set moves_money = false, strong_at = null where tenant_id = $1 and user_id = $2 "
        "and not wire",
        whom.tenant_id, whom.user_id,
    )  # fmt: skip


# --- what adding one of either kind has in common ---


async def may_add(tx: Tx, p: Platform, session: Session) -> Known:
    """Whose factor it will be: whoever has one already has proven it a moment ago. Raises NotStrong, BadProfile."""
    if session.stage is not Stage.OPEN:
        raise NotStrong
    whom = await locked(tx, p, session)
    if whom.second_factor and not strong(session, p.clock.now()):
        raise NotStrong
    has = await tx.value(
        "select count(*) from ipp.second_factor where tenant_id = $1 and user_id = $2 and confirmed_at is not null",
        whom.tenant_id, whom.user_id,
    )  # fmt: skip
    if has >= MOST:
        raise BadProfile("factors")
    return whom


async def added(
    tx: Tx, p: Platform, session: Session, whom: Known, *, factor_id: str, label: str, arrival: Arrival | None
) -> Proven:
    """A factor was proven for the first time: the session is as good as after any other proof, and with the first
    factor come recovery codes."""
    codes = () if whom.second_factor else await recovery.make(tx, p, whom)
    await tx.execute(
        "update ipp.app_user set second_factor = true where tenant_id = $1 and id = $2", whom.tenant_id, whom.user_id
    )
    await note(tx, p, whom, Happened.FACTOR_ADDED, arrival)
    await tell(tx, p, whom, Kind.FACTOR_ADDED, arrival, told={"what": label})
    await audit.record(tx, actor=f"{p.zone.value}/{whom.user_id}", act="factor.added", on=factor_id)
    return Proven(signed_in=await prove(tx, p, session, arrival=arrival), codes=codes)


def label_of(typed: str) -> str:
    """What somebody calls a thing of theirs. Raises BadProfile."""
    label = " ".join(typed.split())
    if len(label) > _LONGEST_LABEL or not label.isprintable():
        raise BadProfile("label")
    return label
