"""Switches: securing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from importlib import import_module

from ippgateway.domains.accounts.service import passwords
from ippgateway.domains.accounts.service.throttle import PASSWORD
from ippgateway.privacy.sealing import SealingKey
from ippgateway.promises.context import Answer, Context
from promises.bench import CHECKOUT, PARTNER, PAYER

from .base import Tools, answering, as_hex, by_sql, copied_keys, off, said, with_field

# --- PLACE ---


@off("PLACE-1")
async def a_page_that_hides_a_place(tools: Tools) -> AsyncIterator[Context]:
    page = await tools.context.ask("pay/terms?lang=en", None)
    hidden = replace(page, text=page.text.replace("the USA", "elsewhere"))
    yield answering(tools.context, "pay/terms?lang=en", hidden)


by_sql(
    "PLACE-1", "an_agreement_without_a_time",
    f"update ipp.checkout set policy_version = 'tried' where id = '{CHECKOUT}'",
    f"update ipp.checkout set policy_version = null where id = '{CHECKOUT}'",
)  # fmt: skip

# --- SEC ---

by_sql(
    "SEC-1", "a_role_with_powers", "alter role {p}_z_site createdb", "alter role {p}_z_site nocreatedb", admin=True
)  # fmt: skip


@off("SEC-1")
async def an_open_folder_of_keys(tools: Tools) -> AsyncIterator[Context]:
    keys = copied_keys(tools)
    keys.chmod(0o755)
    yield replace(tools.context, keys_dir=keys)


@off("SEC-3")
async def guessing_without_end(tools: Tools) -> AsyncIterator[Context]:
    without = replace(PASSWORD, at_a_name=1_000_000, from_a_network=1_000_000)
    tools.monkeypatch.setattr(import_module("ippgateway.domains.accounts.service.sign_in"), "PASSWORD", without)
    yield tools.context


by_sql(
    "SEC-3", "a_weak_hash",
    "update ipp.credential set hash = replace(hash, 'm=19456', 'm=1024')",
    "update ipp.credential set hash = replace(hash, 'm=1024', 'm=19456')",
)  # fmt: skip


@off("SEC-3")
async def leaked_passwords_are_taken(tools: Tools) -> AsyncIterator[Context]:
    terms = {rule: replace(each, guesses=0) for rule, each in passwords._TERMS.items()}
    tools.monkeypatch.setattr(passwords, "_TERMS", terms)
    yield tools.context


@off("SEC-3")
async def short_passwords_are_taken(tools: Tools) -> AsyncIterator[Context]:
    terms = {rule: replace(each, at_least=1) for rule, each in passwords._TERMS.items()}
    tools.monkeypatch.setattr(passwords, "_TERMS", terms)
    yield tools.context


by_sql(
    "SEC-4", "browsers_move_money_on_a_password",
    "update ipp.sign_in_session set strong_at = null, browser = strong_at::text where strong_at is not null",
    "update ipp.sign_in_session set strong_at = browser::timestamptz, browser = 'Firefox 140' where browser like '2%'",
)  # fmt: skip
by_sql(
    "SEC-4", "halfway_is_far_enough", "update ipp.sign_in_session set moves_money = true where stage = 'factor'",
    "update ipp.sign_in_session set moves_money = false where stage = 'factor'",
)  # fmt: skip
by_sql(
    "SEC-4", "staff_need_no_second_factor",
    "update ipp.app_user set second_factor = false where audience = 'staff'",
    "update ipp.app_user set second_factor = true where audience = 'staff'",
)  # fmt: skip
by_sql(
    "SEC-4", "a_factor_that_is_not_asked_for",
    "insert into ipp.second_factor (tenant_id, user_id, id, kind, created_at, confirmed_at) select tenant_id, id, "
    f"'aside', 'totp', now(), now() from ipp.app_user where tenant_id = '{PARTNER}'",
    "delete from ipp.second_factor where id = 'aside'",
)  # fmt: skip


@off("SEC-4")
async def money_moves_without_a_sign_in(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "company/payments/refund", Answer(400, {}))


by_sql(
    "SEC-5", "an_address_in_clear",
    f"update ipp.payer set email = convert_to('canary@promised.example', 'UTF8') where person_id = '{PAYER}'",
    f"update ipp.payer set email = {as_hex('email')} where person_id = '{PAYER}'",
)  # fmt: skip


@off("SEC-5")
async def a_name_that_is_not_sealed(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "name", said(sealed=None))


@off("SEC-5")
async def any_key_opens(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(SealingKey, "open", lambda *_: b"tried")
    yield tools.context
