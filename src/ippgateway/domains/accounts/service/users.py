"""Users: made, found, listed, changed, closed."""

import json
import re
from dataclasses import dataclass

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import rights as may
from ippgateway.domains.accounts.errors import BadProfile, NoSuchPolicy, NoSuchUser
from ippgateway.domains.accounts.models import User
from ippgateway.domains.accounts.schemas import Audience, Session, UserView
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import known
from ippgateway.domains.accounts.service.passwords import hash_password
from ippgateway.privacy import audit
from ippgateway.privacy.disclosure.places import EEA
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import PLATFORM

MOST_USERS = 500
"""Of one tenant that a list shows."""

_EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f]{1,64}@[^\s@\x00-\x1f\x7f]{1,189}")
_PHONE = re.compile(r"[0-9 ()+./-]{0,40}", re.ASCII)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST_NAME = 200
_LANGUAGES = ("en", "da")
_THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewUser:
    """A user to be made. `password`: none for whoever is invited and chooses one. `moves_money`: the password is an
    application password as well, as if made under a second factor: the demo's, and whoever's came over the wire.
    `employment`: of our staff, JSON with `employer` and `country`."""

    audience: Audience
    tenant_id: str
    email: str
    name: str
    password: Secret[str] | None
    rights: tuple[str, ...] = (may.ALL,)
    moves_money: bool = False
    employment: str = ""
    verified: bool = False
    must_change_password: bool = False
    language: str = "en"
    phone: str = ""
    policy_id: str | None = None
    for_programs: Secret[str] | None = None
    """Another password, for programs alone, as if made under a second factor."""


# --- made ---


async def add(p: Platform, user: NewUser, *, by: Session | str | None = None) -> str:
    """Make a user; the id. `by`: whoever did it, for the audit trail; nobody at setup. Raises BadProfile, of an address
    also when the tenant has a user with it; NoSuchPolicy."""
    require_new(user)
    box = await p.persons.create(hall(p)[1], PLATFORM, p.ids.new())
    hashed = None if user.password is None else await hash_password(user.password)
    for_programs = None if user.for_programs is None else await hash_password(user.for_programs)
    async with p.db.begin(hall(p)[1], tenants=[user.tenant_id]) as tx:
        user_id = await insert(tx, p, user, box, hashed)
        if for_programs is not None:
            await _insert_credentials(tx, p, user, user_id, for_programs, ("application",))
        if by is not None:
            actor = by if isinstance(by, str) else by.user_id
            await audit.record(tx, actor=f"{p.zone.value}/{actor}", act="user.added", on=f"{user.tenant_id}/{user_id}")
    return user_id


def require_new(user: NewUser) -> None:
    """Raises BadProfile."""
    require_profile(email=user.email, name=user.name, phone=user.phone, language=user.language)
    require_rights(user.audience, user.rights)
    _require_employment(user)


async def insert(
    tx: Tx, p: Platform, user: NewUser, box: Box, hashed: str | None, *, user_id: str | None = None
) -> str:
    """The rows of a new user, whose keys are stored and whose password is hashed; the id, which is `user_id` if given:
    a member of the public is a tenant by that id."""
    user_id, now, code = user_id or p.ids.new(), p.clock.now(), code_of(p, user.audience, user.email)
    if user.policy_id is not None:
        await rights_of_policy(tx, user.tenant_id, user.policy_id)
    # The address of a closed user may come back, as another user.
    await tx.execute(
        "update ipp.app_user set username_code = $4 where tenant_id = $1 and audience = $2 and username_code = $3 "
        "and status = 'closed'",
        user.tenant_id, user.audience.value, code, code_of(p, user.audience, p.ids.letters(20)),
    )  # fmt: skip
    made = await tx.execute(
        "insert into ipp.app_user (tenant_id, id, person_id, audience, status, rights, policy_id, "
        "must_change_password, verified_at, language, created_at, username_code, email, name, phone, employment) "
        "values ($1, $2, $3, $4, 'active', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict do nothing",
        user.tenant_id, user_id, box.person_id, user.audience.value, list(user.rights), user.policy_id,
        user.must_change_password, now if user.verified else None, user.language, now, code,
        box.seal(User.email, user.email.strip()), box.seal(User.name, user.name.strip()),
        box.seal(User.phone, user.phone.strip()), box.seal(User.employment, user.employment),
    )  # fmt: skip
    if not made:
        raise BadProfile("email")
    if hashed is not None:
        kinds = ("password", "application") if user.moves_money else ("password",)
        await _insert_credentials(tx, p, user, user_id, hashed, kinds)
    return user_id


