"""Keys are replaced while payments run: everybody opens what they could, and what was replaced is destroyed."""

import dataclasses
import hmac
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backup.conftest import Payer, epochs, payer, row_of
from clocks import Passing
from ippgateway.app import keys_command, recipients_command
from ippgateway.app.database.keys import MasterKeyMissing, ensure_keys, master, stored
from ippgateway.app.keys import keep, masters, turn
from ippgateway.app.keys.ways import keys_owner, main_owner
from ippgateway.app.settings import Settings
from ippgateway.app.setup import setup
from ippgateway.app.wiring import platform_for
from ippgateway.core.ids import SystemRandomness
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts.models import Payer as PayerTable
from ippgateway.domains.checkouts.schemas import CheckoutRef
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.models import Payment
from ippgateway.domains.payments.ports import CardData
from ippgateway.domains.payments.schemas import Result
from ippgateway.domains.payments.service.known import known
from ippgateway.privacy.catalogue import OWN_DATA, PAYMENT
from ippgateway.privacy.masterkeys import PERSONS, VAULT, FileMasterKeys
from ippgateway.privacy.persons import Box, Persons, wrapping_place
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import CannotOpen
from ippgateway.privacy.zones import Zone
from ippsandbox.cards import DEMO_CARDS
from privacy.shops import open_shop, paying
from rights.people import BROWSER, HOLDER, NUMBER, a_card, erased, keys_of, ordered, paid, rows_of

from .conftest import LABEL, SoftHsm

RANDOMNESS = SystemRandomness()


@pytest.fixture
async def keyed(installation: Settings, tmp_path: Path) -> Settings:
    """Another installation on the same servers, with master keys of its own."""
    (tmp_path / "keys").mkdir(mode=0o700)
    settings = _WithKeysIn(
        dataclasses.replace(installation, role_prefix=f"turned{abs(hash(tmp_path)) % 10**8}", sandbox=False), tmp_path
    )
    await setup(settings)  # type: ignore[arg-type]
    await recipients_command.seed(settings)  # type: ignore[arg-type]
    return settings  # type: ignore[return-value]


class _WithKeysIn:
    """Settings with another folder of keys."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self.keys_dir = folder / "keys"

    def __getattr__(self, name: str) -> object:
        return getattr(self._settings, name)


def later(**by: float) -> Passing:
    return Passing(datetime.now(UTC) + timedelta(**by))


@pytest.fixture
async def zones(keyed: Settings) -> AsyncIterator[tuple[payments.Gateway, Platform]]:
    """The payment zone and the console zone, which run all the time."""
    async with platform_for(Zone.CONSOLE, keyed) as console, paying(keyed) as gateway:
        yield gateway, console


@pytest.fixture
async def somebody(zones: tuple[payments.Gateway, Platform]) -> Payer:
    gateway, console = zones
    return await payer(gateway, console, await open_shop(console), "hugo.hejre@borger.example")


async def opens(settings: Settings, who: Payer, persons: Persons | None = None) -> None:
    """Whoever starts now, or `persons`, opens what is sealed for somebody."""
    async with platform_for(Zone.CONSOLE, settings) as fresh:
        box = await (persons or fresh.persons).open(OWN_DATA, who.person.controller, who.person.person_id)
    rows = await rows_of(settings, who.person)
    assert box.open(PayerTable.email, row_of(rows, "payer")["email"]).open() == who.email
    assert box.open(Payment.holder, row_of(rows, "payment")["holder"]).open() == HOLDER


async def test_a_person_s_keys_are_replaced_and_their_fields_sealed_anew(
    keyed: Settings, zones: tuple[payments.Gateway, Platform], somebody: Payer
) -> None:
    before, rows = await keys_of(keyed, somebody.person), await rows_of(keyed, somebody.person)
    sealed = [(t.table.name, c.name) for t in turn.places() for c in t.columns]
    count, fields = await turn.turn(keyed, clock=later(seconds=5), randomness=RANDOMNESS)
    after, rows_after = await keys_of(keyed, somebody.person), await rows_of(keyed, somebody.person)
    assert count >= len(before) == 2
    changed = {
        (table, column)
        for table, column in sealed
        for old, new in zip(rows.get(table, []), rows_after.get(table, []), strict=True)
        if old[column] != new[column]
    }
    assert {("payer", "email"), ("payment", "holder"), ("checkout", "order_id")} <= changed
    assert fields >= len(changed)
    assert all(after[g]["wrapped"] != before[g]["wrapped"] and after[g]["other"] is None for g in before)
    await opens(keyed, somebody)


async def test_at_every_step_of_it_a_process_opens_what_one_that_remembers_the_former_step_seals(
    keyed: Settings, zones: tuple[payments.Gateway, Platform], somebody: Payer
) -> None:
    """Keys are remembered for half a minute, and each step waits for longer than that: one step apart, no more."""
    gateway, console = zones
    boxes, steps = [await _box(keyed, somebody)], []

    async def both_ways() -> None:
        boxes.append(await _box(keyed, somebody))
        for one, other in (boxes[-2:], boxes[:-3:-1]):
            assert other.open(PayerTable.email, one.seal(PayerTable.email, somebody.email)).open() == somebody.email

    class Watching(Passing):
        async def sleep(self, seconds: float) -> None:
            await both_ways()
            again = await payer(gateway, console, somebody.shop, somebody.email)
            assert again.person == somebody.person
            async with keys_owner(keyed) as keys:
                steps.append(await keys.fetchval("select max(turn) from ipp.person_key where turn is not null"))
            await super().sleep(seconds)

    await turn.turn(keyed, clock=Watching(datetime.now(UTC) + timedelta(seconds=5)), randomness=RANDOMNESS)
    assert steps == ["PREPARED", "TURNED"]
    await both_ways()
    payments_of = (await rows_of(keyed, somebody.person))["payment"]
    assert len(payments_of) == 3
    assert {boxes[-1].open(Payment.holder, row["holder"]).open() for row in payments_of} == {HOLDER}
    with pytest.raises(CannotOpen):
        boxes[0].open(Payment.holder, payments_of[0]["holder"])


async def _box(settings: Settings, who: Payer) -> Box:
    """What a process has that opens somebody's keys now."""
    async with platform_for(Zone.CONSOLE, settings) as fresh:
        return await fresh.persons.open(OWN_DATA, who.person.controller, who.person.person_id)


