"""An idempotency key stands for one request from the moment something may have been begun, and not before."""

from collections.abc import Awaitable, Callable

import pytest

from clocks import Shifted
from ippgateway.domains.idempotency import service as idempotency
from ippgateway.domains.idempotency.errors import KeyReused, NothingDone
from ippgateway.domains.idempotency.service import Keyed, Said
from ippgateway.domains.payments import service as payments

NewCompany = Callable[[], Awaitable[str]]


class Server:
    """Carries requests out, or fails as it is told; the ids it was called with."""

    def __init__(self) -> None:
        self.fails: Exception | None = None
        self.ids: list[str] = []

    async def run(self, request_id: str) -> Said:
        self.ids.append(request_id)
        if self.fails:
            raise self.fails
        return Said(text="done", final=True)


def keyed(company_id: str, body: str) -> Keyed:
    return Keyed(company_id=company_id, scope="test", key="key", body={"amount": body})


async def test_a_refusal_before_any_effect_forgets_the_key(gateway: payments.Gateway, new_company: NewCompany) -> None:
    server, company = Server(), await new_company()
    server.fails = NothingDone()
    with pytest.raises(NothingDone):
        await idempotency.once(gateway.platform, keyed(company, "ten"), server.run)
    server.fails = None
    assert await idempotency.once(gateway.platform, keyed(company, "10"), server.run) == "done"
    assert len(set(server.ids)) == 2


async def test_after_any_other_failure_the_key_stays_with_its_request(
    gateway: payments.Gateway, new_company: NewCompany
) -> None:
    """Also when what carries on refuses: what the first one began may be there."""
    server, company = Server(), await new_company()
    for server.fails in (RuntimeError(), NothingDone()):
        with pytest.raises(type(server.fails)):
            await idempotency.once(gateway.platform, keyed(company, "ten"), server.run)
    with pytest.raises(KeyReused):
        await idempotency.once(gateway.platform, keyed(company, "10"), server.run)
    server.fails = None
    assert await idempotency.once(gateway.platform, keyed(company, "ten"), server.run) == "done"
    assert len(server.ids) == 3
    assert len(set(server.ids)) == 1


async def test_a_key_that_another_process_took_over_is_not_forgotten(
    gateway: payments.Gateway, clock: Shifted, new_company: NewCompany
) -> None:
    server, company = Server(), await new_company()

    async def stalled(request_id: str) -> Said:
        server.ids.append(request_id)
        clock.by += idempotency._LEASE * 2
        assert await idempotency.once(gateway.platform, keyed(company, "ten"), server.run) == "done"
        raise NothingDone

    with pytest.raises(NothingDone):
        await idempotency.once(gateway.platform, keyed(company, "ten"), stalled)
    assert await idempotency.once(gateway.platform, keyed(company, "ten"), server.run) == "done"
    assert len(server.ids) == 2
    assert len(set(server.ids)) == 1
