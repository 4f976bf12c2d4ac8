"""Switches: what ends, what people ask, and the keys that it takes."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import MetaData

from ippgateway.core.clock import Clock
from ippgateway.domains.requests import states
from ippgateway.domains.requests.states import Act, State
from ippgateway.privacy import persons, registry
from ippgateway.privacy.catalogue import BOOKKEEPING, SERVICE
from ippgateway.privacy.declare import KEYS, MAIN, declaration_of
from ippgateway.privacy.rights import certificate, endings, plan
from ippgateway.privacy.vocabulary import Ground
from ippgateway.promises.checks import asked, retention
from ippgateway.promises.context import Answer, Context, Link
from promises.bench import COMPANY, PAYER
from promises.furnish import KEPT

from .base import Tools, answering, by_sql, off, said, with_field
from .ruling import unruled

# --- RETAIN-1 ---


class _Impatient:
    """A clock that waits for nothing, and may be put forward."""

    def __init__(self, clock: Clock, by: timedelta = timedelta()) -> None:
        self._clock, self._by = clock, by

    def now(self):  # type: ignore[no-untyped-def]
        return self._clock.now() + self._by

    async def sleep(self, _: float) -> None:
        """Over at once."""


def _impatient(tools: Tools, by: timedelta = timedelta()) -> Context:
    return replace(tools.context, clock=_Impatient(tools.context.clock, by))


@off("RETAIN-1")
async def a_field_that_never_ends(tools: Tools) -> AsyncIterator[Context]:
    yield with_field(tools.context, "name", said())


@off("RETAIN-1")
async def a_part_is_left_out(tools: Tools) -> AsyncIterator[Context]:
    parts = endings.endings()
    tools.monkeypatch.setattr(retention, "endings", lambda: parts[1:])
    yield tools.context


@off("RETAIN-1")
async def nothing_was_swept_for_hours(tools: Tools) -> AsyncIterator[Context]:
    yield _impatient(tools, timedelta(hours=4))


@off("RETAIN-1")
async def nothing_was_ever_swept(tools: Tools) -> AsyncIterator[Context]:
    await tools.bench.run("update ipp.retention_run set part = 'aside' where part = 'keys'")
    try:
        yield _impatient(tools)
    finally:
        await tools.bench.run("update ipp.retention_run set part = 'keys' where part = 'aside'")


by_sql(
    "RETAIN-1", "a_visit_that_nobody_removes",
    "insert into ipp.visit values "
    "('platform', 'late', 'late', 'api', now() - interval '92 days', now(), 1, 'a', 'b', 'c')",
    "delete from ipp.visit where id = 'late'",
)  # fmt: skip
by_sql(
    "RETAIN-1", "a_letter_that_nobody_removes",
    "update ipp.letter set created_at = created_at - interval '40 days' where kind = 'news'",
    "update ipp.letter set created_at = created_at + interval '40 days' where kind = 'news'",
)  # fmt: skip
by_sql(
    "RETAIN-1", "whoever_sweeps_may_remove_nothing", "revoke delete on ipp.visit from {p}_p_retention",
    "grant delete on ipp.visit to {p}_p_retention",
)  # fmt: skip
by_sql(
    "RETAIN-1", "whoever_sweeps_may_empty_nothing", "revoke update (email) on ipp.payer from {p}_p_retention",
    "grant update (email) on ipp.payer to {p}_p_retention",
)  # fmt: skip


@off("RETAIN-1")
async def what_is_due_is_for_anybody_to_see(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "retention", Answer(200, {}), at="desk")


# --- RETAIN-2 ---


@off("RETAIN-2")
async def nobody_can_ask(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "account/data/leave/erase", Answer(404, {}), at="console")


@off("RETAIN-2")
async def an_answer_is_due_some_day(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(states, "MONTHS", 6)
    yield tools.context


@off("RETAIN-2")
async def more_time_without_end(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(asked, "may_extend", lambda *_, **__: True)
    yield tools.context


@off("RETAIN-2")
async def whoever_asks_is_believed(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setitem(states._STEPS, (State.ASKED, Act.GRANT), State.GRANTED)
    yield tools.context


for _rule in ("ended", "refused", "extension"):
    unruled("RETAIN-2", "data_request", f"ck_data_request_{_rule}")
_DONE = "kind = 'erasure' and state = 'DONE'"
_REQUEST = (
    "insert into ipp.data_request (tenant_id, id, person_id, payer, kind, state, identity, language, asked_at, due_on, "
    f"decided_at) values ('{COMPANY}', 'aside', '{PAYER}', false, 'erasure', "
)
_WITHDRAWN = "delete from ipp.data_request where id = 'aside'"
for _name, _values in {
    "a_request_that_nobody_answers": "'OPEN', 'strong', 'en', now() - interval '40 days', now()::date - 9, null",
    "a_request_with_time_for_ever": "'OPEN', 'strong', 'en', now(), now()::date + 60, null",
    "granted_to_nobody_knows_whom": "'GRANTED', 'none', 'en', now(), now()::date + 20, now()",
    "granted_and_never_carried_out":
        "'GRANTED', 'strong', 'en', now(), now()::date + 20, now() - interval '2 hours'",
}.items():  # fmt: skip
    by_sql("RETAIN-2", _name, f"{_REQUEST}{_values})", _WITHDRAWN)
_BACK = (
    "update ipp.data_request set certificate = convert_from(statement, 'UTF8'), statement = null "
    f"where {_DONE} and statement is not null"
)  # fmt: skip
for _name, _said in {
    "an_erasure_without_its_certificate": "null",
    "a_certificate_of_what_never_happened": """(certificate::jsonb || '{"erased_at": null}')::text""",
}.items():
    by_sql(
        "RETAIN-2", _name, "update ipp.data_request set statement = convert_to(certificate, 'UTF8'), "
        f"certificate = {_said} where {_DONE} and certificate is not null", _BACK,
    )  # fmt: skip


@off("RETAIN-2")
async def a_plan_that_forgets(tools: Tools) -> AsyncIterator[Context]:
    plan_of = plan.plan_of

    def forgetting(held):  # type: ignore[no-untyped-def]
        whole = plan_of(held)
        return replace(whole, goes=whole.goes[1:])

    tools.monkeypatch.setattr(asked, "plan_of", forgetting)
    yield tools.context


@off("RETAIN-2")
async def a_plan_that_lets_go_what_is_held(tools: Tools) -> AsyncIterator[Context]:
    plan_of = plan.plan_of
    tools.monkeypatch.setattr(asked, "plan_of", lambda held: plan_of(replace(held, on_hold=None)))
    yield tools.context


@off("RETAIN-2")
async def a_certificate_without_the_end_of_the_key(tools: Tools) -> AsyncIterator[Context]:
    completed = certificate.completed

    def endless(*said, **more):  # type: ignore[no-untyped-def]
        return completed(*said, **more) | {"key_dies_by": None}

    tools.monkeypatch.setattr(certificate, "completed", endless)
    yield tools.context


_ERASED = f"('{COMPANY}', 'aside-person', '', 'LOOKED_AFTER', 'person', now(), now())"
_OVER = (
    f"insert into ipp.erasure (controller, person_id, tenant, state, asked_by, begun_at, erased_at) values {_ERASED}"
)
by_sql(
    "RETAIN-2", "rows_that_an_erasure_left",
    f"{_OVER}; insert into ipp.visit values "
    f"('{COMPANY}', 'aside', 'aside-person', 'api', now(), now(), 1, 'a', 'b', 'c')",
    "delete from ipp.erasure where person_id = 'aside-person'; delete from ipp.visit where id = 'aside'",
)  # fmt: skip


def _key_beside(name: str, erasure: str) -> Callable[[Tools], AsyncIterator[Context]]:
    """The person of an erasure has a key that is in use."""

    async def beside(tools: Tools) -> AsyncIterator[Context]:
        await tools.bench.run(erasure)
        await tools.bench.run(
            "insert into ipp.person_key (controller, person_id, ground, epoch, wrapped, created_at) values "
            f"('{COMPANY}', 'aside-person', 'service', 1, '', now())", of=KEYS,
        )  # fmt: skip
        try:
            yield tools.context
        finally:
            await tools.bench.run("delete from ipp.erasure where person_id = 'aside-person'")
            await tools.bench.run("delete from ipp.person_key where person_id = 'aside-person'", of=KEYS)

    beside.__name__ = name
    return beside


off("RETAIN-2")(_key_beside("keys_that_an_erasure_left", _OVER))

# --- RETAIN-3, RETAIN-4 ---


@off("RETAIN-3")
async def a_ground_more_than_the_policy_has(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(retention, "_PROMISED", retention._PROMISED - {"other"})
    yield tools.context


for _name, _rule in {"ends": "ck_legal_hold_ends", "reason": "legal_hold_reason_check",
                     "scope": "legal_hold_scope_check", "released": "legal_hold_check"}.items():  # fmt: skip
    unruled("RETAIN-3", "legal_hold", _rule)
by_sql(
    "RETAIN-3", "a_key_that_outlives_its_day",
    f"update ipp.person_key set kept_until = now()::date - 3 where person_id = '{KEPT}'",
    f"update ipp.person_key set kept_until = (now() + interval '1 year')::date where person_id = '{KEPT}'", of=KEYS,
)  # fmt: skip
by_sql(
    "RETAIN-3", "an_erasure_that_waits_for_nothing",
    "insert into ipp.erasure (controller, person_id, state, asked_by, begun_at, next_at) values "
    f"('{COMPANY}', 'aside-person', 'HELD', 'person', now(), now() - interval '3 days')",
    "delete from ipp.erasure where person_id = 'aside-person'",
)  # fmt: skip
by_sql(
    "RETAIN-4", "what_is_kept_is_not_restricted",
    f"create policy aside on ipp.person_key to {{p}}_p_own_data using (person_id = '{KEPT}')",
    "drop policy aside on ipp.person_key", of=KEYS,
)  # fmt: skip


off("RETAIN-4")(_key_beside(
    "what_a_hold_keeps_is_in_use",
    "insert into ipp.erasure (controller, person_id, state, asked_by, begun_at, next_at) values "
    f"('{COMPANY}', 'aside-person', 'HELD', 'person', now(), now())",
))  # fmt: skip


# --- SEC-5 ---


@off("SEC-5")
async def one_key_for_all_grounds(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(persons, "sealed_as", lambda column: (SERVICE.key, f"{column.key}"))
    yield tools.context


@off("SEC-5")
async def one_key_for_all_persons(tools: Tools) -> AsyncIterator[Context]:
    def key(box: persons.Box, column: persons.Column) -> tuple[object, str]:
        ground, place = persons.sealed_as(column)
        if ground not in box._keys:
            raise persons.KeyDestroyed
        return box._keys[ground], place

    tools.monkeypatch.setattr(persons.Box, "_key", key)
    yield tools.context


def _sealing(context: Context, ground: Ground) -> Context:
    """The context of a program that seals companies' numbers for another ground."""
    company = MAIN.tables["ipp.company"].to_metadata(MetaData())
    company.c.meta.info = {"declaration": replace(declaration_of(company.c.meta), sealed=ground)}
    return replace(context, tables=lambda of: [company if t.name == "company" else t for t in registry.tables(of)])


