"""Limits that stop guessers without locking owners out.

A name is counted apart for whoever shows a browser that its owner signed in with before, and for everybody else. So a
thousand guesses from elsewhere close it elsewhere, and the owner's own browser is let in at once. A network has a limit
over all names. What is counted are keyed codes, so that nobody reads from them whose name was tried; a name that is
nobody's counts as any other does.
"""

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from weakref import WeakValueDictionary

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import TooManyFailures
from ippgateway.domains.accounts.schemas import Arrival, Happened, Session
from ippgateway.domains.accounts.service import devices
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import known, note
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest
from ippgateway.privacy.zones import PLATFORM

_FORGOTTEN_AFTER = timedelta(hours=1)
_AT_ONCE = 4
"""Guesses that one network has under way: a failure counts once it is made, so more would slip through together."""
_FACTORS_OF_A_SESSION = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """How often something may happen within a while: at one name, and from one network over all names."""

    what: str
    at_a_name: int
    from_a_network: int
    within: timedelta


PASSWORD = Limit(what="password", at_a_name=10, from_a_network=50, within=timedelta(minutes=30))
FACTOR = Limit(what="factor", at_a_name=20, from_a_network=50, within=timedelta(minutes=30))
RESET = Limit(what="reset", at_a_name=3, from_a_network=50, within=timedelta(hours=1))
SIGN_UP = Limit(what="sign_up", at_a_name=3, from_a_network=20, within=timedelta(hours=1))

_NAMES: "WeakValueDictionary[bytes, asyncio.Lock]" = WeakValueDictionary()
_NETWORKS: "WeakValueDictionary[bytes, asyncio.Semaphore]" = WeakValueDictionary()


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One attempt, as it is counted. `name`: code of the name, and of the known browser that it comes from; `network`:
    code of the network, empty when there is none, as of a program that does not say; `known`: it is such a browser."""

    name: bytes
    network: bytes
    known: bool


def attempt(p: Platform, name: str, arrival: Arrival | None, *, known: bool = False) -> Attempt:
    """How an attempt on a name is counted."""
    code, hall_of = p.persons.index.code, hall(p)[0].key
    text = f"{hall_of}\0{name.strip().lower()}"
    if known and arrival is not None and arrival.device is not None:
        text += f"\0{digest(arrival.device.open()).hex()}"
    network = "" if arrival is None else network_of(arrival.address)
    return Attempt(
        name=code(PLATFORM, "sign_in_failure.name", text),
        network=code(PLATFORM, "sign_in_failure.network", network) if network else b"", known=known,
    )  # fmt: skip


def network_of(address: Secret[str]) -> str:
    """The network that an address is counted with: /24, or /48 of IPv6. Empty when there is none."""
    try:
        ip = ipaddress.ip_address(address.open())
    except ValueError:
        return ""
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))


@asynccontextmanager
async def one_at_a_time(it: Attempt) -> AsyncIterator[None]:
    """Attempts on a name from one place come one after the other, and few at once from one network: many together would
    all be counted after they were made. A known browser waits for nobody else."""
    name = _NAMES.setdefault(it.name, asyncio.Lock())
    if it.known or not it.network:
        async with name:
            yield
        return
    async with _NETWORKS.setdefault(it.network, asyncio.Semaphore(_AT_ONCE)), name:
        yield


async def require_open(tx: Tx, p: Platform, it: Attempt, limit: Limit) -> None:
    """Raises TooManyFailures. A known browser has a share of its own, whatever comes from its network."""
    row = await tx.row(
        "select count(*) filter (where username_code = $1) as name, count(*) filter (where place_code = $2) as network "
        "from ipp.sign_in_failure where (username_code = $1 or place_code = $2) and what = $3 and at > $4",
        it.name, it.network or b"\0", limit.what, p.clock.now() - limit.within,
    )  # fmt: skip
    at_network = row is not None and not it.known and row["network"] >= limit.from_a_network
    if row is not None and (row["name"] >= limit.at_a_name or at_network):
        raise TooManyFailures(int(limit.within.total_seconds()), of_network=at_network)


async def count(tx: Tx, p: Platform, it: Attempt, limit: Limit) -> None:
    """Put it on record, and forget whatever is too old to count, whosever it was."""
    now = p.clock.now()
    await tx.execute(
        "insert into ipp.sign_in_failure (id, what, username_code, place_code, at) values ($1, $2, $3, $4, $5)",
        p.ids.new(), limit.what, it.name, it.network, now,
    )  # fmt: skip
    await tx.execute("delete from ipp.sign_in_failure where at < $1", now - _FORGOTTEN_AFTER)


async def sign_up_allowed(p: Platform, arrival: Arrival | None) -> None:
    """Count a sign-up. Raises TooManyFailures when its network had its share."""
    it = attempt(p, p.ids.new(), arrival)
    async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
        await require_open(tx, p, it, SIGN_UP)
        await count(tx, p, it, SIGN_UP)


# --- second factors ---


async def factor_allowed(p: Platform, session: Session, arrival: Arrival | None) -> None:
    """Whether another proof may be tried in a session. Raises TooManyFailures."""
    async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
        await require_open(tx, p, await _of_session(tx, p, session, arrival), FACTOR)


async def wrong_factor(p: Platform, session: Session, arrival: Arrival | None) -> None:
    """A second factor proved nothing: it is counted, its owner sees it, and the fifth in a session ends it."""
    look_up, keeps = hall(p)
    async with p.db.begin(look_up, tenants=[PLATFORM]) as tx:
        it = await _of_session(tx, p, session, arrival)
        mine = Attempt(name=_session_code(p, session), network=b"", known=True)
        await count(tx, p, it, FACTOR)
        await count(tx, p, mine, FACTOR)
        tried = await tx.value(
            "select count(*) from ipp.sign_in_failure where username_code = $1 and what = $2", mine.name, FACTOR.what
        )
    async with p.db.begin(keeps, tenants=[session.home_id]) as tx:
        whom = await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)
        await note(tx, p, whom, Happened.WRONG_FACTOR, arrival)
        if tried >= _FACTORS_OF_A_SESSION:
            await tx.execute(
                "update ipp.sign_in_session set ended_at = $3 where tenant_id = $1 and id = $2 and ended_at is null",
                session.home_id, session.id, p.clock.now(),
            )  # fmt: skip


async def _of_session(tx: Tx, p: Platform, session: Session, arrival: Arrival | None) -> Attempt:
    """Proofs are counted at their user, so that whoever has the password can't begin anew with every sign-in."""
    theirs = session.user_id in await devices.users_of(tx, arrival)
    return attempt(p, f"factor\0{session.user_id}", arrival, known=theirs)


def _session_code(p: Platform, session: Session) -> bytes:
    return p.persons.index.code(PLATFORM, "sign_in_failure.session", session.id)
