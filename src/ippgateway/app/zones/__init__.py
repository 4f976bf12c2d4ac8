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
from ippgateway.core import log
from ippgateway.privacy.grants import GrantsDiffer
from ippgateway.privacy.zones import Zone


def main(settings: Settings, *, name: str) -> int:
    """Run one zone until it is told to end. The exit code."""
    keep_memory_private()
    log.start(settings.log_level)
    zone = importlib.import_module(f"ippgateway.app.zones.{Zone(name).value}")
    try:
        uvloop.run(zone.run(settings))
    except (GrantsDiffer, SettingsError) as why:
        sys.stderr.write(f"{why}\n")
        return REFUSED
    return 0
