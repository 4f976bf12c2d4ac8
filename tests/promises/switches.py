"""What keeps each promise, switched off one at a time. Each switch gives a context in which its promise is broken."""

import asyncio
import contextlib
import logging
import shutil
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, String
from sqlalchemy import Table as SqlTable

from handshakes import certificate, only
from ippgateway.core import log, tls
from ippgateway.core.clock import Clock
from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience, Session
from ippgateway.domains.accounts.service import passwords
from ippgateway.domains.accounts.service.throttle import PASSWORD
from ippgateway.domains.visits import service as visits
from ippgateway.privacy import declare, registry, vocabulary
from ippgateway.privacy.catalogue import BOOKKEEPING, CARD_TERM, NAME, PAYMENT, PAYMENT_RECIPIENTS, SERVICE, SHOP
from ippgateway.privacy.declare import KEYS, MAIN, Access, Declaration, Declares, declaration_of
from ippgateway.privacy.sealing import SealingKey
from ippgateway.privacy.vocabulary import Ground, HeldAs, Words
from ippgateway.promises.context import Answer, Context, Link

from .bench import ACTION, CARD, CHECKOUT, COMPANY, ENTRY, PARTNER, PAYER, Bench, sealed


@dataclass(frozen=True)
class Tools:
    """What a switch is given."""

    bench: Bench
    monkeypatch: pytest.MonkeyPatch
    folder: Path

    @property
    def context(self) -> Context:
        return self.bench.context


SwitchedOff = Callable[[Tools], AbstractAsyncContextManager[Context]]
SWITCHES: list[tuple[str, str, SwitchedOff]] = []


def off(promise: str) -> Callable[[Callable[[Tools], AsyncIterator[Context]]], None]:
    """Register a switch of a promise."""

    def register(switch: Callable[[Tools], AsyncIterator[Context]]) -> None:
        SWITCHES.append((promise, switch.__name__, contextlib.asynccontextmanager(switch)))

    return register


def by_sql(promise: str, name: str, broken: str, mended: str, *, of: MetaData = MAIN, admin: bool = False) -> None:
    """Register a switch in the database. `{p}` in the statements is the prefix of the roles."""

    async def switch(tools: Tools) -> AsyncIterator[Context]:
        prefix = tools.bench.settings.role_prefix
        await tools.bench.run(broken.replace("{p}", prefix), of=of, admin=admin)
        try:
            yield tools.context
        finally:
            await tools.bench.run(mended.replace("{p}", prefix), of=of, admin=admin)

    switch.__name__ = name
    off(promise)(switch)


def with_field(context: Context, name: str, said: Declaration) -> Context:
    """The context of a program that declares one more field, in a table of its own."""
    about = Declares(
        about=Words(en="more", da="mere"), tenant=None, owner="id", held_as=HeldAs.CONTROLLER, access=(Access(PAYMENT),)
    )
    more = SqlTable(
        "promised", MetaData(schema="ipp"), Column(name, String(), info={"declaration": said}),
        info={"declaration": about},
    )  # fmt: skip
    return replace(context, tables=lambda of: [*registry.tables(of), *([more] if of is MAIN else [])])


def declaring(context: Context, **other: object) -> Context:
    """The context of a program that declares the card number otherwise."""
    card = MAIN.tables["ipp.card"].to_metadata(MetaData())
    card.c.number.info = {"declaration": replace(declaration_of(card.c.number), **other)}  # type: ignore[arg-type]
    return replace(context, tables=lambda of: [card if t.name == card.name else t for t in registry.tables(of)])


def answering(context: Context, path: str, answer: Answer, *, at: str = "") -> Context:
    """The context of a system that answers one path otherwise, of the face `at` a name of its own."""

    async def ask(asked: str, fields: Mapping[str, str] | None, host: str = "") -> Answer:
        return answer if (asked, host) == (path, at) else await context.ask(asked, fields, host)

    return replace(context, ask=ask)


def said(**other: object) -> Declaration:
    whole = {
        "category": NAME, "uses": frozenset({PAYMENT}), "keep": CARD_TERM, "to": frozenset(), "sealed": SERVICE,
    }  # fmt: skip
    return Declaration(**{**whole, **other})  # type: ignore[arg-type]


# --- SCOPE-2 ---

by_sql(
    "SCOPE-2", "a_partner_sees_every_customer",
    "create policy all_of_them on ipp.company to {p}_p_account using (true)",
    "drop policy all_of_them on ipp.company",
)  # fmt: skip
by_sql(
    "SCOPE-2", "the_console_sees_staff",
    "create policy staff_too on ipp.app_user to {p}_p_authenticate using (true)",
    "drop policy staff_too on ipp.app_user",
)  # fmt: skip


