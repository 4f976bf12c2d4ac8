"""The gate and the guard as they are in the program: every way out, whether the register is asked before it opens, and
what a process under the guard can do besides."""

import ast
import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck

Way = tuple[str, str, bool]
"""A function that lets a connection out: its file, its name, whether the register is asked first."""

# The program's own address, as any client of it: nothing leaves the Platform by it.
_OWN_ADDRESS = ("faces/console/wire.py",)
_GATE = "connectors/gate.py"
_GUARD = "core/guard.py"
_PASSING = "passing"


def ways_out(context: Context) -> list[Way]:
    """Every way out in the program's source. Raises CannotCheck when the gate is not among its files."""
    source = context.source_dir
    found = [path for path in sorted(source.rglob("*.py")) if _PASSING in path.read_text()]
    if source / _GATE not in found:
        raise CannotCheck("the program's source is not where it was looked for")
    return [way for path in found if path != source / _GUARD for way in _ways_in(path, source)]


def _ways_in(path: Path, source: Path) -> Iterator[Way]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = _first_calls(node)
            if _PASSING in lines:
                asked = lines.get("admit", lines[_PASSING]) < lines[_PASSING]
                yield str(path.relative_to(source)), node.name, asked


def _first_calls(node: ast.AST) -> dict[str, int]:
    """What is called, and in which line first."""
    found: dict[str, int] = {}
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute | ast.Name):
            name = each.func.attr if isinstance(each.func, ast.Attribute) else each.func.id
            found[name] = min(each.lineno, found.get(name, each.lineno))
    return found


def past_the_gate(ways: list[Way]) -> list[str]:
    """Ways out besides the gate, and those of the gate that ask nobody."""
    beside = {file for file, _, _ in ways} - {_GATE, *_OWN_ADDRESS}
    return [
        *(f"{file} lets a connection out besides the gate" for file in sorted(beside)),
        *(f"the gate's {name} asks nobody before it opens" for file, name, ok in ways if file == _GATE and not ok),
        *([] if any(file == _GATE for file, _, _ in ways) else ["the gate has no way out, so another one is used"]),
    ]  # fmt: skip


def unguarded(context: Context) -> list[str]:
    """Whether a zone's process runs before it is shut. Raises CannotCheck when its file is not there."""
    path = context.source_dir / "app" / "zones" / "__init__.py"
    if not path.exists():
        raise CannotCheck("the program's source is not where it was looked for")
    lines = _first_calls(ast.parse(path.read_text()))
    if lines.get("install", lines.get("run", 0)) < lines.get("run", 0):
        return []
    return ["a zone's process runs before its guard stands"]


ATTEMPTS = ("socket", "datagram", "name", "loop", "program")
_TRY = """
import asyncio, importlib.util, json, os, socket, sys
there = importlib.util.spec_from_file_location("guard", sys.argv[1])
guard = importlib.util.module_from_spec(there)
sys.modules["guard"] = guard
there.loader.exec_module(guard)
guard.install(addresses=[], sockets=[])
async def connect():
    await asyncio.get_running_loop().create_connection(asyncio.Protocol, "127.0.0.1", 9)
def over_the_loop():
    loop = guard.new_loop()
    try:
        loop.run_until_complete(connect())
    finally:
        loop.close()
ways = {
    "socket": lambda: socket.socket().connect(("127.0.0.1", 9)),
    "datagram": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"", ("127.0.0.1", 9)),
    "name": lambda: socket.getaddrinfo("localhost", 9),
    "loop": over_the_loop,
    "program": lambda: os.system("true"),
}
out = []
for name, way in ways.items():
    try:
        way()
        out.append(name)
    except guard.OutsideRefused:
        pass
    except OSError:
        out.append(name)
print(json.dumps([list(ways), out]))
"""
_TRIED_WITHIN_S = 20.0


async def let_out(context: Context) -> list[str]:
    """What a process under the guard could do that it should not: tried in one that may reach nobody at all.

    Raises CannotCheck, TimeoutError.
    """
    guard = str(context.source_dir / _GUARD)
    trying = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _TRY, guard, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(_TRIED_WITHIN_S):
            said, _ = await trying.communicate()
    except TimeoutError:
        trying.kill()
        await trying.wait()
        raise
    if trying.returncode:
        raise CannotCheck("the guard could not be tried")
    tried, out = json.loads(said)
    if tuple(tried) != ATTEMPTS:
        raise CannotCheck("the guard was tried otherwise than it should be")
    return [f"a process of ours gets out past the gate: {name}" for name in out]
