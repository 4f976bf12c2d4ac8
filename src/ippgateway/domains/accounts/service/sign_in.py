"""Signing in: by a program over the wire, and by a browser.

What a stranger sees is the same whether a name is somebody's or nobody's: the answer, the statements, the hashes, and
when it is closed for a while.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import AccountUnavailable, TooManyFailures, WeakPassword, WrongCredentials
from ippgateway.domains.accounts.schemas import Arrival, Audience, Happened, SignedIn, Stage
from ippgateway.domains.accounts.service import devices, throttle
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import ACTIVE, Known, known, note, tell
from ippgateway.domains.accounts.service.passwords import Rule, fits, hash_password, nobodys, outdated, require_good
from ippgateway.domains.accounts.service.sessions import begin
from ippgateway.domains.accounts.service.throttle import PASSWORD, Attempt
from ippgateway.domains.accounts.service.users import code_of
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

_HASHES = 2
"""At least so many are looked at, whoever's name it is; few have more than one user and password."""
_MOST_HASHES = 8
_LONGEST_NAME = 254
_TENANTS = {Audience.COMPANY: "company", Audience.PARTNER: "partner"}

# An application password is for programs: no browser takes it. A password does not do on the wire for whoever has a
# second factor, which the wire can't ask for.
_ON_THE_WIRE = "(c.kind = 'application' or not u.second_factor)"
_IN_A_BROWSER = "c.kind = 'password'"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Door:
    """Whose sign-in it is, where, and with what name. `names`: by audience, the code that the name is looked up by."""

    names: dict[Audience, bytes]
    takes: str
    prefers: str
    arrival: Arrival | None

    @property
    def counts(self) -> str:
        """What its failures are counted with: guesses at one door close no other one, so that nobody locks a shop's
        programs out from the page of the consoles."""
        return f"{self.takes}\0{','.join(self.names)}"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class _Fit:
    """Whose password it is. `browser`: it comes from one of theirs; `trusted`: from one that is somebody's."""

    tenant_id: str
    user_id: str
    credential: str
    hash: str
    moves_money: bool
    second_factor: bool
    browser: bool
    trusted: bool


async def sign_in(
    p: Platform,
    *,
    audience: Audience,
    username: str,
    password: Secret[str],
    partner_id: str | None,
    arrival: Arrival | None = None,
) -> SignedIn:
    """A new session of the wire (wire contract 7.2); older ones stay. `partner_id`: whose user is meant when a name is
    used under several (R-20).

    Raises WrongCredentials, AccountUnavailable (right password of a blocked user), TooManyFailures.
    """
    door = _Door(
        names={audience: code_of(p, audience, username)}, takes=_ON_THE_WIRE, prefers=partner_id or "", arrival=arrival
    )
    found = await _found(p, door, username, password)
    async with p.db.begin(hall(p)[1], tenants=[found.tenant_id]) as tx:
        whom = await known(tx, p, tenant_id=found.tenant_id, user_id=found.user_id)
        await _used(tx, p, found)
        bearer = await begin(tx, p, whom, wire=True, moves_money=found.moves_money, arrival=arrival)
        await note(tx, p, whom, Happened.SIGNED_IN, arrival)
    return SignedIn(user_id=whom.user_id, session_id=bearer)


async def sign_in_browser(
    p: Platform, *, audiences: tuple[Audience, ...], username: str, password: Secret[str], arrival: Arrival
) -> SignedIn:
    """A new session of a browser: halfway (`Stage.FACTOR`) when the user has a second factor. One name may be several
    users'; it is the first whose password it is, in the order of `audiences`.

    Raises WrongCredentials, AccountUnavailable, TooManyFailures.
    """
    door = _Door(names={a: code_of(p, a, username) for a in audiences}, takes=_IN_A_BROWSER, prefers="",
                 arrival=arrival)  # fmt: skip
    found = await _found(p, door, username, password)
    weak, rehashed = await _is_weak(password, second_factor=found.second_factor), None
    if outdated(found.hash):
        rehashed = await hash_password(password)
    async with p.db.begin(hall(p)[1], tenants=[found.tenant_id]) as tx:
        whom = await known(tx, p, tenant_id=found.tenant_id, user_id=found.user_id)
        await _used(tx, p, found, rehashed)
        if weak and not whom.must_change_password:
            await tx.execute(
                "update ipp.app_user set must_change_password = true where tenant_id = $1 and id = $2",
                whom.tenant_id, whom.user_id,
            )  # fmt: skip
        await _noticed(tx, p, whom, arrival, strange=not found.browser)
        return await _let_in(tx, p, whom, arrival, trusted=found.trusted)


