"""Users who sign in, as the tests of accounts need them."""

import json
from dataclasses import dataclass, replace

import pyotp

from ippgateway.core.clock import ManualClock
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.schemas import Arrival, Audience, Proven, Session, SignedIn, Stage
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import known
from ippgateway.domains.accounts.service.sessions import begin, resume_browser
from ippgateway.domains.accounts.service.totp import STEP_S, begin_totp, confirm_totp
from ippgateway.domains.accounts.service.users import NewUser, add
from ippgateway.privacy.platform import Platform

ISSUER = "IPP Platform"
EMPLOYED = json.dumps({"employer": "IPP", "country": "DK"})


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with an account."""

    audience: Audience
    tenant_id: str
    user_id: str
    email: str


@dataclass
class App:
    """An authenticator app, with a clock of its own."""

    factor_id: str
    secret: str
    clock: ManualClock

    def code(self, steps_ago: int = 0) -> Secret[str]:
        """The code that it shows, or showed."""
        step = int(self.clock.now().timestamp()) // STEP_S - steps_ago
        return Secret(pyotp.TOTP(self.secret).generate_otp(step))


class Door:
    """A zone's side of signing in. Each has networks of its own, as every network has its share of failures."""

    def __init__(self, p: Platform, clock: ManualClock) -> None:
        self.p = p
        self.clock = clock
        self.arrival, self.elsewhere = (
            Arrival(
                address=Secret(f"2001:db8:{p.ids.randomness.octets(2).hex()}::7"), browser="firefox", system="linux"
            )
            for _ in range(2)
        )

    async def person(self, audience: Audience = Audience.PUBLIC, tenant_id: str = "") -> Person:
        """Somebody new; a tenant of their own unless it is said whose they are."""
        tenant, email = tenant_id or self.p.ids.new(), f"{self.p.ids.letters(12).lower()}@people.example"
        user = NewUser(audience=audience, tenant_id=tenant, email=email, name="Grethe Hansen", password=None)
        if audience is Audience.STAFF:
            user = replace(user, rights=("administrator",), employment=EMPLOYED)
        user_id = await add(self.p, user)
        return Person(audience=audience, tenant_id=tenant, user_id=user_id, email=email)

    async def came_in(self, whom: Person, stage: Stage = Stage.OPEN, *, strong: bool = False) -> Session:
        """A session of theirs, as after their password, or halfway; `strong`: with a proof a moment ago."""
        async with self.p.db.begin(hall(self.p)[1], tenants=[whom.tenant_id]) as tx:
            user = await known(tx, self.p, tenant_id=whom.tenant_id, user_id=whom.user_id)
            bearer = await begin(
                tx, self.p, user, wire=False, stage=stage, arrival=self.arrival, moves_money=strong,
                strong_at=self.clock.now() if strong else None,
            )  # fmt: skip
        return await self.back(SignedIn(user_id=whom.user_id, session_id=bearer))

    async def back(self, signed_in: SignedIn | None) -> Session:
        """The session that was handed out."""
        assert signed_in is not None
        session = await self.found(signed_in.session_id)
        assert session is not None
        return session

    async def found(self, bearer: Secret[str]) -> Session | None:
        return await resume_browser(self.p, bearer=bearer)

    async def with_app(self, session: Session, label: str = "") -> tuple[Session, App, Proven]:
        """An authenticator app added by whoever is signed in; the session it leaves."""
        offer = await begin_totp(self.p, session, issuer=ISSUER)
        app = App(offer.factor_id, offer.secret.open(), self.clock)
        proven = await confirm_totp(
            self.p, session, factor_id=offer.factor_id, code=app.code(), label=label, arrival=self.arrival
        )
        return await self.back(proven.signed_in), app, proven

    async def happened(self, whom: Person) -> list[str]:
        """What happened at somebody's door, in the order of the words."""
        return await self._column("select what from ipp.sign_in_event where tenant_id = $1 order by what", whom)

    async def letters(self, whom: Person) -> list[str]:
        """Which letters somebody is owed or got, in the order of the words."""
        return await self._column("select kind from ipp.letter where tenant_id = $1 order by kind", whom)

    async def _column(self, sql: str, whom: Person) -> list[str]:
        async with self.p.db.begin(hall(self.p)[1], tenants=[whom.tenant_id]) as tx:
            return [row[0] for row in await tx.fetch(sql, whom.tenant_id)]
