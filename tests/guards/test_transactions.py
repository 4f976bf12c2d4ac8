"""No network inside a transaction; only use cases and jobs open one; whoever is handed one does not end it."""

import ast
import re
from collections.abc import Iterator

import pytest

from ippgateway.connectors.breaches.online import KAnonymity
from ippgateway.connectors.iso8583.link import Iso8583Link
from ippgateway.connectors.notify.sender import HttpSender
from ippgateway.connectors.smtp.carrier import SmtpCarrier
from ippgateway.connectors.threeds.authenticator import DirectoryClient
from ippgateway.core import database
from ippgateway.core.database import NetworkInsideTransaction
from ippgateway.core.secret import Secret

from .source import Module, dotted, functions, module, modules

Function = ast.FunctionDef | ast.AsyncFunctionDef

OUTSIDE = frozenset({"acquirer", "authenticator", "sender", "link", "session", "http", "directory", "resolver",
                     "breaches", "carrier"})  # fmt: skip
"""What the ways out are called: the ports of the rooms, and what connectors hold."""
LIBRARIES = frozenset({"aiohttp", "aiosmtplib", "socket", "ssl", "urllib", "smtplib", "http", "requests", "httpx"})
WAITING = frozenset({"sleep", "open_connection", "create_connection", "sock_connect"})

OPENERS = re.compile(r"ippgateway\.domains\.\w+\.(service|jobs)(\.\w+)?")
OTHER_OPENERS = {
    "ippgateway.privacy.audit": "the trail is no room's; whoever reviews it reads page by page, in order",
    "ippgateway.privacy.persons": "keys are stored before anything is sealed under them, in their own database",
    "ippgateway.privacy.rights.held": "a person's rows in every declared table, which are no room's",
    "ippgateway.privacy.rights.erase": "a person's rows in every declared table, which are no room's",
    "ippgateway.privacy.rights.restrict": "a person's keys are restricted, which is no room's, and the trail says so",
    "ippgateway.privacy.rights.retain": "what is over in every declared table, which is no room's",
    "ippgateway.privacy.rights.orphans": "whether anything is left of a person in any declared table",
    "ippgateway.privacy.rights.holds": "legal holds, which are about rows of every room",
    "ippgateway.privacy.rights.runs": "what retention did, for the desk",
    "ippgateway.privacy.looks.looking": "staff read a person's rows in every table that their purpose sees",
    "ippgateway.privacy.looks.told": "who looked, for the person",
    "ippgateway.privacy.disclosure.records": "who got what about a person, which is no room's",
    "ippgateway.privacy.disclosure.register": "a process reads the register of recipients now and then",
    "ippgateway.app.recipients_command": "the operator keeps the register of recipients by hand",
    "ippgateway.domains.cards.vault": "reads the vault's wrapped keys when a process starts and when one is newer",
    "ippgateway.app.zones.pay": "asks whether the database answers, for /health/ready",
    "ippgateway.app.keys.numbers": "seals everything anew, batch by batch, under the purpose that may",
    "ippgateway.app.backup.replay": "an erasure that a restored database is told of, and that has to wait",
}
"""Who else opens transactions, with the reason."""

# --- no network inside ---


def network_inside(found: list[Module]) -> list[str]:
    """Calls to the outside, direct or through functions of ours, between `begin` and its end, and in whatever is handed
    a transaction (a stage that many requests share is called from elsewhere)."""
    fronts = {m.name: _meanings(m) for m in found}
    reaching = _reaching(found, fronts)
    return [
        f"{m.at(call)} calls out while a transaction is open ({dotted(call.func)})"
        for m in found
        for inside in (*_transactions(m.tree), *_handed_one(m.tree))
        for call in _calls(inside)
        if _goes_out(call) or _target(m, call, fronts) & reaching
    ]


def _transactions(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncWith) and any(_begins(i.context_expr) for i in node.items):
            yield from (i.context_expr for i in node.items if not _begins(i.context_expr))
            yield from node.body


def _handed_one(tree: ast.AST) -> Iterator[ast.AST]:
    handed = (f for f in functions(tree) if "tx" in {a.arg for a in (*f.args.args, *f.args.kwonlyargs)})
    return (f for f in handed if not any(map(_begins, _calls(f))))


def _begins(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func).endswith(".begin")


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (n for n in ast.walk(node) if isinstance(n, ast.Call))


def _goes_out(call: ast.Call) -> bool:
    *way, last = dotted(call.func).split(".")
    return bool({w.lstrip("_") for w in way} & OUTSIDE) or (way[:1] != [] and way[0] in LIBRARIES) or last in WAITING


Meanings = dict[str, set[str]]


