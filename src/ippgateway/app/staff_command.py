"""`ippgateway staff invite`: the first of our staff, where there is no demo and so nobody who could invite them.

Whom is read from standard input, so that no address stands in a list of processes or in a shell's history. They get
the letter that everybody gets who is invited at the desk, choose a password by its link, and set up a second factor.
"""

import asyncio
import json
import sys

from ippgateway.app.local.refusal import MISUSED, say
from ippgateway.app.settings import Settings
from ippgateway.app.terminal import line
from ippgateway.app.wiring import platform_for
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile
from ippgateway.domains.accounts.rights import ROLES
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.privacy.rights.erase import OPERATOR
from ippgateway.privacy.zones import PLATFORM, Zone

_WHY = {
    "email": "that is no e-mail address, or somebody of our staff has it already",
    "rights": f"there is no such role; there are {', '.join(ROLES)}",
    "employment": "an employer has to be named",
    "country": "the country must be two letters of ISO 3166 and in the EEA: no tool for a transfer beyond is on record",
}


def main(settings: Settings, *, what: str, role: str, employer: str, country: str, language: str) -> int:
    """Invite one member of staff. The exit code."""
    email = line("e-mail address of whom to invite: ")
    try:
        asyncio.run(
            _invite(settings, email, role, {"employer": employer.strip(), "country": country.upper()}, language)
        )
    except BadProfile as why:
        sys.stderr.write(f"nobody was invited: {_WHY.get(why.field, why.field)}\n")
        return MISUSED
    say("invited; the letter goes out as soon as the Platform runs, and its link is good for a week")
    return 0


async def _invite(settings: Settings, email: str, role: str, employment: dict[str, str], language: str) -> None:
    async with platform_for(Zone.DESK, settings) as p:
        await accounts.invite(
            p, by=OPERATOR, audience=Audience.STAFF, tenant_id=PLATFORM, email=email, name="", rights=(role,),
            employment=json.dumps(employment), language=language,
        )  # fmt: skip
