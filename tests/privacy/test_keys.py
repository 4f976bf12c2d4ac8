"""Persons' keys, epochs, vault keys and master keys: who can open what, and what is gone when a key is gone."""

import dataclasses
import os
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from ippgateway.app.database.access import as_zone, keys_database
from ippgateway.app.database.keys import MasterKeyMissing, ensure_keys, master
from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.core.clock import ManualClock
from ippgateway.core.database import Database
from ippgateway.core.secret import Secret
from ippgateway.domains.cards.vault import Vault, number_place
from ippgateway.domains.checkouts.models import Checkout, Payer
from ippgateway.domains.payments.models import Payment
from ippgateway.privacy import masterkeys
from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE, NOTIFY, PAYMENT, PAYMENT_RECORDS
from ippgateway.privacy.declare import KEYS
from ippgateway.privacy.masterkeys import FileMasterKey, UnsafeKeyFile, ensure_file
from ippgateway.privacy.persons import KeyDestroyed, Persons, wrapping_place
from ippgateway.privacy.sealing import KEY_OCTETS, CannotOpen
from ippgateway.privacy.vocabulary import Purpose, Undeclared
from ippgateway.privacy.zones import Zone

from .conftest import Connection, Login
from .seeded import Seeded
from .shops import MAIL, NUMBER

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SHOP, OTHER, PERSON = "Shop-Shop-0001", "Shop-Shop-0002", "Pers-Pers-0001"


@pytest.fixture(scope="module")
async def keyed(installation: Settings) -> Settings:
    """An installation of its own for this file, with its own key files."""
    settings = dataclasses.replace(installation, role_prefix="keyed", sandbox=False)
    await setup(settings)
    return settings


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def keys_of(keyed: Settings) -> AsyncIterator[dict[Zone, Database]]:
    """Each zone's way to the key database."""
    databases = {
        zone: Database(as_zone(keyed, zone, keys_database(keyed)), role_prefix=keyed.role_prefix, pool_size=1)
        for zone in Zone
    }
    yield databases
    for database in databases.values():
        await database.close()


@pytest.fixture
async def persons(keyed: Settings, keys_of: dict[Zone, Database], clock: ManualClock) -> Persons:
    made = Persons(keys_of[Zone.PAY], master(keyed, masterkeys.PERSONS, Seeded(0)), clock, Seeded(1))
    await made.start(PAYMENT)
    return made


@pytest.fixture
async def as_keys_owner(keyed: Settings, owner: Login) -> Connection:
    return await owner(KEYS, keyed)


async def _fresh(keyed: Settings, keys: Database, clock: ManualClock, purpose: Purpose = PAYMENT) -> Persons:
    another = Persons(keys, master(keyed, masterkeys.PERSONS, Seeded(2)), clock, Seeded(3))
    await another.start(purpose)
    return another


def _person() -> str:
    return f"Pers-{os.urandom(2).hex()}-{os.urandom(2).hex()}"


# --- persons ---


async def test_another_process_opens_what_a_person_s_key_sealed(
    persons: Persons, keyed: Settings, keys_of: dict[Zone, Database], clock: ManualClock
) -> None:
    person = _person()
    box = await persons.create(PAYMENT, SHOP, person)
    sealed = box.seal(Payer.email, MAIL)
    again = await (await _fresh(keyed, keys_of[Zone.CONSOLE], clock, ACCOUNT)).open(PAYMENT_RECORDS, SHOP, person)
    assert again.open(Payer.email, sealed).open() == MAIL
    assert sealed is not None
    assert MAIL.encode() not in sealed


async def test_the_same_person_at_two_shops_is_two_persons(
    persons: Persons, as_keys_owner: Connection, clock: ManualClock
) -> None:
    person = _person()
    here, there = await persons.create(PAYMENT, SHOP, person), await persons.create(PAYMENT, OTHER, person)
    with pytest.raises(CannotOpen):
        there.open(Payer.email, here.seal(Payer.email, MAIL))
    wrapped = await as_keys_owner.fetch("select wrapped from ipp.person_key where person_id = $1", person)
    assert len({row["wrapped"] for row in wrapped}) == len(wrapped) == 4
    assert persons.index.code(SHOP, "payer.email", MAIL) != persons.index.code(OTHER, "payer.email", MAIL)


async def test_both_shops_of_one_payer_share_nothing_in_the_running_platform(
    shops: tuple[object, object], owner: Login
) -> None:
    main, keys = await owner(), await owner(KEYS)
    ids = [shop.company_id for shop in shops]  # type: ignore[attr-defined]
    payers = await main.fetch("select person_id, email_code, email from ipp.payer where company_id = any($1)", ids)
    cards = await main.fetch("select person_id, fingerprint, number from ipp.card where company_id = any($1)", ids)
    for rows in (payers, cards):
        first, second = {r["person_id"]: r for r in rows}.values()
        assert not set(first.values()) & set(second.values())
    for payer in payers:
        holders = await keys.fetch("select distinct controller from ipp.person_key where person_id = $1", payer[0])
        assert len(holders) == 1


