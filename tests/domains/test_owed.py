"""What the acquirer refuses to undo is repeated, and staff see why."""

import dataclasses
from collections.abc import Awaitable, Callable

from clocks import Shifted
from ippgateway.app.queue_command import unsettled
from ippgateway.app.settings import Settings
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.ports import (
    Approved,
    AuthorisationRequest,
    NoAnswer,
    NotSent,
    NotSentReason,
    UnknownReason,
    VoidRequest,
)
from ippgateway.domains.payments.schemas import Method, Result, Target
from ippgateway.domains.payments.service import Recovery
from ippgateway.domains.payments.service.act import Asked, act
from shops import Shop


class Stubborn:
    """Approves, and undoes nothing as long as there is a reason why."""

    why: Exception | None = NoAnswer(UnknownReason.UNUSABLE_ANSWER, "61")

    async def authorise(self, request: AuthorisationRequest) -> Approved:
        return Approved(auth_code="123456", rrn=request.trace.rrn, response_code="00")

    async def void(self, request: VoidRequest) -> None:
        if self.why:
            raise self.why


async def test_the_queue_says_why_a_void_is_repeated(
    gateway: payments.Gateway,
    clock: Shifted,
    new_company: Callable[[], Awaitable[str]],
    installation: Settings,
) -> None:
    clock.advance(3_600)  # what is due then is nobody else's work now
    acquirer = Stubborn()
    shop = Shop(dataclasses.replace(gateway, acquirer=acquirer), await new_company())  # type: ignore[arg-type]
    paid = await shop.paid(await shop.checkout())
    target = Target(payment_id=paid.payment_id, action_id=None, payment_key=None)
    asked = Asked(company_id=shop.company_id, method=Method.VOID, target=target, hundredths=None)
    done = await act(shop.gateway, asked)
    assert done.result is Result.WAIT
    recovery = Recovery(shop.gateway, abandoned_after_s=60)

    async def shown() -> str:
        assert not await recovery._deliver(shop.company_id, done.action_id, 1)
        rows = await unsettled(installation)
        return str(next(row["reason"] for row in rows if row["action_id"] == done.action_id))

    assert await shown() == "61"
    acquirer.why = NotSent(NotSentReason.LINK_DOWN)
    assert await shown() == "link_down"
    acquirer.why = None
    assert await recovery._deliver(shop.company_id, done.action_id, 3)
    assert all(row["action_id"] != done.action_id for row in await unsettled(installation))
