"""Migrations, run by the owner: expand first, contract later, with lock timeouts. Grants follow in the same breath."""

from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from ippgateway.app.database.access import as_owner, keys_database, main_database
from ippgateway.app.settings import Settings
from ippgateway.core import jobs
from ippgateway.privacy import grants
from ippgateway.privacy.declare import KEYS, MAIN
from ippgateway.privacy.registry import load
from ippgateway.privacy.zones import RIGHTS, zone_role

_HERE = Path(__file__).parent / "migrations"
_FOLDERS = {id(MAIN): "main", id(KEYS): "keys"}


async def migrate(settings: Settings) -> None:
    """Bring both databases to the newest version and make them allow exactly what is declared."""
    for of, name in ((MAIN, main_database(settings)), (KEYS, keys_database(settings))):
        connect = as_owner(settings, name)
        await upgrade(connect, of)
        connection = await asyncpg.connect(**connect)
        try:
            async with connection.transaction():
                await grants.apply(connection, of, settings.role_prefix)
                if of is MAIN:
                    for zone, rights in RIGHTS.items():
                        for statement in (
                            jobs.grant_statements(zone_role(settings.role_prefix, zone)) if rights.jobs else ()
                        ):
                            await connection.execute(statement)
        finally:
            await connection.close()


async def drift(settings: Settings, of: MetaData) -> list[str]:
    """How models and migrated database differ; empty when they match."""
    load()
    name = main_database(settings) if of is MAIN else keys_database(settings)
    engine = _engine(as_owner(settings, name))
    try:
        async with engine.connect() as connection:
            found: list[str] = await connection.run_sync(_drift, of)
            return found
    finally:
        await engine.dispose()


def _drift(connection: Connection, of: MetaData) -> list[str]:
    context = MigrationContext.configure(
        connection,
        opts={"include_schemas": True, "include_name": _ours, "compare_type": True, "version_table_schema": "ipp"},
    )
    return [str(difference) for difference in compare_metadata(context, of)]


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "schema" or name == "ipp"


def _engine(connect: dict[str, Any]) -> Any:
    async def creator() -> Any:
        return await asyncpg.connect(**connect)

    return create_async_engine("postgresql+asyncpg://", async_creator=creator)


async def upgrade(connect: dict[str, Any], of: MetaData, *, to: str = "head") -> None:
    """Run the migrations up to the one with the id `to`."""
    engine = _engine(connect)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run, of, to)
            await connection.commit()
    finally:
        await engine.dispose()


def _run(connection: Connection, of: MetaData, to: str) -> None:
    connection.exec_driver_sql("create schema if not exists ipp")
    connection.exec_driver_sql("set lock_timeout = '10s'")
    config = configuration(of)
    config.attributes["connection"] = connection
    config.attributes["metadata"] = of
    command.upgrade(config, to)


def configuration(of: MetaData) -> Config:
    """Alembic's configuration for one of the databases."""
    config = Config()
    config.set_main_option("script_location", str(_HERE / _FOLDERS[id(of)]))
    config.set_main_option("path_separator", "os")
    return config


def newest(of: MetaData) -> str | None:
    """The id of the newest migration."""
    return ScriptDirectory.from_config(configuration(of)).get_current_head()
