"""The payment path as one process has it, put together as `app.gateway` does, with somebody watching its boundaries."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from gates import way
from ippgateway.app.database.access import as_zone, keys_database, main_database
from ippgateway.app.database.keys import master
from ippgateway.app.settings import Settings
from ippgateway.connectors.iso8583.link import Iso8583Link, LinkSettings
from ippgateway.connectors.notify.sender import HttpSender
from ippgateway.core.clock import ManualClock, SystemClock
from ippgateway.core.database import Database, PurposeLike, Stage, Tx
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.core.secret import Secret
from ippgateway.domains.cards.vault import Vault
from ippgateway.domains.notifications.ports import Sender
from ippgateway.domains.payments.ports import (
    AcquirerLink,
    Authenticated,
    Authentication,
    AuthenticationRequest,
    AuthenticationResult,
    ChallengeNeeded,
    NoAnswer,
    NotSent,
    NotSentReason,
    UnknownReason,
)
from ippgateway.domains.payments.service import Gateway, Limits, Recovery
from ippgateway.privacy import masterkeys
from ippgateway.privacy.catalogue import ACQUIRER, NOTIFY, PAYMENT, SHOP
from ippgateway.privacy.persons import Persons
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone
from ippsandbox.cards import DEMO_CARDS

LEASE_S = 40.0
_SIGNED_ON_WITHIN_S = 20.0

T = TypeVar("T")


class Hurried(ManualClock):
    """Stands still until it is moved; whoever sleeps moves it."""

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        await asyncio.sleep(0)

    def back_to(self, moment: datetime) -> None:
        """It is that moment again."""
        self._now = moment


class Watch:
    """Is told of every boundary twice: when everything before it is done, and when it was crossed."""

    def before(self, module: str, function: str, line: int) -> Callable[[], None]:
        """At the boundary; what is returned is to be called behind it."""
        return lambda: None


class Planted(Exception):
    """A mistake of the program's own."""


@dataclass
class Hearing:
    """What becomes of messages to the acquirer: they are `heard`; the answer is not (`deaf`); they never leave
    (`unsent`); or the program fails over the answer (`broken`)."""

    how: str = "heard"


class _Crossing:
    """A frame at a boundary, and what is to be done there."""

    def __init__(self, watch: Watch, depth: int) -> None:
        frame = sys._getframe(depth)
        self._watch, self._where = watch, (frame.f_globals["__name__"], frame.f_code.co_qualname, frame.f_lineno)
        self._behind: Callable[[], None] = lambda: None

    def before(self) -> None:
        self._behind = self._watch.before(*self._where)

    def after(self) -> None:
        self._behind()

    async def around(self, work: Callable[[], Awaitable[T]]) -> T:
        self.before()
        try:
            return await work()
        finally:
            self.after()


class WatchedDatabase:
    """A zone's database. Before a transaction's boundary is: everything is written, nothing is committed."""

    def __init__(self, real: Database, watch: Watch) -> None:
        self._real, self._watch = real, watch

    def begin(self, purpose: PurposeLike, *, tenants: Sequence[str] = ()) -> AbstractAsyncContextManager[Tx]:
        return self._begun(_Crossing(self._watch, 2), purpose, tenants)

    @asynccontextmanager
    async def _begun(self, crossing: _Crossing, purpose: PurposeLike, tenants: Sequence[str]) -> AsyncIterator[Tx]:
        async with self._real.begin(purpose, tenants=tenants) as tx:
            yield tx
            crossing.before()
        crossing.after()

    def together(self, purpose: PurposeLike, stage: Stage[Any, T], item: Any) -> Awaitable[T]:
        return _Crossing(self._watch, 2).around(lambda: self._real.together(purpose, stage, item))


class WatchedPersons:
    """Making a person's keys is a boundary; everything else is as it was."""

    def __init__(self, real: Persons, watch: Watch) -> None:
        self._real, self._watch = real, watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def create(self, purpose: PurposeLike, controller: str, person_id: str) -> Awaitable[Any]:
        return _Crossing(self._watch, 2).around(lambda: self._real.create(purpose, controller, person_id))