async def test_whoever_was_killed_in_the_middle_of_it_goes_on(keyed: Settings, somebody: Payer) -> None:
    class Dies(Passing):
        async def sleep(self, seconds: float) -> None:
            raise InterruptedError

    for _ in range(2):
        with pytest.raises(InterruptedError):
            await turn.turn(keyed, clock=Dies(datetime.now(UTC) + timedelta(seconds=5)), randomness=RANDOMNESS)
        await opens(keyed, somebody)
    count, _ = await turn.turn(keyed, clock=later(seconds=90), randomness=RANDOMNESS)
    assert count >= 2
    await opens(keyed, somebody)


async def test_a_new_generation_of_the_master_key_opens_everything_and_the_old_one_dies_with_the_last_backup(
    keyed: Settings, zones: tuple[payments.Gateway, Platform], somebody: Payer
) -> None:
    _, console = zones
    store = FileMasterKeys(keyed.keys_dir, RANDOMNESS)
    async with keys_owner(keyed) as keys:
        row = await keys.fetchrow("select * from ipp.wrapping_key where kind = 'epoch'")
        assert row is not None
        place = f"key|epoch|{row['id']}"
        running = store.key(PERSONS)
        opened = running.unwrap(row["wrapped"], place)
        await keys_command.rotate_master(keyed, later(), RANDOMNESS)
        fresh = await keys.fetchval("select wrapped from ipp.wrapping_key where id = $1", row["id"])
    assert running.unwrap(fresh, place) == store.key(PERSONS).unwrap(fresh, place) == opened
    await opens(keyed, somebody)
    await opens(keyed, somebody, console.persons)
    assert await masters.retire(keyed, clock=later(days=keyed.backup_days), randomness=RANDOMNESS) == 0
    assert await masters.retire(keyed, clock=later(days=keyed.backup_days + 2), randomness=RANDOMNESS) == 2
    assert store.key(PERSONS).unwrap(fresh, place) == opened
    with pytest.raises(CannotOpen):
        store.key(PERSONS).unwrap(row["wrapped"], place)
    await opens(keyed, somebody)


