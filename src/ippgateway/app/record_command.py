"""`ippgateway record`: the record of processing (GDPR Article 30), as a document or as CSV.

Needs no database, unless the customers for whom we act are to be named.
"""

import asyncio
import sys

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.domains.companies import service as companies
from ippgateway.privacy import record
from ippgateway.privacy.zones import Zone


def main(settings: Settings, *, as_csv: bool, customers: bool) -> int:
    """Print the record. The exit code."""
    if as_csv:
        sys.stdout.write(record.as_csv())
        return 0
    named = asyncio.run(_customers(settings)) if customers else []
    sys.stdout.write(
        record.as_markdown(operator=settings.controller, support=settings.support_address, customers=named)
    )
    return 0


async def _customers(settings: Settings) -> list[str]:
    async with platform_for(Zone.CONSOLE, settings) as p:
        return [f"{name} ({company_id})" async for company_id, name in companies.roll(p)]
