"""Signing in, and staying signed in."""

import asyncio
import hmac
from dataclasses import dataclass
from datetime import timedelta
from weakref import WeakValueDictionary

import asyncpg
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import AccountUnavailable, TooManyFailures, WrongCredentials
from ippgateway.domains.accounts.models import User
from ippgateway.domains.accounts.schemas import Audience, Session, SignedIn, UserView
from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE, STAFF_ACCOUNT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import PLATFORM, Zone

SESSION_LETTERS = 48
_LONGEST_PASSWORD = 128
_FAILURES_ALLOWED = 10
_FAILURES_WITHIN = timedelta(minutes=30)
_ABSOLUTE_SESSION = timedelta(hours=24)

# OWASP's minimum for Argon2id (facts, I.1): 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODYS = _HASHER.hash("nobody signs in with this")
# Hashing is work for a processor; more at once than processors only makes everybody wait.
_HASHING = asyncio.Semaphore(2)
_GUESSING: "WeakValueDictionary[bytes, asyncio.Lock]" = WeakValueDictionary()


@dataclass(frozen=True, kw_only=True, slots=True)
class NewUser:
    """A user to be made. `moves_money`: the password is an application password made under a second factor."""

    audience: Audience
    tenant_id: str
    email: str
    name: str
    password: Secret[str]
    rights: tuple[str, ...] = ("ALL",)
    moves_money: bool = False
    employment: str = ""


def hall(p: Platform) -> tuple[Purpose, Purpose]:
    """For what users are looked up here, and for what their accounts are run: the desk knows our staff alone, every
    other process everybody else."""
    return (STAFF_ACCOUNT, STAFF_ACCOUNT) if p.zone is Zone.DESK else (AUTHENTICATE, ACCOUNT)


async def add(p: Platform, user: NewUser) -> str:
    """Make a user with a password; the id."""
    keeps = hall(p)[1]
    box = await p.persons.create(keeps, PLATFORM, p.ids.new())
    user_id, now = p.ids.new(), p.clock.now()
    hashed = await asyncio.to_thread(_HASHER.hash, user.password.open())
    async with p.db.begin(keeps, tenants=[user.tenant_id]) as tx:
        await tx.execute(
            "insert into ipp.app_user (tenant_id, id, person_id, audience, status, rights, must_change_password, "
            "created_at, username_code, email, name, employment) "
            "values ($1, $2, $3, $4, 'active', $5, false, $6, $7, $8, $9, $10)",
            user.tenant_id, user_id, box.person_id, user.audience.value, list(user.rights), now,
            _code(p, user.audience, user.email), box.seal(User.email, user.email), box.seal(User.name, user.name),
            box.seal(User.employment, user.employment),
        )  # fmt: skip
        await tx.execute(
            "insert into ipp.credential (tenant_id, user_id, id, kind, moves_money, created_at, hash) "
            "values ($1, $2, $3, $4, $5, $6, $7)",
            user.tenant_id, user_id, p.ids.new(), "application" if user.moves_money else "password",
            user.moves_money, now, hashed,
        )  # fmt: skip
    return user_id


def _code(p: Platform, audience: Audience, username: str) -> bytes:
    return p.persons.index.code(PLATFORM, f"username.{audience.value}", username.strip().lower())


async def exists(p: Platform, *, audience: Audience, tenant_id: str, username: str) -> bool:
    """Whether the tenant has a user of that name. For setup; no face may ask it for a stranger."""
    async with p.db.begin(hall(p)[0], tenants=[tenant_id]) as tx:
        found = await tx.value(
            "select 1 from ipp.app_user where audience = $1 and tenant_id = $2 and username_code = $3",
            audience.value, tenant_id, _code(p, audience, username),
        )  # fmt: skip
    return found is not None


async def sign_in(
    p: Platform, *, audience: Audience, username: str, password: Secret[str], partner_id: str | None
) -> SignedIn:
    """A new session; older ones stay. Takes as long for an unknown user as for a wrong password.

    Raises WrongCredentials, AccountUnavailable (right password of a blocked user), TooManyFailures.
    """
    code = _code(p, audience, username)
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
            return await asyncio.to_thread(_HASHER.verify, hashed, typed)
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


async def resume(p: Platform, *, audience: Audience, user_id: str, session_id: Secret[str]) -> Session | None:
    """The live session of that kind, if there is one; its idle time starts anew (wire contract R-12)."""
    now = p.clock.now()
    async with p.db.begin(AUTHENTICATE) as tx:
        row = await tx.row(
            "select s.tenant_id, s.id, s.digest, s.moves_money, s.seen_at from ipp.sign_in_session s "
            "join ipp.app_user u on u.tenant_id = s.tenant_id and u.id = s.user_id and u.status = 'active' "
            "where s.user_id = $1 and s.digest = $2 and s.audience = $3 and s.seen_at > $4 and s.created_at > $5",
            user_id, digest(session_id.open()), audience.value,
            now - timedelta(seconds=p.session_idle_s), now - _ABSOLUTE_SESSION,
        )  # fmt: skip
        if row is None or not hmac.compare_digest(row["digest"], digest(session_id.open())):
            return None
        if now - row["seen_at"] > timedelta(seconds=60):
            await tx.execute(
                "update ipp.sign_in_session set seen_at = $3 where tenant_id = $1 and id = $2",
                row["tenant_id"], row["id"], now,
            )  # fmt: skip
    return Session(audience=audience, tenant_id=row["tenant_id"], user_id=user_id, moves_money=row["moves_money"])


async def user(p: Platform, *, audience: Audience, tenant_id: str, user_id: str) -> UserView:
    """A user as shown to itself. Raises WrongCredentials when it is gone."""
    async with p.db.begin(ACCOUNT, tenants=[tenant_id]) as tx:
        row = await tx.row(
            "select person_id, email, name, phone, rights, must_change_password from ipp.app_user "
            "where tenant_id = $1 and id = $2 and audience = $3",
            tenant_id, user_id, audience.value,
        )  # fmt: skip
    if row is None:
        raise WrongCredentials
    box = await p.persons.open(ACCOUNT, PLATFORM, row["person_id"])
    return UserView(
        user_id=user_id, email=box.open(User.email, row["email"]).open(), name=box.open(User.name, row["name"]).open(),
        phone=box.open(User.phone, row["phone"]).open(), rights=tuple(row["rights"]),
        must_change_password=row["must_change_password"],
    )  # fmt: skip
