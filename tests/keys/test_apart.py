"""The keys of an installation from before lie beside the data; they move to their own server, and nothing is left."""

import dataclasses
from pathlib import Path

import asyncpg

from ippgateway.app.database.access import as_admin, keys_database
from ippgateway.app.local.cluster import SUPERUSER, Server, password_file
from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.core.secret import Secret
from ippgateway.privacy.declare import KEYS
from rights.people import dump


async def test_keys_beside_the_data_move_to_their_own_server(installation: Settings, tmp_path: Path) -> None:
    password = password_file(installation).read_text().strip()
    url = Secret(f"postgresql://{SUPERUSER}:{password}@/postgres?host={installation.postgres_socket_dir}")
    apart = dataclasses.replace(installation, role_prefix="moved", sandbox=False)
    beside = dataclasses.replace(apart, database_url=url, keys_database_url=url)
    assert apart.is_keys_apart
    assert not beside.is_keys_apart
    await setup(beside)
    before = await dump(beside, KEYS)
    await setup(apart)
    assert await dump(apart, KEYS) == before
    connection = await asyncpg.connect(**as_admin(apart, server=Server.DATA))
    left = await connection.fetchval("select 1 from pg_database where datname = $1", keys_database(apart))
    await connection.close()
    assert left is None
