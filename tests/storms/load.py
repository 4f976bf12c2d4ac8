"""A load of payments, and what their clients were told: shoppers that try again, as browsers do."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp

from e2e.client import Answer, Client
from e2e.shop import Shop

VISA = "4111111111111111"
# Mostly what approves; each way in which an answer can go wrong now and then.
_CARDS = ("approve_visa", "approve_mastercard", "approve_amex", "approve_dankort", "twice", "frictionless") * 3 + (
    "decline_do_not_honour", "decline_insufficient_funds", "authentication_refused", "timeout", "late",
)  # fmt: skip
_TRIES = 6
_TRY_S = 12
_PAUSE_S = 0.2


@dataclass
class Told:
    """What one checkout's client was told: results in order, and the action of an approval."""

    results: list[str] = field(default_factory=list)
    transactions: set[str] = field(default_factory=set)
    acknowledged: str | None = None


@dataclass
class Load:
    """Shoppers at work. `told`: by checkout."""

    client: Client
    shop: Shop
    seed: int
    told: dict[str, Told] = field(default_factory=dict)
    failed: int = 0

    async def shopper(self, number: int) -> None:
        """Buy again and again until cancelled; a purchase that was begun is finished."""
        chance = random.Random(f"{self.seed}/{number}")  # noqa: S311 - a storm that can be repeated
        while True:
            await asyncio.shield(self._buy(chance.choice(_CARDS), f"{self.shop.url}/{number}"))
            await asyncio.sleep(chance.uniform(0, 0.2))

    async def _buy(self, card: str, ipn: str) -> None:
        checkout_id = await self._checkout(ipn)
        if checkout_id is None:
            return
        told = self.told.setdefault(checkout_id, Told())
        for _ in range(_TRIES):
            answer = await self._asked("/payments/authorize?", self.client.card(checkout_id, self.client.cards[card]))
            if answer is not None and answer.code == 200:
                self._note(told, answer)
                return
            await asyncio.sleep(_PAUSE_S)

    def _note(self, told: Told, answer: Answer) -> None:
        content = answer.performed()
        told.results.append(content["result"])
        told.transactions.add(content["transaction_id"])
        if content["result"] == "ACK":
            told.acknowledged = content["action_id"]

    async def _checkout(self, ipn: str) -> str | None:
        order = self.client.keys | {"currency": "EUR", "amount": "432100", "order_id": "Storm", "ipn": ipn}
        answer = await self._asked("/payments/checkout_id.php?", order)
        return str(answer.content["checkout_id"]) if answer is not None and answer.code == 200 else None

    async def _asked(self, path: str, fields: dict[str, str]) -> Answer | None:
        """The answer in the envelope; None when there was none."""
        try:
            async with asyncio.timeout(_TRY_S):
                answer = await self.client.post(path, fields)
        except (aiohttp.ClientError, TimeoutError, OSError):
            self.failed += 1
            return None
        self.failed += answer.code != 200
        return answer


@contextlib.asynccontextmanager
async def shoppers(load: Load, how_many: int) -> AsyncIterator[None]:
    """So many shoppers at once for as long as this is open; at its end every purchase that was begun has ended."""
    before = asyncio.all_tasks()
    buying = [asyncio.create_task(load.shopper(number)) for number in range(how_many)]
    try:
        yield
    finally:
        for each in buying:
            each.cancel()
        await asyncio.gather(*buying, return_exceptions=True)
        await asyncio.gather(*(asyncio.all_tasks() - before - {asyncio.current_task()}), return_exceptions=True)


async def serves(client: Client) -> bool:
    """Whether a payment goes through from its beginning to its end, and the part behind the entrance answers too."""
    try:
        async with asyncio.timeout(3):
            paid = await client.pay(VISA)
            version = await client.post("/version")
    except (aiohttp.ClientError, TimeoutError, OSError, AssertionError, ValueError):
        return False
    return paid["result"] == "ACK" and version.code == 200