async def test_a_value_opens_for_its_person_and_column_only(persons: Persons, clock: ManualClock) -> None:
    box, other = [await persons.create(PAYMENT, SHOP, _person()) for _ in range(2)]
    sealed = box.seal(Payer.email, MAIL)
    for column in (Payer.name, Checkout.order_id, Payment.holder):
        with pytest.raises(CannotOpen):
            box.open(column, sealed)
    with pytest.raises(CannotOpen):
        other.open(Payer.email, sealed)
    with pytest.raises(Undeclared):
        box.seal(Payer.email_code, MAIL)


async def test_a_key_moved_to_another_person_does_not_open(
    persons: Persons, as_keys_owner: Connection, clock: ManualClock
) -> None:
    person, thief = _person(), _person()
    await persons.create(PAYMENT, SHOP, person)
    await as_keys_owner.execute(
        "insert into ipp.person_key select controller, $2, ground, epoch, wrapped, created_at from ipp.person_key "
        "where controller = $3 and person_id = $1", person, thief, SHOP,
    )  # fmt: skip
    box = await persons.open(PAYMENT, SHOP, thief)
    with pytest.raises(CannotOpen):
        box.seal(Payer.email, MAIL)


async def test_what_a_destroyed_key_kept_is_gone_and_the_rest_stays(
    persons: Persons, as_keys_owner: Connection, clock: ManualClock
) -> None:
    person = _person()
    box = await persons.create(PAYMENT, SHOP, person)
    email, holder = box.seal(Payer.email, MAIL), box.seal(Payment.holder, "Frida Kanin")
    await as_keys_owner.execute("delete from ipp.person_key where person_id = $1 and ground = 'service'", person)
    clock.advance(31)  # an opened key is remembered for half a minute
    later = await persons.open(PAYMENT, SHOP, person)
    with pytest.raises(KeyDestroyed):
        later.open(Payer.email, email)
    with pytest.raises(KeyDestroyed):
        later.seal(Payer.email, MAIL)
    assert later.open(Payment.holder, holder).open() == "Frida Kanin"
    await as_keys_owner.execute("delete from ipp.person_key where person_id = $1", person)
    clock.advance(31)
    with pytest.raises(KeyDestroyed):
        (await persons.open(PAYMENT, SHOP, person)).open(Payment.holder, holder)


async def test_nobody_s_keys_are_opened_under_another_controller(persons: Persons, clock: ManualClock) -> None:
    person = _person()
    sealed = (await persons.create(PAYMENT, SHOP, person)).seal(Payer.email, MAIL)
    with pytest.raises(KeyDestroyed):
        (await persons.open(PAYMENT, OTHER, person)).open(Payer.email, sealed)


# --- epochs and vault keys ---


async def test_a_new_epoch_reaches_a_running_process(
    persons: Persons, keyed: Settings, keys_of: dict[Zone, Database], clock: ManualClock,
    as_keys_owner: Connection,
) -> None:  # fmt: skip
    number = await _another(as_keys_owner, keyed, masterkeys.PERSONS, "wrapping_key", "epoch")
    newer = await _fresh(keyed, keys_of[Zone.CONSOLE], clock, ACCOUNT)
    person = _person()
    sealed = (await newer.create(ACCOUNT, SHOP, person)).seal(Payer.email, MAIL)
    epochs = await as_keys_owner.fetch("select distinct epoch from ipp.person_key where person_id = $1", person)
    assert [row["epoch"] for row in epochs] == [number]
    # `persons` was started before and was told nothing.
    assert (await persons.open(PAYMENT, SHOP, person)).open(Payer.email, sealed).open() == MAIL


async def test_a_new_vault_key_reaches_a_running_process(
    keyed: Settings, keys_of: dict[Zone, Database], as_keys_owner: Connection
) -> None:
    old = await _vault(keyed, keys_of[Zone.PAY])
    place = number_place(SHOP, "Card-Card-0001")
    before, first = old.seal(Secret(NUMBER), place=place)
    number = await _another(as_keys_owner, keyed, masterkeys.VAULT, "vault_key", "number")
    newer = await _vault(keyed, keys_of[Zone.PAY])
    after, second = newer.seal(Secret(NUMBER), place=place)
    assert first < second == number
    for vault in (old, newer):
        assert (await vault.open(PAYMENT, after, second, place=place)).open() == NUMBER
        assert (await vault.open(PAYMENT, before, first, place=place)).open() == NUMBER
    with pytest.raises(CannotOpen):
        await newer.open(PAYMENT, after, second, place=number_place(OTHER, "Card-Card-0001"))
    with pytest.raises(CannotOpen):
        await newer.open(PAYMENT, after, first, place=place)
    assert old.fingerprint(SHOP, Secret(NUMBER)) == newer.fingerprint(SHOP, Secret(NUMBER))
    assert old.fingerprint(SHOP, Secret(NUMBER)) != old.fingerprint(OTHER, Secret(NUMBER))