@off("SCOPE-2")
async def resellers_are_no_kind(tools: Tools) -> AsyncIterator[Context]:
    page = await tools.context.ask("sign-up?kind=shop", None, "console")
    yield answering(tools.context, "sign-up?kind=reseller", page, at="console")


@off("SCOPE-2")
async def anybody_signs_up_at_the_desk(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "sign-up", Answer(200, {}), at="desk")


# --- SCOPE-4, COLLECT-5 ---

by_sql(
    "SCOPE-4", "an_undeclared_column",
    "alter table ipp.company add column nickname text", "alter table ipp.company drop column nickname",
)  # fmt: skip
by_sql(
    "SCOPE-4", "an_undeclared_table", "create table ipp.notes (words text)", "drop table ipp.notes", of=KEYS
)  # fmt: skip


@off("SCOPE-4")
async def declarations_are_not_asked_for(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(declare, "declaration_of", lambda column: column.info.get("declaration"))
    yield tools.context


@off("COLLECT-5")
async def a_field_without_purpose(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "name", said(uses=frozenset()))


@off("COLLECT-5")
async def a_field_without_term(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "name", said(keep=None))


# --- COLLECT-6 ---

by_sql(
    "COLLECT-6", "another_purpose_reads_addresses",
    "grant select (address) on ipp.visit to {p}_p_payment", "revoke select (address) on ipp.visit from {p}_p_payment",
)  # fmt: skip
by_sql(
    "COLLECT-6", "whoever_ends_records_reads_addresses",
    "grant select (address) on ipp.visit to {p}_p_retention",
    "revoke select (address) on ipp.visit from {p}_p_retention",
)  # fmt: skip
by_sql(
    "COLLECT-6", "whoever_writes_may_remove",
    "grant delete on ipp.visit to {p}_p_access_recording", "revoke delete on ipp.visit from {p}_p_access_recording",
)  # fmt: skip
by_sql(
    "COLLECT-6", "the_person_can_not_be_told",
    "revoke select (seconds) on ipp.visit_page from {p}_p_own_data",
    "grant select (seconds) on ipp.visit_page to {p}_p_own_data",
)  # fmt: skip
by_sql(
    "COLLECT-6", "a_record_past_its_term",
    "insert into ipp.visit values "
    "('platform', 'old', 'old', 'api', now() - interval '92 days', now(), 1, 'a', 'b', 'c')",
    "delete from ipp.visit where id = 'old'",
)  # fmt: skip


class _Impatient:
    """A clock that waits for nothing."""

    def __init__(self, clock: Clock) -> None:
        self.now = clock.now

    async def sleep(self, _: float) -> None:
        """Over at once."""


@off("COLLECT-6")
async def nothing_is_written(tools: Tools) -> AsyncIterator[Context]:
    async def write(*_: object) -> dict[str, str]:
        return {}

    tools.monkeypatch.setattr(visits, "write", write)
    yield replace(tools.context, clock=_Impatient(tools.context.clock))


# --- COLLECT-7 ---

by_sql(
    "COLLECT-7", "a_company_named_in_clear",
    f"update ipp.company set meta = name, name = convert_to('Canary shop', 'UTF8') where id = '{COMPANY}'",
    f"update ipp.company set name = meta, meta = null where id = '{COMPANY}'",
)  # fmt: skip


@off("COLLECT-7")
async def numbers_are_not_sealed(tools: Tools) -> AsyncIterator[Context]:
    company = MAIN.tables["ipp.company"].to_metadata(MetaData())
    company.c.meta.info = {"declaration": replace(declaration_of(company.c.meta), sealed=None)}
    yield replace(
        tools.context, tables=lambda of: [company if t.name == company.name else t for t in registry.tables(of)]
    )


# --- CUST-3, CUST-5 ---


@off("CUST-3")
async def no_authorisation(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "payments/authorize", Answer(404, {}))


by_sql(
    "CUST-3", "an_entry_off_balance",
    f"update ipp.ledger_line set amount_minor = amount_minor + 1 where entry_id = '{ENTRY}' and line = 1",
    f"update ipp.ledger_line set amount_minor = amount_minor - 1 where entry_id = '{ENTRY}' and line = 1",
)  # fmt: skip
by_sql(
    "CUST-3", "an_approval_without_an_entry",
    "create table public.aside as select * from ipp.ledger_line; delete from ipp.ledger_line",
    "insert into ipp.ledger_line select * from public.aside; drop table public.aside",
    admin=True,
)  # fmt: skip


@off("CUST-3")
async def a_script_that_is_not_in_the_inventory(tools: Tools) -> AsyncIterator[Context]:
    scripts = (await tools.context.ask("pay/scripts.json", None)).body["scripts"]
    core = next(script["path"].lstrip("/") for script in scripts if script["name"] == "core.js")
    yield answering(tools.context, core, Answer(200, {}, {}, "alert(1)"))


@off("CUST-3")
async def a_payment_page_without_its_policy(tools: Tools) -> AsyncIterator[Context]:
    page = await tools.context.ask("?checkout_id=none", None)
    loose = {**page.headers, "content-security-policy": "script-src 'self' 'unsafe-inline'"}
    yield answering(tools.context, "?checkout_id=none", replace(page, headers=loose))


@off("CUST-5")
async def any_session_will_do(tools: Tools) -> AsyncIterator[Context]:
    async def resume(*_: object, audience: Audience, **__: object) -> Session:
        return Session(
            id="", audience=audience, tenant_id=COMPANY, home_id=COMPANY, user_id="", moves_money=True, rights=("ALL",)
        )

    tools.monkeypatch.setattr(accounts, "resume", resume)
    yield tools.context


by_sql(
    "CUST-5", "no_row_security",
    "alter table ipp.company disable row level security", "alter table ipp.company enable row level security",
)  # fmt: skip
by_sql(
    "CUST-5", "an_open_policy",
    "create policy all_of_them on ipp.payment to {p}_p_payment_records using (true)",
    "drop policy all_of_them on ipp.payment",
)  # fmt: skip

by_sql(
    "CUST-5", "a_policy_of_nobody", "update ipp.app_user set policy_id = 'none' where audience = 'company'",
    "update ipp.app_user set policy_id = null where audience = 'company'",
)  # fmt: skip
by_sql(
    "CUST-5", "sign_ins_that_nobody_can_end",
    "revoke update (ended_at) on ipp.sign_in_session from {p}_p_account",
    "grant update (ended_at) on ipp.sign_in_session to {p}_p_account",
)  # fmt: skip


@off("CUST-5")
async def a_page_for_anybody(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "payments", Answer(200, {}), at="console")


# --- CARD ---


@off("CARD-1")
async def the_link_is_down(tools: Tools) -> AsyncIterator[Context]:
    parts = {"parts": {"database": True, "acquirer": False}}
    yield answering(tools.context, "health/ready", Answer(503, parts))


by_sql(
    "CARD-1", "an_approval_of_our_own",
    f"update ipp.payment_action set auth_code = '' where id = '{ACTION}'",
    f"update ipp.payment_action set auth_code = '123456' where id = '{ACTION}'",
)  # fmt: skip


@off("CARD-2")
async def a_plain_link_to_another_machine(tools: Tools) -> AsyncIterator[Context]:
    yield replace(tools.context, links=(Link(name="the acquirer link", host="192.0.2.1", encrypted=False),))


@off("CARD-2")
async def a_listener_that_speaks_tls_1_0(tools: Tools) -> AsyncIterator[Context]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tools.folder))
    old = only(context, "TLSv1")
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=old) as it:
        port = it.sockets[0].getsockname()[1]
        yield replace(tools.context, links=(Link(name="the entrance", host="127.0.0.1", port=port, encrypted=True),))