def _reaching(found: list[Module], fronts: dict[str, Meanings]) -> set[str]:
    """The names of our functions that call out, by themselves or through others: `module.function`."""
    means: dict[str, set[str]] = {}
    reaching = set()
    for m in found:
        for f in functions(m.tree):
            name, calls = f"{m.name}.{f.name}", list(_calls(f))
            means[name] = means.get(name, set()).union(*(_target(m, c, fronts) for c in calls))
            if any(_goes_out(c) for c in calls):
                reaching.add(name)
    while more := {name for name, called in means.items() if called & reaching} - reaching:
        reaching |= more
    return reaching


def _target(m: Module, call: ast.Call, fronts: dict[str, Meanings]) -> set[str]:
    """Which functions of ours a call may mean, by its name; a room's front is followed into its files."""
    first, _, rest = dotted(call.func).partition(".")
    if first == "self":
        return {f"{m.name}.{rest}"}
    named = {f"{meaning}.{rest}".rstrip(".") for meaning in fronts[m.name].get(first, ())} or {f"{m.name}.{first}"}
    behind = (fronts.get(n.rpartition(".")[0], {}).get(n.rpartition(".")[2], set()) for n in named)
    return named.union(*behind)


def _meanings(m: Module) -> Meanings:
    """What the imported names of a module stand for."""
    meanings: Meanings = {}
    for node in ast.walk(m.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                meanings.setdefault(alias.asname or alias.name, set()).add(f"{node.module}.{alias.name}")
    return meanings


def test_nothing_calls_out_while_a_transaction_is_open() -> None:
    assert network_inside(modules()) == []


IN_A_TRANSACTION = "async def f(g, p, tx=None):\n    async with p.db.begin(X, tenants=[c]) as tx:\n        {}\n"


@pytest.mark.parametrize(
    "statement",
    [
        "await g.acquirer.authorise(request)",
        "answer = await self._g.acquirer.reverse(request)",
        "await g.authenticator.authenticate(request)",
        "await sender.get(url, allow_plain=True)",
        "async with self._session.post(url) as response: pass",
        "await asyncio.gather(g.acquirer.authorise(a), g.acquirer.authorise(b))",
        "task = asyncio.create_task(self._sender.get(url))",
        "await p.clock.sleep(1)",
        "socket.create_connection(('x', 1))",
        "await asyncio.open_connection('x', 1)",
        "await ask(g)",
        "await asked_by_another(g)",
        "await helper.ask_far(g)",
        "await front.ask_far(g)",
    ],
)
def test_a_planted_call_is_found(statement: str) -> None:
    far = module("ippgateway.domains.a.service.far", "async def ask_far(g):\n    await g.acquirer.authorise(1)\n")
    planted = module(
        "ippgateway.domains.b.service",
        "from ippgateway.domains.a.service import far as helper\n"
        "from ippgateway.domains.a import service as front\n"
        "async def ask(g):\n    return await g.acquirer.authorise(1)\n"
        "async def asked_by_another(g):\n    return await ask(g)\n" + IN_A_TRANSACTION.format(statement),
    )
    room = module("ippgateway.domains.a.service", "from ippgateway.domains.a.service.far import ask_far\n")
    assert network_inside([far, room, planted])


def test_a_planted_call_in_a_stage_is_found() -> None:
    text = "async def _stage(tx, items):\n    await g.acquirer.authorise(1)\nSTAGE = Stage(run=_stage, place=f)\n"
    assert network_inside([module("ippgateway.domains.b.service", text)])


def test_what_comes_before_and_after_a_transaction_may_call_out() -> None:
    text = IN_A_TRANSACTION.format("await tx.execute('select 1')") + "    await g.acquirer.authorise(1)\n"
    assert network_inside([module("ippgateway.domains.b.service", text)]) == []


# --- who opens one ---


def opened_elsewhere(found: list[Module]) -> list[str]:
    """`begin` outside use cases and jobs, and in helpers that were handed a transaction."""
    told = []
    for m in found:
        calls = [c for c in _calls(m.tree) if _begins(c)]
        if m.name != "ippgateway.core.database" and not OPENERS.fullmatch(m.name) and m.name not in OTHER_OPENERS:
            told += [f"{m.at(c)} opens a transaction; only use cases and jobs do" for c in calls]
        for f in functions(m.tree):
            if "tx" in {a.arg for a in (*f.args.args, *f.args.kwonlyargs)}:
                told += [f"{m.at(c)} opens a transaction beside the one it was given" for c in _calls(f) if _begins(c)]
                told += [f"{m.at(c)} ends its caller's transaction" for c in _calls(f) if _ends(c)]
    return told


def _ends(call: ast.Call) -> bool:
    said = next((a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)), "")
    name = dotted(call.func).rpartition(".")[2]
    return name in {"commit", "rollback"} or bool(re.match(r"\s*(commit|rollback|end|abort)\b", said, re.IGNORECASE))