async def open_session(
    p: Platform, *, audience: Audience, tenant_id: str, user_id: str, arrival: Arrival, stage: Stage = Stage.OPEN
) -> SignedIn:
    """A browser's session for whoever just chose their password. Raises NoSuchUser, AccountUnavailable."""
    async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx:
        whom = await known(tx, p, tenant_id=tenant_id, user_id=user_id)
        if whom.audience is not audience or whom.status != ACTIVE:
            raise AccountUnavailable
        return await _let_in(tx, p, whom, arrival, trusted=False, stage=stage)


async def _let_in(
    tx: Tx, p: Platform, whom: Known, arrival: Arrival, *, trusted: bool, stage: Stage = Stage.OPEN
) -> SignedIn:
    """A browser is known from when its user proved everything that there is to prove."""
    stage = Stage.FACTOR if whom.second_factor else stage
    bearer = await begin(tx, p, whom, wire=False, stage=stage, arrival=arrival)
    device = None
    if stage is Stage.OPEN:
        device = await devices.remember(
            tx, p, arrival, tenant_id=whom.tenant_id, user_id=whom.user_id, trusted=trusted
        )  # fmt: skip
        await note(tx, p, whom, Happened.SIGNED_IN, arrival)
    return SignedIn(user_id=whom.user_id, session_id=bearer, stage=stage, device=device)


async def _noticed(tx: Tx, p: Platform, whom: Known, arrival: Arrival, *, strange: bool) -> None:
    """Tell somebody of a browser that their password was used in for the first time; but for the first one ever."""
    if strange and await devices.any_known(tx, tenant_id=whom.tenant_id, user_id=whom.user_id):
        await note(tx, p, whom, Happened.NEW_DEVICE, arrival)
        await tell(tx, p, whom, Kind.NEW_DEVICE, arrival)


async def _used(tx: Tx, p: Platform, found: _Fit, rehashed: str | None = None) -> None:
    whose = (found.tenant_id, found.user_id, found.credential)
    await tx.execute(
        "update ipp.credential set used_at = $4 where tenant_id = $1 and user_id = $2 and id = $3",
        *whose, p.clock.now(),
    )  # fmt: skip
    if rehashed is not None:
        await tx.execute(
            "update ipp.credential set hash = $4 where tenant_id = $1 and user_id = $2 and id = $3", *whose, rehashed
        )


class _NotAsked:
    """Whether a password leaked is asked when it is chosen, not at every sign-in."""

    async def leaked(self, password: Secret[str]) -> bool:
        return False


async def _is_weak(password: Secret[str], *, second_factor: bool) -> bool:
    try:
        await require_good(_NotAsked(), password, rule=Rule.WITH_FACTOR if second_factor else Rule.BROWSER)
    except WeakPassword:
        return True
    return False


# --- finding whose password it is ---


async def _found(p: Platform, door: _Door, username: str, password: Secret[str]) -> _Fit:
    """Whose password it is. Raises WrongCredentials, AccountUnavailable, TooManyFailures."""
    username = username.strip().lower()[:_LONGEST_NAME]
    async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
        theirs = await devices.users_of(tx, door.arrival)
        rows = await _candidates(tx, door, theirs)
    row = await _fitting(p, door, username, rows, theirs, password)
    if row["status"] != ACTIVE or not await _tenant_active(p, row):
        raise AccountUnavailable
    return _Fit(
        tenant_id=row["tenant_id"], user_id=row["id"], credential=row["credential"], hash=row["hash"],
        moves_money=row["moves_money"], second_factor=row["second_factor"], browser=row["id"] in theirs,
        trusted=bool(theirs),
    )  # fmt: skip


async def _candidates(tx: Tx, door: _Door, theirs: frozenset[str]) -> "list[asyncpg.Record]":
    """Whose name it is, in the order in which they are tried. Anybody can sign up with anybody's address, so that of
    more than are looked at those count first who were here before: in this browser, with an address that they showed
    to be theirs, for the longest time."""
    return await tx.fetch(
        "select * from (select u.tenant_id, u.id, u.audience, u.status, u.second_factor, c.id as credential, c.hash, "
        "c.moves_money, asked.place "
        "from unnest($1::text[], $2::bytea[]) with ordinality as asked(audience, code, place) "
        "join ipp.app_user u on u.audience = asked.audience and u.username_code = asked.code "
        f"join ipp.credential c on c.tenant_id = u.tenant_id and c.user_id = u.id and {door.takes} "
        "order by u.id = any($5::text[]) desc, u.tenant_id = $3 desc, u.verified_at is null, u.id, c.id limit $4) f "
        "order by place, tenant_id = $3 desc, moves_money desc, id, credential",
        [audience.value for audience in door.names], list(door.names.values()), door.prefers, _MOST_HASHES,
        list(theirs),
    )  # fmt: skip


