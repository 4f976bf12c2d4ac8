"""Switches: offering."""

from collections.abc import AsyncIterator
from dataclasses import replace

from ippgateway.promises.context import Answer, Context
from promises.bench import COMPANY

from .base import Tools, answering, by_sql, off

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
