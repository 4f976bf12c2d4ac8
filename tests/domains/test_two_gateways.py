"""Two processes on one database, neither of which knows what the other one has under way: the database decides."""

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

import pytest

from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.errors import ActionRefused, ActionUnderWay, NothingOpen
from ippgateway.domains.payments.ports import (
    AdviceAccepted,
    AdviceRequest,
    Approved,
    AuthorisationRequest,
    VoidRequest,
)
from ippgateway.domains.payments.schemas import Method, Result, Target
from ippgateway.domains.payments.service.act import Asked, act
from ippgateway.privacy.catalogue import PAYMENT
from shops import Shop


class Acquirer:
    """Takes everything, and notes what it took."""

    def __init__(self) -> None:
        self.took: Counter[str] = Counter()

    async def authorise(self, request: AuthorisationRequest) -> Approved:
        self.took["authorisation"] += 1
        await asyncio.sleep(0)
        return Approved(auth_code="123456", rrn=request.trace.rrn, response_code="00")

    async def advise(self, request: AdviceRequest) -> AdviceAccepted:
        self.took[request.kind.value] += request.amount.amount_minor
        await asyncio.sleep(0)
        return AdviceAccepted()

    async def void(self, request: VoidRequest) -> None:
        self.took["void"] += request.authorised.amount_minor - request.stays_minor
        await asyncio.sleep(0)


@pytest.fixture
async def both(gateway: payments.Gateway, new_company: Callable[[], Awaitable[str]]) -> tuple[Shop, Shop]:
    company_id, acquirer = await new_company(), Acquirer()

    def one() -> Shop:
        alone = dataclasses.replace(
            gateway,
            acquirer=acquirer,  # type: ignore[arg-type]
            under_way={},
            rushes={},
            _locks=WeakValueDictionary(),
        )
        return Shop(alone, company_id)

    return one(), one()


def took(both: tuple[Shop, Shop]) -> Counter[str]:
    acquirer = both[0].gateway.acquirer
    assert isinstance(acquirer, Acquirer)
    return acquirer.took


async def does(shop: Shop, payment_id: str, method: Method, hundredths: int | None) -> bool:
    """Whether it was done."""
    target = Target(payment_id=payment_id, action_id=None, payment_key=None)
    asked = Asked(company_id=shop.company_id, method=method, target=target, hundredths=hundredths)
    try:
        return (await act(shop.gateway, asked)).result is Result.ACK
    except (NothingOpen, ActionUnderWay, ActionRefused):
        return False


async def balance(shop: Shop, payment_id: str) -> dict[str, int]:
    async with shop.gateway.platform.db.begin(PAYMENT, tenants=[shop.company_id]) as tx:
        row = await tx.row(
            "select authorised_minor as authorised, captured_minor as captured, voided_minor as voided, "
            "refunded_minor as refunded, capturing_minor + voiding_minor + refunding_minor + increasing_minor as open "
            "from ipp.payment where company_id = $1 and id = $2",
            shop.company_id, payment_id,
        )  # fmt: skip
    assert row is not None
    return dict(row)


async def test_six_authorisations_of_one_checkout_are_one(both: tuple[Shop, Shop]) -> None:
    checkout = await both[0].checkout()
    done = await asyncio.gather(*(both[n % 2].paid(checkout) for n in range(6)))
    assert took(both)["authorisation"] == 1
    assert len({one.payment_id for one in done}) == 1
    assert {one.result for one in done} <= {Result.ACK, Result.WAIT}
    assert (await both[1].paid(checkout)).result is Result.ACK


async def test_fifty_refunds_of_more_than_half_are_one(both: tuple[Shop, Shop]) -> None:
    paid = await both[0].paid(await both[0].checkout())
    assert await does(both[0], paid.payment_id, Method.CAPTURE, None)
    done = await asyncio.gather(*(does(both[n % 2], paid.payment_id, Method.REFUND, 6_000) for n in range(50)))
    assert (done.count(True), took(both)["refund"]) == (1, 6_000)
    left = await balance(both[0], paid.payment_id)
    assert (left["captured"], left["refunded"], left["open"]) == (10_000, 6_000, 0)


async def test_captures_voids_and_refunds_that_race_end_as_some_order_would(both: tuple[Shop, Shop]) -> None:
    paid = await both[0].paid(await both[0].checkout())
    asked: list[tuple[Method, int | None]] = [
        (Method.CAPTURE, 3_000), (Method.VOID, None), (Method.REFUND, 2_000), (Method.CAPTURE, 4_000),
        (Method.REFUND, 3_000), (Method.VOID, None),
    ]  # fmt: skip
    await asyncio.gather(
        *(does(both[(n + m) % 2], paid.payment_id, *one) for n in range(4) for m, one in enumerate(asked))
    )
    left = await balance(both[1], paid.payment_id)
    assert left["open"] == 0
    assert left["captured"] + left["voided"] <= left["authorised"] == 10_000
    assert left["refunded"] <= left["captured"]
    # Nothing was taken back before it was captured, a void took what was left, and the acquirer knows the same.
    assert left["voided"] in (0, 10_000 - left["captured"])
    sums = {"capture": left["captured"], "void": left["voided"], "refund": left["refunded"]}
    assert took(both) == Counter({"authorisation": 1, **sums})
