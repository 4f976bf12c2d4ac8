"""Switches: single cases, in which somebody outside is given something."""

from collections.abc import AsyncIterator
from dataclasses import replace

from ippgateway.domains.disclosures.kinds import KINDS
from ippgateway.domains.disclosures.service import entering, export
from ippgateway.privacy.rights.reach import Reached
from ippgateway.privacy.vocabulary import Category, Place
from ippgateway.promises.context import Answer, Context

from .base import Tools, answering, by_sql, off
from .ruling import unruled

_OF = {
    "DISC-3": ("adviser", "engagement"), "DISC-4": ("regulator", "ground"), "DISC-5": ("purchaser", "advisers"),
    "DISC-6": ("crime", "police"), "DISC-7": ("own_rights", "right"), "DISC-8": ("rights_holder", "good_faith"),
    "DISC-9": ("authority", "instrument"), "DISC-10": ("by_law", "ground"),
}  # fmt: skip
"""By promise the kind of case, and something that it must say."""


def _changed(tools: Tools, kind: str, **other: object) -> Context:
    tools.monkeypatch.setitem(KINDS, kind, replace(KINDS[kind], **other))  # type: ignore[arg-type]
    return tools.context


def _need_not_say(promise: str, kind: str, key: str) -> None:
    @off(promise)
    async def something_need_not_be_said(tools: Tools) -> AsyncIterator[Context]:
        contents = KINDS[kind].contents
        yield _changed(tools, kind, contents=tuple(each for each in contents if each.key != key))

    @off(promise)
    async def an_empty_answer_will_do(tools: Tools) -> AsyncIterator[Context]:
        tools.monkeypatch.setattr(entering, "_require_content", lambda *_: None)
        yield tools.context


def _more_goes_out(promise: str) -> None:
    @off(promise)
    async def card_numbers_go_out(tools: Tools) -> AsyncIterator[Context]:
        tools.monkeypatch.setattr(export, "unshown", lambda _: False)
        yield tools.context

    @off(promise)
    async def more_goes_out_than_is_asked_for(tools: Tools) -> AsyncIterator[Context]:
        asked = export._asked

        def everything(each: Reached, scope: export.Scope) -> object:
            return asked(each, replace(scope, categories=frozenset(c.key for _, c in _categories(each))))

        tools.monkeypatch.setattr(export, "_asked", everything)
        yield tools.context


def _categories(each: Reached) -> list[tuple[object, Category]]:
    return [(column, said.category) for column, said in each.personal if said.category is not None]


def _unrecorded(promise: str, kind: str) -> None:
    cases = f"(select id from ipp.disclosure_case where kind = '{kind}')"
    turned = "update ipp.disclosure set recipient_id = reverse(recipient_id)"
    by_sql(
        promise, "nobody_knows_who_was_in_the_file", f"{turned} where recipient_id in {cases}",
        f"{turned} where reverse(recipient_id) in {cases}",
    )  # fmt: skip
    lasting = "update ipp.recipient set valid_to ="
    by_sql(
        promise, "who_receives_receives_for_ever", f"{lasting} null where id in {cases}",
        f"{lasting} valid_from + interval '30 days' where id in {cases}",
    )  # fmt: skip


for _promise, (_kind, _key) in _OF.items():
    unruled(_promise, "disclosure_case", "ck_disclosure_case_three_people")
    unruled(_promise, "disclosure_case", "ck_disclosure_case_two_approvals")
    _need_not_say(_promise, _kind, _key)
    _more_goes_out(_promise)
    _unrecorded(_promise, _kind)

# --- one by one ---

unruled(
    "DISC-3", "disclosure_case", "ck_disclosure_case_three_people",
    loosened="first_by <> requested_by and first_by <> second_by",
)  # fmt: skip
by_sql(
    "DISC-3", "whoever_entered_it_may_change_it",
    "grant update (requested_by) on ipp.disclosure_case to {p}_p_disclosure",
    "revoke update (requested_by) on ipp.disclosure_case from {p}_p_disclosure",
)  # fmt: skip
by_sql(
    "DISC-4", "approvals_that_are_on_no_trail",
    "update ipp.audit_entry set act = 'aside' where act = 'disclosure.approved'",
    "update ipp.audit_entry set act = 'disclosure.approved' where act = 'aside'",
)  # fmt: skip
unruled("DISC-4", "disclosure_case", "ck_disclosure_case_says")


@off("DISC-5")
async def names_by_default(tools: Tools) -> AsyncIterator[Context]:
    yield _changed(tools, "purchaser", pseudonymised=False)


@off("DISC-5")
async def codes_that_are_names(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(export._Writing, "_code", lambda _self, _what, text: text)
    yield tools.context


@off("DISC-5")
async def names_for_no_reason(tools: Tools) -> AsyncIterator[Context]:
    tools.monkeypatch.setattr(entering, "_require_reasons", lambda *_: None)
    yield tools.context


@off("DISC-6")
async def whoever_asks_about_a_crime_is_anywhere(tools: Tools) -> AsyncIterator[Context]:
    recipient = replace(KINDS["crime"].recipient, places=frozenset(Place))
    yield _changed(tools, "crime", recipient=recipient)


unruled("DISC-6", "disclosure_case", "ck_disclosure_case_place")
unruled("DISC-7", "disclosure_case", "ck_disclosure_case_place")
unruled("DISC-7", "disclosure_case", "ck_disclosure_case_first_before_second")


@off("DISC-8")
async def a_notice_that_anybody_reads(tools: Tools) -> AsyncIterator[Context]:
    yield answering(tools.context, "disclosures/new/rights_holder", Answer(200, {}), at="desk")


unruled("DISC-9", "disclosure_case", "ck_disclosure_case_deadline")


@off("DISC-9")
async def nothing_is_held_back(tools: Tools) -> AsyncIterator[Context]:
    yield _changed(tools, "authority", holds=False)


@off("DISC-9")
async def nobody_is_told(tools: Tools) -> AsyncIterator[Context]:
    yield _changed(tools, "authority", silent=True)


_OPEN = "where kind = 'authority' and state = 'OPEN'"
_DONE = "where kind = 'authority' and state = 'DONE'"
by_sql(
    "DISC-9", "a_deadline_that_passed", f"update ipp.disclosure_case set due_on = '2020-01-01' {_OPEN}",
    f"update ipp.disclosure_case set due_on = '2031-06-30' {_OPEN}",
)  # fmt: skip
by_sql(
    "DISC-9", "holds_that_were_never_placed",
    f"update ipp.disclosure_case set held_at = null, created_at = created_at - interval '2 hours' {_OPEN}",
    f"update ipp.disclosure_case set held_at = now(), created_at = created_at + interval '2 hours' {_OPEN}",
)  # fmt: skip
by_sql(
    "DISC-9", "people_who_were_never_told",
    f"update ipp.disclosure_case set told_at = null, ended_at = ended_at - interval '2 hours' {_DONE}",
    f"update ipp.disclosure_case set told_at = now(), ended_at = ended_at + interval '2 hours' {_DONE}",
)  # fmt: skip
unruled("DISC-10", "disclosure_case", "ck_disclosure_case_kind")
by_sql(
    "DISC-10", "the_payment_zone_hands_over", "grant {p}_p_hand_over to {p}_z_pay with inherit false, set true",
    "revoke {p}_p_hand_over from {p}_z_pay", admin=True,
)  # fmt: skip
