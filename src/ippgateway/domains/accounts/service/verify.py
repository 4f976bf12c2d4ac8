"""Whose an e-mail address is: shown by a link that was mailed there."""

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import NotStrong, TicketSpent
from ippgateway.domains.accounts.models import Ticket as TicketRow
from ippgateway.domains.accounts.models import User
from ippgateway.domains.accounts.schemas import Happened, Session
from ippgateway.domains.accounts.service import throttle, tickets
from ippgateway.domains.accounts.service.change import require_current
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import ACTIVE, known, note, tell
from ippgateway.domains.accounts.service.links import link_to
from ippgateway.domains.accounts.service.sessions import strong
from ippgateway.domains.accounts.service.throttle import RESET
from ippgateway.domains.accounts.service.tickets import TicketKind
from ippgateway.domains.accounts.service.users import code_of, require_profile
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM


async def ask_verify(p: Platform, session: Session) -> None:
    """Mail whoever is signed in a link that shows whose the address is; not once it is shown. Raises TooManyFailures:
    three letters an hour."""
    await _count(p, session)
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)
        if whom.verified:
            return
        ticket = await tickets.issue(
            tx, p, tenant_id=whom.tenant_id, user_id=whom.user_id, kind=TicketKind.VERIFY
        )  # fmt: skip
        await tell(tx, p, whom, Kind.VERIFY, told={"link": link_to(p, "verify", ticket)})


async def verify(p: Platform, session: Session, *, ticket: Secret[str]) -> None:
    """The link of a letter shows that the address is theirs, to whoever is signed in as the same user: whoever signs up
    with somebody else's address has neither. Raises TicketSpent."""
    found = await tickets.look_up(p, kind=TicketKind.VERIFY, ticket=ticket)
    if (found.tenant_id, found.user_id) != (session.home_id, session.user_id):
        raise TicketSpent
    async with p.db.begin(hall(p)[1], tenants=[found.tenant_id]) as tx:
        whom = await known(tx, p, tenant_id=found.tenant_id, user_id=found.user_id)
        await tickets.spend(tx, p, found)
        await tx.execute(
            "update ipp.app_user set verified_at = coalesce(verified_at, $3) where tenant_id = $1 and id = $2",
            whom.tenant_id, whom.user_id, p.clock.now(),
        )  # fmt: skip
        await note(tx, p, whom, Happened.EMAIL_VERIFIED)


async def ask_new_email(
    p: Platform, session: Session, *, email: str, current: Secret[str] | None = None
) -> None:  # fmt: skip
    """Mail a link to another address, which becomes the user's once it is opened.

    It takes a second factor proven a moment ago, or the current password. Raises NotStrong, WrongCredentials,
    BadProfile, TooManyFailures.
    """
    require_profile(email=email)
    if not strong(session, p.clock.now()):
        if current is None or session.second_factor:
            raise NotStrong
        await require_current(p, session, current)
    await _count(p, session)
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)
        await tickets.end_all(
            tx, p, tenant_id=whom.tenant_id, user_id=whom.user_id, kinds=(TicketKind.NEW_EMAIL,)
        )  # fmt: skip
        ticket = await tickets.issue(
            tx, p, tenant_id=whom.tenant_id, user_id=whom.user_id, kind=TicketKind.NEW_EMAIL,
            told=whom.box.seal(TicketRow.told, email.strip()),
        )  # fmt: skip
        await tell(
            tx, p, whom, Kind.NEW_EMAIL, to=Secret(email.strip()), told={"link": link_to(p, "new-email", ticket)}
        )


async def confirm_new_email(p: Platform, *, ticket: Secret[str]) -> None:
    """The new address is the user's from now on; the old one is told. Links that were mailed there are spent.

    Raises TicketSpent, of an address too that another user of the tenant has meanwhile.
    """
    found = await tickets.look_up(p, kind=TicketKind.NEW_EMAIL, ticket=ticket)
    async with p.db.begin(hall(p)[1], tenants=[found.tenant_id]) as tx:
        whom = await known(tx, p, tenant_id=found.tenant_id, user_id=found.user_id)
        email = whom.box.open(TicketRow.told, await tickets.spend(tx, p, found)).open()
        code = code_of(p, whom.audience, email)
        taken = await tx.value(
            "select exists (select from ipp.app_user where tenant_id = $1 and audience = $2 and username_code = $3 "
            "and id <> $4)",
            whom.tenant_id, whom.audience.value, code, whom.user_id,
        )  # fmt: skip
        if taken or not email or whom.status != ACTIVE:
            raise TicketSpent
        await tx.execute(
            "update ipp.app_user set username_code = $3, email = $4, verified_at = $5 where tenant_id = $1 and id = $2",
            whom.tenant_id, whom.user_id, code, whom.box.seal(User.email, email), p.clock.now(),
        )  # fmt: skip
        await tickets.end_all(tx, p, tenant_id=whom.tenant_id, user_id=whom.user_id)
        await note(tx, p, whom, Happened.EMAIL_CHANGED)
        await tell(tx, p, whom, Kind.EMAIL_CHANGED)


async def _count(p: Platform, session: Session) -> None:
    """Letters that somebody has us write are few."""
    it = throttle.attempt(p, f"letters\0{session.user_id}", None)
    async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
        await throttle.require_open(tx, p, it, RESET)
        await throttle.count(tx, p, it, RESET)