async def test_an_epoch_is_replaced_at_its_age_and_after_an_erasure_and_destroyed(
    keyed: Settings, zones: tuple[payments.Gateway, Platform], somebody: Payer
) -> None:
    gateway, console = zones
    state, (first,) = keep.State(), await epochs(keyed)
    await keep.look(keyed, state, clock=later(), randomness=RANDOMNESS)
    assert set(await epochs(keyed)) == {first}
    gone = await payer(gateway, console, somebody.shop, "gerda.gaas@borger.example")
    await erased(console, gone.person)
    await keep.look(keyed, state, clock=later(minutes=1), randomness=RANDOMNESS)
    assert set(await epochs(keyed)) == {first}  # it may be looked at once more
    await keep.look(keyed, state, clock=later(minutes=4), randomness=RANDOMNESS)
    assert set(await epochs(keyed)) == {first, first + 1}
    await keep.look(keyed, state, clock=later(minutes=15), randomness=RANDOMNESS)
    assert set(await epochs(keyed)) == {first + 1}
    await opens(keyed, somebody)
    await opens(keyed, somebody, console.persons)
    await keep.look(keyed, state, clock=later(days=29), randomness=RANDOMNESS)
    assert set(await epochs(keyed)) == {first + 1}
    await keep.look(keyed, state, clock=later(days=31), randomness=RANDOMNESS)
    assert set(await epochs(keyed)) == {first + 1, first + 2}
    await keep.look(keyed, state, clock=later(days=31, minutes=11), randomness=RANDOMNESS)
    assert set(await epochs(keyed)) == {first + 2}
    await opens(keyed, somebody)


async def test_the_journal_forgets_whom_no_backup_knows(
    keyed: Settings, zones: tuple[payments.Gateway, Platform], somebody: Payer
) -> None:
    _, console = zones
    await erased(console, somebody.person)
    async with keys_owner(keyed) as keys:
        for days, known in ((keyed.backup_days, 1), (keyed.backup_days + 8, 0)):
            await keep.look(keyed, keep.State(), clock=later(days=days), randomness=RANDOMNESS)
            assert await keys.fetchval("select count(*) from ipp.destroyed_key") == known
    async with main_owner(keyed) as main:
        assert await main.fetchval("select count(*) from ipp.erasure") == 1


# --- fingerprints of cards ---

LOST = DEMO_CARDS["decline_lost_card"]


async def test_the_fingerprint_of_a_card_is_replaced_and_no_key_that_is_left_makes_the_former_one(
    keyed: Settings, zones: tuple[payments.Gateway, Platform], somebody: Payer
) -> None:
    """Beside the digits that anybody may see, one that could be made again would give the whole number back."""
    gateway, console = zones
    gone = await payer(gateway, console, somebody.shop, "gerda.gaas@borger.example")
    before = [row_of(await rows_of(keyed, who.person), "card")["fingerprint"] for who in (somebody, gone)]
    assert set(before) <= set(await _made_again(keyed, somebody.shop))
    await erased(console, gone.person)
    await keys_command.rotate(keyed, later(), RANDOMNESS)
    paid_meanwhile = await payer(gateway, console, somebody.shop, "hans.hare@borger.example")
    await keys_command.retire(keyed, later(minutes=20), RANDOMNESS)
    (left,) = await _made_again(keyed, somebody.shop)
    assert left not in before
    for who, code in ((somebody, left), (paid_meanwhile, left), (gone, b"")):
        assert row_of(await rows_of(keyed, who.person), "card")["fingerprint"] == code


async def _made_again(settings: Settings, shop: str) -> list[bytes]:
    """What somebody with every key of today makes of a number that they guess."""
    async with keys_owner(settings) as keys:
        rows = await keys.fetch("select * from ipp.vault_key where kind = 'fingerprint'")
    opened = [
        master(settings, VAULT, RANDOMNESS).unwrap(r["wrapped"], wrapping_place(r["kind"], r["id"])) for r in rows
    ]
    return [hmac.digest(key, f"{shop}\0{NUMBER}".encode(), "sha256") for key in opened]