@pytest.mark.parametrize(
    ("zone", "purpose"),
    [(Zone.CONSOLE, p) for p in (ACCOUNT, AUTHENTICATE, PAYMENT_RECORDS, PAYMENT)]
    + [(Zone.WORKER, p) for p in (NOTIFY, PAYMENT)]
    + [(Zone.SITE, PAYMENT), (Zone.PAY, AUTHENTICATE), (Zone.PAY, PAYMENT_RECORDS)],
)
async def test_only_payment_loads_the_vault_s_keys(
    zone: Zone, purpose: Purpose, keyed: Settings, keys_of: dict[Zone, Database]
) -> None:
    """Even when a zone got at the vault's master key: the database does not hand out what it wraps."""
    vault = Vault(keys_of[zone], master(keyed, masterkeys.VAULT, Seeded(0)), Seeded(0))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await vault.start(purpose)


async def test_the_persons_master_key_opens_no_vault_key(keyed: Settings, keys_of: dict[Zone, Database]) -> None:
    with pytest.raises(CannotOpen):
        await Vault(keys_of[Zone.PAY], master(keyed, masterkeys.PERSONS, Seeded(0)), Seeded(0)).start(PAYMENT)


async def _vault(keyed: Settings, keys: Database) -> Vault:
    vault = Vault(keys, master(keyed, masterkeys.VAULT, Seeded(0)), Seeded(7))
    await vault.start(PAYMENT)
    return vault


async def _another(owner: Connection, keyed: Settings, name: str, table: str, kind: str) -> int:
    number = int(await owner.fetchval(f"select max(id) + 1 from ipp.{table}"))
    wrapped = master(keyed, name, Seeded(8)).wrap(Seeded(number).octets(KEY_OCTETS), wrapping_place(kind, number))
    await owner.execute(f"insert into ipp.{table} values ($1, $2, $3, $4)", number, kind, wrapped, NOW)
    return number


# --- master keys ---


def test_a_master_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = ensure_file(tmp_path / "keys", "persons", Seeded(1))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    first = path.read_bytes()
    assert ensure_file(tmp_path / "keys", "persons", Seeded(2)).read_bytes() == first
    wrapped = FileMasterKey(path, Seeded(1)).wrap(b"k" * 32, "key|epoch|1")
    assert FileMasterKey(path, Seeded(3)).unwrap(wrapped, "key|epoch|1") == b"k" * 32
    with pytest.raises(CannotOpen):
        FileMasterKey(path, Seeded(3)).unwrap(wrapped, "key|epoch|2")


@pytest.mark.parametrize(("what", "mode"), [("file", 0o640), ("file", 0o604), ("folder", 0o750), ("folder", 0o701)])
def test_a_master_key_that_others_could_read_is_refused(what: str, mode: int, tmp_path: Path) -> None:
    path = ensure_file(tmp_path / "keys", "persons", Seeded(1))
    (path if what == "file" else path.parent).chmod(mode)
    with pytest.raises(UnsafeKeyFile):
        FileMasterKey(path, Seeded(1))


@pytest.mark.parametrize("damage", [b"", b"\0" * 31, b"\0" * 33])
def test_a_damaged_master_key_is_refused(damage: bytes, tmp_path: Path) -> None:
    path = ensure_file(tmp_path / "keys", "vault", Seeded(1))
    path.write_bytes(damage)
    with pytest.raises(UnsafeKeyFile):
        FileMasterKey(path, Seeded(1))


@pytest.mark.parametrize("name", [masterkeys.PERSONS, masterkeys.VAULT])
async def test_a_lost_master_key_is_not_replaced(name: str, keyed: Settings, tmp_path: Path) -> None:
    other = tmp_path / "var"
    for folder in ("keys", "secrets"):
        (other / folder).mkdir(parents=True, mode=0o700)
        for file in (keyed.data_dir / folder).iterdir():
            (other / folder / file.name).write_bytes(file.read_bytes())
            (other / folder / file.name).chmod(0o600)
    # The same databases, another folder of keys, from which one file is missing.
    moved = _Elsewhere(keyed, other / "keys")
    (other / "keys" / f"{name}.key").unlink()
    with pytest.raises(MasterKeyMissing, match=name):
        await ensure_keys(moved, Seeded(1), at=NOW)  # type: ignore[arg-type]
    assert not (other / "keys" / f"{name}.key").exists()


class _Elsewhere:
    """The settings of an installation, with its keys in another folder."""

    def __init__(self, settings: Settings, keys_dir: Path) -> None:
        self._settings = settings
        self.keys_dir = keys_dir

    def __getattr__(self, name: str) -> object:
        return getattr(self._settings, name)


async def test_the_key_database_holds_nothing_but_wrapped_keys(
    as_keys_owner: Connection,
) -> None:
    texts = await as_keys_owner.fetch(
        "select distinct a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid "
        "where c.relnamespace = 'ipp'::regnamespace and c.relkind = 'r' and a.attnum > 0"
    )
    assert {row["attname"] for row in texts} == {
        "controller", "person_id", "ground", "epoch", "wrapped", "created_at", "id", "kind", "version_num",
        "restricted_at", "kept_until", "other", "other_epoch", "turn", "turned_at", "tenant", "first_at", "last_at",
        "erased", "paused_at", "objected",
    }  # fmt: skip
