"""Switches: cards."""

import asyncio
import logging
import shutil
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace

from handshakes import certificate, only
from ippgateway.core import log, tls
from ippgateway.domains.consents import schemas
from ippgateway.privacy.catalogue import CARD_NUMBER, NEWS, PAYMENT_RECIPIENTS, SERVICE, SHOP
from ippgateway.privacy.declare import KEYS
from ippgateway.privacy.disclosure import register
from ippgateway.promises.context import Answer, Context, Link
from promises.bench import ACTION, CARD, PAYER

from .base import Tools, answering, as_hex, by_sql, copied_keys, declaring, off, said, with_field

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


@off("CARD-4")
async def a_rule_that_needs_no_consent(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(register, "needs_consent", lambda *_: False)
    yield tools.context


@off("CARD-4")
async def a_yes_to_news_that_covers_card_numbers(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(schemas, "COVERED", {NEWS: frozenset({CARD_NUMBER})})
    yield tools.context


@off("CARD-4")
async def a_gate_that_forgets_to_ask(tools: Tools) -> AsyncIterator[Context]:
    connectors = tools.folder / "connectors"
    shutil.copytree(tools.context.source_dir / "connectors", connectors)
    gate = connectors / "gate.py"
    gate.write_text(gate.read_text().replace("needs_consent", "never"))
    yield replace(tools.context, source_dir=tools.folder)


_IN_CLEAR = "convert_to('4111111111111111 is a number in clear', 'UTF8')"

by_sql(
    "CARD-5", "a_number_in_clear",
    f"update ipp.card set number = {_IN_CLEAR} where id = '{CARD}'",
    f"update ipp.card set number = {as_hex('number')} where id = '{CARD}'",
)  # fmt: skip
by_sql(
    "CARD-5", "a_nonce_used_twice",
    f"update ipp.payer set email = (select number from ipp.card limit 1) where person_id = '{PAYER}'",
    f"update ipp.payer set email = {as_hex('email')} where person_id = '{PAYER}'",
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
    keys = copied_keys(tools)
    (keys / "vault.key").chmod(0o644)
    yield replace(tools.context, keys_dir=keys)


@off("CARD-5")
async def one_master_key_for_all(tools: Tools) -> AsyncIterator[Context]:
    keys = copied_keys(tools)
    shutil.copy(keys / "vault.key", keys / "persons.key")
    yield replace(tools.context, keys_dir=keys)


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
