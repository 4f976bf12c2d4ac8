"""What the sandbox's programs share as processes: stopping on a signal, and logs that can't hold personal data."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

log = logging.getLogger("ippsandbox")

# Supervisors wait a second for a clean end; open HTTP requests get half of it.
SHUTDOWN_S = 0.5


def run(main: Callable[[asyncio.Event], Awaitable[int]]) -> int:
    """Run a program until its event is set by SIGTERM or SIGINT (or by itself). Returns its exit code."""
    _log_only_our_own_lines()
    return asyncio.run(_until_signalled(main))


async def serve(app: web.Application, *, host: str, port: int) -> web.AppRunner:
    """Serve an HTTP application without an access log. Port 0 takes a free one; ask `port_of`."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


def port_of(runner: web.AppRunner) -> int:
    """The port a runner listens on."""
    return int(runner.addresses[0][1])


async def _until_signalled(main: Callable[[asyncio.Event], Awaitable[int]]) -> int:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.set_exception_handler(_report_kind_only)
    return await main(stop)


def _log_only_our_own_lines() -> None:
    # Libraries quote what they were sent (a bad request line, a callback's arguments). Without a handler, Python
    # would print their warnings; the root gets one that throws them away.
    logging.getLogger().addHandler(logging.NullHandler())
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def _report_kind_only(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    log.error("internal error kind=%s", type(context.get("exception")).__name__)
