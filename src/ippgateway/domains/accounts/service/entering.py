"""A partner's user inside a customer's account: by the customer's leave alone, seen by the customer, until it is taken
back (wire contract 9.4, R-55)."""

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts.errors import NotGranted, NotStrong
from ippgateway.domains.accounts.schemas import Arrival, Audience, Happened, Session, SignedIn
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import known, note, tell
from ippgateway.domains.accounts.service.managing import managers, recorded
from ippgateway.domains.accounts.service.sessions import SESSION_LETTERS, begin, strong
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest


async def enter(p: Platform, session: Session, *, company_id: str, arrival: Arrival | None, wire: bool) -> SignedIn:
    """A session inside a customer's account, with the rights of guests, for whoever may run customers and proved a
    second factor: in a browser a moment ago. It ends with the customer's leave. Those who manage the customer's users
    see it and are told.

    Raises NotGranted (also of a customer that there is not), NotStrong.
    """
    now = p.clock.now()
    if session.audience is not Audience.PARTNER or not {rights.ALL, rights.CUSTOMERS.key} & set(session.rights):
        raise NotGranted
    if not session.moves_money or not (wire or strong(session, now)):
        raise NotStrong
    async with p.db.begin(hall(p)[1], tenants=[session.home_id, company_id]) as tx:
        granted = await tx.value(
            "select exists (select from ipp.partner_grant g join ipp.company c on c.id = g.company_id "
            "and c.status = 'active' where g.company_id = $1 and g.partner_id = $2 and g.withdrawn_at is null "
            "and g.ends_at > $3)",
            company_id, session.home_id, now,
        )  # fmt: skip
        if not granted:
            raise NotGranted
        whom = await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)
        bearer = await begin(tx, p, whom, wire=wire, moves_money=True, arrival=arrival, strong_at=session.strong_at,
                             inside_id=company_id)  # fmt: skip
        await note(tx, p, whom, Happened.PARTNER_ENTERED, arrival)
        for host in await managers(tx, p, company_id):
            await note(tx, p, host, Happened.PARTNER_ENTERED)
            await tell(tx, p, host, Kind.PARTNER_ENTERED)
        await recorded(tx, p, session, "partner.entered", session.home_id, company_id)
    return SignedIn(user_id=session.user_id, session_id=bearer)


async def leave(p: Platform, session: Session) -> SignedIn:
    """Out of the customer's account again: the guest's session in a browser becomes one at home, under a new bearer
    secret. Raises NotGranted for whoever is nobody's guest."""
    bearer = p.ids.letters(SESSION_LETTERS)
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        gone = await tx.execute(
            "update ipp.sign_in_session set inside_id = null, audience = $3, digest = $4 where tenant_id = $1 "
            "and id = $2 and inside_id is not null and not wire and ended_at is null",
            session.home_id, session.id, Audience.PARTNER.value, digest(bearer),
        )  # fmt: skip
        if not gone:
            raise NotGranted
        await recorded(tx, p, session, "partner.left", session.home_id, session.tenant_id)
    return SignedIn(user_id=session.user_id, session_id=Secret(bearer))