@off("CARD-2")
async def a_way_out_without_a_floor(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(tls, "calling", lambda: only(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), "TLSv1"))
    yield tools.context


by_sql(
    "CARD-3", "another_purpose_reads_numbers",
    "grant select (number) on ipp.card to {p}_p_account", "revoke select (number) on ipp.card from {p}_p_account",
)  # fmt: skip
by_sql(
    "CARD-3", "a_zone_reads_numbers_without_purpose",
    "grant select (number) on ipp.card to {p}_z_worker", "revoke select (number) on ipp.card from {p}_z_worker",
)  # fmt: skip
by_sql(
    "CARD-3", "another_zone_may_take_payments",
    "grant {p}_p_payment to {p}_z_console with inherit false", "revoke {p}_p_payment from {p}_z_console", admin=True,
)  # fmt: skip
by_sql(
    "CARD-3", "the_vaults_keys_lie_open",
    "grant select (wrapped) on ipp.vault_key to {p}_p_notify",
    "revoke select (wrapped) on ipp.vault_key from {p}_p_notify",
    of=KEYS,
)  # fmt: skip


@off("CARD-3")
async def a_number_outside_the_vault(tools: Tools) -> AsyncIterator[Context]:
    yield declaring(tools.context, sealed=SERVICE)


@off("CARD-4")
async def a_number_for_the_shop(tools: Tools) -> AsyncIterator[Context]:
    yield declaring(tools.context, to=PAYMENT_RECIPIENTS | {SHOP})


