"""The boundaries of the payment path, read from the code: wherever something becomes durable or leaves the program.

Between two of them a process may die. A transaction is a boundary, and so is a word with the acquirer, the payer's
bank or a shop. Whoever writes another one finds it here without having named it anywhere.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from guards.source import Module, dotted, modules

WAYS_OUT = frozenset({"acquirer", "authenticator", "sender"})
"""What the ports of the domains are called."""

OTHER_ROOMS = {
    "accounts": "who may sign in to a console; nobody pays there",
    "companies": "how a company is set up, before anybody pays",
    "consents": "what somebody said yes or no to; a payment asks for none",
    "disclosures": "whom outside we hand data to, decided by people",
    "emergency": "who of our staff may look further, for an hour",
    "mail": "letters; what a shop is told of a payment is a notification",
    "partners": "how a partner is set up",
    "registers": "paper files and breaches, kept by people",
    "requests": "what somebody asks about their data; an erasure leaves a payment alone that is under way",
    "visits": "who looked at which page; no money hangs on it",
}
"""Rooms that open transactions and are no part of a payment, with the reason."""


@dataclass(frozen=True, order=True)
class Boundary:
    """One call in the code, `first` to `last` line of its module."""

    module: str
    function: str
    first: int
    last: int
    what: str

    def __str__(self) -> str:
        return f"{self.module.removeprefix('ippgateway.domains.')}.{self.function}: {self.what}"


def boundaries(found: list[Module] | None = None) -> list[Boundary]:
    """Every boundary of the domains' rooms that take part in a payment."""
    told = []
    for m in modules() if found is None else found:
        if m.room and m.room not in OTHER_ROOMS and ".service" in m.name:
            told += [Boundary(m.name, *each) for each in _within(m.tree, "")]
    return sorted(told)


def _within(node: ast.AST, name: str) -> Iterator[tuple[str, int, int, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and (what := _crosses(child)):
            yield name, child.lineno, child.end_lineno or child.lineno, what
        if isinstance(child, ast.ClassDef):
            yield from _within(child, f"{name}{child.name}.")
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            # As `co_qualname` says it.
            before = f"{name}.<locals>." if name and not name.endswith(".") else name
            yield from _within(child, f"{before}{child.name}")
        else:
            yield from _within(child, name)


def _crosses(call: ast.Call) -> str:
    """What a call crosses; nothing when it stays inside."""
    *way, last = dotted(call.func).split(".")
    if last in {"begin", "together"}:
        return last
    if way and way[-1].lstrip("_") in WAYS_OUT:
        return f"{way[-1]}.{last}"
    return "persons.create" if way[-1:] == ["persons"] and last == "create" else ""


def at(found: list[Boundary], module: str, function: str, line: int) -> Boundary | None:
    """The boundary at a line that runs."""
    return next((b for b in found if (b.module, b.function) == (module, function) and b.first <= line <= b.last), None)