async def _fitting(
    p: Platform, door: _Door, username: str, rows: "Sequence[asyncpg.Record]", theirs: frozenset[str],
    password: Secret[str],
) -> asyncpg.Record:  # fmt: skip
    """The first row whose hash fits; as many are looked at when it is nobody's name. In a browser that some of them
    know, those are tried by its own share, and the others of that name by one that all such browsers have together:
    else whoever signed up with somebody's address had guesses at them with every browser. Raises WrongCredentials,
    TooManyFailures."""
    mine, others = ([row for row in rows if (row["id"] in theirs) is known] for known in (True, False))
    it = throttle.attempt(p, f"{door.counts}\0{username}", door.arrival, known=bool(mine))
    async with throttle.one_at_a_time(it):
        try:
            await _require_open(p, it)
        except TooManyFailures as closed:
            return await _by_program(p, door, username, rows, password, closed)
        found = await _first(mine or others, password)
        if found is None and mine:
            found = await _beside(p, username, door, others, password)
        if found is None:
            for _ in range(len(rows), _HASHES):
                await fits(nobodys(), password)
            await _failed(p, door, it)
            raise WrongCredentials
    return found


async def _beside(
    p: Platform, username: str, door: _Door, rows: "Sequence[asyncpg.Record]", password: Secret[str]
) -> asyncpg.Record | None:
    """The first of the others of that name; a failure counts, and takes as long, whether there are any or not."""
    it = throttle.attempt(p, f"{door.counts}\0{username}\0beside", door.arrival)
    async with throttle.one_at_a_time(it):
        try:
            await _require_open(p, it)
        except TooManyFailures:
            await _first(rows, password)
            return None
        found = await _first(rows, password)
        if found is None:
            async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
                await throttle.count(tx, p, it, PASSWORD)
    return found


async def _by_program(
    p: Platform, door: _Door, username: str, rows: "Sequence[asyncpg.Record]", password: Secret[str],
    closed: TooManyFailures,
) -> asyncpg.Record:  # fmt: skip
    """The row whose application password it is. Those are of our making and nobody guesses one, so that no guesser
    locks a shop's programs out by its name. Whatever else was typed counts for its network. Raises `closed`."""
    if door.takes is not _ON_THE_WIRE or closed.of_network:
        raise closed
    made = [row for row in rows if row["moves_money"]]
    found = await _first(made, password)
    if found is None:
        for _ in range(len(made), _HASHES):
            await fits(nobodys(), password)
        async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
            it = throttle.attempt(p, f"{door.counts}\0{username}\0closed", door.arrival)
            await throttle.count(tx, p, it, PASSWORD)
        raise closed
    return found


async def _require_open(p: Platform, it: Attempt) -> None:
    async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
        await throttle.require_open(tx, p, it, PASSWORD)


async def _first(rows: "Sequence[asyncpg.Record]", password: Secret[str]) -> asyncpg.Record | None:
    for row in rows:
        if await fits(row["hash"], password):
            return row
    return None


async def _failed(p: Platform, door: _Door, it: Attempt) -> None:
    """Count a failure, and let whoever's name it was see it: the same two statements, be there anybody or not."""
    ids = [p.ids.new() for _ in range(_MOST_HASHES)]
    async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
        await throttle.count(tx, p, it, PASSWORD)
        await tx.execute(
            "insert into ipp.sign_in_event (tenant_id, id, user_id, what, created_at, browser, system) "
            "select u.tenant_id, ($3::text[])[row_number() over (order by u.id)], u.id, $4, $5, $6, $7 "
            "from unnest($1::text[], $2::bytea[]) as asked(audience, code) "
            "join ipp.app_user u on u.audience = asked.audience and u.username_code = asked.code "
            "where u.status = 'active' order by u.id limit $8",
            [audience.value for audience in door.names], list(door.names.values()), ids,
            Happened.WRONG_PASSWORD.value, p.clock.now(), (door.arrival and door.arrival.browser) or None,
            (door.arrival and door.arrival.system) or None, _MOST_HASHES,
        )  # fmt: skip


async def _tenant_active(p: Platform, row: asyncpg.Record) -> bool:
    table = _TENANTS.get(Audience(row["audience"]))
    if table is None:
        return True
    async with p.db.begin(hall(p)[0]) as tx:
        return bool(await tx.value(f"select status = 'active' from ipp.{table} where id = $1", row["tenant_id"]))
