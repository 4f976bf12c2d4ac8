"""Who buys what, which actions follow, and who answers notifications. All of it drawn from the seed.

A shop remembers what it was told; in the end that must be true (`invariants`).
"""

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from ippgateway.app.simulation.acquirer import CARDS, card_number
from ippgateway.app.simulation.faults import Faults
from ippgateway.app.simulation.loop import SimulatedClock
from ippgateway.app.simulation.processes import Died, Process
from ippgateway.app.simulation.programs import GONE, Program, World
from ippgateway.core.money import currency
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import CheckoutRef, NewCheckout, TransactionType
from ippgateway.domains.idempotency import service as idempotency
from ippgateway.domains.idempotency.errors import StillRunning
from ippgateway.domains.notifications.ports import Answer, Failure
from ippgateway.domains.payments.errors import (
    ActionRefused,
    ActionUnderWay,
    NothingOpen,
    PaymentNotFound,
    TooManyDeclines,
)
from ippgateway.domains.payments.schemas import AuthoriseResult, Browser, CardEntry, Method, Result, Target
from ippgateway.domains.payments.service import Asked, Gateway, act, authorise, rebill, secure

T = TypeVar("T")

_REFUSALS = (ActionRefused, ActionUnderWay, NothingOpen, PaymentNotFound, TooManyDeclines)
"""What a correct program may answer a correct shop."""

