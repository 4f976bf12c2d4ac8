"""The ways to the outside: a lossy line to the acquirer's host, a moody 3-D Secure."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from ippgateway.app.simulation.acquirer import Host, NoWord
from ippgateway.app.simulation.faults import Faults, Way
from ippgateway.app.simulation.loop import SimulatedLoop
from ippgateway.app.simulation.processes import Process
from ippgateway.app.simulation.trace import Trace
from ippgateway.core.database import outside_transaction
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.ports import (
    AcquirerAnswer,
    AdviceAnswer,
    AdviceRequest,
    Attempted,
    Authenticated,
    Authentication,
    AuthenticationRequest,
    AuthenticationResult,
    AuthorisationRequest,
    ChallengeNeeded,
    NoAnswer,
    NotSent,
    NotSentReason,
    Refused,
    ReversalRequest,
    Unavailable,
    UnavailableReason,
    UnknownReason,
    VoidRequest,
)

TIMER_S = 12.0
"""How long the program waits for an answer of the acquirer."""

SECURE = {"0": "Y", "1": "A", "2": "N", "3": "U", "4": "C"}
"""How a card's 3-D Secure ends, by the ninth digit of its number."""

T = TypeVar("T")


class Line:
    """Fulfils `AcquirerLink`. Messages under way arrive whether or not the program that sent them lives."""

    def __init__(self, loop: SimulatedLoop, trace: Trace, faults: Faults, process: Process, host: Host) -> None:
        self._loop, self._trace, self._faults, self._process, self._host = loop, trace, faults, process, host

    async def authorise(self, request: AuthorisationRequest) -> AcquirerAnswer:
        """See `AcquirerLink`."""
        kind = "increment" if request.increment_of else request.kind.value
        return await self._exchange(kind, request.trace.stan, lambda: self._host.authorise(request))

    async def reverse(self, request: ReversalRequest) -> None:
        """See `AcquirerLink`."""
        await self._exchange("reversal", request.trace.stan, lambda: self._host.reverse(request))

    async def advise(self, request: AdviceRequest) -> AdviceAnswer:
        """See `AcquirerLink`."""
        return await self._exchange(request.kind.value, request.trace.stan, lambda: self._host.advise(request))

    async def void(self, request: VoidRequest) -> None:
        """See `AcquirerLink`."""
        await self._exchange("void", request.trace.stan, lambda: self._host.void(request))

    async def _exchange(self, kind: str, stan: str, ask: Callable[[], T]) -> T:
        outside_transaction()
        way = self._faults.way(self._loop.time(), timer_s=TIMER_S)
        self._trace.tell("line", kind=kind, stan=stan, way=_words(way))
        if way.refused:
            raise NotSent(NotSentReason.LINK_DOWN)
        answer: asyncio.Future[T] = self._loop.create_future()
        for delay_s in way.arrives_s:
            self._loop.outside(delay_s, self._arrive, way, kind, stan, ask, answer)
        if way.cut_s is not None:
            self._loop.outside(way.cut_s, _fail, answer, UnknownReason.CONNECTION_LOST)
        try:
            async with asyncio.timeout(TIMER_S):
                return await self._process.outside(answer, self._faults.while_waiting())
        except TimeoutError:
            raise NoAnswer(UnknownReason.TIMEOUT) from None

    def _arrive(self, way: Way, kind: str, stan: str, ask: Callable[[], T], answer: "asyncio.Future[T]") -> None:
        try:
            said = ask()
        except NoWord:
            self._trace.tell("host", kind=kind, stan=stan, said="no_word")
            self._loop.outside(0.1, _fail, answer, UnknownReason.UNUSABLE_ANSWER)
            return
        self._trace.tell("host", kind=kind, stan=stan, said=type(said).__name__)
        if way.back_s is None:
            return
        if way.garbled:
            self._loop.outside(way.back_s, _fail, answer, UnknownReason.UNUSABLE_ANSWER)
        else:
            self._loop.outside(way.back_s, _answer, answer, said)


def _fail(answer: "asyncio.Future[T]", why: UnknownReason) -> None:
    if not answer.done():
        answer.set_exception(NoAnswer(why))


def _answer(answer: "asyncio.Future[T]", said: T) -> None:
    if not answer.done():
        answer.set_result(said)


def _words(way: Way) -> str:
    arrives = "/".join(f"{each:.2f}" for each in way.arrives_s) or "lost"
    back = "lost" if way.back_s is None else f"{way.back_s:.2f}"
    return f"{arrives}:{back}{':refused' * way.refused}{':garbled' * way.garbled}{':cut' * (way.cut_s is not None)}"


class Secure:
    """Fulfils `Authenticator`; the card's number says how it ends."""

    def __init__(self, faults: Faults, process: Process) -> None:
        self._faults, self._process = faults, process

    async def authenticate(self, request: AuthenticationRequest) -> AuthenticationResult:
        """See `Authenticator`."""
        outside_transaction()
        takes_s = self._faults.random.uniform(0.05, 2.0)
        await self._process.outside(asyncio.sleep(takes_s), self._faults.while_waiting())
        if self._faults.authentication_fails():
            return Unavailable(reason=UnavailableReason.TIMEOUT)
        known = request.transaction_id
        proof = Authentication(eci="05", value=Secret("AAABBBCCCDDDEEEFFFGGGHHHIII="), ds_transaction_id=known,
                               version="2.2.0")  # fmt: skip
        match SECURE[request.card.pan.open()[8]]:
            case "Y":
                return Authenticated(authentication=proof, acs_transaction_id=known)
            case "A":
                return Attempted(authentication=proof, acs_transaction_id=known)
            case "N":
                return Refused(reason_code="01", by_issuer=False, ds_transaction_id=known)
            case "C":
                return ChallengeNeeded(acs_url="https://acs.example", acs_transaction_id=known, ds_transaction_id=known,
                                       version="2.2.0")  # fmt: skip
            case _:
                return Unavailable(reason=UnavailableReason.NOT_PERFORMED)
