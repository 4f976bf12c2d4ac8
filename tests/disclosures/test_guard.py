"""A process of ours reaches its databases, its neighbours and what the gate opens; nobody else, however it tries."""

import subprocess
import sys
from pathlib import Path

import pytest

_BEFORE = """
import asyncio, os, socket, sys, threading, urllib.request
import uvloop
from ippgateway.core import guard

async def outside(reader, writer):
    writer.close()

async def begin(go):
    server = await asyncio.start_server(outside, "127.0.0.1", 0)
    return await go(server.sockets[0].getsockname()[1])

async def served(go):
    unix = await asyncio.start_unix_server(outside, sys.argv[1])
    other = await asyncio.start_unix_server(outside, sys.argv[1] + ".other")
    server = await asyncio.start_server(outside, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    ours = await asyncio.start_server(outside, "127.0.0.1", 0)
    guard.install(addresses={("127.0.0.1", ours.sockets[0].getsockname()[1])}, sockets={sys.argv[1]})
    try:
        await go(port, ours.sockets[0].getsockname()[1])
    except guard.OutsideRefused as why:
        print("refused", why)
    except Exception as error:
        inner = error
        while inner is not None and not isinstance(inner, guard.OutsideRefused):
            inner = getattr(inner, "reason", None) or inner.__cause__ or inner.__context__
        print("refused" if inner is not None else f"other {error!r}")
    else:
        print("reached")
"""

_AFTER = "\nuvloop.run(served(go), loop_factory=guard.new_loop)\n"

TRIES = {
    "urllib": "await asyncio.to_thread(urllib.request.urlopen, f'http://127.0.0.1:{port}/')",
    "a socket": "socket.create_connection(('127.0.0.1', port))",
    "connect_ex": "socket.socket().connect_ex(('127.0.0.1', port))",
    "a socket in a thread": "await asyncio.to_thread(socket.create_connection, ('127.0.0.1', port))",
    "a look-up": "socket.getaddrinfo('secret.elsewhere.example', 443)",
    "a look-up by the loop": "await asyncio.get_running_loop().getaddrinfo('secret.elsewhere.example', 443)",
    "a look-up of old": "socket.gethostbyname('secret.elsewhere.example')",
    "open_connection": "await asyncio.open_connection('127.0.0.1', port)",
    "open_unix_connection": "await asyncio.open_unix_connection(sys.argv[1] + '.other')",
    "sock_connect":
        "s = socket.socket(); s.setblocking(False); "
        "await asyncio.get_running_loop().sock_connect(s, ('127.0.0.1', port))",
    "aiohttp":
        "import aiohttp\n"
        "    async with aiohttp.ClientSession() as session:\n"
        "        await session.get(f'http://127.0.0.1:{port}/')",
    "asyncpg to elsewhere":
        "import asyncpg\n"
        "    await asyncpg.connect(host='127.0.0.1', port=port, user='u', password='p', database='d', timeout=5)",
    "aiosmtplib":
        "import aiosmtplib\n    await aiosmtplib.SMTP(hostname='127.0.0.1', port=port, timeout=5).connect()",
    "a datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', port))",
    "sendmsg": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('127.0.0.1', port))",
    "a datagram endpoint":
        "await asyncio.get_running_loop().create_datagram_endpoint(asyncio.DatagramProtocol, "
        "remote_addr=('127.0.0.1', port))",
    "a loop of its own":
        "import asyncio.base_events\n"
        "    def other():\n"
        "        async def try_it(): await asyncio.open_connection('127.0.0.1', port)\n"
        "        uvloop.new_event_loop().run_until_complete(try_it())\n"
        "    await asyncio.to_thread(other)",
    "the standard loop":
        "def other():\n"
        "        async def try_it(): await asyncio.open_connection('127.0.0.1', port)\n"
        "        asyncio.SelectorEventLoop().run_until_complete(try_it())\n"
        "    await asyncio.to_thread(other)",
    "a program": "import subprocess\n    subprocess.run(['true'])",
    "a program by the loop": "await asyncio.create_subprocess_exec('true')",
    "the shell": "os.system('true')",
    "a program inside the gate": "with guard.passing('127.0.0.1'): os.system('true')",
    "a process of multiprocessing":
        "import multiprocessing\n    multiprocessing.get_context('spawn').Process(target=print).start()",
    "a terminal": "os.forkpty()[0] or os._exit(0)",
    "what began while the gate was passed":
        "passed = asyncio.Event()\n"
        "    async def later():\n"
        "        await passed.wait()\n"
        "        await asyncio.open_connection('127.0.0.1', port)\n"
        "    with guard.passing('127.0.0.1'):\n"
        "        task = asyncio.create_task(later())\n"
        "    passed.set()\n"
        "    await task",
    "uvloop's own loop":
        "import uvloop.loop\n"
        "    def other():\n"
        "        async def try_it(): await asyncio.open_connection('127.0.0.1', port)\n"
        "        uvloop.loop.Loop().run_until_complete(try_it())\n"
        "    await asyncio.to_thread(other)",
}  # fmt: skip

PASSES = {
    "its database": "await asyncio.open_connection('127.0.0.1', ours)",
    "its neighbour's socket": "await asyncio.open_unix_connection(sys.argv[1])",
    "the gate's line":
        "from gates import way\n"
        "    from ippgateway.privacy.catalogue import ACQUIRER, PAYMENT\n"
        "    await way(ACQUIRER, PAYMENT).line(asyncio.Protocol, host='127.0.0.1', port=port, tls=None)",
    "the gate's line by a name":
        "from gates import way\n"
        "    from ippgateway.privacy.catalogue import ACQUIRER, PAYMENT\n"
        "    await way(ACQUIRER, PAYMENT).line(asyncio.Protocol, host='localhost', port=port, tls=None)",
}  # fmt: skip

_HTTP = """
    from gates import way
    import aiohttp
    from ippgateway.privacy.catalogue import NOTIFY, SHOP
    async with way(SHOP, NOTIFY).http(aiohttp.TCPConnector()) as client:
        try:
            async with client.request("GET", f"http://localhost:{port}/", carries=frozenset()) as response:
                pass
        except aiohttp.ServerDisconnectedError:
            pass  # it was reached, which is all
        # What the gate opened is shut again behind it.
        try:
            await asyncio.open_connection('127.0.0.1', port)
        except guard.OutsideRefused:
            return
        raise RuntimeError("the gate stood open")
"""


def tried(body: str, tmp_path: Path) -> str:
    """What becomes of some code in a process that is shut."""
    script = f"{_BEFORE}\nasync def go(port, ours):\n    {body}\n{_AFTER}"
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "s")], capture_output=True, text=True, timeout=60, check=False,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    return done.stdout.strip() or done.stderr


@pytest.mark.parametrize("how", TRIES)
def test_nothing_reaches_the_outside(how: str, tmp_path: Path) -> None:
    assert tried(TRIES[how], tmp_path).startswith("refused"), how


@pytest.mark.parametrize("how", PASSES)
def test_what_belongs_to_us_and_the_gate_passes(how: str, tmp_path: Path) -> None:
    assert tried(PASSES[how], tmp_path) == "reached", how


def test_the_gates_client_passes_and_nobody_behind_it(tmp_path: Path) -> None:
    assert tried(_HTTP.strip(), tmp_path) == "reached"


def test_the_refusal_names_no_address(tmp_path: Path) -> None:
    assert "127.0.0.1" not in tried(TRIES["open_connection"], tmp_path)
