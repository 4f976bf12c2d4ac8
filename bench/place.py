"""An installation for the bench alone: PostgreSQL and the sandbox acquirer as `ippgateway run` starts them."""

import functools
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from ippgateway.app.local import postgres, ready
from ippgateway.app.local.installation import environment, places
from ippgateway.app.local.refusal import StartRefused
from ippgateway.app.local.watch import Places, Process, Watch
from ippgateway.app.settings import LOOPBACK, PREFIX, Settings
from ippgateway.app.setup import setup
from ippgateway.core.ids import SystemRandomness

_ENDS_WITHIN_S = 10.0
_FIRST_PORT, _LAST_PORT = 31_000, 60_000
# Files there are on a disk nearly everywhere; those of /tmp may be in memory, where keeping something costs nothing.
_ON_DISK = Path("/var/tmp")  # noqa: S108 - a folder of our own is made in it
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Place:
    """A running database, set up, and a way to start more processes beside it."""

    settings: Settings
    server: Watch
    env: dict[str, str]
    where: Places

    @asynccontextmanager
    async def running(self, name: str, argv: tuple[str, ...], when: ready.Ready, **env: object) -> AsyncIterator[Watch]:
        """A process of the bench's, from the moment it is ready until the block ends."""
        told = {f"{PREFIX}{key.upper()}": str(value) for key, value in env.items()}
        process = Process(name=name, argv=(sys.executable, "-m", *argv), env={**self.env, **told}, ready=when)
        async with _kept(Watch(process, self.where, _say)) as watch:
            yield watch

    def acquirer(self, port: int, *, delay_s: float = 0.0) -> AbstractAsyncContextManager[Watch]:
        """A sandbox acquirer with its books in memory, which answers `delay_s` later. The next port is its books'."""
        ports = (f"--port={port}", f"--books-port={port + 1}")
        argv = ("ippsandbox.acquirer", *ports, "--instant", f"--delay-s={delay_s}")
        return self.running(f"acquirer-{port}", argv, ready.tcp(LOOPBACK, port))

    def gateway(
        self, port: int, acquirer_port: int, *, argv: tuple[str, ...] = ("ippgateway.app.cli", "zone", "pay")
    ) -> AbstractAsyncContextManager[Watch]:
        """The payment zone's own process, as `ippgateway run` starts it, or a stand-in for it."""
        told = {"port": port, "acquirer_port": acquirer_port, "acquirer_timeout_s": 20, "log_level": "warning"}
        return self.running(f"pay-{port}", argv, functools.partial(_answers, port), **told)


async def _answers(port: int) -> bool:
    """Whether a gateway says that it is ready: signed on at its acquirer, too."""
    address = f"http://{LOOPBACK}:{port}/health/ready"
    try:
        async with aiohttp.ClientSession() as session, session.get(address) as response:
            return response.status == 200
    except (OSError, aiohttp.ClientError):
        return False


@asynccontextmanager
async def _kept(watch: Watch) -> AsyncIterator[Watch]:
    watch.start()
    try:
        await watch.until_ready()
        yield watch
    finally:
        await watch.stop(_ENDS_WITHIN_S)


def _say(what: str) -> None:
    print(what, file=sys.stderr)


@asynccontextmanager
async def installed(folder: Path, port: int) -> AsyncIterator[Place]:
    """A new installation in `folder`, without its zones. `port`: the first of some that are free."""
    own = {k: v for k, v in environment().items() if not k.startswith(PREFIX)}
    env = {
        **own, f"{PREFIX}DATA_DIR": str(folder / "var"), f"{PREFIX}PORT": str(port),
        "PYTHONPATH": os.pathsep.join([str(_ROOT), f"{_ROOT}/src"]),
    }  # fmt: skip
    settings = Settings.from_env(env)
    where = places(settings)
    data, keys = (Watch(each, where, _say) for each in postgres.processes(settings, SystemRandomness()))
    async with _kept(data) as server, _kept(keys):
        await setup(settings)
        yield Place(settings, server, env, where)


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder on a disk, gone at the end: below TMPDIR when that is set."""
    within = None if "TMPDIR" in os.environ or not _ON_DISK.is_dir() else _ON_DISK
    with tempfile.TemporaryDirectory(prefix="ippbench-", dir=within) as name:
        made = Path(name)
        made.chmod(0o711)  # PostgreSQL may run as a user of its own, who has to pass
        yield made


def free_ports(count: int) -> int:
    """The first of so many that nobody listens on. Raises StartRefused."""
    for first in range(_FIRST_PORT, _LAST_PORT, count):
        if all(_is_free(first + n) for n in range(count)):
            return first
    raise StartRefused(f"no {count} ports in a row are free")


def _is_free(port: int) -> bool:
    with socket.socket() as attempt:
        try:
            attempt.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
