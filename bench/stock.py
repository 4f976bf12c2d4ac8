"""Checkouts made beforehand, in bulk: each with a payer and keys of its own, sealed as the use case seals them.

They are MOTO, so that no 3-D Secure call is in what is measured and the attempt itself keeps the card: every row of a
payment is written by the authorisation. Every card number is another one, as among a shop's real payers.
"""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import asyncpg

from bench import bare
from ippgateway.app.database.access import as_owner, keys_database, main_database
from ippgateway.app.settings import Settings
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts.models import Checkout, Payer
from ippgateway.domains.companies import service as companies
from ippgateway.privacy.persons import GROUNDS, Box, key_place
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import KEY_OCTETS, SealingKey, digest

_NOTIFY = "http://127.0.0.1:9/modules/gateways/callback/ipp.php?order=1234"
_PAYER = ("payer@shop.example", "Bench Payer")
_PAYER_COLUMNS = ("company_id", "person_id", "created_at", "email", "name")
_KEY_COLUMNS = ("controller", "person_id", "ground", "epoch", "wrapped", "created_at")
_COLUMNS = (
    "company_id", "id", "person_id", "amount_text", "amount_hundredths", "currency", "transaction_type", "test",
    "store_card", "authenticated", "declines", "created_at", "expires_at", "digest", "cryptogram_digest", "order_id",
    "notify_url", "accept_url", "extra",
)  # fmt: skip


async def company(console: Platform, name: str) -> str:
    """A shop of its own; its id."""
    company_id = console.ids.new()
    await companies.add(
        console, companies.NewCompany(
            id=company_id, partner_id=console.ids.new(), name=name, key1=Secret(console.ids.letters(42)),
            key2=Secret(console.ids.letters(14)), merchant_number="IPP000000000001", mcc="5999",
        ),
    )  # fmt: skip
    return company_id


class People:
    """Makes the keys of many people of one company at once. `sealed`: as the Platform does; else they need none."""

    def __init__(self, pay: Platform, company_id: str, *, sealed: bool) -> None:
        self._epochs = pay.persons._epochs  # noqa: SLF001 - the bench makes a hundred thousand persons at once
        self._company_id = company_id
        self._sealed = sealed
        self._randomness = SystemRandomness()

    def new(self, person_id: str, now: datetime) -> tuple[Box, list[tuple[object, ...]]]:
        """Somebody's keys, opened, and as rows of the key database."""
        if not self._sealed:
            return bare.BareBox(self._company_id, person_id, {}, self._randomness), []
        newest = max(self._epochs)
        raw = {g.key: self._randomness.octets(KEY_OCTETS) for g in GROUNDS}
        rows: list[tuple[object, ...]] = [
            (self._company_id, person_id, g, newest,
             self._epochs[newest].seal(key, key_place(self._company_id, person_id, g), self._randomness), now)
            for g, key in raw.items()
        ]  # fmt: skip
        return Box(self._company_id, person_id, {g: SealingKey(k) for g, k in raw.items()}, self._randomness), rows


class Stock:
    """Makes checkouts of one company. `sealed`: as the Platform keeps them; else as its stand-in without sealing."""

    def __init__(self, settings: Settings, pay: Platform, company_id: str, *, sealed: bool) -> None:
        self.company_id = company_id
        self._settings = settings
        self.people = People(pay, company_id, sealed=sealed)
        self._ids = Ids(pay.clock, SystemRandomness())
        self._dice = random.Random(8583)  # noqa: S311 - card numbers of nobody

    async def make(self, count: int, requests: Path) -> None:
        """`count` checkouts, and a file with a request for each."""
        now = datetime.now(UTC)
        rows = [self._one(now) for _ in range(count)]
        keys = [key for row in rows for key in row[1]]
        await _copy(self._settings, keys_database(self._settings), "person_key", _KEY_COLUMNS, keys)
        main = main_database(self._settings)
        await _copy(self._settings, main, "payer", _PAYER_COLUMNS, [row[0] for row in rows])
        await _copy(self._settings, main, "checkout", _COLUMNS, [row[2] for row in rows])
        requests.write_text(  # noqa: ASYNC240 - nothing else runs here
            "".join(f"{row[3]}\n" for row in rows)
        )

    def _one(self, now: datetime) -> tuple[tuple[object, ...], list[tuple[object, ...]], tuple[object, ...], str]:
        person_id, checkout_id = self._ids.new(), self._ids.new()
        box, keys = self.people.new(person_id, now)
        token, cryptogram = checkout_id.replace("-", "") + self._ids.letters(24), self._ids.letters(24)
        payer = (self.company_id, person_id, now, box.seal(Payer.email, _PAYER[0]), box.seal(Payer.name, _PAYER[1]))
        checkout = (
            self.company_id, checkout_id, person_id, "1200", 1200, "DKK", "MOTO", True, False, False, 0, now,
            now + timedelta(days=1), digest(token), digest(cryptogram), box.seal(Checkout.order_id, "order 1234"),
            box.seal(Checkout.notify_url, _NOTIFY), box.seal(Checkout.accept_url, "https://shop.example/thanks"),
            box.seal(Checkout.extra, '{"origin": "", "theme": "", "method": ""}'),
        )  # fmt: skip
        request = urlencode({
            "checkout_id": token, "cryptogram": cryptogram, "method": "card", "holder": _PAYER[1],
            "cardno": self._card(), "expmonth": "12", "expyear": "31", "cvv": "123",
        })  # fmt: skip
        return payer, keys, checkout, request

    def _card(self) -> str:
        digits = f"4929{self._dice.randrange(10**11):011d}"
        doubled = sum(sum(divmod(2 * int(d), 10)) for d in digits[-1::-2])
        return digits + str(-(doubled + sum(map(int, digits[-2::-2]))) % 10)


async def _copy(
    settings: Settings, database: str, table: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]
) -> None:
    if not rows:
        return
    connection = await asyncpg.connect(**as_owner(settings, database))
    try:
        await connection.copy_records_to_table(table, schema_name="ipp", columns=columns, records=rows)
    finally:
        await connection.close()
