"""Only the gate makes clients that reach the outside; whoever makes another one is found by name."""

import ast
from collections.abc import Iterator

import pytest

from .source import Module, dotted, imported, module, modules

CLIENTS = {
    "aiohttp.ClientSession", "ClientSession", "aiosmtplib.send", "urlopen", "socket.create_connection",
    "create_connection", "create_unix_connection", "create_datagram_endpoint", "open_connection",
    "open_unix_connection", "sock_connect", "create_subprocess_exec", "create_subprocess_shell",
}  # fmt: skip
LIBRARIES = {
    "urllib.request",
    "http.client",
    "smtplib",
    "ftplib",
    "imaplib",
    "poplib",
    "telnetlib",
    "requests",
    "httpx",
}
ALLOWED = {
    ("ippgateway.connectors.gate", "aiohttp.ClientSession"): "this is the gate",
    ("ippgateway.connectors.gate", "create_connection"): "this is the gate",
    ("ippgateway.core.tls", "open_connection"): "asks our own listener for an old version; no zone calls it",
    ("ippgateway.faces.console.wire", "aiohttp.ClientSession"): "the Platform's own address, as any client of it",
    ("ippgateway.app.web.forward", "aiohttp.ClientSession"): "the sockets of our own zones",
}
"""Who makes one besides, with the reason. Commands and what starts processes are no zones."""
ALLOWED_UNDER = {
    "ippgateway.app.local.": "starts and watches processes of this machine, before there is a platform",
    "ippgateway.app.simulation.": "simulates the outside",
    "ippgateway.app.backup": "commands of the operator",
    "ippgateway.app.promises_command": "checks from outside, in a process of its own",
    "ippgateway.app.keys.keep": "starts a program of the database, in a process that is no zone",
    "ippgateway.core.guard": "refuses all of them",
    "ippgateway.promises.": "checks from outside, in a process of its own",
    "ippsandbox.": "is the outside",
}


def clients(found: list[Module]) -> list[str]:
    """Whoever makes a client that could reach somebody."""
    return [
        f"{m.at(node)}: {word}: what leaves goes through connectors.gate"
        for m in found
        if not any(m.name.startswith(start) for start in ALLOWED_UNDER)
        for node, word in _made(m)
        if not any(m.name == name and (word == said or word.endswith(f".{said}")) for name, said in ALLOWED)
    ]


def _made(m: Module) -> Iterator[tuple[ast.AST, str]]:
    for node, name in imported(m.tree):
        if any(name == library or name.startswith(f"{library}.") for library in LIBRARIES):
            yield node, name
    for node in ast.walk(m.tree):
        if isinstance(node, ast.Call):
            said = dotted(node.func)
            if said in CLIENTS or said.rpartition(".")[2] in CLIENTS:
                yield node, said


def test_only_the_gate_makes_clients() -> None:
    assert clients(modules()) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ippgateway.connectors.notify.sender", "import aiohttp\ns = aiohttp.ClientSession()"),
        ("ippgateway.faces.site.app", "from urllib.request import urlopen"),
        ("ippgateway.domains.mail.service", "import smtplib"),
        ("ippgateway.app.worker", "import asyncio\nasync def f():\n    await asyncio.open_connection('h', 1)"),
        ("ippgateway.connectors.iso8583.link", "async def f(loop):\n    await loop.create_connection(None, 'h', 1)"),
    ],
)
def test_a_planted_client_is_found(name: str, text: str) -> None:
    assert len(clients([module(name, text)])) == 1


OPENS = {"ippgateway.connectors.gate": "the gate", "ippgateway.faces.console.wire": "the Platform's own address"}


def test_nobody_else_opens_the_guard() -> None:
    callers = {
        m.name for m in modules() for node in ast.walk(m.tree)
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "passing"
    }  # fmt: skip
    assert callers == set(OPENS)


def test_every_allowance_is_still_needed() -> None:
    used = {(m.name, word) for m in modules() for _, word in _made(m)}
    for name, said in ALLOWED:
        assert any(name == where and (word == said or word.endswith(f".{said}")) for where, word in used), (name, said)
