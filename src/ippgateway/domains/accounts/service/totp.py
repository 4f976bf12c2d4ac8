"""Authenticator apps: codes of six digits, each good for a step of 30 s and the one after it (RFC 6238; facts, I.3)."""

import hmac
from base64 import b32encode
from datetime import datetime, timedelta

import pyotp

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import WrongFactor
from ippgateway.domains.accounts.models import Factor
from ippgateway.domains.accounts.schemas import Arrival, Proven, Session, SignedIn, TotpOffer
from ippgateway.domains.accounts.service.factors import added, label_of, may_add
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import Known
from ippgateway.domains.accounts.service.proof import prove_by
from ippgateway.privacy.platform import Platform

STEP_S = 30
_DIGITS = 6
_SECRET_OCTETS = 20
"""160 bits, as RFC 4226 recommends."""
_OFFERED_FOR = timedelta(minutes=15)


async def begin_totp(p: Platform, session: Session, *, issuer: str) -> TotpOffer:
    """An authenticator app to be set up; one that was offered before is not good any more. It proves nothing until its
    first code was typed. `issuer`: what the app calls us. Raises NotStrong, BadProfile."""
    secret, factor_id = b32encode(p.ids.randomness.octets(_SECRET_OCTETS)).decode(), p.ids.new()
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await may_add(tx, p, session)
        await tx.execute(
            "delete from ipp.second_factor where tenant_id = $1 and user_id = $2 and confirmed_at is null",
            whom.tenant_id, whom.user_id,
        )  # fmt: skip
        await tx.execute(
            "insert into ipp.second_factor (tenant_id, user_id, id, kind, created_at, secret) "
            "values ($1, $2, $3, 'totp', $4, $5)",
            whom.tenant_id, whom.user_id, factor_id, p.clock.now(), whom.box.seal(Factor.secret, secret),
        )  # fmt: skip
    uri = pyotp.TOTP(secret).provisioning_uri(name=whom.email.open(), issuer_name=issuer)
    return TotpOffer(factor_id=factor_id, secret=Secret(secret), uri=Secret(uri))


async def confirm_totp(
    p: Platform, session: Session, *, factor_id: str, code: Secret[str], label: str, arrival: Arrival | None
) -> Proven:
    """The first code of an app that was offered. Raises WrongFactor, NotStrong, BadProfile."""
    named = label_of(label)
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await may_add(tx, p, session)
        now = p.clock.now()
        row = await tx.row(
            "select secret from ipp.second_factor where tenant_id = $1 and user_id = $2 and id = $3 and kind = 'totp' "
            "and confirmed_at is null and created_at > $4",
            whom.tenant_id, whom.user_id, factor_id, now - _OFFERED_FOR,
        )  # fmt: skip
        step = None if row is None else step_of(whom.box.open(Factor.secret, row["secret"]), code, now)
        if step is None:
            raise WrongFactor
        await tx.execute(
            "update ipp.second_factor set confirmed_at = $4, used_at = $4, last_step = $5, label = $6 "
            "where tenant_id = $1 and user_id = $2 and id = $3",
            whom.tenant_id, whom.user_id, factor_id, now, step, whom.box.seal(Factor.label, named),
        )  # fmt: skip
        return await added(tx, p, session, whom, factor_id=factor_id, label=named, arrival=arrival)


async def prove_totp(p: Platform, session: Session, *, code: Secret[str], arrival: Arrival | None) -> SignedIn:
    """Lift a session by a code of any of the user's apps. Raises WrongFactor, TooManyFailures."""

    async def check(tx: Tx, whom: Known) -> None:
        now = p.clock.now()
        rows = await tx.fetch(
            "select id, secret from ipp.second_factor where tenant_id = $1 and user_id = $2 and kind = 'totp' "
            "and confirmed_at is not null order by id",
            whom.tenant_id, whom.user_id,
        )  # fmt: skip
        steps = {row["id"]: step_of(whom.box.open(Factor.secret, row["secret"]), code, now) for row in rows}
        taken = [await _taken(tx, whom, each, step, now) for each, step in steps.items() if step is not None]
        if not any(taken):
            raise WrongFactor

    return await prove_by(p, session, arrival, check)


async def _taken(tx: Tx, whom: Known, factor_id: str, step: int, now: datetime) -> bool:
    """Whether the step's code was not taken before, nor a later one; from now on it was (RFC 6238, 5.2)."""
    taken = await tx.execute(
        "update ipp.second_factor set last_step = $4, used_at = $5 "
        "where tenant_id = $1 and user_id = $2 and id = $3 and last_step < $4",
        whom.tenant_id, whom.user_id, factor_id, step, now,
    )  # fmt: skip
    return taken == 1


def step_of(secret: Secret[str], code: Secret[str], now: datetime) -> int | None:
    """The step whose code it is: the one that runs, or the one before, for whoever types slowly. None of any other."""
    typed = "".join(code.open()[:20].split())
    if len(typed) != _DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    app, running = pyotp.TOTP(secret.open(), digits=_DIGITS), int(now.timestamp()) // STEP_S
    fitting = [s for s in (running, running - 1) if hmac.compare_digest(app.generate_otp(s), typed)]
    return fitting[0] if fitting else None