_BROWSER = Browser(user_agent=Secret("sim"), accept=Secret("*/*"), language="da", ip=Secret("192.0.2.1"))
_CURRENCIES = ("DKK", "DKK", "EUR", "JPY", "KWD")
_DONE = (Method.CAPTURE,) * 3 + (Method.REFUND,) * 2 + (Method.VOID, Method.INCREMENTAL)
_TRIES = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A shop was called: when it began, and whether the shop said yes and was heard."""

    payment_id: str
    at_s: float
    heard: bool


@dataclass(kw_only=True)
class Memory:
    """What shops know for certain, because somebody told them."""

    told: dict[str, Result] = field(default_factory=dict)
    """Payment or action -> the final word on it."""
    by_key: dict[str, str] = field(default_factory=dict)
    """Idempotency key -> the action that it was told of."""
    notified: set[str] = field(default_factory=set)
    """Checkouts for which the shop wants to be called."""
    calls: list[Call] = field(default_factory=list)


class Shops:
    """Everybody outside who has to do with these companies."""

    def __init__(self, world: World, zones: Sequence[Program], companies: Sequence[str]) -> None:
        self.memory = Memory()
        self._world, self._zones, self._companies = world, zones, companies
        self._random = random.Random(f"{world.seed}/shops")  # noqa: S311 - a simulation
        self._keys = 0

    async def run(self, count: int) -> None:
        """`count` purchases, in rushes over the whole time, and everything that follows from them."""
        draw, busy = self._random, self._world.faults.busy_s
        within_s = draw.choice((0.02, 0.02, 5.0, 40.0))
        stories = [self._purchase(n, draw.choice(busy) + draw.uniform(0, within_s)) for n in range(count)]
        await asyncio.gather(*stories)

    async def _pause(self, longest_s: float) -> None:
        await asyncio.sleep(self._random.uniform(0, longest_s))

    # --- asking ---

    async def _ask(self, question: Callable[[Gateway], Coroutine[Any, Any, T]], *, tries: int = _TRIES) -> T | None:
        """The answer; None for a refusal, or when nobody answered in `tries` attempts."""
        for _ in range(tries):
            try:
                return await self._random.choice(self._zones).ask(question)
            except _REFUSALS as refusal:
                self._world.trace.tell("refused", why=type(refusal).__name__)
                return None
            except (Died, StillRunning, *GONE) as gone:
                self._world.trace.tell("no_answer", why=type(gone).__name__)
                await self._pause(60 if isinstance(gone, StillRunning) else 20)
            except Exception as error:
                self._world.unexpected("a shop", error)
                return None
        return None

    # --- buying ---

    async def _purchase(self, number: int, begins_s: float) -> None:
        await asyncio.sleep(begins_s)
        draw, company_id = self._random, self._random.choice(self._companies)
        stores = draw.random() < 0.3
        checkout = await self._ask(lambda g: self._checkout(g, company_id, number, stores=stores))
        if checkout is None:
            return
        await self._pause(draw.choice((0.02, 20)))
        result: AuthoriseResult | None = None
        for _ in range(draw.choice((1, 1, 2, 3))):
            result = await self._click(checkout, self._card())
            if result is not None and result.result is not Result.NOK:
                break
            await self._pause(60)
        if result is not None and result.result is Result.ACK:
            await self._afterwards(checkout, result)
            if stores:
                await self._renew(number, company_id, result.payment_id)

    async def _renew(self, number: int, company_id: str, reference_id: str) -> None:
        """The shop charges the stored card again, without the payer."""
        await self._pause(600)
        checkout = await self._ask(lambda g: self._checkout(g, company_id, number, stores=False))
        if checkout is None:
            return
        result = await self._until_known(lambda g: rebill(g, checkout=checkout, reference_id=reference_id))
        if result is not None and result.result is Result.ACK:
            await self._afterwards(checkout, result)

    async def _checkout(self, g: Gateway, company_id: str, number: int, *, stores: bool) -> CheckoutRef:
        draw = self._random
        of = currency(draw.choice(_CURRENCIES))
        hundredths = draw.randrange(1, 400) * 100
        wants = draw.random() < 0.7
        made = await checkouts.create(
            g.platform, company_id=company_id,
            order=NewCheckout(
                amount_text=str(hundredths), amount_hundredths=hundredths, currency=of, order_id=f"order {number}",
                transaction_type=draw.choice((TransactionType.ECOM, TransactionType.ECOM, TransactionType.MOTO)),
                notify_url="https://shop.example/ipn?a=1" if wants else "", store_card=stores,
                payer_email=f"payer{draw.randrange(5)}@example.org" if draw.random() < 0.5 else "",
                payer_name="Payer" if draw.random() < 0.5 else "",
            ),
        )  # fmt: skip
        found = await checkouts.find(g.platform, checkout_id=made.checkout_id.open(), cryptogram=None)
        if wants:
            self.memory.notified.add(found.id)
        return found

    def _card(self) -> CardEntry:
        draw = self._random
        behaviour = draw.choice(("good",) * 12 + tuple(CARDS))
        number = card_number(behaviour, draw.choice("000000001234"), draw.randrange(12))
        return CardEntry(holder=Secret("Card Holder"), number=Secret(number), month=12, year=2030,
                         security_code=Secret("123"))  # fmt: skip

    async def _click(self, checkout: CheckoutRef, card: CardEntry) -> AuthoriseResult | None:
        """A payer who presses the button, perhaps more than once."""
        clicks = self._random.choice((1, 1, 1, 2, 3))
        answers = await asyncio.gather(*(self._pay(checkout, card) for _ in range(clicks)))
        return next((each for each in answers if each is not None), None)

    async def _pay(self, checkout: CheckoutRef, card: CardEntry) -> AuthoriseResult | None:
        await self._pause(self._random.choice((0.02, 1.5)))
        if self._random.random() < 0.4:
            await self._ask(lambda g: secure(g, checkout=checkout, card=card, browser=_BROWSER), tries=1)
        return await self._until_known(lambda g: authorise(g, checkout=checkout, card=card, browser=_BROWSER))

    async def _until_known(
        self, question: Callable[[Gateway], Coroutine[Any, Any, AuthoriseResult]]
    ) -> AuthoriseResult | None:
        """Ask, and again while nobody knows."""
        result = None
        for _ in range(_TRIES):
            result = await self._ask(question)
            if result is None:
                return None
            self._world.trace.tell("paid", payment=result.payment_id, result=result.result.value)
            self._told(result.payment_id, result.result)
            if result.result is not Result.WAIT:
                return result
            await self._pause(60)
        return result

    def _told(self, what: str, result: Result) -> None:
        """A final word is final. That nobody knows may be said later by another process, which read before."""
        if result is not Result.WAIT and (before := self.memory.told.setdefault(what, result)) is not result:
            self._world.wrong.append(f"{what}: told {before.value}, then {result.value}")

    # --- afterwards ---

    async def _afterwards(self, checkout: CheckoutRef, paid: AuthoriseResult) -> None:
        clerks = (self._clerk(checkout.company_id, paid) for _ in range(self._random.choice((0, 1, 1, 2, 3))))
        await asyncio.gather(*clerks)

    async def _clerk(self, company_id: str, paid: AuthoriseResult) -> None:
        for _ in range(self._random.choice((1, 1, 2, 3))):
            await self._pause(self._random.choice((0.02, 2, 30, 600)))
            await self._do(company_id, paid, self._random.choice(_DONE))

    async def _do(self, company_id: str, paid: AuthoriseResult, method: Method) -> None:
        draw = self._random
        hundredths: int | None = draw.choice((None, 100, 500, 1_000, 100 * draw.randrange(1, 400)))
        if method is Method.INCREMENTAL:
            hundredths = hundredths or 1_000
        asked = Asked(company_id=company_id, method=method, hundredths=hundredths,
                      target=Target(payment_id=paid.payment_id, action_id=None))  # fmt: skip
        if draw.random() < 0.4:
            # Without a key nobody may ask twice: a clerk who hears nothing has to look at the books.
            await self._ask(lambda g: self._act(g, asked), tries=1)
            return
        self._keys += 1
        key = f"key-{self._keys}"
        same = (self._ask(lambda g: self._keyed(g, key, asked)) for _ in range(draw.choice((1, 2))))
        for text in await asyncio.gather(*same):
            if text is not None and self.memory.by_key.setdefault(key, text) != text:
                self._world.wrong.append(f"{key}: two actions for one key")

    async def _act(self, g: Gateway, asked: Asked) -> str:
        done = await act(g, asked)
        self._world.trace.tell("acted", method=asked.method.value, action=done.action_id, result=done.result.value)
        self._told(done.action_id, done.result)
        return f"{done.result.value} {done.action_id}"

    async def _keyed(self, g: Gateway, key: str, asked: Asked) -> str:
        """The action that the key stands for, as the contract's face asks for it."""

        async def run(request_id: str) -> idempotency.Said:
            text = await self._act(g, replace(asked, request_id=request_id))
            return idempotency.Said(text=text, final=not text.startswith(Result.WAIT.value))

        request = idempotency.Keyed(
            company_id=asked.company_id, scope=f"sim/{asked.method.value}", key=key,
            body={"id": asked.target.payment_id or "", "amount": str(asked.hundredths)},
        )  # fmt: skip
        return (await idempotency.once(g.platform, request, run)).partition(" ")[2]


class Inbox:
    """The shop's own server: fulfils `Sender`, from the caller's side of the wire."""

    def __init__(self, clock: SimulatedClock, faults: Faults, process: Process, memory: Memory) -> None:
        self._clock, self._faults, self._process, self._memory = clock, faults, process, memory

    @property
    def timeout_s(self) -> float:
        """See `Sender`."""
        return 10.0

    async def get(self, url: Secret[str], *, allow_plain: bool) -> Answer:
        """See `Sender`."""
        payment_id = parse_qs(urlsplit(url.open()).query)["transaction_id"][0]
        fails, lost = self._faults.shop_fails(), self._faults.shop_is_not_heard()
        slow = fails and self._faults.random.random() < 0.5
        begun_s = asyncio.get_running_loop().time()
        self._memory.calls.append(Call(payment_id=payment_id, at_s=begun_s, heard=not (fails or lost)))
        takes_s = self.timeout_s if slow or lost else self._faults.random.uniform(0.05, 1.0)
        await self._process.outside(asyncio.sleep(takes_s), self._faults.while_waiting())
        if slow or lost:
            return Answer(status=None, failure=Failure.TIMEOUT)
        return Answer(status=500, failure=Failure.HTTP_STATUS) if fails else Answer(status=200, failure=None)
