"""A new password: chosen by whoever has the old one, or set by an administrator."""

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import NoSuchUser, WrongCredentials
from ippgateway.domains.accounts.ports import Breaches
from ippgateway.domains.accounts.schemas import Audience, Happened, Session
from ippgateway.domains.accounts.service import throttle, tickets
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import Known, known, note, tell
from ippgateway.domains.accounts.service.managing import By, recorded, require_own, rights_now
from ippgateway.domains.accounts.service.passwords import Rule, fits, hash_password, nobodys, require_good
from ippgateway.domains.accounts.service.sessions import end_all
from ippgateway.domains.accounts.service.throttle import PASSWORD
from ippgateway.domains.accounts.service.tickets import TicketKind
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM


async def change_password(
    p: Platform, session: Session, breaches: Breaches, *, current: Secret[str], new: Secret[str]
) -> None:
    """Choose a new password. The other sessions end, and their user is told.

    Raises WrongCredentials (not the current one), WeakPassword, TooManyFailures.
    """
    whom = await require_current(p, session, current)
    await require_good(breaches, new, rule=rule_for(whom), about=whom.about)
    hashed = await hash_password(new)
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        await replace(tx, p, whom, hashed)
        await end_all(tx, p, tenant_id=whom.tenant_id, user_id=whom.user_id, but=session.id)


async def set_password(
    p: Platform,
    breaches: Breaches,
    *,
    audience: Audience,
    tenant_id: str,
    user_id: str,
    new: Secret[str],
    by: By,
    rule: Rule,
    keep: str | None = None,
    must_change: bool = False,
) -> None:
    """Set a user's password for them, as an administrator does over the wire (7.4). Their sessions end, `keep` one: of
    whoever sets their own. `must_change`: they have to choose another one. Raises NoSuchUser, WeakPassword;
    BadProfile of a colleague who may do more, because whoever sets a password can sign in with it."""
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx:
        whom = await known(tx, p, tenant_id=tenant_id, user_id=user_id)
        if whom.audience is not audience or whom.status == "closed":
            raise NoSuchUser
        if isinstance(by, Session) and by.home_id == tenant_id and by.user_id != user_id:
            require_own(by, await rights_now(tx, whom))
    await require_good(breaches, new, rule=rule, about=whom.about)
    hashed = await hash_password(new)
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx:
        await replace(tx, p, whom, hashed, must_change=must_change)
        await end_all(tx, p, tenant_id=tenant_id, user_id=user_id, but=keep)
        await recorded(tx, p, by, "user.password_set", tenant_id, user_id)


async def require_current(p: Platform, session: Session, current: Secret[str]) -> Known:
    """Whoever is signed in, if it is their password. Counted as a sign-in is. Raises WrongCredentials,
    TooManyFailures."""
    it = throttle.attempt(p, f"current\0{session.user_id}", None)
    async with throttle.one_at_a_time(it):
        async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
            whom = await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)
        async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
            await throttle.require_open(tx, p, it, PASSWORD)
            hashed = await tx.value(
                "select hash from ipp.credential where tenant_id = $1 and user_id = $2 and kind = 'password'",
                session.home_id, session.user_id,
            )  # fmt: skip
        if await fits(hashed or nobodys(), current):
            return whom
        async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
            await throttle.count(tx, p, it, PASSWORD)
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        await note(tx, p, whom, Happened.WRONG_PASSWORD)
    raise WrongCredentials


def rule_for(whom: Known) -> Rule:
    """What a password that a user chooses in a browser must fulfil."""
    return Rule.WITH_FACTOR if whom.second_factor else Rule.BROWSER


async def replace(tx: Tx, p: Platform, whom: Known, hashed: str, *, must_change: bool = False) -> None:
    """Another password for a user, who is told. Links to a new one that were mailed before are spent."""
    if not await tx.execute(
        "update ipp.credential set hash = $3, used_at = null where tenant_id = $1 and user_id = $2 "
        "and kind = 'password'",
        whom.tenant_id, whom.user_id, hashed,
    ):  # fmt: skip
        await tx.execute(
            "insert into ipp.credential (tenant_id, user_id, id, kind, moves_money, created_at, hash) "
            "values ($1, $2, $3, 'password', false, $4, $5)",
            whom.tenant_id, whom.user_id, p.ids.new(), p.clock.now(), hashed,
        )  # fmt: skip
    await tx.execute(
        "update ipp.app_user set must_change_password = $3 where tenant_id = $1 and id = $2",
        whom.tenant_id, whom.user_id, must_change,
    )  # fmt: skip
    await tickets.end_all(
        tx, p, tenant_id=whom.tenant_id, user_id=whom.user_id, kinds=(TicketKind.RESET, TicketKind.INVITE)
    )
    await note(tx, p, whom, Happened.PASSWORD_CHANGED)
    await tell(tx, p, whom, Kind.PASSWORD_CHANGED)
