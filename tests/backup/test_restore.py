"""Backups and the way back: whoever was erased stays so, everybody else is there, no backup of data holds a key."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clocks import Passing
from ippgateway.app import keys_command
from ippgateway.app.backup import keyfile, places
from ippgateway.app.database.access import as_zone, keys_database
from ippgateway.app.database.keys import master
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.core.clock import ManualClock
from ippgateway.core.database import Database
from ippgateway.core.ids import SystemRandomness
from ippgateway.domains.cards.vault import Vault, number_place
from ippgateway.domains.checkouts.models import Payer as PayerTable
from ippgateway.domains.payments.service import people
from ippgateway.privacy import masterkeys
from ippgateway.privacy.catalogue import OWN_DATA, PAYMENT
from ippgateway.privacy.declare import KEYS
from ippgateway.privacy.persons import KeyDestroyed, wrapping_place
from ippgateway.privacy.sealing import CannotOpen
from ippgateway.privacy.zones import Zone
from rights.people import HOLDER, NUMBER, dump, erased, keys_of, rows_of
from running import Running

from .conftest import Payer, epochs, found_in, on_disk, payer, row_of, shop_with_console, wrapped_keys

GONE, STAYS, BETWEEN, AFTER = (f"{name}@borger.example" for name in ("gone.gaas", "stays.spurv", "between", "after"))


@dataclass
class Story:
    """What happened: GONE and STAYS paid, a backup, BETWEEN paid, `moment`, AFTER paid, GONE was erased, and the data
    was restored to `moment`."""

    running: Running
    backups: Path
    gone: Payer
    stays: Payer
    between: Payer
    after: Payer
    moment: datetime
    sealed_email: bytes
    card: dict[str, Any]
    wrapped: set[bytes]
    wrapped_of_gone: set[bytes]
    old_epochs: dict[int, bytes]
    data_backup: Path
    key_backup: Path

    @property
    def settings(self) -> Settings:
        return self.running.settings


@pytest.fixture(scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Story]:
    """Everything but the restore."""
    folder = tmp_path_factory.mktemp("backed-up")
    running, backups = Running(folder / "var"), folder / "backups"
    running.start()
    settings = running.settings
    async with shop_with_console(settings) as (gateway, console, shop):
        gone = await payer(gateway, console, shop, GONE)
        stays = await payer(gateway, console, shop, STAYS)
        made = running.command("backup", str(backups))
        assert (made.returncode, made.stderr) == (0, "")
        between = await payer(gateway, console, shop, BETWEEN)
        moment = datetime.now(UTC)
        after = await payer(gateway, console, shop, AFTER)
        rows = await rows_of(settings, gone.person)
        sealed, card = row_of(rows, "payer")["email"], row_of(rows, "card")
        wrapped, of_gone = await wrapped_keys(settings), await wrapped_keys(settings, gone.person)
        old = await epochs(settings)
        await erased(console, gone.person)
    (data,), (keys,) = places.data_backups(backups), places.key_backups(backups)
    yield Story(
        running, backups, gone, stays, between, after, moment, sealed, card, wrapped, of_gone, old, data.files, keys
    )
    if running.process is not None and running.process.poll() is None:
        assert running.stop() == 0
    shutil.rmtree(folder)


async def _rotated(settings: Settings) -> None:
    """A new epoch, and time passes until the old ones may be destroyed."""
    randomness = SystemRandomness()
    await keys_command.rotate(settings, Passing(datetime.now(UTC)), randomness)
    later = ManualClock(datetime.now(UTC) + timedelta(minutes=12))
    await keys_command.retire(settings, later, randomness)


async def test_no_backup_of_the_data_holds_a_key_and_that_of_the_keys_is_encrypted(told: Story) -> None:
    everything = told.wrapped
    assert len(everything) > 8
    assert found_in(told.backups, everything) == {}
    assert found_in(told.settings.postgres_dir, everything) == {}
    assert found_in(told.settings.keys_postgres_dir, everything)
    people_ids = {told.stays.person.person_id.encode()}
    assert found_in(told.data_backup, people_ids)
    assert found_in(told.key_backup.parent, people_ids) == {}


async def test_no_backup_holds_anybody_in_clear(told: Story) -> None:
    canaries = {HOLDER.encode(), NUMBER.encode(), *(m.encode() for m in (GONE, STAYS, BETWEEN, AFTER))}
    assert found_in(told.backups, canaries) == {}


async def test_once_its_epoch_is_destroyed_nothing_of_a_destroyed_key_is_left_in_files_or_log(told: Story) -> None:
    await on_disk(told.settings)
    lost = told.wrapped_of_gone | set(told.old_epochs.values())
    assert found_in(told.settings.keys_postgres_dir, lost)
    await _rotated(told.settings)
    assert not set(await epochs(told.settings)) & set(told.old_epochs)
    assert told.card["number_key"] not in await _number_keys(told.settings)
    assert found_in(told.settings.keys_postgres_dir, lost) == {}
    assert (await keys_of(told.settings, told.stays.person)).keys() == {"service", "bookkeeping"}


async def test_what_a_backup_holds_of_the_erased_opens_with_no_key_of_today(told: Story) -> None:
    """Even without the replay: by the sealed bytes, as they stand in the backup."""
    assert found_in(told.data_backup, {bytes(told.sealed_email)})
    async with platform_for(Zone.CONSOLE, told.settings) as console:
        person = told.gone.person
        box = await console.persons.open(OWN_DATA, person.controller, person.person_id)
        with pytest.raises(KeyDestroyed):
            box.open(PayerTable.email, told.sealed_email)


@pytest.fixture(scope="module")
async def restored(told: Story) -> Story:
    """Back to the moment, and started again."""
    assert told.running.stop() == 0
    done = told.running.command("restore", str(told.backups), "--to", told.moment.isoformat())
    assert done.returncode == 0, done.stderr
    assert "erasures done again: 1" in done.stdout
    told.running.start()
    return told


async def test_the_erased_stays_erased_in_data_from_before(restored: Story) -> None:
    person = restored.gone.person
    rows = await rows_of(restored.settings, person)
    assert (row_of(rows, "payer")["email"], row_of(rows, "payer")["email_code"]) == (None, None)
    card = row_of(rows, "card")
    assert (card["number"], card["last4"]) == (None, "")
    assert row_of(rows, "erasure")["state"] in ("ERASED", "LOOKED_AFTER")
    assert (await keys_of(restored.settings, person)).keys() <= {"bookkeeping"}


async def test_others_are_there_as_they_were_at_that_moment_and_nobody_from_after(restored: Story) -> None:
    async with platform_for(Zone.CONSOLE, restored.settings) as console:
        for there in (restored.stays, restored.between):
            (person,) = await people.payers_at(console, company_id=there.shop, email=there.email)
            assert person == there.person
            rows = await rows_of(restored.settings, there.person)
            box = await console.persons.open(OWN_DATA, person.controller, person.person_id)
            assert box.open(PayerTable.email, row_of(rows, "payer")["email"]).open() == there.email
            assert row_of(rows, "payment")["state"] == "APPROVED"
            assert await _card_number(restored.settings, row_of(rows, "card")) == NUMBER
        missing = await people.payers_at(console, company_id=restored.after.shop, email=AFTER)
        assert missing == ()


async def test_payments_go_on_after_it_and_the_next_backup_begins_anew(restored: Story) -> None:
    async with shop_with_console(restored.settings) as (gateway, console, shop):
        again = await payer(gateway, console, shop, STAYS)
        assert again.person != restored.stays.person
    assert not places.is_kept_anywhere(restored.settings)
    made = restored.running.command("backup", str(restored.backups))
    assert (made.returncode, made.stderr) == (0, "")
    assert len(places.data_backups(restored.backups)) == 2


async def test_keys_from_before_an_erasure_are_destroyed_again(restored: Story) -> None:
    """The key database was lost, and what is left is a backup from before: the data's record of erasures tells it."""
    person = restored.gone.person
    assert restored.running.stop() == 0
    shutil.rmtree(restored.settings.keys_postgres_dir)
    for newer in places.key_backups(restored.backups)[1:]:
        newer.unlink()
    done = restored.running.command("restore", str(restored.backups))
    assert done.returncode == 0, done.stderr
    assert "restored the keys of" in done.stdout
    restored.running.start()
    assert (await keys_of(restored.settings, person)).keys() <= {"bookkeeping"}
    async with platform_for(Zone.CONSOLE, restored.settings) as console:
        stays = restored.stays.person
        box = await console.persons.open(OWN_DATA, stays.controller, stays.person_id)
        email = row_of(await rows_of(restored.settings, stays), "payer")["email"]
        assert box.open(PayerTable.email, email).open() == STAYS


