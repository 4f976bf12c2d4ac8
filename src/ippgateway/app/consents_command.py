"""`ippgateway consents export`: what people said yes or no to, as proof (GDPR Article 7(1)).

An e-mail address on standard input chooses whose; nothing there, everybody's. Prints one line of JSON for each yes and
no, with the text that was shown, its version and its hash. The address itself is not in it.
"""

import asyncio
import json
import sys

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.domains.consents import service as consents
from ippgateway.privacy.zones import Zone

_LONGEST = 400


def main(settings: Settings, *, what: str) -> int:
    """Print the lines. The exit code."""
    assert what == "export"  # noqa: S101 - the command line lets nothing else through
    if sys.stdin.isatty():
        sys.stderr.write("whose? an e-mail address, or nothing for everybody: ")
        sys.stderr.flush()
    return asyncio.run(_export(settings, sys.stdin.readline(_LONGEST).strip()))


async def _export(settings: Settings, address: str) -> int:
    async with platform_for(Zone.CONSOLE, settings) as p:
        code = consents.code_of(p, address) if address else None
        async for line in consents.proof(p, code=code):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 0
