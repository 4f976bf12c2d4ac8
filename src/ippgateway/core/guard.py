"""Keeps a process from calling anybody but those it was given: its databases, its neighbours' sockets, the gate.

`install` can't be undone. From then on Python itself asks here before a socket is connected, a name looked up, a
datagram sent or a program started (audit events, PEP 578), and the event loop, whose uvloop does most of this without
telling Python, is one that asks as well (`Loop`). Inside `passing()`, which the gate alone enters, a connection may be
made.

It stops what our own code or a library does by mistake or on the quiet. Native code that makes system calls itself is
not seen; a firewall in front of the machine stops that (docs/operations.md).
"""

import _posixsubprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NoReturn

import uvloop
import uvloop.loop

Address = tuple[str, int]

_LEAVES_BY = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOKS_UP = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})
_STARTS = frozenset({
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn",
})  # fmt: skip


@dataclass(slots=True)
class _Pass:
    """One way through the gate. Whatever begins inside takes it along, so that it is the pass itself that ends."""

    valid: bool = True


_passing: ContextVar[_Pass | None] = ContextVar("passing_the_gate", default=None)


class OutsideRefused(ConnectionRefusedError):
    """Somebody tried to reach the outside without the gate. Nothing left; the text names no address."""

    def __init__(self, by: str) -> None:
        super().__init__(f"only the gate reaches the outside: {by}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowed:
    """Who may be reached without the gate: `addresses` as host and port, `sockets` by their paths."""

    addresses: frozenset[Address]
    sockets: frozenset[str]

    def holds(self, address: object) -> bool:
        """Whether this address is one of them, as the socket module gets it."""
        if isinstance(address, tuple) and len(address) >= 2:
            return (str(address[0]), address[1]) in self.addresses
        return isinstance(address, str | bytes) and _path(address) in self.sockets

    def names(self, host: object) -> bool:
        """Whether this name may be looked up."""
        return host is None or any(host == known for known, _ in self.addresses)


_allowed: Allowed | None = None
_names: list[str] = []
"""Hosts that the gate is calling at this moment: a look-up runs in a thread, which has a context of its own."""


def install(*, addresses: Iterable[Address], sockets: Iterable[str]) -> None:
    """Shut the process, for good. Raises RuntimeError when it is shut already."""
    global _allowed  # noqa: PLW0603 - an audit hook is the process's, and can't be taken out again
    if _allowed is not None:
        raise RuntimeError("the guard stands already")
    _allowed = Allowed(addresses=frozenset(addresses), sockets=frozenset(sockets))
    for module in (uvloop, uvloop.loop):
        module.Loop = Loop  # type: ignore[attr-defined]  # whoever makes another loop gets one that asks
    _posixsubprocess.fork_exec = _starts_nothing  # multiprocessing starts a program by it and tells nobody
    sys.addaudithook(_audited)


def standing() -> bool:
    """Whether this process is shut."""
    return _allowed is not None


@contextmanager
def passing(host: str = "") -> Iterator[None]:
    """For the gate: what this task connects inside may be anywhere, and `host` be looked up. A task that begins inside
    and goes on afterwards may not, and nobody starts a program."""
    this = _Pass()
    token = _passing.set(this)
    _names.append(host)
    try:
        yield
    finally:
        this.valid = False
        _names.remove(host)
        _passing.reset(token)


def _passes() -> bool:
    this = _passing.get()
    return this is not None and this.valid


def _starts_nothing(*_: object) -> NoReturn:
    raise OutsideRefused("fork_exec")


def _audited(event: str, args: tuple[Any, ...]) -> None:
    allowed = _allowed
    if allowed is None:
        return
    if event in _STARTS:
        raise OutsideRefused(event)
    if _passes():
        return
    if event in _LEAVES_BY:
        # A datagram socket that is connected sends without an address.
        if args[-1] is not None and not allowed.holds(args[-1]):
            raise OutsideRefused(event)
    elif event in _LOOKS_UP:
        host = args[0][0] if isinstance(args[0], tuple) else args[0]
        if not (_text(host) in _names or allowed.names(_text(host))):
            raise OutsideRefused(event)


def _text(host: object) -> object:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else host


def _path(address: str | bytes) -> str:
    return address.decode(errors="replace") if isinstance(address, bytes) else address


def _refuse_unless(allowed: Callable[[Allowed], bool], by: str) -> None:
    if _allowed is not None and not _passes() and not allowed(_allowed):
        raise OutsideRefused(by)


def _starts(by: str) -> None:
    if _allowed is not None:
        raise OutsideRefused(by)


class Loop(uvloop.Loop):
    """uvloop's loop, which asks before it leaves the machine. Python is not told of what libuv connects."""

    async def create_connection(self, protocol_factory: Any, host: Any = None, port: Any = None, **more: Any) -> Any:
        """See asyncio. Raises OutsideRefused."""
        if more.get("sock") is None:  # a socket that is connected came by the audit hook
            _refuse_unless(lambda allowed: allowed.holds((host, port)), "create_connection")
        return await super().create_connection(protocol_factory, host, port, **more)

    async def create_unix_connection(self, protocol_factory: Any, path: Any = None, **more: Any) -> Any:
        """See asyncio. Raises OutsideRefused."""
        if more.get("sock") is None:
            _refuse_unless(lambda allowed: allowed.holds(str(path)), "create_unix_connection")
        return await super().create_unix_connection(protocol_factory, path, **more)

    async def create_datagram_endpoint(self, *args: Any, **more: Any) -> Any:
        """See asyncio. No process of ours sends datagrams. Raises OutsideRefused."""
        _refuse_unless(lambda _: False, "create_datagram_endpoint")
        return await super().create_datagram_endpoint(*args, **more)

    async def getaddrinfo(self, host: Any, port: Any, **more: Any) -> Any:
        """See asyncio. Raises OutsideRefused."""
        _refuse_unless(lambda allowed: _text(host) in _names or allowed.names(_text(host)), "getaddrinfo")
        return await super().getaddrinfo(host, port, **more)

    async def getnameinfo(self, sockaddr: Any, flags: int = 0) -> Any:
        """See asyncio. Raises OutsideRefused."""
        _refuse_unless(lambda allowed: allowed.names(sockaddr[0]), "getnameinfo")
        return await super().getnameinfo(sockaddr, flags)

    async def sock_connect(self, sock: Any, address: Any) -> Any:
        """See asyncio. Raises OutsideRefused."""
        _refuse_unless(lambda allowed: allowed.holds(address), "sock_connect")
        return await super().sock_connect(sock, address)

    async def subprocess_exec(self, protocol_factory: Any, *args: Any, **more: Any) -> Any:
        """See asyncio. No process of ours starts a program. Raises OutsideRefused."""
        _starts("subprocess_exec")
        return await super().subprocess_exec(protocol_factory, *args, **more)

    async def subprocess_shell(self, protocol_factory: Any, cmd: Any, **more: Any) -> Any:
        """See asyncio. Raises OutsideRefused."""
        _starts("subprocess_shell")
        return await super().subprocess_shell(protocol_factory, cmd, **more)


def new_loop() -> uvloop.Loop:
    """For `uvloop.run(..., loop_factory=guard.new_loop)`."""
    return Loop()
