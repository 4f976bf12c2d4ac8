"""How a switch is declared, and contexts that are a little damaged."""

import contextlib
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, String
from sqlalchemy import Table as SqlTable

from ippgateway.privacy import registry
from ippgateway.privacy.catalogue import CARD_TERM, NAME, PAYMENT, SERVICE
from ippgateway.privacy.declare import MAIN, Access, Declaration, Declares, declaration_of
from ippgateway.privacy.vocabulary import HeldAs, Words
from ippgateway.promises.context import Answer, Context
from promises.bench import Bench, sealed


@dataclass(frozen=True)
class Tools:
    """What a switch is given."""

    bench: Bench
    monkeypatch: pytest.MonkeyPatch
    folder: Path

    @property
    def context(self) -> Context:
        return self.bench.context


UNGUARDED = "set session_replication_role = replica"
"""For an administrator: no trigger of the database stops what follows."""
SwitchedOff = Callable[[Tools], AbstractAsyncContextManager[Context]]
SWITCHES: list[tuple[str, str, SwitchedOff]] = []


def off(promise: str) -> Callable[[Callable[[Tools], AsyncIterator[Context]]], None]:
    """Register a switch of a promise."""

    def register(switch: Callable[[Tools], AsyncIterator[Context]]) -> None:
        SWITCHES.append((promise, switch.__name__, contextlib.asynccontextmanager(switch)))

    return register


def by_sql(promise: str, name: str, broken: str, mended: str, *, of: MetaData = MAIN, admin: bool = False) -> None:
    """Register a switch in the database. `{p}` in the statements is the prefix of the roles."""

    async def switch(tools: Tools) -> AsyncIterator[Context]:
        prefix = tools.bench.settings.role_prefix
        await tools.bench.run(broken.replace("{p}", prefix), of=of, admin=admin)
        try:
            yield tools.context
        finally:
            await tools.bench.run(mended.replace("{p}", prefix), of=of, admin=admin)

    switch.__name__ = name
    off(promise)(switch)


def with_field(context: Context, name: str, said: Declaration) -> Context:
    """The context of a program that declares one more field, in a table of its own."""
    about = Declares(
        about=Words(en="more", da="mere"), tenant=None, owner="id", held_as=HeldAs.CONTROLLER, access=(Access(PAYMENT),)
    )
    more = SqlTable(
        "promised", MetaData(schema="ipp"), Column(name, String(), info={"declaration": said}),
        info={"declaration": about},
    )  # fmt: skip
    return replace(context, tables=lambda of: [*registry.tables(of), *([more] if of is MAIN else [])])


def declaring(context: Context, **other: object) -> Context:
    """The context of a program that declares the card number otherwise."""
    card = MAIN.tables["ipp.card"].to_metadata(MetaData())
    card.c.number.info = {"declaration": replace(declaration_of(card.c.number), **other)}  # type: ignore[arg-type]
    return replace(context, tables=lambda of: [card if t.name == card.name else t for t in registry.tables(of)])


def answering(context: Context, path: str, answer: Answer, *, at: str = "") -> Context:
    """The context of a system that answers one path otherwise, of the face `at` a name of its own."""

    async def ask(asked: str, fields: Mapping[str, str] | None, host: str = "") -> Answer:
        return answer if (asked, host) == (path, at) else await context.ask(asked, fields, host)

    return replace(context, ask=ask)


async def lacking(context: Context, path: str, words: str, *, at: str = "") -> Context:
    """The context of a system one of whose pages does not say this."""
    page = await context.ask(path, None, at)
    assert words in page.text
    return answering(context, path, replace(page, text=page.text.replace(words, "")), at=at)


def said(**other: object) -> Declaration:
    whole = {
        "category": NAME, "uses": frozenset({PAYMENT}), "keep": CARD_TERM, "to": frozenset(), "sealed": SERVICE,
    }  # fmt: skip
    return Declaration(**{**whole, **other})  # type: ignore[arg-type]


def as_hex(what: str) -> str:
    return f"'\\x{sealed(what).hex()}'"


def copied_keys(tools: Tools) -> Path:
    keys = tools.folder / "keys"
    keys.mkdir(mode=0o700)
    for path in tools.context.keys_dir.glob("*.key"):
        shutil.copy(path, keys)
        (keys / path.name).chmod(0o600)
    return keys
