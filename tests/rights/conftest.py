"""A shop of its own in the running Platform, and a payer who has bought there."""

from collections.abc import AsyncIterator

import pytest

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.service import people
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.zones import Zone
from privacy.shops import open_shop, paying

from .people import paid


@pytest.fixture(scope="package")
async def gateway(installation: Settings) -> AsyncIterator[payments.Gateway]:
    async with paying(installation) as it:
        yield it


@pytest.fixture(scope="package")
async def console(installation: Settings) -> AsyncIterator[Platform]:
    async with platform_for(Zone.CONSOLE, installation) as it:
        yield it


@pytest.fixture
async def shop(console: Platform) -> str:
    """A shop of this test alone; its id."""
    return await open_shop(console)


@pytest.fixture
async def payer(gateway: payments.Gateway, console: Platform, shop: str) -> Person:
    """Somebody who paid once, and whose card the shop may charge again."""
    _, result = await paid(gateway, shop, "signe.svane@borger.example", store_card=True)
    return (await people.payer_of(console, payment_id=result.payment_id)).person
