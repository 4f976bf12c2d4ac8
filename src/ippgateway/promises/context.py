"""The running system as a check may touch it. Everything is passed in, so that a test can hand over a damaged one."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from sqlalchemy import MetaData
from sqlalchemy import Table as SqlTable

from ippgateway.core.clock import Clock
from ippgateway.core.database import TENANTS_SETTING
from ippgateway.core.ids import Randomness
from ippgateway.domains.mail.ports import Outgoing
from ippgateway.privacy import registry
from ippgateway.privacy.catalogue import AUTHENTICATE
from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.masterkeys import MasterKeys
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import PLATFORM, Zone, purpose_role

_MOST_TENANTS = 1_000

Connect = Callable[[Zone, MetaData], AbstractAsyncContextManager["asyncpg.Connection[asyncpg.Record]"]]
"""A connection as a zone's login role to the database of these declarations."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: HTTP status, the JSON object (empty when it was none), headers by their names in
    lower case, and the body as text."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


class Ask(Protocol):
    """Asks the running system."""

    async def __call__(self, path: str, fields: Mapping[str, str] | None, host: str = "", /) -> Answer:
        """A request: a path, and the fields of a form to post (None: a GET). `host`: the face whose page it is
        (console, desk, site), at its own name below our domain; empty: the one address that clients call."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A way that personal or financial data takes between processes or machines. `port`: where we listen; 0 for a way
    out."""

    name: str
    host: str
    encrypted: bool
    port: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The installation: its databases, its one address, its files, its declarations, its source, and whose it is.
    `as_sent`: a letter as a mail server gets it, headers and all. `token`: reaches the token that holds the master
    keys; without one they are files of `keys_dir`."""

    role_prefix: str
    connect: Connect
    ask: Ask
    links: tuple[Link, ...]
    keys_dir: Path
    secrets_dir: Path
    log_dir: Path
    source_dir: Path
    operator: str
    clock: Clock
    randomness: Randomness
    as_sent: Callable[[Outgoing], str]
    tables: Callable[[MetaData], list[SqlTable]] = registry.tables
    token: Callable[[], MasterKeys] | None = None

    @asynccontextmanager
    async def under(
        self, zone: Zone, purpose: Purpose | None, *, of: MetaData = MAIN, tenants: Sequence[str] = ()
    ) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
        """A connection of a zone that acts under a purpose (None: the bare login role); see `acting`."""
        async with self.connect(zone, of) as connection, self.acting(connection, purpose, tenants):
            yield connection

    @asynccontextmanager
    async def acting(
        self, connection: "asyncpg.Connection[asyncpg.Record]", purpose: Purpose | None, tenants: Sequence[str] = ()
    ) -> AsyncIterator[None]:
        """A read-only transaction under a purpose, rolled back at the end. Raises InsufficientPrivilegeError."""
        transaction = connection.transaction(readonly=True)
        await transaction.start()
        try:
            named = "{" + ",".join(tenants) + "}"
            await connection.execute("select set_config($1, $2, true)", TENANTS_SETTING, named)
            if purpose is not None:
                await connection.execute(f"set local role {purpose_role(self.role_prefix, purpose)}")
            yield
        finally:
            await transaction.rollback()

    async def tenants(self) -> list[str]:
        """Whose rows there are: shops and partners, at most a thousand, and we ourselves."""
        async with self.under(Zone.CONSOLE, AUTHENTICATE) as tx:
            rows = await tx.fetch(
                f"select id from ipp.company union all select id from ipp.partner limit {_MOST_TENANTS}"
            )
        return [PLATFORM, *(row["id"] for row in rows)]
