"""What `ippgateway run` runs: the plan of the whole platform on one machine."""

import asyncio
import importlib
import importlib.util
import os
import sys
from dataclasses import replace

from ippgateway.app.local import ready
from ippgateway.app.local.refusal import REFUSED, StartRefused, say
from ippgateway.app.local.supervisor import Plan, Supervisor, make_folders
from ippgateway.app.local.watch import Places, Process
from ippgateway.app.setting_places import PORTS_USED
from ippgateway.app.settings import LOOPBACK, Settings
from ippgateway.core.ids import SystemRandomness

_CLI = (sys.executable, "-m", "ippgateway.app.cli")
_BEHIND_SOCKETS = ("site", "console", "desk")


def environment() -> dict[str, str]:
    """Ours, without what would make a PostgreSQL driver look elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "PYTHONUNBUFFERED": "1"}


def sandbox(settings: Settings) -> list[Process]:
    """The acquirer's host, the 3-D Secure servers, the demo shop and the mail server, as programs of their own."""
    if not settings.sandbox:
        return []
    acquirer, books = settings.sandbox_acquirer_port, settings.sandbox_books_port
    directory, access_control = settings.sandbox_directory_port, settings.sandbox_access_control_port
    data = settings.sandbox_dir / "acquirer"
    return [
        _sandbox("acquirer", acquirer, "ippsandbox.acquirer", f"--books-port={books}", f"--data={data}",
                 f"--late-s={settings.sandbox_late_s:g}"),
        _sandbox("access-control", access_control, "ippsandbox.threeds.acs"),
        _sandbox("directory", directory, "ippsandbox.threeds.directory", f"--acs-url=http://{LOOPBACK}:{access_control}"),
        _sandbox("shop", settings.sandbox_shop_port, "ippsandbox.shop", f"--terms={settings.sandbox_shop_terms}"),
        _sandbox("mailbox", settings.sandbox_mailbox_port, "ippsandbox.mailbox",
                 f"--smtp-port={settings.sandbox_smtp_port}"),
    ]  # fmt: skip


def _sandbox(name: str, port: int, module: str, *arguments: str) -> Process:
    return Process(
        name=name,
        argv=(sys.executable, "-m", module, f"--port={port}", *arguments),
        env=environment(),
        ready=ready.tcp(LOOPBACK, port),
    )


def zones(settings: Settings) -> list[Process]:
    """The payment entrance, what lies behind it, and the worker: each with a login of its own."""
    behind = [_zone(name, ready.socket(settings.zone_socket(name))) for name in _BEHIND_SOCKETS]
    return [*behind, _zone("worker", None), _zone("pay", ready.tcp(settings.host, settings.port))]


def caretaker() -> Process:
    """What looks after keys and backups."""
    return Process(name="keys", argv=(*_CLI, "keys", "keep"), env=environment())


def checker(settings: Settings) -> list[Process]:
    """What checks the promises now and then, for the site to show."""
    if not settings.promises_every_s:
        return []
    return [Process(name="promises", argv=(*_CLI, "promises", "--keep"), env=environment())]


def _zone(name: str, when: ready.Ready | None) -> Process:
    return Process(name=name, argv=(*_CLI, "zone", name), env=environment(), ready=when)


def plan(settings: Settings) -> Plan:
    """Everything, in the supervisor's terms; the folders are there. Raises StartRefused."""
    databases: list[Process] = []
    if settings.database_url is None or settings.keys_database_url is None:
        from ippgateway.app.local import postgres  # noqa: PLC0415 - not needed with external servers

        databases = postgres.processes(settings, SystemRandomness())
    beside = sandbox(settings)
    ports = [(settings.host, settings.port)]
    if beside:
        ports += [(LOOPBACK, settings.port + n) for n in range(1, PORTS_USED)]
    setup = Process(name="setup", argv=(*_CLI, "setup"), env=environment())
    running = [*zones(settings), caretaker(), *checker(settings)]
    return Plan(beside=beside, databases=databases, setup=setup, zones=running, ports=ports)


def places(settings: Settings) -> Places:
    """Make the folders. Raises StartRefused."""
    pids = settings.run_dir / "pids"
    try:
        make_folders(settings.run_dir, passable=True)
        make_folders(
            pids, settings.run_dir / "zones", settings.log_dir, settings.secrets_dir, settings.keys_dir,
            settings.sandbox_dir, settings.sandbox_dir / "acquirer",
        )  # fmt: skip
    except OSError as error:
        raise StartRefused(f"IPPGATEWAY_DATA_DIR can't be used: {os.strerror(error.errno or 0)}") from None
    return Places(pids=pids, logs=settings.log_dir)


def supervise(settings: Settings, *, again: bool) -> int:
    """Run everything until a signal comes. Returns the exit code."""

    mark, keeper = settings.run_dir / "set-up", str(os.getppid())

    def serving() -> str:
        mark.write_text(keeper)
        return "serving again" if again else _banner(settings)

    try:
        where = places(settings)
        everything = plan(settings)
        if again and mark.exists() and mark.read_text() == keeper:
            # The supervisor died, nothing else changed: the set-up is done, and each zone compares the grants anyway.
            everything = replace(everything, setup=None)
        supervisor = Supervisor(everything, where, say, serving=serving)
    except StartRefused as why:
        say(str(why))
        return REFUSED
    return asyncio.run(supervisor.run())


def _banner(settings: Settings) -> str:
    """Where to go and how to sign in."""
    if importlib.util.find_spec("ippgateway.app.banner") is None:
        return f"serving on http://{settings.host}:{settings.port}"
    return str(importlib.import_module("ippgateway.app.banner").text(settings))
