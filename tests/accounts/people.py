"""Who there is in the tests of accounts, and what they do."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Arrival, Audience, Session, SignedIn
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.companies import service as companies
from ippgateway.domains.mail.schemas import Kind
from ippgateway.domains.partners import service as partners
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

OURS = (Audience.COMPANY, Audience.PARTNER, Audience.PUBLIC)
"""Whom the console lets in."""
NOW = datetime(2031, 3, 1, 12, tzinfo=UTC)
PASSWORD = Secret("a hedgehog under 7 lamps")
OTHER_PASSWORD = Secret("9 quiet ferries to Samsoe")
STAFF = json.dumps({"employer": "IPP", "country": "DK"})


class NothingLeaked:
    """Knows no password."""

    async def leaked(self, password: Secret[str]) -> bool:
        return False


LEAKED = NothingLeaked()


def from_(address: str = "192.0.2.7", device: Secret[str] | None = None) -> Arrival:
    """Where a request comes from."""
    return Arrival(address=Secret(address), browser="Firefox 140", system="Linux", device=device)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailed:
    """A letter that is owed, as its reader gets it."""

    kind: Kind
    to: str
    told: dict[str, str]

    @property
    def ticket(self) -> Secret[str]:
        """The secret at the end of its link."""
        return Secret(self.told["link"].rpartition("/")[2])


Post = Callable[[str], Awaitable[list[Mailed]]]


# --- who is there ---


async def shop(p: Platform, partner_id: str | None = None) -> str:
    """A company; its id."""
    new = companies.sandbox_company(p, partner_id=partner_id or p.ids.new(), name="Shop")
    await companies.add(p, new)
    return new.id


async def partner(p: Platform) -> str:
    """A partner; its id."""
    new = partners.NewPartner(
        id=p.ids.new(), name="Partner", key1=Secret(p.ids.letters(42)), key2=Secret(p.ids.letters(14))
    )
    await partners.add(p, new)
    return new.id


async def somebody(p: Platform, tenant_id: str, audience: Audience = Audience.COMPANY, **other: object) -> str:
    """A user; their address, which is nobody else's unless `email` says so."""
    told = {"email": f"{p.ids.letters(12)}@example.org", "name": "Karen", "password": PASSWORD, **other}
    await accounts.add(p, accounts.NewUser(audience=audience, tenant_id=tenant_id, **told))  # type: ignore[arg-type]
    return str(told["email"])


async def member(desk: Platform, role: str = "administrator") -> str:
    """One of our staff; their address."""
    return await somebody(desk, PLATFORM, Audience.STAFF, rights=(role,), employment=STAFF)


# --- what they do ---


async def browse(p: Platform, email: str, password: Secret[str] = PASSWORD, arrival: Arrival | None = None) -> SignedIn:
    return await accounts.sign_in_browser(
        p, audiences=OURS, username=email, password=password, arrival=arrival or from_()
    )


async def wire(p: Platform, email: str, password: Secret[str] = PASSWORD, partner_id: str | None = None) -> SignedIn:
    return await accounts.sign_in(
        p, audience=Audience.COMPANY, username=email, password=password, partner_id=partner_id, arrival=from_()
    )


async def known(p: Platform, signed_in: SignedIn) -> Session:
    session = await accounts.resume_browser(p, bearer=signed_in.session_id)
    assert session is not None
    return session


async def with_factor(p: Platform, tenant_id: str, email: str) -> str:
    """Give a user a second factor, as far as signing in knows of it."""
    (user,) = [u for u in await accounts.users(p, audience=Audience.COMPANY, tenant_id=tenant_id) if u.email == email]
    async with p.db.begin(ACCOUNT, tenants=[tenant_id]) as tx:
        await tx.execute(
            "update ipp.app_user set second_factor = true where tenant_id = $1 and id = $2", tenant_id, user.user_id
        )
    return user.user_id


async def known_on_the_wire(p: Platform, signed_in: SignedIn) -> Session:
    session = await accounts.resume(
        p, audience=Audience.COMPANY, user_id=signed_in.user_id, session_id=signed_in.session_id
    )
    assert session is not None
    return session


async def prove(p: Platform, session: Session) -> SignedIn:
    """Lift a session as a second factor does."""
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        return await accounts.prove(tx, p, session, arrival=from_())
