"""Switches: choosing."""

from collections.abc import AsyncIterator
from dataclasses import replace

from ippgateway.domains.consents import states
from ippgateway.domains.consents.service import UNSUBSCRIBE
from ippgateway.domains.mail import schemas as mail
from ippgateway.domains.mail import service as sending
from ippgateway.domains.mail.letters import Kind
from ippgateway.domains.mail.words import NEWS_SIGNED, WORDINGS
from ippgateway.privacy.catalogue import MAIL, NEWS
from ippgateway.privacy.vocabulary import Basis
from ippgateway.privacy.zones import RIGHTS, Zone
from ippgateway.promises.checks import choice
from ippgateway.promises.context import Answer, Context
from promises.bench import COMPANY, PAYER

from .base import UNGUARDED, Tools, answering, by_sql, off, said, with_field

_A_NO = (
    "insert into ipp.consent (tenant_id, id, person_id, created_at, said, purpose, channel, how, who_code, "
    f"link_digest) values ('{COMPANY}', 'no', '{PAYER}', now() - interval '12 hours', 'withdrawn', 'news', 'email', "
    "'link', '', '')"
)
_NO_NO = f"{UNGUARDED}; delete from ipp.consent where id = 'no'"


def _a_letter(kind: str, state: str, *, to: str = PAYER) -> str:
    return (
        "insert into ipp.letter (tenant_id, id, person_id, kind, language, state, created_at, sent_at, address) "
        f"values ('{COMPANY}', 'letter', '{to}', '{kind}', 'en', '{state}', now(), now(), '')"
    )


_NO_LETTER = "delete from ipp.letter where id = 'letter'"


async def silence_is_a_yes(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(states, "standing", lambda *_, **__: True)
    yield tools.context


# --- BASIS-3 ---

off("BASIS-3")(silence_is_a_yes)


@off("BASIS-3")
async def marketing_under_a_contract(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "name", said(uses=frozenset({replace(NEWS, basis=Basis.CONTRACT)})))


by_sql(
    "BASIS-3", "a_yes_without_its_text", "alter table ipp.consent drop constraint consent_check",
    "alter table ipp.consent add constraint consent_check check (said <> 'given' or text_digest is not null)",
)  # fmt: skip
by_sql(
    "BASIS-3", "nobody_knows_how_it_was_said", "alter table ipp.consent alter how drop not null",
    "alter table ipp.consent alter how set not null",
)  # fmt: skip
by_sql(
    "BASIS-3", "lines_may_be_changed", "alter table ipp.consent disable trigger append_only",
    "alter table ipp.consent enable trigger append_only",
)  # fmt: skip
by_sql(
    "BASIS-3", "a_text_that_is_another_now", f"{UNGUARDED}; update ipp.consent_text set text = text || '!'",
    f"{UNGUARDED}; update ipp.consent_text set text = rtrim(text, '!')", admin=True,
)  # fmt: skip
by_sql(
    "BASIS-3", "a_text_that_is_lost",
    f"{UNGUARDED}; update ipp.consent set text_digest = ''",
    f"{UNGUARDED}; update ipp.consent set text_digest = (select digest from ipp.consent_text)", admin=True,
)  # fmt: skip


@off("BASIS-3")
async def no_page_that_takes_a_no(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "account/news", Answer(404, {}), at="console")


# --- BASIS-8 ---


@off("BASIS-8")
async def notices_are_marketing(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(mail, "MARKETING", frozenset(Kind))
    yield tools.context


@off("BASIS-8")
async def notices_need_a_yes(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(choice, "MAIL", replace(MAIL, basis=Basis.CONSENT))
    yield tools.context


@off("BASIS-8")
async def a_notice_that_advertises(tools: Tools) -> AsyncIterator[Context]:
    changed = replace(WORDINGS[Kind.POLICY_CHANGED], signed=NEWS_SIGNED)
    tools.monkeypatch.setitem(WORDINGS, Kind.POLICY_CHANGED, changed)
    yield tools.context


@off("BASIS-8")
async def a_notice_that_can_be_stopped(tools: Tools) -> AsyncIterator[Context]:
    changed = replace(WORDINGS[Kind.NEW_DEVICE], ends=WORDINGS[Kind.NEWS].ends)
    tools.monkeypatch.setitem(WORDINGS, Kind.NEW_DEVICE, changed)
    yield tools.context


by_sql("BASIS-8", "a_notice_that_was_kept_back", _a_letter("policy_changed", "VOID"), _NO_LETTER)

# --- CHOICE-1 ---

off("CHOICE-1")(silence_is_a_yes)
by_sql("CHOICE-1", "news_for_somebody_who_said_nothing", _a_letter("news", "SENT", to="nobo-dyyy-0001"), _NO_LETTER)
by_sql("CHOICE-1", "news_after_a_no", _A_NO, _NO_NO, admin=True)


@off("CHOICE-1")
async def news_that_is_no_marketing(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(mail, "MARKETING", frozenset())
    yield tools.context


@off("CHOICE-1")
async def nobody_is_asked_for_a_yes(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(sending, "MARKETING", frozenset())
    yield tools.context


@off("CHOICE-1")
async def whoever_sends_can_not_ask(tools: Tools) -> AsyncIterator[Context]:
    worker = RIGHTS[Zone.WORKER]
    tools.monkeypatch.setitem(RIGHTS, Zone.WORKER, replace(worker, purposes=worker.purposes - {NEWS}))
    yield tools.context


@off("CHOICE-1")
async def news_under_a_contract(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(choice, "NEWS", replace(NEWS, basis=Basis.CONTRACT))
    yield tools.context


# --- CHOICE-2 ---


@off("CHOICE-2")
async def news_without_a_link(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setitem(WORDINGS, Kind.NEWS, replace(WORDINGS[Kind.NEWS], ends=()))
    yield tools.context


@off("CHOICE-2")
async def news_without_a_header(tools: Tools) -> AsyncIterator[Context]:
    as_sent = tools.context.as_sent
    yield replace(tools.context, as_sent=lambda letter: as_sent(replace(letter, stop=None)))


@off("CHOICE-2")
async def a_link_that_asks_for_a_sign_in(tools: Tools) -> AsyncIterator[Context]:
    led_on = Answer(303, {}, {"location": "/sign-in"})
    yield answering(tools.context, f"{UNSUBSCRIBE}/of-nobody", led_on, at="mine")


@off("CHOICE-2")
async def a_link_that_leads_nowhere(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, f"{UNSUBSCRIBE}/of-nobody", Answer(500, {}), at="mine")


by_sql(
    "CHOICE-2", "what_waits_can_not_be_stopped", "revoke update (state) on ipp.letter from {p}_p_consent",
    "grant update (state) on ipp.letter to {p}_p_consent",
)  # fmt: skip
by_sql(
    "CHOICE-2", "news_that_wait_in_spite_of_a_no", f"{_A_NO}; {_a_letter('news', 'DUE')}", f"{_NO_NO}; {_NO_LETTER}",
    admin=True,
)  # fmt: skip