async def _number_keys(settings: Settings) -> set[int]:
    """The numbers of the vault's keys."""
    return {r["id"] for name, r in await dump(settings, KEYS) if name == "ipp.vault_key" and r["kind"] == "number"}


async def _card_number(settings: Settings, card: dict[str, Any]) -> str:
    """What the vault opens today."""
    keys = Database(as_zone(settings, Zone.PAY, keys_database(settings)), role_prefix=settings.role_prefix, pool_size=1)
    vault = Vault(keys, master(settings, masterkeys.VAULT, SystemRandomness()), SystemRandomness())
    try:
        await vault.start(PAYMENT)
        place = number_place(card["company_id"], card["id"])
        return (await vault.open(PAYMENT, card["number"], card["number_key"], place=place)).open()
    finally:
        await keys.close()


# --- a backup of the keys ---


async def test_a_backup_of_keys_that_was_altered_or_cut_off_is_refused_and_changes_nothing(
    restored: Story, tmp_path: Path
) -> None:
    before = await dump(restored.settings, KEYS)
    whole = restored.key_backup.read_bytes()
    for name, octets in (
        ("cut.keys", whole[:-30]), ("more.keys", whole + b"x"), ("other.keys", b"something else\n"),
        ("bent.keys", whole[:-1] + bytes([whole[-1] ^ 1])),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(octets)
        with pytest.raises(keyfile.NotABackup):
            await keyfile.load(restored.settings, tmp_path / name, randomness=SystemRandomness())
    assert await dump(restored.settings, KEYS) == before


async def test_a_backup_of_keys_opens_under_its_master_key_alone(restored: Story, tmp_path: Path) -> None:
    masterkeys.ensure_file(tmp_path / "keys", "persons", SystemRandomness())
    elsewhere = replace(restored.settings, data_dir=tmp_path)
    row = next(r for n, r in await dump(restored.settings, KEYS) if n == "ipp.wrapping_key")
    another = master(elsewhere, "persons", SystemRandomness())
    with pytest.raises(CannotOpen):
        another.unwrap(row["wrapped"], wrapping_place(row["kind"], row["id"]))
    with pytest.raises(keyfile.NotABackup):
        await keyfile.load(elsewhere, restored.key_backup, randomness=SystemRandomness())
