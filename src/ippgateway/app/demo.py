"""`ippgateway demo`: where everything is and how to sign in, for people and for programs."""

import json
import sys
from typing import Any

from ippgateway import __version__
from ippgateway.app import seed
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import api_address, mail_address, origin, shop_address
from ippsandbox.cards import DEMO_CARDS

_ACCOUNT = ("id", "key1", "key2", "username", "password", "console_password")
"""`password` is one for programs, which speaks the wire contract; `console_password` is the person's own."""


def facts(settings: Settings) -> dict[str, Any]:
    """The demo as one object. Raises FileNotFoundError before the first setup."""
    demo = seed.read(settings)
    return {
        "api_url": api_address(settings),
        "pay_url": origin(settings, "pay"),
        "site_url": origin(settings, "site"),
        "console_url": origin(settings, "console"),
        "desk_url": origin(settings, "desk"),
        "shop_url": shop_address(settings),
        "mail_url": mail_address(settings),
        "version": __version__,
        "company": {k: demo["company"][k] for k in _ACCOUNT},
        "partner": {k: demo["partner"][k] for k in _ACCOUNT},
        "staff": demo["staff"],
        "cards": dict(DEMO_CARDS),
    }


def main(settings: Settings, *, as_json: bool) -> int:
    """Print the demo's facts. The exit code."""
    try:
        found = facts(settings)
    except FileNotFoundError:
        sys.stderr.write("there is no demo yet: start the Platform once with `make run`\n")
        return 1
    sys.stdout.write(json.dumps(found, indent=2) + "\n" if as_json else told(found))
    return 0


def told(found: dict[str, Any]) -> str:
    """The same, for a person."""
    company, partner = found["company"], found["partner"]
    administrator = next(member for member in found["staff"] if member["role"] == "administrator")
    lines = [
        f"  shop      {found['shop_url']}",
        f"  site      {found['site_url']}",
        f"  console   {found['console_url']}",
        f"  desk      {found['desk_url']}",
        f"  mail      {found['mail_url']}",
        f"  API       {found['api_url']}",
        "",
        *_who("merchant", company),
        f"            company {company['id']}, payment key {company['key2']}",
        *_who("partner", partner),
        f"  staff     {administrator['username']}   {administrator['console_password']}",
        f"  card      {found['cards']['approve_visa']}, any date to come, any code; more: ippgateway demo --json",
    ]
    return "\n".join(lines) + "\n"


def _who(name: str, account: dict[str, str]) -> list[str]:
    """How somebody signs in: to the console, and by a program."""
    return [
        f"  {name:<9} {account['username']}   {account['console_password']}",
        f"            for programs: {account['password']}",
    ]
