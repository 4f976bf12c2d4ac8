"""How a rule of the live tables is switched off, and a program whose source is a little other."""

import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import asyncpg

from ippgateway.app.database.access import as_owner, main_database
from ippgateway.promises.context import Context

from .base import Tools, off


def unruled(promise: str, table: str, constraint: str, *, loosened: str = "") -> None:
    """Register a switch: a condition of a table is gone. `loosened`: another one stands in its place."""

    async def switch(tools: Tools) -> AsyncIterator[Context]:
        settings = tools.bench.settings
        connection = await asyncpg.connect(**as_owner(settings, main_database(settings)))
        try:
            said = await connection.fetchval(
                "select pg_get_constraintdef(oid) from pg_constraint where conname = $1 and conrelid = $2::regclass",
                constraint, f"ipp.{table}",
            )  # fmt: skip
            drop = f"alter table ipp.{table} drop constraint {constraint}"
            await connection.execute(drop)
            if loosened:
                await connection.execute(f"alter table ipp.{table} add constraint {constraint} check ({loosened})")
            try:
                yield tools.context
            finally:
                if loosened:
                    await connection.execute(drop)
                await connection.execute(f"alter table ipp.{table} add constraint {constraint} {said}")
        finally:
            await connection.close()

    switch.__name__ = f"{constraint}_{'loosened' if loosened else 'dropped'}"
    off(promise)(switch)


def with_source(tools: Tools, changed: Mapping[str, tuple[str, str]]) -> Context:
    """The context of a program some of whose files say something else: by path, what stands in it and what stands there
    instead. A file that is not there yet says the second alone."""
    source = tools.folder / "source"
    shutil.copytree(tools.context.source_dir, source, ignore=shutil.ignore_patterns("__pycache__", "static"))
    for name, (before, after) in changed.items():
        path = source / name
        text = path.read_text() if path.exists() else before
        assert before in text, f"{name} no longer says what is to be changed"
        path.write_text(text.replace(before, after))
    return replace(tools.context, source_dir=source)
