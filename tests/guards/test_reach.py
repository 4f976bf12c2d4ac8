"""Clock, randomness, log and database are passed in, never reached for; nothing is printed."""

import ast
from collections.abc import Iterator

import pytest

from .source import Module, dotted, imported, module, modules

MODULES = {
    "logging": "log through core.log: an event's name and plain values, never text from outside",
    "random": "randomness is passed in (core.ids.Randomness)",
    "secrets": "randomness is passed in (core.ids.Randomness)",
    "time": "time is passed in (core.clock.Clock)",
}
CALLS = {
    "print": "nothing is printed; a command writes its answer with sys.stdout.write",
    "datetime.now": "time is passed in (core.clock.Clock)",
    "datetime.utcnow": "time is passed in (core.clock.Clock)",
    "datetime.today": "time is passed in (core.clock.Clock)",
    "date.today": "time is passed in (core.clock.Clock)",
    "os.urandom": "randomness is passed in (core.ids.Randomness)",
    "uuid1": "randomness is passed in: UUID(bytes=randomness.octets(16), version=4)",
    "uuid4": "randomness is passed in: UUID(bytes=randomness.octets(16), version=4)",
    "asyncpg.connect": "a database is passed in (core.database.Database), with its zone's login role",
    "asyncpg.create_pool": "a database is passed in (core.database.Database), with its zone's login role",
}

ALLOWED = {
    ("ippgateway.core.clock", "datetime.now"): "this is the clock",
    ("ippgateway.core.ids", "secrets"): "this is the randomness",
    ("ippgateway.core.log", "logging"): "this is the log",
    ("ippgateway.core.log", "datetime.now"): "a log line's own time is the machine's",
    ("ippgateway.core.connections", "asyncpg.connect"): "these are the database's connections",
    ("ippgateway.core.jobrunner", "asyncpg.create_pool"): "the job library wants a pool of its own",
    ("ippgateway.app.web.metrics", "time"): "measures how long an answer took; nothing depends on it",
    ("ippgateway.app.simulation.course", "time"): "measures how long a seed took; nothing depends on it",
    ("ippgateway.promises.checks.confidentiality", "logging"): "tries what becomes of a library's line",
}
"""Who reaches for what, with the reason."""

ALLOWED_UNDER = {
    ("ippgateway.app.local.", "time"): "starts and watches processes of the machine, before there is a platform",
    ("ippgateway.app.", "asyncpg.connect"): "commands of the operator act as owner or compare grants; no use case does",
    ("ippgateway.app.simulation.", "random"): "a seed takes the same course each time; nothing secret is made of it",
    ("ippsandbox.", ""): "the outside world: hosts of others, which have clocks and randomness of their own",
}
"""The same for everything whose name begins so; an empty word stands for all."""


def reached(found: list[Module]) -> list[str]:
    """Whatever reaches for what it should be given."""
    return [
        f"{m.at(node)}: {word}: {why}"
        for m in found
        for node, word, why in _words(m)
        if (m.name, word) not in ALLOWED
        and not any(m.name.startswith(start) and said in {word, ""} for start, said in ALLOWED_UNDER)
    ]


def _words(m: Module) -> Iterator[tuple[ast.AST, str, str]]:
    for node, name in imported(m.tree):
        if name.split(".")[0] in MODULES:
            yield node, name.split(".")[0], MODULES[name.split(".")[0]]
    for node in ast.walk(m.tree):
        if isinstance(node, ast.Call):
            said = dotted(node.func)
            for word, why in CALLS.items():
                if said == word or ("." in word and said.endswith(f".{word}")) or said == f"uuid.{word}":
                    yield node, word, why


def test_nothing_is_reached_for() -> None:
    assert reached(modules()) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ippgateway.domains.payments.service.read", "print('x')"),
        ("ippgateway.app.setup", "print('x')"),
        ("ippgateway.domains.payments.service.read", "import logging"),
        ("ippgateway.faces.classic.app", "from logging import getLogger"),
        ("ippgateway.privacy.sealing", "import secrets"),
        ("ippgateway.privacy.sealing", "from random import randbytes"),
        ("ippgateway.domains.accounts.service", "from datetime import datetime\nat = datetime.now(UTC)"),
        ("ippgateway.domains.accounts.service", "import datetime as d\nat = d.datetime.now()"),
        ("ippgateway.domains.accounts.service", "import time as t"),
        ("ippgateway.domains.accounts.service", "def f():\n    from time import monotonic"),
        ("ippgateway.domains.accounts.service", "import uuid\nx = uuid.uuid4()"),
        ("ippgateway.domains.accounts.service", "import os\nx = os.urandom(16)"),
        ("ippgateway.domains.accounts.service", "import asyncpg\nasync def f():\n    await asyncpg.connect()"),
        ("ippgateway.core.money", "import time"),
    ],
)
def test_a_planted_reach_is_found(name: str, text: str) -> None:
    assert len(reached([module(name, text)])) == 1


def test_every_allowance_is_still_needed() -> None:
    used = {(m.name, word) for m in modules() for _, word, _ in _words(m)}
    assert set(ALLOWED) <= used
