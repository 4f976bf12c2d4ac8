"""The payment zone's process with stand-ins: no roles, no row security, nothing sealed. It exists in the bench alone.

    python -m bench.bare

The Platform has no setting that could do this. What is left out here and the Platform's own throughput beside it are
the cost of privacy.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator
from typing import Any
from unittest import mock

import uvloop

from ippgateway.app import gateway, wiring
from ippgateway.app.database.access import as_owner
from ippgateway.app.settings import Settings
from ippgateway.app.zones import pay
from ippgateway.core import log
from ippgateway.core.database import Database, PurposeLike
from ippgateway.core.secret import Secret
from ippgateway.domains.cards.vault import Vault
from ippgateway.privacy.persons import Box, Column, Persons
from ippgateway.privacy.zones import Zone


class BareDatabase(Database):
    """Transactions under the owner of the tables, whom row security does not concern."""

    def _opening(self, purpose: str, tenants: object) -> str:
        return "BEGIN"


class BareBox(Box):
    """Nothing is sealed."""

    def seal(self, column: Column, text: str) -> bytes | None:
        return text.encode() or None

    def open(self, column: Column, sealed: bytes | None) -> Secret[str]:
        return Secret((sealed or b"").decode())


class BarePersons(Persons):
    """Persons without keys."""

    async def create(self, purpose: PurposeLike, controller: str, person_id: str) -> Box:
        return BareBox(controller, person_id, {}, self._randomness)

    async def open(self, purpose: PurposeLike, controller: str, person_id: str) -> Box:
        return BareBox(controller, person_id, {}, self._randomness)

    async def open_many(self, purpose: PurposeLike, controller: str, person_ids: Iterable[str]) -> dict[str, Box]:
        return {p: await self.open(purpose, controller, p) for p in person_ids}


class BareVault(Vault):
    """A vault with its door open."""

    def seal(self, value: Secret[str], *, place: str) -> tuple[bytes, int]:
        return value.open().encode(), 0

    async def open(self, purpose: PurposeLike, sealed: bytes, key: int, *, place: str) -> Secret[str]:
        return Secret(sealed.decode())

    def fingerprint(self, company_id: str, number: Secret[str]) -> bytes:
        return number.open().encode()


def _owner(settings: Settings, zone: Zone, database: str) -> dict[str, Any]:
    return as_owner(settings, database)


@contextlib.contextmanager
def stand_ins() -> Iterator[None]:
    """Inside, a Platform is put together bare."""
    databases: dict[str, Any] = {"Database": BareDatabase, "as_zone": _owner}
    with (
        mock.patch.multiple(wiring, Persons=BarePersons, check_grants=mock.AsyncMock(), **databases),
        mock.patch.multiple(gateway, Vault=BareVault, **databases),
    ):
        yield


def main() -> None:
    """See the module."""
    settings = Settings.from_env(os.environ)
    log.start(settings.log_level)
    with stand_ins():
        uvloop.run(pay.run(settings))


if __name__ == "__main__":
    main()
