"""Switches: what goes outside, through which gate, and where to."""

from collections.abc import AsyncIterator
from dataclasses import replace
from importlib import import_module

from ippgateway.privacy.disclosure import register
from ippgateway.privacy.disclosure.places import TOOLS, TransferTool
from ippgateway.privacy.vocabulary import Place, Words
from ippgateway.promises.checks import handing_over
from ippgateway.promises.context import Answer, Context
from promises.bench import ACTION, LETTER, READY

from .base import Tools, answering, by_sql, off
from .ruling import unruled, with_source

_USERS = import_module("ippgateway.domains.accounts.service.users")

# --- CUST-8 ---


@off("CUST-8")
async def a_connector_lets_itself_out(tools: Tools) -> AsyncIterator[Context]:
    more = "from ippgateway.core import guard\n\ndef out():\n    with guard.passing('h'):\n        pass\n"
    yield with_source(tools, {"connectors/notify/more.py": ("", more)})


@off("CUST-8")
async def the_gate_asks_nobody(tools: Tools) -> AsyncIterator[Context]:
    yield with_source(tools, {"connectors/gate.py": ("await self._way.admit(carries, about=about)", "pass")})


@off("CUST-8")
async def a_zone_runs_before_its_guard_stands(tools: Tools) -> AsyncIterator[Context]:
    yield with_source(tools, {"app/zones/__init__.py": ("        guard.install(", "        dict(")})


@off("CUST-8")
async def the_guard_hears_nothing(tools: Tools) -> AsyncIterator[Context]:
    yield with_source(tools, {"core/guard.py": ("    sys.addaudithook(_audited)", "    pass")})


@off("CUST-8")
async def the_loop_asks_nobody(tools: Tools) -> AsyncIterator[Context]:
    yield with_source(tools, {"core/guard.py": ("    return Loop()", "    return Loop.__base__()")})


@off("CUST-8")
async def no_guard_stands(tools: Tools) -> AsyncIterator[Context]:
    parts = {**READY["parts"], "guard": False}  # type: ignore[dict-item]
    yield answering(tools.context, "health/ready", Answer(503, {"ready": False, "parts": parts}))


@off("CUST-8")
async def another_purpose_will_do(tools: Tools) -> AsyncIterator[Context]:
    def refusal(entry: register.Entry, _purpose: object, categories: object, now: object) -> register.Why | None:
        return _REFUSAL(entry, handing_over._Named(entry.purposes[0]), categories, now)  # type: ignore[arg-type]

    tools.monkeypatch.setattr(register.Entry, "refusal", refusal)
    yield tools.context


_REFUSAL = register.Entry.refusal


@off("CUST-8")
async def any_field_will_do(tools: Tools) -> AsyncIterator[Context]:
    def refusal(entry: register.Entry, purpose: object, _categories: object, now: object) -> register.Why | None:
        return _REFUSAL(entry, purpose, (), now)  # type: ignore[arg-type]

    tools.monkeypatch.setattr(register.Entry, "refusal", refusal)
    yield tools.context