async def _insert_credentials(
    tx: Tx, p: Platform, user: NewUser, user_id: str, hashed: str, kinds: tuple[str, ...]
) -> None:
    await tx.execute(
        "insert into ipp.credential (tenant_id, user_id, id, kind, moves_money, created_at, hash) "
        "select $1, $2, c.id, c.kind, c.kind = 'application', $3, $4 "
        "from unnest($5::text[], $6::text[]) as c(id, kind)",
        user.tenant_id, user_id, p.clock.now(), hashed, [p.ids.new() for _ in kinds], list(kinds),
    )  # fmt: skip


async def rights_of_policy(tx: Tx, tenant_id: str, policy_id: str) -> tuple[str, ...]:
    """What an access policy of the tenant allows. Raises NoSuchPolicy."""
    row = await tx.row("select rights from ipp.access_policy where tenant_id = $1 and id = $2", tenant_id, policy_id)
    if row is None:
        raise NoSuchPolicy
    return tuple(row["rights"])


def code_of(p: Platform, audience: Audience, username: str) -> bytes:
    """What a user name is looked up by."""
    return p.persons.index.code(PLATFORM, f"username.{audience.value}", username.strip().lower())


def require_profile(*, email: str | None = None, name: str = "", phone: str = "", language: str = "en") -> None:
    """Raises BadProfile of what can't be an address, a name, a telephone number, a language."""
    if email is not None and not _EMAIL.fullmatch(email.strip()):
        raise BadProfile("email")
    if len(name) > _LONGEST_NAME or _UNSEEN.search(name):
        raise BadProfile("name")
    if not _PHONE.fullmatch(phone.strip()):
        raise BadProfile("phone")
    if language not in _LANGUAGES:
        raise BadProfile("language")


def require_rights(audience: Audience, rights: tuple[str, ...]) -> None:
    """Raises BadProfile of a right that an audience's users can't have."""
    known_to = {
        Audience.COMPANY: {may.ALL, *(r.key for r in may.OF_COMPANIES)},
        Audience.PARTNER: {may.ALL, *(r.key for r in may.OF_PARTNERS)},
        Audience.STAFF: set(may.ROLES),
        Audience.PUBLIC: {may.ALL},
    }[audience]
    if not set(rights) <= known_to or (audience is Audience.STAFF and len(rights) != 1):
        raise BadProfile("rights")


def _require_employment(user: NewUser) -> None:
    if user.audience is not Audience.STAFF:
        return
    try:
        where = json.loads(user.employment)
        employer, country = str(where["employer"]), str(where["country"])
    except (ValueError, TypeError, KeyError) as broken:
        raise BadProfile("employment") from broken
    if not employer:
        raise BadProfile("employment")
    if country not in EEA:  # no tool for a transfer beyond is on record (PLACE-2)
        raise BadProfile("country")


# --- found ---


async def exists(p: Platform, *, audience: Audience, tenant_id: str, username: str) -> bool:
    """Whether the tenant has a user of that name. For setup; no face may ask it for a stranger."""
    async with p.db.begin(hall(p)[0], tenants=[tenant_id]) as tx:
        found = await tx.value(
            "select 1 from ipp.app_user where audience = $1 and tenant_id = $2 and username_code = $3",
            audience.value, tenant_id, code_of(p, audience, username),
        )  # fmt: skip
    return found is not None


