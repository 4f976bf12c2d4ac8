"""A yes is proved, a no counts at once, and no line is ever changed (BASIS-3, CHOICE-1, CHOICE-2)."""

import asyncio
import random
from datetime import timedelta
from hashlib import sha256

import asyncpg
import pytest

from ippgateway.domains.consents import service as consents
from ippgateway.domains.consents.errors import NothingShown, NotMarketing
from ippgateway.domains.consents.schemas import LASTS, How, Said, Shown
from ippgateway.domains.consents.states import standing
from ippgateway.domains.mail.schemas import Sending
from ippgateway.privacy.catalogue import CONSENT, MAIL, NEWS, PAYMENT

from .room import ADDRESS, SHOWN, Letterbox, Room


async def test_nobody_has_consented_until_they_say_so(room: Room) -> None:
    whose = room.somebody()
    assert not await room.stands(whose)
    await room.says_yes(whose)
    assert await room.stands(whose)
    assert not await room.stands(room.somebody())


async def test_the_proof_says_what_was_shown_word_by_word_when_and_how(room: Room) -> None:
    whose = room.somebody()
    await room.says_yes(whose)
    found = [line async for line in consents.proof(room.console, code=consents.code_of(room.console, ADDRESS.upper()))]
    assert len(found) == 1
    assert found[0]["at"] == room.clock.now().isoformat()
    assert (found[0]["said"], found[0]["purpose"], found[0]["channel"], found[0]["how"]) == (
        "given", "news", "email", "account",
    )  # fmt: skip
    shown = found[0]["shown"]
    assert isinstance(shown, dict)
    assert (shown["version"], shown["language"], shown["text"]) == (SHOWN.version, SHOWN.language, SHOWN.text)
    assert shown["sha256"] == sha256(f"{SHOWN.version}\0{SHOWN.language}\0{SHOWN.text}".encode()).hexdigest()
    assert ADDRESS not in str(found)


async def test_a_text_is_kept_once_however_many_saw_it(room: Room) -> None:
    for _ in range(3):
        await room.says_yes(room.somebody())
    await room.says_yes(room.somebody(), Shown(version=SHOWN.version, language="en", text="Yes please."))
    assert await room.admin.fetchval("select count(*) from ipp.consent_text") == 2


async def test_a_yes_without_a_text_and_one_to_what_needs_none_are_refused(room: Room) -> None:
    whose = room.somebody()
    with pytest.raises(NothingShown):
        await room.says_yes(whose, Shown(version="v", language="en", text=" "))
    with pytest.raises(NotMarketing):
        await consents.give(room.console, whose, purpose=PAYMENT, shown=SHOWN, how=How.ACCOUNT)
    assert await consents.lines(room.console, whose) == []


async def test_a_no_counts_at_once_also_for_what_was_queued(room: Room) -> None:
    whose, box = room.somebody(), Letterbox()
    await room.says_yes(whose)
    letter = await room.owe_news(whose)
    await room.says_no(whose)
    assert not await room.stands(whose)
    row = await room.admin.fetchrow("select state, told, next_at from ipp.letter where id = $1", letter)
    assert row is not None
    assert tuple(row) == ("VOID", None, None)
    assert await room.send(whose, letter, box) is Sending.NOT_DUE
    assert box.taken == []


async def test_news_that_nobody_agreed_to_never_leaves_however_it_was_owed(room: Room) -> None:
    whose, box = room.somebody(), Letterbox()
    letter = await room.owe_news(whose)
    assert await room.send(whose, letter, box) is Sending.VOID
    assert await room.state(letter) == "VOID"
    assert box.taken == []


async def test_an_objection_ends_all_marketing_and_a_later_yes_of_their_own_begins_it_again(room: Room) -> None:
    whose = room.somebody()
    await room.says_yes(whose)
    letter = await room.owe_news(whose)
    await consents.object_to_marketing(room.console, whose, how=How.OPERATOR)
    assert not await room.stands(whose)
    assert await room.state(letter) == "VOID"
    room.clock.advance(1)
    await room.says_yes(whose)
    assert await room.stands(whose)


async def test_a_yes_ends_by_itself_when_nobody_asks_again(room: Room) -> None:
    whose = room.somebody()
    await room.says_yes(whose)
    room.clock.advance(LASTS.total_seconds() - 1)
    assert await room.stands(whose)
    room.clock.advance(1)
    assert not await room.stands(whose)


def test_of_a_yes_and_a_no_at_the_same_moment_the_no_counts(room: Room) -> None:
    now = room.clock.now()
    assert not standing([(now, Said.GIVEN), (now, Said.WITHDRAWN)], now=now)
    assert not standing([(now, Said.OBJECTED), (now, Said.GIVEN)], now=now)
    assert standing([(now, Said.GIVEN), (now - timedelta(microseconds=1), Said.OBJECTED)], now=now)


@pytest.mark.parametrize("seed", range(3))
async def test_in_a_storm_of_yes_and_no_the_last_word_counts_and_no_letter_slips_through(room: Room, seed: int) -> None:
    dice, box = random.Random(seed), Letterbox()  # noqa: S311 - a seed, so that it can be run again
    people = [room.somebody() for _ in range(5)]
    letters = {whose.person_id: [await room.owe_news(whose)] for whose in people}
    for _ in range(4):
        for whose in people:
            await asyncio.gather(*(
                dice.choice((room.says_yes, room.says_no))(whose) for _ in range(dice.randrange(1, 6))
            ))  # fmt: skip
            room.clock.advance(0.001)
    last = {whose.person_id: dice.random() < 0.5 for whose in people}
    await asyncio.gather(*((room.says_yes if last[w.person_id] else room.says_no)(w) for w in people))
    for whose in people:
        assert await room.stands(whose) is last[whose.person_id]
        await room.send(whose, letters[whose.person_id][0], box)
    assert len(box.taken) <= sum(last.values())
    for whose in people:
        assert not last[whose.person_id] or await room.stands(whose)


# --- lines are added and never changed ---

_CHANGES = (
    "update ipp.consent set said = 'given'",
    "update ipp.consent set created_at = created_at - interval '1 year'",
    "delete from ipp.consent",
    "truncate ipp.consent",
    "update ipp.consent_text set text = 'something else'",
    "delete from ipp.consent_text",
    "truncate ipp.consent_text",
    "update ipp.acceptance set version = 'another'",
    "delete from ipp.acceptance",
)


@pytest.mark.parametrize("change", _CHANGES)
async def test_not_even_the_owner_of_the_tables_changes_a_line(room: Room, change: str) -> None:
    await room.says_no(room.somebody())
    await room.says_yes(room.somebody())
    await room.somebody_accepts()
    connection = await asyncpg.connect(**room.owner)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(change)
    finally:
        await connection.close()


@pytest.mark.parametrize("change", _CHANGES)
@pytest.mark.parametrize("purpose", [CONSENT, NEWS, MAIL])
async def test_no_purpose_may_even_try(room: Room, purpose: object, change: str) -> None:
    p = room.console if purpose is CONSENT else room.working
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with p.db.begin(purpose) as tx:  # type: ignore[arg-type]
            await tx.execute(change)


async def test_whoever_sends_news_sees_whether_it_may_and_nothing_else(room: Room) -> None:
    whose = room.somebody()
    await room.says_yes(whose)
    for column in ("who_code", "link_digest", "how", "text_digest"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with room.working.db.begin(NEWS, tenants=[whose.tenant_id]) as tx:
                await tx.fetch(f"select {column} from ipp.consent")