@off("SEC-5")
async def a_ground_without_a_key(tools: Tools) -> AsyncIterator[Context]:
    yield _sealing(tools.context, Ground(key="lost", words=SERVICE.words))


@off("SEC-5")
async def the_books_ground_for_another_term(tools: Tools) -> AsyncIterator[Context]:
    yield _sealing(tools.context, BOOKKEEPING)


@off("SEC-5")
async def a_link_in_the_open(tools: Tools) -> AsyncIterator[Context]:
    yield replace(tools.context, links=(Link(name="the mail link", host="mail.promised.example", encrypted=False),))


by_sql(
    "SEC-5", "two_persons_with_one_key",
    "insert into ipp.person_key select controller, 'aside-person', ground, epoch, wrapped, created_at, restricted_at, "
    "kept_until from ipp.person_key where controller = 'platform' and restricted_at is null limit 1",
    "delete from ipp.person_key where person_id = 'aside-person'", of=KEYS,
)  # fmt: skip
by_sql(
    "SEC-5", "an_epoch_that_outlives_its_successor",
    "insert into ipp.wrapping_key (id, kind, wrapped, created_at) values (99, 'epoch', '', now() - interval '3 days')",
    "delete from ipp.wrapping_key where id = 99", of=KEYS,
)  # fmt: skip
by_sql(
    "SEC-5", "a_key_under_an_epoch_that_is_gone",
    "update ipp.person_key set epoch = 98 where restricted_at is null and controller = 'platform'",
    "update ipp.person_key set epoch = 1 where epoch = 98", of=KEYS,
)  # fmt: skip
