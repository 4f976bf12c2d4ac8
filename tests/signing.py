"""People who are signed in as a browser is, for tests whose subject is what comes after."""

import json
from dataclasses import dataclass

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Arrival, Audience, Session
from ippgateway.privacy.platform import Platform

PASSWORD = Secret("a hedgehog under 7 lamps")
NOWHERE = Arrival(address=Secret("192.0.2.7"), browser="Firefox 140", system="Linux")


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A user of some tenant. `p`: the zone that knows them."""

    p: Platform
    tenant_id: str
    user_id: str
    audience: Audience
    email: str

    async def bearer(self) -> Secret[str]:
        """A new session whose second factor was proven a moment ago, of somebody who accepted the terms in force."""
        keeps = accounts.hall(self.p)[1]
        async with self.p.db.begin(keeps, tenants=[self.tenant_id]) as tx:
            await tx.execute(
                "update ipp.app_user set second_factor = true where tenant_id = $1 and id = $2",
                self.tenant_id, self.user_id,
            )  # fmt: skip
        opened = await accounts.open_session(
            self.p, audience=self.audience, tenant_id=self.tenant_id, user_id=self.user_id, arrival=NOWHERE
        )
        session = await resumed(self.p, opened.session_id)
        if self.audience in {Audience.COMPANY, Audience.PARTNER}:
            await accounts.accept(self.p, session, version=accounts.terms_in_force(self.p))
        async with self.p.db.begin(keeps, tenants=[self.tenant_id]) as tx:
            return (await accounts.prove(tx, self.p, session, arrival=NOWHERE)).session_id

    async def session(self) -> Session:
        """The same, as the rooms know it."""
        return await resumed(self.p, await self.bearer())


async def resumed(p: Platform, bearer: Secret[str]) -> Session:
    """The session of a bearer that is good."""
    session = await accounts.resume_browser(p, bearer=bearer)
    assert session is not None
    return session


async def member(
    p: Platform, tenant_id: str, audience: Audience, *, name: str = "Karen", rights: tuple[str, ...] = ("ALL",),
    language: str = "en", employer: str = "IPP",
) -> Member:  # fmt: skip
    """A new user, whose address is nobody else's and begins with the name."""
    email = f"{name.lower().replace(' ', '-')}-{p.ids.letters(8)}@example.org"
    employment = json.dumps({"employer": employer, "country": "DK"}) if audience is Audience.STAFF else ""
    user_id = await accounts.add(p, accounts.NewUser(
        audience=audience, tenant_id=tenant_id, email=email, name=name, password=PASSWORD, rights=rights,
        employment=employment, verified=True, language=language,
    ))  # fmt: skip
    return Member(p=p, tenant_id=tenant_id, user_id=user_id, audience=audience, email=email)
