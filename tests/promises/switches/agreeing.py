"""Switches: agreeing."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta

from ippgateway.core.clock import Clock
from ippgateway.domains.mail import letters
from ippgateway.domains.mail.letters import Kind
from ippgateway.domains.mail.words import WORDINGS
from ippgateway.domains.requests.models import DataRequest
from ippgateway.privacy.catalogue import REQUESTS
from ippgateway.privacy.papers import versions as papers
from ippgateway.privacy.papers.versions import PRIVACY, TERMS, Version
from ippgateway.privacy.rights import copy
from ippgateway.privacy.vocabulary import Words
from ippgateway.promises.context import Answer, Context

from .base import UNGUARDED, Tools, answering, by_sql, lacking, off, said, with_field

_SILENCE = Words(en="Nothing.", da="Intet.")


async def a_paper_behind(tools: Tools) -> AsyncIterator[Context]:
    paper = papers.current(PRIVACY)
    told = replace(paper, sections=paper.sections[1:])
    tools.monkeypatch.setitem(papers._WRITERS, PRIVACY, lambda: told)
    yield tools.context


def _now(tools: Tools, key: str) -> Version:
    return papers.in_force(key, papers.today(tools.context.clock.now()))


# --- SCOPE-1 ---

off("SCOPE-1")(a_paper_behind)


@off("SCOPE-1")
async def a_page_that_does_not_lead_there(tools: Tools) -> AsyncIterator[Context]:
    yield await lacking(tools.context, "sign-in?lang=da", "/da/privacy", at="desk")


@off("SCOPE-1")
async def pages_of_two_policies(tools: Tools) -> AsyncIterator[Context]:
    yield await lacking(tools.context, "?lang=en", "site.", at="mine")


@off("SCOPE-1")
async def a_policy_out_of_force(tools: Tools) -> AsyncIterator[Context]:
    yield await lacking(tools.context, "en/privacy", _now(tools, PRIVACY).name, at="site")


@off("SCOPE-1")
async def letters_that_do_not_lead_there(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(letters, "POLICY", _SILENCE)
    yield tools.context


@off("SCOPE-1")
async def a_field_outside_the_inventory(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "name", said())


by_sql("SCOPE-1", "a_table_outside_the_inventory", "create table ipp.notes (words text)", "drop table ipp.notes")

# --- LAW-1 ---


@off("LAW-1")
async def terms_without_a_law(tools: Tools) -> AsyncIterator[Context]:
    yield await lacking(tools.context, "en/terms", "Danish law applies", at="site")


@off("LAW-1")
async def terms_without_an_authority(tools: Tools) -> AsyncIterator[Context]:
    yield await lacking(tools.context, "da/terms", "Datatilsynet", at="site")


@off("LAW-1")
async def a_sign_up_without_terms(tools: Tools) -> AsyncIterator[Context]:
    yield await lacking(tools.context, "sign-up?lang=en", _now(tools, TERMS).name, at="console")


@off("LAW-1")
async def a_sign_up_to_any_terms(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "sign-up", Answer(422, {}, {}, 'id="p-password"'), at="console")


@off("LAW-1")
async def an_answer_without_the_authority(tools: Tools) -> AsyncIterator[Context]:
    answered = WORDINGS[Kind.REQUEST_ANSWERED]
    tools.monkeypatch.setitem(WORDINGS, Kind.REQUEST_ANSWERED, replace(answered, begins=answered.begins[:-1]))
    yield tools.context


@off("LAW-1")
async def a_copy_without_the_authority(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(copy, "AUTHORITY", _SILENCE)
    yield tools.context


by_sql(
    "LAW-1", "acceptances_may_be_changed", "alter table ipp.acceptance disable trigger append_only",
    "alter table ipp.acceptance enable trigger append_only",
)  # fmt: skip
by_sql(
    "LAW-1", "an_acceptance_of_nothing",
    "insert into ipp.acceptance (tenant_id, id, user_id, created_at, paper, what, version, language, how) "
    "select tenant_id, 'nothing', id, now(), 'terms', 'accepted', 'never-was', 'en', 'account' from ipp.app_user "
    "where audience = 'company' limit 1",
    f"{UNGUARDED}; delete from ipp.acceptance where id = 'nothing'", admin=True,
)  # fmt: skip

# --- CHANGE-1 ---

off("CHANGE-1")(a_paper_behind)


@off("CHANGE-1")
async def a_version_that_nobody_can_read(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, f"en/terms/{_now(tools, TERMS).in_force}", Answer(404, {}), at="site")


@off("CHANGE-1")
async def another_version_than_the_one_in_force(tools: Tools) -> AsyncIterator[Context]:
    yield await lacking(tools.context, "da/cookies", _now(tools, "cookies").name, at="site")


@off("CHANGE-1")
async def a_change_that_is_not_listed(tools: Tools) -> AsyncIterator[Context]:
    yield await lacking(tools.context, "en/privacy/changes", _now(tools, PRIVACY).name, at="site")


@off("CHANGE-1")
async def differences_that_say_nothing(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(papers, "difference", lambda *_: ())
    yield tools.context


by_sql(
    "CHANGE-1", "a_yes_to_no_version", "alter table ipp.consent drop constraint consent_check",
    "alter table ipp.consent add constraint consent_check check (said <> 'given' or text_digest is not null)",
)  # fmt: skip
by_sql(
    "CHANGE-1", "a_text_of_a_version_that_never_was",
    "insert into ipp.consent_text values ('\\x00', 'never-was', 'en', 'x', now())",
    f"{UNGUARDED}; delete from ipp.consent_text where version = 'never-was'", admin=True,
)  # fmt: skip


class _DaysLater:
    """A clock that is some days ahead."""

    def __init__(self, clock: Clock) -> None:
        self.now = lambda: clock.now() + timedelta(days=5)
        self.sleep = clock.sleep


def with_a_second_version(tools: Tools) -> tuple[Context, Version]:
    """The context of some days later, when new terms are in force that the site shows as it should."""
    clock, known = tools.context.clock, papers.versions
    first = known(TERMS)[-1]
    second = replace(first, in_force=papers.today(clock.now()) + timedelta(days=2))
    tools.monkeypatch.setattr(papers, "versions", lambda key: (*known(key), second) if key == TERMS else known(key))
    shown = f'{second.name} <time datetime="{second.in_force}">'

    async def ask(path: str, fields: Mapping[str, str] | None, host: str = "") -> Answer:
        answer = await tools.context.ask(path, fields, host)
        return replace(answer, text=answer.text + shown) if host == "site" else answer

    return replace(tools.context, clock=_DaysLater(clock), ask=ask), second


@off("CHANGE-1")
async def a_new_version_that_nobody_was_told_of(tools: Tools) -> AsyncIterator[Context]:
    yield with_a_second_version(tools)[0]


# --- CONTACT-1 ---


@off("CONTACT-1")
async def a_policy_without_an_address(tools: Tools) -> AsyncIterator[Context]:
    yield await lacking(tools.context, "en/privacy", "support@promised.example", at="site")


@off("CONTACT-1")
async def whoever_has_no_account_can_not_ask(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "?lang=da", Answer(404, {}), at="mine")


@off("CONTACT-1")
async def nobody_can_ask_in_their_account(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "account/data/requests", Answer(404, {}), at="console")


@off("CONTACT-1")
async def the_desk_shows_no_requests(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "requests", Answer(404, {}), at="desk")


_KINDS = "check (kind in ('access', 'copy', 'rectification', 'restriction', 'objection', 'erasure', 'closure'))"
_FEWER = _KINDS.replace("'objection', ", "")
_DECIDES = ", ".join(next(a.update for a in DataRequest.__declares__.access if a.purpose == REQUESTS))
by_sql(
    "CONTACT-1", "nobody_can_object",
    "alter table ipp.data_request drop constraint data_request_kind_check, "
    f"add constraint data_request_kind_check {_FEWER}",
    "alter table ipp.data_request drop constraint data_request_kind_check, "
    f"add constraint data_request_kind_check {_KINDS}",
)  # fmt: skip
by_sql(
    "CONTACT-1", "nothing_can_be_asked", "revoke insert on ipp.data_request from {p}_p_own_data",
    "grant insert on ipp.data_request to {p}_p_own_data",
)  # fmt: skip
by_sql(
    "CONTACT-1", "the_desk_can_decide_nothing", f"revoke update ({_DECIDES}) on ipp.data_request from {{p}}_p_requests",
    f"grant update ({_DECIDES}) on ipp.data_request to {{p}}_p_requests",
)  # fmt: skip
by_sql(
    "CONTACT-1", "a_request_that_waits_too_long",
    "insert into ipp.data_request (tenant_id, id, person_id, payer, kind, state, identity, language, asked_at, due_on) "
    "select tenant_id, 'late', person_id, false, 'copy', 'OPEN', 'session', 'en', now() - interval '40 days', "
    "current_date - 2 from ipp.app_user where audience = 'company' limit 1",
    "delete from ipp.data_request where id = 'late'",
)  # fmt: skip