@off("CARD-4")
async def a_connector_that_takes_numbers(tools: Tools) -> AsyncIterator[Context]:
    connectors = tools.folder / "connectors"
    shutil.copytree(tools.context.source_dir / "connectors", connectors)
    (connectors / "statistics.py").write_text("def send(card):\n    return card.pan.open()\n")
    yield replace(tools.context, source_dir=tools.folder)


def _hex(what: str) -> str:
    return f"'\\x{sealed(what).hex()}'"


_IN_CLEAR = "convert_to('4111111111111111 is a number in clear', 'UTF8')"

by_sql(
    "CARD-5", "a_number_in_clear",
    f"update ipp.card set number = {_IN_CLEAR} where id = '{CARD}'",
    f"update ipp.card set number = {_hex('number')} where id = '{CARD}'",
)  # fmt: skip
by_sql(
    "CARD-5", "a_nonce_used_twice",
    f"update ipp.payer set email = (select number from ipp.card limit 1) where person_id = '{PAYER}'",
    f"update ipp.payer set email = {_hex('email')} where person_id = '{PAYER}'",
)  # fmt: skip
by_sql(
    "CARD-5", "a_server_that_logs_statements",
    "alter role {p}_z_pay set log_min_duration_statement = 0", "alter role {p}_z_pay reset log_min_duration_statement",
    admin=True,
)  # fmt: skip
by_sql(
    "CARD-5", "keys_that_never_rotate",
    "update ipp.vault_key set created_at = created_at - interval '400 days'",
    "update ipp.vault_key set created_at = created_at + interval '400 days'",
    of=KEYS,
)  # fmt: skip
by_sql(
    "CARD-5", "a_number_whose_key_is_gone",
    f"update ipp.card set number_key = 99 where id = '{CARD}'",
    f"update ipp.card set number_key = 1 where id = '{CARD}'",
)  # fmt: skip


@off("CARD-5")
async def key_files_open_to_others(tools: Tools) -> AsyncIterator[Context]:
    keys = _copied_keys(tools)
    (keys / "vault.key").chmod(0o644)
    yield replace(tools.context, keys_dir=keys)


@off("CARD-5")
async def one_master_key_for_all(tools: Tools) -> AsyncIterator[Context]:
    keys = _copied_keys(tools)
    shutil.copy(keys / "vault.key", keys / "persons.key")
    yield replace(tools.context, keys_dir=keys)


def _copied_keys(tools: Tools) -> Path:
    keys = tools.folder / "keys"
    keys.mkdir(mode=0o700)
    for path in tools.context.keys_dir.glob("*.key"):
        shutil.copy(path, keys)
        (keys / path.name).chmod(0o600)
    return keys


@off("CARD-5")
async def a_field_for_the_security_code(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "cvc", said(sealed=None))