async def test_a_card_is_known_again_at_every_step_of_it(
    keyed: Settings, zones: tuple[payments.Gateway, Platform], somebody: Payer
) -> None:
    """One process has noticed no key but those that it was given time for, the other has noticed all."""
    slow, _ = zones
    shop, steps = somebody.shop, 0
    refused = await ordered(slow.platform, shop, "gerda.gaas@borger.example")
    await payments.secure(slow, checkout=refused, card=a_card(LOST), browser=BROWSER)
    lost = await payments.authorise(slow, checkout=refused, card=a_card(LOST), browser=BROWSER)
    assert lost.result is Result.NOK
    async with paying(keyed) as quick:
        proven = await _proven(slow, shop)

        async def all_know() -> None:
            nonlocal steps
            steps += 1
            for gateway, other in ((slow, quick), (quick, slow)):
                await _knows(gateway, proven, LOST)
                await _knows(gateway, await _proven(other, shop), LOST)
                await paid(gateway, shop, somebody.email)

        class Watching(Passing):
            async def sleep(self, seconds: float) -> None:
                await all_know()  # nobody has noticed the key that was made
                await quick.vault.start(PAYMENT)
                await all_know()
                await slow.vault.start(PAYMENT)
                await super().sleep(seconds)

        await keys_command.rotate(keyed, Watching(datetime.now(UTC)), RANDOMNESS)
        await all_know()
        await quick.vault.start(PAYMENT)
        await all_know()
        await slow.vault.start(PAYMENT)
        await keys_command.retire(keyed, later(minutes=20), RANDOMNESS)
        await all_know()
        for gateway in (quick, slow):
            await gateway.vault.start(PAYMENT)
            assert len(gateway.vault.fingerprints(shop, Secret(NUMBER))) == 1
        await all_know()
    assert steps == 6


async def _proven(gateway: payments.Gateway, shop: str) -> CheckoutRef:
    """A checkout with a 3-D Secure result for a card."""
    checkout = await ordered(gateway.platform, shop, "hugo.hejre@borger.example")
    await payments.secure(gateway, checkout=checkout, card=a_card(), browser=BROWSER)
    return checkout


async def _knows(gateway: payments.Gateway, proven: CheckoutRef, lost: str) -> None:
    """What is said of a checkout's card, and of one that an issuer refused for ever."""
    card, never = (CardData(pan=Secret(n), expiry_month=11, expiry_year=2032) for n in (NUMBER, lost))
    said = await known(gateway, proven, card, Secret(""))
    assert (said.proof is not None, said.never) == (True, None)
    said = await known(gateway, proven, never, Secret(""))
    assert (said.proof, said.never is not None) == (None, True)


async def test_whoever_was_killed_before_the_number_key_was_made_goes_on_with_the_fingerprint_key_that_is_there(
    keyed: Settings, somebody: Payer
) -> None:
    class Dies(Passing):
        async def sleep(self, seconds: float) -> None:
            raise InterruptedError

    for _ in range(2):
        with pytest.raises(InterruptedError):
            await keys_command.rotate(keyed, Dies(datetime.now(UTC)), RANDOMNESS)
    assert await keys_command.retire(keyed, later(days=1), RANDOMNESS)
    assert len(await _made_again(keyed, somebody.shop)) == 2
    await keys_command.rotate(keyed, later(seconds=1), RANDOMNESS)
    await keys_command.retire(keyed, later(minutes=20), RANDOMNESS)
    (left,) = await _made_again(keyed, somebody.shop)
    assert row_of(await rows_of(keyed, somebody.person), "card")["fingerprint"] == left


# --- a token ---


async def test_master_keys_move_from_files_to_a_token_and_open_everything(
    keyed: Settings, somebody: Payer, softhsm: SoftHsm
) -> None:
    on_token = _OnToken(keyed, softhsm)
    with pytest.raises(MasterKeyMissing):
        await ensure_keys(on_token, RANDOMNESS, at=datetime.now(UTC))  # type: ignore[arg-type]
    await keys_command.rotate_master(on_token, later(), RANDOMNESS)  # type: ignore[arg-type]
    for path in keyed.keys_dir.iterdir():
        path.unlink()
    await ensure_keys(on_token, RANDOMNESS, at=datetime.now(UTC))  # type: ignore[arg-type]
    assert stored(on_token, RANDOMNESS).exists(PERSONS)  # type: ignore[arg-type]
    await opens(on_token, somebody)  # type: ignore[arg-type]
    await keys_command.rotate(on_token, later(), RANDOMNESS)  # type: ignore[arg-type]
    await opens(on_token, somebody)  # type: ignore[arg-type]


class _OnToken:
    """Settings with the master keys on a token."""

    def __init__(self, settings: Settings, token: SoftHsm) -> None:
        self._settings = settings
        self.master_keys = "pkcs11"
        self.pkcs11_module, self.pkcs11_token, self.pkcs11_pin_file = token.module, LABEL, token.pin_file

    def __getattr__(self, name: str) -> object:
        return getattr(self._settings, name)