@off("CUST-8")
async def an_entry_lasts_for_ever(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(register.Entry, "in_force", lambda *_: True)
    yield tools.context


@off("CUST-8")
async def news_need_nobodys_yes(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(handing_over, "needs_consent", lambda *_: False)
    yield tools.context


def _forgotten(name: str, subject: str) -> None:
    by_sql(
        "CUST-8", name,
        f"update ipp.disclosure set subject_id = reverse(subject_id) where subject_id = '{subject}'",
        f"update ipp.disclosure set subject_id = reverse(subject_id) where subject_id = reverse('{subject}')",
    )  # fmt: skip


_forgotten("a_letter_that_went_to_nobody", LETTER)
_forgotten("a_payment_that_went_to_nobody", ACTION)

by_sql(
    "CUST-8", "an_entry_that_the_gate_refuses",
    "update ipp.recipient set categories = array_append(categories, 'aside'), kind = 'aside' where kind = 'shop'",
    "update ipp.recipient set categories = array_remove(categories, 'aside'), kind = 'shop' where kind = 'aside'",
)  # fmt: skip
by_sql(
    "CUST-8", "somebody_else_enters_recipients",
    "grant insert on ipp.recipient to {p}_p_mail", "revoke insert on ipp.recipient from {p}_p_mail",
)  # fmt: skip

# --- DISC-2, PLACE-2 ---


@off("DISC-2")
async def a_host_anywhere(tools: Tools) -> AsyncIterator[Context]:
    hosting = replace(register.KINDS["hosting_provider"], places=frozenset(Place))
    tools.monkeypatch.setitem(register.KINDS, "hosting_provider", hosting)
    yield tools.context


def _every_country_is_ours(promise: str) -> None:
    @off(promise)
    async def every_country_is_ours(tools: Tools) -> AsyncIterator[Context]:
        tools.monkeypatch.setattr(register, "place_of", lambda _: Place.EU)
        yield tools.context


_every_country_is_ours("DISC-2")
_every_country_is_ours("PLACE-2")

by_sql(
    "DISC-2", "a_mail_provider_in_america",
    "update ipp.recipient set place = 'US', transfer_tool = 'clauses', measures = 'm' where kind = 'mail_provider'",
    "update ipp.recipient set place = 'DK', transfer_tool = '', measures = '' where kind = 'mail_provider'",
)  # fmt: skip
by_sql(
    "DISC-2", "another_zone_hands_over", "grant {p}_p_mail to {p}_z_site with inherit false, set true",
    "revoke {p}_p_mail from {p}_z_site", admin=True,
)  # fmt: skip

unruled("PLACE-2", "recipient", "ck_recipient_transfer")
unruled("PLACE-2", "recipient", "ck_recipient_transfer", loosened="place <> '' and transfer_tool <> 'none'")
unruled("PLACE-2", "recipient", "ck_recipient_valid")


@off("PLACE-2")
async def any_tool_will_do(tools: Tools) -> AsyncIterator[Context]:
    anything = TransferTool(key="made up", article="49", words=Words(en="anything", da="hvad som helst"))
    tools.monkeypatch.setitem(TOOLS, "made up", anything)
    yield tools.context


@off("PLACE-2")
async def staff_anywhere(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(_USERS, "EEA", frozenset({"DK", "US", ""}))
    yield tools.context


@off("PLACE-2")
async def staff_of_nobodys(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(_USERS, "_require_employment", lambda _: None)
    yield tools.context


by_sql(
    "PLACE-2", "an_acquirer_abroad_without_a_tool",
    "update ipp.recipient set place = 'US', transfer_tool = 'agreement', measures = 'm' where kind = 'acquirer'",
    "update ipp.recipient set place = 'DK', transfer_tool = '', measures = '' where kind = 'acquirer'",
)  # fmt: skip

# --- PLACE-1 ---


@off("PLACE-1")
async def agreeing_carries_a_transfer(tools: Tools) -> AsyncIterator[Context]:
    agreeing = TransferTool(key="agreement", article="49", words=Words(en="they agreed", da="de sagde ja"))
    tools.monkeypatch.setitem(TOOLS, "agreement", agreeing)
    yield tools.context


@off("PLACE-1")
async def a_policy_that_hides_who_receives(tools: Tools) -> AsyncIterator[Context]:
    page = await tools.context.ask("da/privacy", None, "site")
    yield answering(tools.context, "da/privacy", replace(page, text=page.text.replace("e-mail ud", "")), at="site")


@off("PLACE-1")
async def a_sign_up_that_leads_nowhere(tools: Tools) -> AsyncIterator[Context]:
    page = await tools.context.ask("sign-up?kind=shop", None, "console")
    yield answering(
        tools.context, "sign-up?kind=shop", replace(page, text=page.text.replace("/privacy", "/")), at="console"
    )