@off("CARD-5")
async def a_log_that_takes_any_value(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(log, "plain", lambda value: value)
    yield tools.context


@off("CARD-5")
async def a_log_that_quotes_libraries(tools: Tools) -> AsyncIterator[Context]:
    def emit(_: logging.Handler, record: logging.LogRecord) -> None:
        log._stream.write(record.getMessage())

    tools.monkeypatch.setattr(log._Libraries, "emit", emit)
    yield tools.context


@off("CARD-5")
async def a_number_in_a_log_file(tools: Tools) -> AsyncIterator[Context]:
    (tools.folder / "pay.log").write_text("card 4111111111111111 was declined\n")
    yield replace(tools.context, log_dir=tools.folder)


# --- BASIS-1, BASIS-7, DISC-1, DISC-11 ---

by_sql(
    "BASIS-1", "a_zone_reads_without_a_purpose",
    "grant select (id) on ipp.company to {p}_z_site", "revoke select (id) on ipp.company from {p}_z_site",
)  # fmt: skip


@off("BASIS-7")
async def a_door_without_a_second_factor(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "sign-in/factor", Answer(404, {}), at="desk")


by_sql(
    "BASIS-7", "a_new_browser_is_told_to_nobody", "update ipp.letter set kind = 'aside' where kind = 'new_device'",
    "update ipp.letter set kind = 'new_device' where kind = 'aside'",
)  # fmt: skip
by_sql(
    "BASIS-7", "browsers_are_not_remembered",
    "create table public.aside as select * from ipp.known_device; delete from ipp.known_device",
    "insert into ipp.known_device select * from public.aside; drop table public.aside",
    admin=True,
)  # fmt: skip
by_sql(
    "DISC-1", "staff_without_an_employer",
    "alter table ipp.app_user add aside bytea; update ipp.app_user set aside = employment, employment = null",
    "update ipp.app_user set employment = aside; alter table ipp.app_user drop aside",
)  # fmt: skip
by_sql(
    "DISC-1", "staff_with_every_role", "update ipp.app_user set rights = '{ALL}' where audience = 'staff'",
    "update ipp.app_user set rights = '{administrator}' where audience = 'staff'",
)  # fmt: skip
by_sql(
    "DISC-1", "the_desk_sees_customers",
    "create policy others_too on ipp.app_user to {p}_p_staff_account using (true)",
    "drop policy others_too on ipp.app_user",
)  # fmt: skip
by_sql(
    "DISC-1", "support_sees_staff",
    "create policy staff_too on ipp.app_user to {p}_p_support using (true)", "drop policy staff_too on ipp.app_user",
)  # fmt: skip


@off("DISC-1")
async def a_role_for_payments(tools: Tools) -> AsyncIterator[Context]:
    support = replace(rights.ROLES["support"], purposes=frozenset({PAYMENT}))
    tools.monkeypatch.setitem(rights.ROLES, "support", support)
    yield tools.context


@off("DISC-11")
async def sales_are_not_refused(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(vocabulary, "refuse_sale", lambda _: None)
    yield tools.context


by_sql(
    "DISC-11", "somebody_else_reads",
    "grant select on ipp.payer to public", "revoke select on ipp.payer from public",
)  # fmt: skip

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
    keys = _copied_keys(tools)
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
    f"update ipp.payer set email = {_hex('email')} where person_id = '{PAYER}'",
)  # fmt: skip


@off("SEC-5")
async def a_name_that_is_not_sealed(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "name", said(sealed=None))


@off("SEC-5")
async def any_key_opens(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(SealingKey, "open", lambda *_: b"tried")
    yield tools.context


# --- RETAIN-3, RETAIN-4 ---

HOARD = Ground(key="hoard", words=Words(en="who knows", da="hvem ved"), retained=Words(en="may be useful", da="en dag"))


@off("RETAIN-3")
async def a_ground_of_our_own(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "name", said(sealed=HOARD))


@off("RETAIN-3")
async def a_field_without_an_end(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "name", said(sealed=BOOKKEEPING, keep=CARD_TERM))


by_sql(
    "RETAIN-3", "an_erasure_that_stands_still",
    "insert into ipp.erasure (controller, person_id, state, asked_by, begun_at) values "
    f"('{COMPANY}', '{PAYER}', 'BEGUN', 'person', now() - interval '2 hours')",
    f"delete from ipp.erasure where person_id = '{PAYER}'",
)  # fmt: skip
by_sql(
    "RETAIN-3", "a_key_kept_without_an_end",
    "insert into ipp.person_key (controller, person_id, ground, epoch, wrapped, created_at, restricted_at) values "
    f"('{COMPANY}', '{PAYER}', 'bookkeeping', 1, '', now(), now() - interval '2 hours')",
    f"delete from ipp.person_key where person_id = '{PAYER}'", of=KEYS,
)  # fmt: skip
_OWN = "controller = any ((select nullif(current_setting('ipp.tenants', true), '')::text[])::text[])"
by_sql(
    "RETAIN-4", "restricted_keys_for_payments",
    f"alter policy payment_records on ipp.person_key using ({_OWN}) with check ({_OWN})",
    f"alter policy payment_records on ipp.person_key using ({_OWN} and restricted_at is null) "
    f"with check ({_OWN} and restricted_at is null)",
    of=KEYS,
)  # fmt: skip
by_sql(
    "RETAIN-4", "books_for_everybody", "grant {p}_p_books to {p}_z_console with inherit false, set true",
    "revoke {p}_p_books from {p}_z_console", admin=True,
)  # fmt: skip

# --- START-1 ---


@off("START-1")
async def nobody_can_sign_up(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "sign-up", Answer(404, {}), at="console")


by_sql(
    "START-1", "a_shop_without_keys",
    f"update ipp.company set meta = key1_digest, key1_digest = '' where id = '{COMPANY}'",
    f"update ipp.company set key1_digest = meta, meta = null where id = '{COMPANY}'",
)  # fmt: skip


# --- BRAND-1 ---


@off("BRAND-1")
async def pages_that_know_one_name(tools: Tools) -> AsyncIterator[Context]:
    yield replace(tools.context, operator="Nordlys")