def test_only_use_cases_and_jobs_open_transactions() -> None:
    assert opened_elsewhere(modules()) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ippgateway.faces.classic.endpoints.payment", IN_A_TRANSACTION.format("pass").replace(", tx=None", "")),
        ("ippgateway.domains.payments.states", IN_A_TRANSACTION.format("pass").replace(", tx=None", "")),
        ("ippgateway.connectors.notify.sender", IN_A_TRANSACTION.format("pass").replace(", tx=None", "")),
        ("ippgateway.domains.payments.service.read", IN_A_TRANSACTION.format("pass")),
        ("ippgateway.domains.ledger.service", "async def post(tx):\n    await tx.execute('commit')\n"),
        ("ippgateway.domains.ledger.service", "async def post(*, tx):\n    await tx.connection.rollback()\n"),
    ],
)
def test_a_planted_transaction_is_found(name: str, text: str) -> None:
    assert opened_elsewhere([module(name, text)])


def test_every_other_opener_is_still_needed() -> None:
    opening = {m.name for m in modules() if any(_begins(c) for c in _calls(m.tree))}
    assert set(OTHER_OPENERS) <= opening


# --- the doors ---

SOCKETS = frozenset({"create_connection", "open_connection", "create_unix_connection", "post", "get", "request", "ask",
                     "sendmail"})  # fmt: skip
NOT_DOORS = {
    "ippgateway.connectors.iso8583.link.Iso8583Link.close": "ends the link when its process ends, outside any use case",
    "ippgateway.connectors.iso8583.link.Iso8583Link.__aexit__": "the same",
    "ippgateway.connectors.iso8583.link.Iso8583Link.__aenter__": "begins the link when its process begins",
}
"""Public coroutines of connectors that reach a socket and are no way out for a use case, with the reason."""


def doors(found: list[Module]) -> dict[str, bool]:
    """Every public coroutine of a connector that reaches a socket, and whether it asks `outside_transaction` first."""
    told = {}
    for m in found:
        if not m.name.startswith("ippgateway.connectors."):
            continue
        for owner in (n for n in ast.walk(m.tree) if isinstance(n, ast.ClassDef | ast.Module)):
            methods = {f.name: f for f in owner.body if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef)}
            for name, f in methods.items():
                public = not name.startswith("_") or (name.startswith("__") and name.endswith("__"))
                if isinstance(f, ast.AsyncFunctionDef) and public and _reaches(f, methods, SOCKETS, set()):
                    label = f"{m.name}.{owner.name}.{name}" if isinstance(owner, ast.ClassDef) else f"{m.name}.{name}"
                    told[label] = _reaches(f, methods, frozenset({"outside_transaction"}), set())
    return told


def _reaches(f: Function, methods: dict[str, Function], names: frozenset[str], seen: set[str]) -> bool:
    for call in _calls(f):
        name = dotted(call.func).rpartition(".")[2]
        if name in names:
            return True
        if name in methods and name not in seen:
            seen.add(name)
            if _reaches(methods[name], methods, names, seen):
                return True
    return False


def test_every_door_asks_whether_a_transaction_is_open() -> None:
    found = doors(modules())
    assert [name for name, asks in found.items() if not asks and name not in NOT_DOORS] == []
    assert set(NOT_DOORS) <= {name for name, asks in found.items() if not asks}
    # As many as there are, so that a guard that sees nothing is noticed.
    assert {name.split(".")[2] for name, asks in found.items() if asks} == {
        "breaches", "gate", "iso8583", "notify", "smtp", "threeds",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "class Mail:\n    async def send(self):\n        await asyncio.open_connection('x', 1)\n",
        "class Mail:\n    async def send(self): await self._go()\n    async def _go(self): await self._s.post('x')\n",
        "async def export():\n    await session.get('x')\n",
    ],
)
def test_a_planted_door_is_found(text: str) -> None:
    assert list(doors([module("ippgateway.connectors.mail.smtp", text)]).values()) == [False]


@pytest.fixture
def transaction_open():  # type: ignore[no-untyped-def]
    mark = database._open_transaction.set("payment")
    yield
    database._open_transaction.reset(mark)


@pytest.mark.usefixtures("transaction_open")
async def test_the_doors_are_shut_while_a_transaction_is_open() -> None:
    calls = (
        KAnonymity.leaked(object.__new__(KAnonymity), Secret("password")),
        HttpSender.get(object.__new__(HttpSender), Secret("http://127.0.0.1:9"), allow_plain=True),
        SmtpCarrier.send(object.__new__(SmtpCarrier), None),  # type: ignore[arg-type]
        DirectoryClient.authenticate(object.__new__(DirectoryClient), None),  # type: ignore[arg-type]
        Iso8583Link._ask(object.__new__(Iso8583Link), None),  # type: ignore[arg-type]
    )
    for call in calls:
        with pytest.raises(NetworkInsideTransaction):
            await call
