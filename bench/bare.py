"""The payment zone's process with stand-ins: no roles, no row security, nothing sealed, no record of who was told what.
It exists in the bench alone.

    python -m bench.bare

The Platform has no setting that could do this. What is left out here and the Platform's own throughput beside it are
the cost of privacy.
"""

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from unittest import mock

from ippgateway.app import gateway, wiring, zones
from ippgateway.app.database.access import as_owner
from ippgateway.app.settings import Settings
from ippgateway.core.database import Database, PurposeLike
from ippgateway.core.secret import Secret
from ippgateway.domains.cards.vault import Vault
from ippgateway.privacy.disclosure import records
from ippgateway.privacy.persons import Box, Column, Persons
from ippgateway.privacy.rights import held
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

    async def end(
        self, purpose: PurposeLike, controller: str, person_id: str, *, kept_until: date | None, tenant: str = ""
    ) -> None:
        """There is no key to destroy."""

    async def destroy(self, purpose: PurposeLike, controller: str, person_id: str, *, tenant: str = "") -> None:
        """There is no key to destroy."""


class BareVault(Vault):
    """A vault with its door open."""

    def seal(self, value: Secret[str], *, place: str) -> tuple[bytes, int]:
        return value.open().encode(), 0

    async def open(self, purpose: PurposeLike, sealed: bytes, key: int, *, place: str) -> Secret[str]:
        return Secret(sealed.decode())

    def fingerprint(self, company_id: str, number: Secret[str]) -> bytes:
        return number.open().encode()

    def fingerprints(self, company_id: str, number: Secret[str]) -> tuple[bytes, ...]:
        return (self.fingerprint(company_id, number),)


async def _nothing(*_: object, **__: object) -> tuple[()]:
    return ()


def _owner(settings: Settings, zone: Zone, database: str) -> dict[str, Any]:
    return as_owner(settings, database)


@contextlib.contextmanager
def stand_ins() -> Iterator[None]:
    """Inside, a Platform is put together bare, and one that is bare writes and reads no record of disclosure."""
    databases: dict[str, Any] = {"Database": BareDatabase, "as_zone": _owner}
    with (
        mock.patch.multiple(wiring, Persons=BarePersons, check_grants=mock.AsyncMock(), **databases),
        mock.patch.multiple(gateway, Vault=BareVault, **databases),
        mock.patch.object(records, "named", return_value=""),
        mock.patch.multiple(held, received=_nothing, looked=_nothing),
    ):
        yield


def main() -> None:
    """See the module."""
    with stand_ins():
        sys.exit(zones.main(Settings.from_env(os.environ), name=Zone.PAY))


if __name__ == "__main__":
    main()
