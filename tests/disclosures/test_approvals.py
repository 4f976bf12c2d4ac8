"""Two people approve, neither of them the requester, whoever comes when: the database holds it (DISC-5 to DISC-9)."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from disclosures.cases import ANNA, BENT, CARLA, DORTE, request, row_of
from ippgateway.domains.disclosures import service as disclosures
from ippgateway.domains.disclosures.errors import BadCase, Decided, DisclosureError, NoSuchCase, NotAllowed, NotYours
from ippgateway.domains.disclosures.kinds import KINDS
from ippgateway.domains.disclosures.states import Act, NoSuchStep, State, after
from ippgateway.privacy.catalogue import DISCLOSURE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM


async def test_two_approve_and_then_it_is_approved(desk: Platform) -> None:
    case_id = await disclosures.add(desk, request(), by=ANNA)
    assert await disclosures.approve(desk, case_id=case_id, by=BENT) is State.OPEN
    assert await disclosures.approve(desk, case_id=case_id, by=CARLA) is State.APPROVED
    found = await disclosures.case(desk, case_id=case_id)
    assert (found.requested_by, found.first_by, found.second_by) == (ANNA, BENT, CARLA)


async def test_the_requester_approves_nothing(desk: Platform) -> None:
    case_id = await disclosures.add(desk, request(), by=ANNA)
    with pytest.raises(NotYours):
        await disclosures.approve(desk, case_id=case_id, by=ANNA)
    await disclosures.approve(desk, case_id=case_id, by=BENT)
    with pytest.raises(NotYours):
        await disclosures.approve(desk, case_id=case_id, by=ANNA)
    assert (await disclosures.case(desk, case_id=case_id)).state is State.OPEN


async def test_nobody_approves_twice(desk: Platform) -> None:
    case_id = await disclosures.add(desk, request(), by=ANNA)
    await disclosures.approve(desk, case_id=case_id, by=BENT)
    with pytest.raises(NotYours):
        await disclosures.approve(desk, case_id=case_id, by=BENT)
    assert (await disclosures.case(desk, case_id=case_id)).state is State.OPEN


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [(BENT, BENT, "APPROVED"), (ANNA, BENT, "APPROVED"), (BENT, ANNA, "APPROVED"), (BENT, None, "APPROVED"),
     (None, None, "READY"), (None, BENT, "OPEN")],
)  # fmt: skip
async def test_the_database_refuses_it_whoever_writes(
    desk: Platform, first: str | None, second: str | None, state: str
) -> None:
    """As the desk's own role, with a statement of one's own."""
    case_id = await disclosures.add(desk, request(), by=ANNA)
    with pytest.raises(asyncpg.CheckViolationError):
        async with desk.db.begin(DISCLOSURE, tenants=[PLATFORM]) as tx:
            await tx.execute(
                "update ipp.disclosure_case set first_by = $2, second_by = $3, state = $4 where id = $1",
                case_id, first, second, state,
            )  # fmt: skip


@pytest.mark.parametrize("ended", ["REFUSED", "DONE"])
@pytest.mark.parametrize("state", ["OPEN", "APPROVED", "READY"])
async def test_what_has_ended_does_not_begin_again_whoever_writes(desk: Platform, ended: str, state: str) -> None:
    """As the desk's own role, with a statement of one's own."""
    case_id = await disclosures.add(desk, request(), by=ANNA)
    await disclosures.approve(desk, case_id=case_id, by=BENT)
    await disclosures.approve(desk, case_id=case_id, by=CARLA)
    way = ("REFUSED",) if ended == "REFUSED" else ("READY", "DONE")
    for step in way:
        await _written(desk, case_id, step)
    with pytest.raises(asyncpg.CheckViolationError):
        await _written(desk, case_id, state)
    assert (await row_of(desk, case_id))["state"] == ended


async def _written(desk: Platform, case_id: str, state: str) -> None:
    async with desk.db.begin(DISCLOSURE, tenants=[PLATFORM]) as tx:
        await tx.execute(
            "update ipp.disclosure_case set state = $2, ended_at = case when $3 then now() end where id = $1",
            case_id, state, state in ("DONE", "REFUSED"),
        )  # fmt: skip


@pytest.mark.parametrize(
    "column", ["requested_by", "organisation", "categories", "subjects", "contents", "place", "hold"]
)
async def test_what_was_asked_for_can_not_be_changed_after_it_was_entered(desk: Platform, column: str) -> None:
    case_id = await disclosures.add(desk, request(), by=ANNA)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with desk.db.begin(DISCLOSURE, tenants=[PLATFORM]) as tx:
            await tx.execute(f"update ipp.disclosure_case set {column} = {column} where id = $1", case_id)


async def test_a_storm_of_approvals_leaves_two_approvers_and_one_approval(desk: Platform) -> None:
    """Everybody at once, each several times, the requester among them."""
    for _ in range(10):
        case_id = await disclosures.add(desk, request(), by=ANNA)
        crowd = [ANNA, BENT, CARLA, DORTE] * 4
        outcomes = await asyncio.gather(
            *(disclosures.approve(desk, case_id=case_id, by=one) for one in crowd), return_exceptions=True
        )
        assert [each for each in outcomes if isinstance(each, State)].count(State.APPROVED) == 1
        assert all(isinstance(each, State | NotYours | Decided) for each in outcomes), outcomes
        row = await row_of(desk, case_id)
        assert len({row["first_by"], row["second_by"], row["requested_by"]}) == 3
        assert row["state"] == "APPROVED"


async def test_refusing_and_approving_at_once_ends_one_way(desk: Platform) -> None:
    for _ in range(10):
        case_id = await disclosures.add(desk, request(), by=ANNA)
        await disclosures.approve(desk, case_id=case_id, by=BENT)
        approved, refused = await asyncio.gather(
            disclosures.approve(desk, case_id=case_id, by=CARLA), disclosures.refuse(desk, case_id=case_id, by=DORTE),
            return_exceptions=True,
        )  # fmt: skip
        assert refused is None
        assert approved is State.APPROVED or isinstance(approved, Decided)
        assert (await disclosures.case(desk, case_id=case_id)).state is State.REFUSED


async def test_nothing_follows_a_refusal(desk: Platform) -> None:
    case_id = await disclosures.add(desk, request(), by=ANNA)
    await disclosures.refuse(desk, case_id=case_id, by=ANNA)
    for act in (disclosures.approve, disclosures.refuse, disclosures.hand_over):
        with pytest.raises(Decided):
            await act(desk, case_id=case_id, by=BENT)
    with pytest.raises(NoSuchCase):
        await disclosures.approve(desk, case_id="0000-0000-0000", by=BENT)


async def test_each_step_stands_on_the_trail(desk: Platform) -> None:
    case_id = await disclosures.add(desk, request(), by=ANNA)
    await disclosures.approve(desk, case_id=case_id, by=BENT)
    await disclosures.refuse(desk, case_id=case_id, by=CARLA)
    from ippgateway.privacy import audit

    acts = [(e.act, e.actor) for e in (await audit.trail(desk, count=50)).rows if e.on == case_id]
    assert acts == [
        ("disclosure.refused", f"desk/{CARLA}"), ("disclosure.approved", f"desk/{BENT}"),
        ("disclosure.entered", f"desk/{ANNA}"),
    ]  # fmt: skip


# --- what a request must say ---


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_says_what_it_must_or_is_not_entered(desk: Platform, kind: str) -> None:
    assert await disclosures.add(desk, request(kind), by=ANNA)
    for content in KINDS[kind].needed:
        whole = request(kind)
        with pytest.raises(BadCase) as caught:
            await disclosures.add(desk, replace(whole, contents={**whole.contents, content.key: " "}), by=ANNA)
        assert caught.value.field == content.key


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "curiosity"}, {"organisation": ""}, {"place": "Denmark"}, {"categories": ()},
     {"categories": ("card_number",)}, {"categories": ("credential",)}, {"subjects": ()}, {"subjects": ("a b c",)}],
)  # fmt: skip
async def test_what_is_no_request_is_not_entered(desk: Platform, wrong: dict[str, object]) -> None:
    with pytest.raises(BadCase):
        await disclosures.add(desk, replace(request(), **wrong), by=ANNA)  # type: ignore[arg-type]


async def test_an_authority_says_until_when(desk: Platform) -> None:
    with pytest.raises(BadCase) as caught:
        await disclosures.add(desk, request("authority", due_on=None), by=ANNA)
    assert caught.value.field == "due_on"


async def test_an_authority_elsewhere_gets_nothing_and_a_purchaser_there_needs_a_tool(desk: Platform) -> None:
    with pytest.raises(NotAllowed):
        await disclosures.add(desk, request("authority", place="US", transfer_tool="claims", measures="m"), by=ANNA)
    with pytest.raises(NotAllowed):
        await disclosures.add(desk, request("purchaser", place="US"), by=ANNA)
    assert await disclosures.add(
        desk, request("purchaser", place="US", transfer_tool="clauses", measures="codes alone, sealed"), by=ANNA
    )


async def test_names_go_to_a_purchaser_for_a_stated_reason_alone(desk: Platform) -> None:
    whole = request("purchaser")
    assert (await disclosures.case(desk, case_id=await disclosures.add(desk, whole, by=ANNA))).pseudonymised
    unsaid = replace(whole, pseudonymised=False, contents={**whole.contents, "identified": ""})
    with pytest.raises(BadCase):
        await disclosures.add(desk, unsaid, by=ANNA)


@pytest.mark.parametrize("kind", [key for key, kind in KINDS.items() if kind.holds])
async def test_what_may_be_erased_meanwhile_says_why(desk: Platform, kind: str) -> None:
    whole = request(kind, hold=False)
    with pytest.raises(BadCase) as caught:
        await disclosures.add(desk, replace(whole, contents={**whole.contents, "unheld": " "}), by=ANNA)
    assert caught.value.field == "unheld"
    assert not (await disclosures.case(desk, case_id=await disclosures.add(desk, whole, by=ANNA))).hold


async def test_silence_names_who_forbids_to_tell(desk: Platform) -> None:
    whole = request(silent=True)
    with pytest.raises(DisclosureError):
        await disclosures.add(desk, replace(whole, contents={**whole.contents, "silence": ""}), by=ANNA)
    assert (await disclosures.case(desk, case_id=await disclosures.add(desk, whole, by=ANNA))).silent


def test_a_case_goes_one_way() -> None:
    assert after(State.READY, Act.HAND_OVER) is State.DONE
    for state in (State.DONE, State.REFUSED):
        for act in Act:
            with pytest.raises(NoSuchStep):
                after(state, act)
    for state in (State.OPEN, State.APPROVED):
        with pytest.raises(NoSuchStep):
            after(state, Act.HAND_OVER)
