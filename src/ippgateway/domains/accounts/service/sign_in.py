"""Signing in."""

import asyncio
from datetime import timedelta
from weakref import WeakValueDictionary

import asyncpg
from argon2.exceptions import Argon2Error, InvalidHashError

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import AccountUnavailable, TooManyFailures, WrongCredentials
from ippgateway.domains.accounts.schemas import Audience, SignedIn
from ippgateway.domains.accounts.service.sessions import SESSION_LETTERS
from ippgateway.domains.accounts.service.users import HASHER, code_of
from ippgateway.privacy.catalogue import AUTHENTICATE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest

_LONGEST_PASSWORD = 128
_FAILURES_ALLOWED = 10
_FAILURES_WITHIN = timedelta(minutes=30)

_NOBODYS = HASHER.hash("nobody signs in with this")
# Hashing is work for a processor; more at once than processors only makes everybody wait.
_HASHING = asyncio.Semaphore(2)
_GUESSING: "WeakValueDictionary[bytes, asyncio.Lock]" = WeakValueDictionary()


async def sign_in(
    p: Platform, *, audience: Audience, username: str, password: Secret[str], partner_id: str | None
) -> SignedIn:
    """A new session; older ones stay. Takes as long for an unknown user as for a wrong password.

    Raises WrongCredentials, AccountUnavailable (right password of a blocked user), TooManyFailures.
    """
    code = code_of(p, audience, username)
    # One guess at a name at a time: many at once would all be counted after they were made.
    async with _GUESSING.setdefault(code, asyncio.Lock()):
        return await _sign_in(p, audience, code, password, partner_id)


async def _sign_in(
    p: Platform, audience: Audience, code: bytes, password: Secret[str], partner_id: str | None
) -> SignedIn:
    async with p.db.begin(AUTHENTICATE) as tx:
        failures = await tx.value(
            "select count(*) from ipp.sign_in_failure where username_code = $1 and at > $2",
            code, p.clock.now() - _FAILURES_WITHIN,
        )  # fmt: skip
        rows = await tx.fetch(
            "select u.tenant_id, u.id, u.status, c.hash, c.moves_money from ipp.app_user u join ipp.credential c "
            "on c.tenant_id = u.tenant_id and c.user_id = u.id where u.audience = $1 and u.username_code = $2 "
            "order by (u.tenant_id = $3) desc, u.id limit 8",
            audience.value, code, partner_id or "",
        )  # fmt: skip
    if failures >= _FAILURES_ALLOWED:
        raise TooManyFailures(int(_FAILURES_WITHIN.total_seconds()))
    found = await _fitting(rows, password)
    if found is None:
        await _failed(p, code)
        raise WrongCredentials
    if found["status"] != "active" or not await _tenant_active(p, audience, found["tenant_id"]):
        raise AccountUnavailable
    return await _session(p, audience, found)


async def _fitting(rows: list[asyncpg.Record], password: Secret[str]) -> asyncpg.Record | None:
    """The row whose hash fits. Somebody unknown costs one hash too."""
    typed = password.open()[:_LONGEST_PASSWORD]
    for row in rows:
        if await _fits(row["hash"], typed):
            return row
    if not rows:
        await _fits(_NOBODYS, typed)
    return None


async def _fits(hashed: str, typed: str) -> bool:
    async with _HASHING:
        try:
            return await asyncio.to_thread(HASHER.verify, hashed, typed)
        except (Argon2Error, InvalidHashError):
            return False


async def _failed(p: Platform, code: bytes) -> None:
    now = p.clock.now()
    async with p.db.begin(AUTHENTICATE) as tx:
        await tx.execute(
            "insert into ipp.sign_in_failure (id, username_code, at) values ($1, $2, $3)", p.ids.new(), code, now
        )
        await tx.execute(
            "delete from ipp.sign_in_failure where username_code = $1 and at < $2", code, now - _FAILURES_WITHIN
        )


async def _tenant_active(p: Platform, audience: Audience, tenant_id: str) -> bool:
    table = {Audience.COMPANY: "company", Audience.PARTNER: "partner"}.get(audience)
    if table is None:
        return True
    async with p.db.begin(AUTHENTICATE) as tx:
        return bool(await tx.value(f"select status = 'active' from ipp.{table} where id = $1", tenant_id))


async def _session(p: Platform, audience: Audience, user: asyncpg.Record) -> SignedIn:
    bearer, now = p.ids.letters(SESSION_LETTERS), p.clock.now()
    async with p.db.begin(AUTHENTICATE) as tx:
        await tx.execute(
            "insert into ipp.sign_in_session (tenant_id, id, user_id, audience, moves_money, digest, "
            "created_at, seen_at) "
            "values ($1, $2, $3, $4, $5, $6, $7, $7)",
            user["tenant_id"], p.ids.new(), user["id"], audience.value, user["moves_money"], digest(bearer), now,
        )  # fmt: skip
    return SignedIn(user_id=user["id"], session_id=Secret(bearer))
