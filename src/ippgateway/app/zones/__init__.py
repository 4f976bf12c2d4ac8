"""`ippgateway zone NAME`: one zone's process, from its settings to its end.

Each zone is a module of its own with a `run`, imported in its own process only: a process that is killed comes back the
sooner, the less it imports.
"""

import importlib
import sys

import uvloop

from ippgateway.app.local.bonds import keep_memory_private
from ippgateway.app.local.refusal import REFUSED
from ippgateway.app.settings import Settings, SettingsError
from ippgateway.app.zones import neighbours
from ippgateway.core import guard, log
from ippgateway.privacy.grants import GrantsDiffer
from ippgateway.privacy.zones import Zone


def main(settings: Settings, *, name: str) -> int:
    """Run one zone until it is told to end. The exit code."""
    keep_memory_private()
    log.start(settings.log_level)
    which = Zone(name)
    zone = importlib.import_module(f"ippgateway.app.zones.{which.value}")
    try:
        guard.install(addresses=neighbours.addresses(settings, which), sockets=neighbours.sockets(settings, which))
        uvloop.run(zone.run(settings), loop_factory=guard.new_loop)
    except (GrantsDiffer, SettingsError) as why:
        sys.stderr.write(f"{why}\n")
        return REFUSED
    return 0