class WatchedOutside:
    """A port to the outside: each of its methods is a boundary."""

    def __init__(self, real: object, watch: Watch, hearing: Hearing | None = None) -> None:
        self._real, self._watch, self._hearing = real, watch, hearing or Hearing()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)
        if not callable(method):
            return method

        def call(*args: Any, **named: Any) -> Awaitable[Any]:
            return _Crossing(self._watch, 2).around(lambda: self._asked(lambda: method(*args, **named)))

        return call

    async def _asked(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        if self._hearing.how == "unsent":
            raise NotSent(NotSentReason.LINK_DOWN)
        answer = await ask()
        if self._hearing.how == "deaf":
            raise NoAnswer(UnknownReason.TIMEOUT)
        if self._hearing.how == "broken":
            raise Planted
        return answer


class Bank:
    """3-D Secure that vouches for everybody; for the card `challenge`, once the payer has confirmed."""

    async def authenticate(self, request: AuthenticationRequest) -> AuthenticationResult:
        """See `Authenticator`."""
        if request.card.pan.open() == DEMO_CARDS["challenge"]:
            known = request.transaction_id
            return ChallengeNeeded(acs_url="https://bank.example/", acs_transaction_id=known, ds_transaction_id=known,
                                   version="2.2.0")  # fmt: skip
        proof = Authentication(eci="05", value=Secret("AAABBBCCCDDDEEEFFFGGGHHHIII="), version="2.2.0",
                               ds_transaction_id=request.transaction_id)  # fmt: skip
        return Authenticated(authentication=proof, acs_transaction_id=request.transaction_id)


@dataclass(frozen=True, kw_only=True)
class Path:
    """Both zones of the payment path in one process, at one clock."""

    clock: Hurried
    gateway: Gateway
    recovery: Recovery
    link: Iso8583Link
    sender: Sender
    hearing: Hearing
    worker: Callable[[], Awaitable[Platform]]

    async def working(self) -> Platform:
        """What the worker sees; connected when it is asked for, because most victims never do."""
        if not self._worker:
            self._worker.append(await self.worker())
        return self._worker[0]

    _worker: list[Platform] = field(default_factory=list)


@asynccontextmanager
async def open_path(
    settings: Settings, *, port: int, at: datetime, watch: Watch | None = None, timer_s: float = 10.0
) -> AsyncIterator[Path]:
    """A path whose acquirer is on `port` of this machine and whose clock begins at `at`."""
    watch, clock, hearing, randomness = watch or Watch(), Hurried(at), Hearing(), SystemRandomness()
    async with AsyncExitStack() as ending:
        vault_keys = Database(as_zone(settings, Zone.PAY, keys_database(settings)), role_prefix=settings.role_prefix)
        ending.push_async_callback(vault_keys.close)
        vault = Vault(vault_keys, master(settings, masterkeys.VAULT, randomness), randomness)
        link = Iso8583Link(
            way=way(ACQUIRER, PAYMENT), host="127.0.0.1", port=port, clock=SystemClock(), randomness=randomness,
            settings=LinkSettings(timeout_s=timer_s, back_off_most_s=0.1, sign_off_timeout_s=0.2),
        )  # fmt: skip
        await ending.enter_async_context(link)
        async with asyncio.timeout(_SIGNED_ON_WITHIN_S):
            paying, _, _ = await asyncio.gather(
                _platform(ending, settings, Zone.PAY, clock, watch), vault.start(PAYMENT), link.ready()
            )
        gateway = Gateway(
            platform=paying, vault=vault, acquirer=cast("AcquirerLink", WatchedOutside(link, watch, hearing)),
            authenticator=cast("Any", WatchedOutside(Bank(), watch)), limits=Limits(advice_lease_s=LEASE_S),
        )  # fmt: skip
        yield Path(
            clock=clock, gateway=gateway, recovery=Recovery(gateway, abandoned_after_s=LEASE_S), link=link,
            sender=cast("Sender", WatchedOutside(HttpSender(way(SHOP, NOTIFY), allow_private=True), watch)),
            hearing=hearing,
            worker=lambda: _platform(ending, settings, Zone.WORKER, clock, watch),
        )  # fmt: skip


async def _platform(ending: AsyncExitStack, settings: Settings, zone: Zone, clock: Hurried, watch: Watch) -> Platform:
    """A zone's view, as `app.wiring` makes it."""
    randomness = SystemRandomness()
    main, keys = (
        Database(as_zone(settings, zone, name), role_prefix=settings.role_prefix, by_index=zone is Zone.PAY)
        for name in (main_database(settings), keys_database(settings))
    )
    ending.push_async_callback(main.close)
    ending.push_async_callback(keys.close)
    persons = Persons(keys, master(settings, masterkeys.PERSONS, randomness), clock, randomness)
    await persons.start(NOTIFY if zone is Zone.WORKER else PAYMENT)
    return Platform(
        zone=zone, db=cast("Database", WatchedDatabase(main, watch)), clock=clock, ids=Ids(clock, randomness),
        persons=cast("Persons", WatchedPersons(persons, watch)),
    )  # fmt: skip
