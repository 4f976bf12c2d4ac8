"""Application passwords: for programs that sign in over the wire and move money without a person beside them. Each is
made under a second factor (wire contract 7.2)."""

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import BadProfile
from ippgateway.domains.accounts.models import Credential
from ippgateway.domains.accounts.schemas import ApplicationPassword, Audience, Happened, Session
from ippgateway.domains.accounts.service.factors import label_of
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import known, note, tell
from ippgateway.domains.accounts.service.passwords import hash_password
from ippgateway.domains.accounts.service.proof import locked, require_strong
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy import audit
from ippgateway.privacy.platform import Platform

MOST = 5
"""Of one user: each costs a sign-in that fails another hash."""
_LETTERS = 32
_WHO = (Audience.COMPANY, Audience.PARTNER)


async def applications(p: Platform, session: Session) -> tuple[ApplicationPassword, ...]:
    """The application passwords of a user, the oldest first."""
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)
        rows = await tx.fetch(
            "select id, label, created_at, used_at from ipp.credential where tenant_id = $1 and user_id = $2 "
            "and kind = 'application' order by created_at, id",
            whom.tenant_id, whom.user_id,
        )  # fmt: skip
    return tuple(
        ApplicationPassword(
            id=row["id"], label=whom.box.open(Credential.label, row["label"]).open(), created_at=row["created_at"],
            used_at=row["used_at"],
        )
        for row in rows
    )  # fmt: skip


async def add_application(p: Platform, session: Session, *, label: str) -> tuple[str, Secret[str]]:
    """A new application password: its id, and what it is, to be shown once. Not for a guest in somebody's account, nor
    for whoever has no business over the wire.

    Raises NotStrong, and BadProfile for a label that can't be one, for whom it is not, and when there are enough.
    """
    require_strong(p, session)
    named = label_of(label)
    if session.audience not in _WHO or session.guest_of is not None:
        raise BadProfile("application")
    password, application_id = Secret(p.ids.letters(_LETTERS)), p.ids.new()
    hashed = await hash_password(password)
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await locked(tx, p, session)
        has = await tx.value(
            "select count(*) from ipp.credential where tenant_id = $1 and user_id = $2 and kind = 'application'",
            whom.tenant_id, whom.user_id,
        )  # fmt: skip
        if has >= MOST:
            raise BadProfile("applications")
        await tx.execute(
            "insert into ipp.credential (tenant_id, user_id, id, kind, moves_money, created_at, label, hash) "
            "values ($1, $2, $3, 'application', true, $4, $5, $6)",
            whom.tenant_id, whom.user_id, application_id, p.clock.now(), whom.box.seal(Credential.label, named), hashed,
        )  # fmt: skip
        await note(tx, p, whom, Happened.APPLICATION_ADDED)
        await tell(tx, p, whom, Kind.APPLICATION_ADDED, told={"what": named})
        await audit.record(tx, actor=f"{p.zone.value}/{whom.user_id}", act="application.added", on=application_id)
    return application_id, password


async def remove_application(p: Platform, session: Session, application_id: str) -> None:
    """Take an application password away; one that is somebody else's, or gone already, stays as it is. The user's
    programs are signed out: no session says which password it began with. Raises NotStrong."""
    require_strong(p, session)
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await locked(tx, p, session)
        if not await tx.execute(
            "delete from ipp.credential where tenant_id = $1 and user_id = $2 and id = $3 and kind = 'application'",
            whom.tenant_id, whom.user_id, application_id,
        ):  # fmt: skip
            return
        await tx.execute(
            "update ipp.sign_in_session set ended_at = $3 where tenant_id = $1 and user_id = $2 and wire "
            "and ended_at is null",
            whom.tenant_id, whom.user_id, p.clock.now(),
        )  # fmt: skip
        await note(tx, p, whom, Happened.APPLICATION_REMOVED)
        await audit.record(tx, actor=f"{p.zone.value}/{whom.user_id}", act="application.removed", on=application_id)
