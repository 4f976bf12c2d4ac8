"""The ledger check finds whatever is planted, and nothing where nothing was."""

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from ippgateway.app import ledger_command
from ippgateway.app.settings import Settings

from .conftest import Simulator

if TYPE_CHECKING:
    from ippgateway.app.ledger_command import Checked

SEED, PURCHASES = 5, 12

_OFF = "alter table ipp.ledger_line disable trigger ledger_balanced"
_ONE = "(select min(action_id) from ipp.ledger_line where account = 'due_from_acquirer' and amount_minor > 0)"
_OPEN = "(select min(id) from ipp.payment where state = 'APPROVED' and method = 'AUTH')"
_DECLINED = "(select min(id) from ipp.payment_action where result = 'NOK' and method = 'AUTH')"
_APPROVED = (
    "drop index ipp.uq_payment_checkout; update ipp.payment set state = 'APPROVED' "
    f"where id = (select payment_id from ipp.payment_action where id = {_DECLINED})"
)

_TWICE = (
    "insert into ipp.ledger_line select company_id, 'AAAA-AAAA-AAAA', line, account, amount_minor, currency, "
    f"action_id, at from ipp.ledger_line where action_id = {_ONE}"
)
_POSTED = (
    "insert into ipp.ledger_line select company_id, id, n, account, n * 2 - 3, currency, id, created_at from "
    f"ipp.payment_action, (values (1, 'authorised'), (2, 'holds_at_issuers')) v (n, account) where id = {_DECLINED}"
)
_TOO_MUCH = (
    "alter table ipp.payment drop constraint ck_payment_no_more_than_authorised, "
    "drop constraint ck_payment_no_more_than_captured; "
    f"update ipp.payment set capturing_minor = authorised_minor + 1 where id = {_OPEN}"
)

PLANTED = {
    "a line is missing": (
        f"delete from ipp.ledger_line where action_id = {_ONE} and account = 'due_to_merchant'",
        {"entries that do not balance", "actions with other lines than theirs"},
    ),
    "an entry is missing": (
        f"delete from ipp.ledger_line where action_id = {_ONE}",
        {"actions with other lines than theirs", "payments with other balances"},
    ),
    "an entry is there twice": (
        _TWICE,
        {"actions with other lines than theirs", "actions with several entries", "payments with other balances"},
    ),
    "an entry has another amount": (
        f"update ipp.ledger_line set amount_minor = amount_minor + sign(amount_minor) where action_id = {_ONE}",
        {"actions with other lines than theirs", "payments with other balances"},
    ),
    "a line has another amount": (
        f"update ipp.ledger_line set amount_minor = -1 where action_id = {_ONE} and account = 'due_to_merchant'",
        {"entries that do not balance", "actions with other lines than theirs"},
    ),
    "an entry has another currency": (
        f"update ipp.ledger_line set currency = 'SEK' where action_id = {_ONE}",
        {"actions with other lines than theirs", "payments with other balances"},
    ),
    "an entry stands on other accounts": (
        f"update ipp.ledger_line set account = 'authorised' where action_id = {_ONE} and account = 'due_to_merchant'",
        {"actions with other lines than theirs"},
    ),
    "what was declined is posted": (
        _POSTED,
        {"actions with other lines than theirs", "payments with other balances"},
    ),
    "a balance on the payment is another one": (
        f"update ipp.payment set authorised_minor = authorised_minor + 1 where id = {_OPEN}",
        {"payments with other balances"},
    ),
    "a payment took more than it may": (
        _TOO_MUCH,
        {"payments with impossible amounts", "payments with other reservations"},
    ),
    "a payment is declined, and its authorisation is not": (
        f"update ipp.payment set state = 'DECLINED' where id = {_OPEN}",
        {"payments in another state than their first action"},
    ),
    "an authorisation is declined, and its payment is not": (
        _APPROVED,
        {"payments in another state than their first action"},
    ),
    "more is reserved than waits": (
        f"update ipp.payment set increasing_minor = increasing_minor + 1 where id = {_OPEN}",
        {"payments with other reservations"},
    ),
    "what waits is not reserved": (
        f"update ipp.payment_action set method = 'CAPTURE', result = 'WAIT' where id = {_DECLINED}",
        {"payments with other reservations"},
    ),
    "a role may change lines": ("grant update (amount_minor) on ipp.ledger_line to {role}", {"not append-only"}),
    "a role may delete lines": ("grant delete on ipp.ledger_line to {role}", {"not append-only"}),
    "the balance is not held": (_OFF, {"not held by the database"}),
}


@pytest.fixture(scope="module")
async def books(simulator: Simulator) -> Simulator:
    """Books with every kind of action in them."""
    outcome = await simulator.run(SEED, count=PURCHASES)
    assert not outcome.wrong
    return simulator


async def _checked(simulator: Simulator, plant: str) -> "Checked":
    """What the check says after `plant`, which is undone."""
    server, prefix = simulator.server, simulator.server.settings.role_prefix

    async def compared() -> "Checked":
        planting = server.main.transaction(isolation="repeatable_read")
        await planting.start()
        try:
            await server.main.execute(plant)
            return await ledger_command.compare(server.main, prefix)
        finally:
            await planting.rollback()

    return await asyncio.to_thread(server.do, compared())


async def test_sound_books_differ_in_nothing(books: Simulator) -> None:
    checked = await _checked(books, "select 1")
    assert checked.differences == {}
    assert min(checked.entries, checked.lines) > PURCHASES
    assert checked.companies == 2
    kinds = {account for account, _, _ in checked.accounts}
    assert kinds == {"holds_at_issuers", "authorised", "due_from_acquirer", "due_to_merchant"}
    for currency in {of for _, of, _ in checked.accounts}:
        assert sum(minor for _, of, minor in checked.accounts if of == currency) == 0


@pytest.mark.parametrize("what", PLANTED)
async def test_a_planted_difference_is_found(books: Simulator, what: str) -> None:
    plant, kinds = PLANTED[what]
    role = f"{books.server.settings.role_prefix}_p_payment"
    checked = await _checked(books, plant.replace("{role}", role))
    assert set(checked.differences) == kinds


async def test_the_command_says_so_with_its_exit_code(
    books: Simulator, simulated: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    main = books.server.main
    do = books.server.do
    assert await asyncio.to_thread(ledger_command.main, simulated, what="check") == 0
    assert capsys.readouterr().out.endswith("the ledger agrees\n")
    await asyncio.to_thread(do, main.execute(_OFF))
    try:
        assert await asyncio.to_thread(ledger_command.main, simulated, what="check") == 1
        said = capsys.readouterr().out
        assert "not held by the database: 1\n" in said
        assert said.endswith("the ledger differs\n")
    finally:
        await asyncio.to_thread(do, main.execute("alter table ipp.ledger_line enable trigger ledger_balanced"))


async def test_the_database_itself_refuses_what_does_not_balance(books: Simulator) -> None:
    one_side = (
        "insert into ipp.ledger_line select company_id, 'AAAA-AAAA-AAAA', 1, account, 1, currency, action_id, at "
        "from ipp.ledger_line limit 1"
    )
    with pytest.raises(asyncpg.PostgresError, match="balance"):
        await _checked(books, one_side)
