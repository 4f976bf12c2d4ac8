"""Recovery codes: for whoever lost the second factor, each good once (facts, I.4)."""

from base64 import b32encode

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import NotStrong, WrongFactor
from ippgateway.domains.accounts.schemas import Arrival, Happened, Session, SignedIn
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import Known, note, tell
from ippgateway.domains.accounts.service.proof import locked, prove_by, require_strong
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy import audit
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest

CODES = 10
_OCTETS = 15
"""120 bits, which is enough to store a digest alone (ASVS 6.5.2), and 24 letters of base32."""
_GROUP = 4
_LONGEST = 60


async def prove_recovery(p: Platform, session: Session, *, code: Secret[str], arrival: Arrival | None) -> SignedIn:
    """Lift a session by a recovery code, which is used up; its owner is told. Raises WrongFactor, TooManyFailures."""

    async def check(tx: Tx, whom: Known) -> None:
        if not await tx.execute(
            "update ipp.recovery_code set used_at = $4 where tenant_id = $1 and user_id = $2 and digest = $3 "
            "and used_at is null",
            whom.tenant_id, whom.user_id, digest(_bare(code.open())), p.clock.now(),
        ):  # fmt: skip
            raise WrongFactor
        await note(tx, p, whom, Happened.RECOVERY_USED, arrival)
        await tell(tx, p, whom, Kind.RECOVERY_USED, arrival)

    return await prove_by(p, session, arrival, check)


async def recovery_left(p: Platform, session: Session) -> int:
    """How many recovery codes a user has left."""
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        left: int = await tx.value(
            "select count(*) from ipp.recovery_code where tenant_id = $1 and user_id = $2 and used_at is null",
            session.home_id, session.user_id,
        )  # fmt: skip
    return left


async def new_recovery_codes(p: Platform, session: Session) -> tuple[Secret[str], ...]:
    """New codes, to be shown once; the old ones are worth nothing. Raises NotStrong, also without a second factor."""
    require_strong(p, session)
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await locked(tx, p, session)
        if not whom.second_factor:
            raise NotStrong
        codes = await make(tx, p, whom)
        await note(tx, p, whom, Happened.RECOVERY_MADE)
        await tell(tx, p, whom, Kind.RECOVERY_MADE)
        await audit.record(tx, actor=f"{p.zone.value}/{whom.user_id}", act="recovery.made", on=whom.user_id)
    return codes


async def make(tx: Tx, p: Platform, whom: Known) -> tuple[Secret[str], ...]:
    """New codes in place of whichever there were."""
    await forget(tx, whom)
    bare = [b32encode(p.ids.randomness.octets(_OCTETS)).decode().lower() for _ in range(CODES)]
    await tx.execute(
        "insert into ipp.recovery_code (tenant_id, user_id, id, created_at, digest) "
        "select $1, $2, id, $5, digest from unnest($3::text[], $4::bytea[]) as t(id, digest)",
        whom.tenant_id, whom.user_id, [p.ids.new() for _ in bare], [digest(code) for code in bare], p.clock.now(),
    )  # fmt: skip
    return tuple(Secret(_grouped(code)) for code in bare)


async def forget(tx: Tx, whom: Known) -> None:
    """A user has no recovery codes any more."""
    await tx.execute(
        "delete from ipp.recovery_code where tenant_id = $1 and user_id = $2", whom.tenant_id, whom.user_id
    )


def _grouped(code: str) -> str:
    """As it is read and typed: groups of four with hyphens between."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _bare(typed: str) -> str:
    """A code as it is stored, however it was typed."""
    return "".join(c for c in typed[:_LONGEST].lower() if c.isalnum())
