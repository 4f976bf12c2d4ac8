"""Users: made, found, shown."""

import asyncio
from dataclasses import dataclass

from argon2 import PasswordHasher

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import WrongCredentials
from ippgateway.domains.accounts.models import User
from ippgateway.domains.accounts.schemas import Audience, UserView
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

# OWASP's minimum for Argon2id (facts, I.1): 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewUser:
    """A user to be made. `moves_money`: the password is an application password made under a second factor."""

    audience: Audience
    tenant_id: str
    email: str
    name: str
    password: Secret[str] | None
    rights: tuple[str, ...] = ("ALL",)
    moves_money: bool = False
    employment: str = ""
    verified: bool = False
    must_change_password: bool = False
    language: str = "en"
    phone: str = ""
    policy_id: str | None = None


async def add(p: Platform, user: NewUser) -> str:
    """Make a user with a password; the id."""
    keeps = hall(p)[1]
    box = await p.persons.create(keeps, PLATFORM, p.ids.new())
    user_id, now = p.ids.new(), p.clock.now()
    hashed = "" if user.password is None else await asyncio.to_thread(HASHER.hash, user.password.open())
    async with p.db.begin(keeps, tenants=[user.tenant_id]) as tx:
        await tx.execute(
            "insert into ipp.app_user (tenant_id, id, person_id, audience, status, rights, must_change_password, "
            "created_at, username_code, email, name, employment) "
            "values ($1, $2, $3, $4, 'active', $5, false, $6, $7, $8, $9, $10)",
            user.tenant_id, user_id, box.person_id, user.audience.value, list(user.rights), now,
            code_of(p, user.audience, user.email), box.seal(User.email, user.email), box.seal(User.name, user.name),
            box.seal(User.employment, user.employment),
        )  # fmt: skip
        if hashed:
            await tx.execute(
                "insert into ipp.credential (tenant_id, user_id, id, kind, moves_money, created_at, hash) "
                "values ($1, $2, $3, $4, $5, $6, $7)",
                user.tenant_id, user_id, p.ids.new(), "application" if user.moves_money else "password",
                user.moves_money, now, hashed,
            )  # fmt: skip
    return user_id


def code_of(p: Platform, audience: Audience, username: str) -> bytes:
    """What a user name is looked up by."""
    return p.persons.index.code(PLATFORM, f"username.{audience.value}", username.strip().lower())


async def exists(p: Platform, *, audience: Audience, tenant_id: str, username: str) -> bool:
    """Whether the tenant has a user of that name. For setup; no face may ask it for a stranger."""
    async with p.db.begin(hall(p)[0], tenants=[tenant_id]) as tx:
        found = await tx.value(
            "select 1 from ipp.app_user where audience = $1 and tenant_id = $2 and username_code = $3",
            audience.value, tenant_id, code_of(p, audience, username),
        )  # fmt: skip
    return found is not None


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
