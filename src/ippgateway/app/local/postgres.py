"""The embedded PostgreSQL servers as supervised processes, and the way in for whoever sets the databases up.

Each listens on a local socket only, and its log can hold nothing that came from outside: neither statements, nor
parameters, nor the details of errors, nor errors at all (a message may quote the value that it complains about). What
remains is its own life, and refused connections with what the connecting program said of itself, which are fixed words.
"""

import functools
import signal
from pathlib import Path
from typing import Any

import asyncpg

from ippgateway.app.local import cluster as files
from ippgateway.app.local.cluster import Server
from ippgateway.app.local.watch import Process
from ippgateway.app.settings import Settings
from ippgateway.core.ids import Randomness

MAX_CONNECTIONS = 600
"""A process keeps some for each purpose that it takes up, in each of two databases; an idle one costs two megabytes."""
END_SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
_ASK_TIMEOUT_S = 5.0
_FIRST_START_S = 90.0  # recovery after a crash may have a gigabyte of log to read

_CONFIGURATION = {
    # Durability: what was answered is on the disk.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "restart_after_crash": "on",
    # The way in: a local socket, a password.
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "allow_alter_system": "off",
    # Size.
    "max_connections": str(MAX_CONNECTIONS),
    "shared_buffers": "128MB",
    "jit": "off",
    # Tables that fill up fast are looked at soon: until then the server plans as if they were empty.
    "autovacuum_naptime": "5s",
    # The log: that it started, stopped or crashed. Above the level of errors, because those quote values.
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_connections": "",
    "log_disconnections": "off",
    "log_lock_waits": "off",
    "log_temp_files": "-1",
    "log_autovacuum_min_duration": "-1",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
_MORE = {
    # Whoever makes a backup reads the log as it is written.
    Server.DATA: {"wal_level": "replica", "max_slot_wal_keep_size": "4GB"},
    # Nothing that was deleted stays in the log: it holds as little as it can, nobody gets a copy of it, and a segment
    # that is done with is removed, not used again with its old contents behind the new ones.
    Server.KEYS: {
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "wal_recycle": "off",
        "min_wal_size": "8MB",
        "max_wal_size": "64MB",
        "shared_buffers": "32MB",
    },
}


def servers(settings: Settings) -> list[Server]:
    """Which servers are our own; the others are somebody else's."""
    own = {Server.DATA: settings.database_url, Server.KEYS: settings.keys_database_url}
    return [server for server, url in own.items() if url is None]


def processes(settings: Settings, randomness: Randomness) -> list[Process]:
    """The embedded servers of these settings. Raises StartRefused."""
    return [process(settings, randomness, server) for server in servers(settings)]


def process(settings: Settings, randomness: Randomness, server: Server = Server.DATA) -> Process:
    """An embedded server of these settings. Makes its folders and password. Raises StartRefused."""
    cluster = files.prepare(settings, randomness, server)

    async def prepare() -> None:
        await files.clear_remains(cluster)
        await files.initialise(cluster, settings)

    return Process(
        name=server.value,
        argv=command(cluster),
        env=cluster.environment,
        cwd=Path("/"),
        run_as=cluster.run_as,
        ready=functools.partial(answers, settings, server),
        patience_s=_FIRST_START_S,
        prepare=prepare,
        death_signal=signal.SIGINT,  # to its postmaster: a fast shutdown
        end_signals=END_SIGNALS,
    )


def command(cluster: files.Cluster, **more: str) -> tuple[str, ...]:
    """How a server is started; `more`: settings of PostgreSQL for this time."""
    quoted = str(cluster.sockets).replace('"', '""')  # the setting is a list of names
    chosen = {**_CONFIGURATION, **_MORE[cluster.server], "unix_socket_directories": f'"{quoted}"', **more}
    options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
    return (cluster.program("postgres"), "-D", str(cluster.data), *options)


def admin_dsn(settings: Settings, server: Server = Server.DATA) -> dict[str, Any]:
    """Keyword arguments of `asyncpg.connect` for the login that may create roles and databases.

    Embedded: the superuser on the local socket. External: the address in IPPGATEWAY_DATABASE_URL, or
    IPPGATEWAY_KEYS_DATABASE_URL. Give `database=` beside them for another database than the one they name. Raises
    FileNotFoundError before the first start.
    """
    url = settings.database_url if server is Server.DATA else settings.keys_database_url
    if url is not None:
        return {"dsn": url.open()}
    return {
        "host": str(files.sockets_of(settings, server)),
        "port": 5432,
        "user": files.SUPERUSER,
        "password": files.password_file(settings, server).read_text().strip(),
        "database": "postgres",
    }


async def answers(settings: Settings, server: Server = Server.DATA) -> bool:
    """Whether a server answers a query at once."""
    try:
        connection = await asyncpg.connect(**admin_dsn(settings, server), timeout=_ASK_TIMEOUT_S)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    try:
        return bool(await connection.fetchval("select 1", timeout=_ASK_TIMEOUT_S) == 1)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    finally:
        connection.terminate()