async def has_address(p: Platform, *, email: str) -> bool:
    """Whether an account goes by this address, whoever's it is. For whoever has proved that the address is theirs; our
    staff's accounts are the desk's alone."""
    audiences = [audience for audience in Audience if audience is not Audience.STAFF]
    async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
        found = await tx.value(
            "select 1 from unnest($1::text[], $2::bytea[]) as asked(audience, code) "
            "join ipp.app_user u on u.audience = asked.audience and u.username_code = asked.code "
            "where u.status = 'active' limit 1",
            [audience.value for audience in audiences], [code_of(p, audience, email) for audience in audiences],
        )  # fmt: skip
    return found is not None


async def person_of(p: Platform, session: Session) -> Person:
    """Whoever is signed in, as `privacy.rights` asks what is held about them. Raises NoSuchUser."""
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)
    return Person(PLATFORM, whom.box.person_id, whom.tenant_id)


_VIEWED = (
    "select id, person_id, status, email, name, phone, rights, policy_id, must_change_password, second_factor, "
    "verified_at, employment from ipp.app_user where tenant_id = $1 and audience = $2"
)


async def users(p: Platform, *, audience: Audience, tenant_id: str) -> tuple[UserView, ...]:
    """A tenant's users in the order they came, closed ones too; `MOST_USERS` at most."""
    keeps = hall(p)[1]
    async with p.db.begin(keeps, tenants=[tenant_id]) as tx:
        rows = await tx.fetch(f"{_VIEWED} order by id limit {MOST_USERS}", tenant_id, audience.value)
    boxes = await p.persons.open_many(keeps, PLATFORM, [row["person_id"] for row in rows])
    return tuple(_view(row, boxes[row["person_id"]], audience) for row in rows)


async def user(p: Platform, *, audience: Audience, tenant_id: str, user_id: str) -> UserView:
    """One user. Raises NoSuchUser."""
    keeps = hall(p)[1]
    async with p.db.begin(keeps, tenants=[tenant_id]) as tx:
        row = await tx.row(f"{_VIEWED} and id = $3", tenant_id, audience.value, user_id)
    if row is None:
        raise NoSuchUser
    return _view(row, await p.persons.open(keeps, PLATFORM, row["person_id"]), audience)


def _view(row: asyncpg.Record, box: Box, audience: Audience) -> UserView:
    rights = tuple(row["rights"])
    where = json.loads(box.open(User.employment, row["employment"]).open() or "{}")
    return UserView(
        user_id=row["id"], email=box.open(User.email, row["email"]).open(),
        name=box.open(User.name, row["name"]).open(), phone=box.open(User.phone, row["phone"]).open(), rights=rights,
        must_change_password=row["must_change_password"], status=row["status"], policy_id=row["policy_id"],
        second_factor=row["second_factor"], verified=row["verified_at"] is not None,
        employer=where.get("employer", ""), country=where.get("country", ""),
        role=rights[0] if audience is Audience.STAFF and rights else "",
    )  # fmt: skip


# --- changed by whoever they are ---


async def change_profile(p: Platform, session: Session, *, name: str, phone: str) -> None:
    """Change one's own name and telephone number. Raises BadProfile."""
    require_profile(name=name, phone=phone)
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        whom = await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)
        await tx.execute(
            "update ipp.app_user set name = $3, phone = $4 where tenant_id = $1 and id = $2",
            whom.tenant_id, whom.user_id, whom.box.seal(User.name, name.strip()),
            whom.box.seal(User.phone, phone.strip()),
        )  # fmt: skip


async def change_preferences(
    p: Platform, session: Session, *, language: str | None = None, theme: str | None = None
) -> None:
    """Change one's own language or theme. Raises BadProfile."""
    if language is not None and language not in _LANGUAGES:
        raise BadProfile("language")
    if theme is not None and theme not in _THEMES:
        raise BadProfile("theme")
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        await tx.execute(
            "update ipp.app_user set language = coalesce($3, language), theme = coalesce($4, theme) "
            "where tenant_id = $1 and id = $2",
            session.home_id, session.user_id, language, theme,
        )  # fmt: skip
