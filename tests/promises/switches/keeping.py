"""Switches: keeping."""

from collections.abc import AsyncIterator

from ippgateway.privacy.catalogue import BOOKKEEPING, CARD_TERM
from ippgateway.privacy.declare import KEYS
from ippgateway.privacy.vocabulary import Ground, Words
from ippgateway.promises.context import Context
from promises.bench import COMPANY, PAYER

from .base import Tools, by_sql, off, said, with_field

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
_NOBODY_STOPS_IT = "restricted_at is null and paused_at is null and not 'payment_records' = any (objected)"
_OWN = "controller = any ((select nullif(current_setting('ipp.tenants', true), '')::text[])::text[])"
by_sql(
    "RETAIN-4", "restricted_keys_for_payments",
    f"alter policy payment_records on ipp.person_key using ({_OWN}) with check ({_OWN})",
    f"alter policy payment_records on ipp.person_key using ({_OWN} and {_NOBODY_STOPS_IT}) "
    f"with check ({_OWN} and {_NOBODY_STOPS_IT})",
    of=KEYS,
)  # fmt: skip
by_sql(
    "RETAIN-4", "books_for_everybody", "grant {p}_p_books to {p}_z_console with inherit false, set true",
    "revoke {p}_p_books from {p}_z_console", admin=True,
)  # fmt: skip
