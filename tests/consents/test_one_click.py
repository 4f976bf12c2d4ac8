"""A letter of marketing is stopped from the letter itself (CHOICE-2; RFC 2369, RFC 8058)."""

from ippgateway.connectors.smtp.message import message
from ippgateway.core.secret import Secret
from ippgateway.domains.consents import service as consents
from ippgateway.domains.consents.schemas import How
from ippgateway.domains.mail.schemas import MARKETING, Kind, Sending

from .room import Letterbox, Room


async def test_a_letter_of_news_carries_the_two_headers_and_the_same_link_in_its_text(room: Room) -> None:
    whose, box = room.somebody(), Letterbox()
    await room.says_yes(whose)
    assert await room.send(whose, await room.owe_news(whose), box) is Sending.SENT
    sent = message(box.taken[0], sender="post@ipp.example", to="maja@borger.example")
    link = f"https://mine.example/unsubscribe/{(await room.link(whose)).open()}"
    assert sent["List-Unsubscribe"] == f"<{link}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in box.taken[0].text.open()
    assert sent["List-Unsubscribe"] in sent.as_string().replace("\n ", "")


async def test_one_post_stops_it_without_anybody_signing_in_and_a_second_changes_nothing(room: Room) -> None:
    whose = room.somebody()
    await room.says_yes(whose)
    letter, token = await room.owe_news(whose), await room.link(whose)
    room.clock.advance(1)
    assert await consents.stop(room.console, token, how=How.ONE_CLICK)
    assert not await room.stands(whose)
    assert await room.state(letter) == "VOID"
    assert await consents.stop(room.console, token, how=How.ONE_CLICK)
    said = await consents.lines(room.console, whose)
    assert [(line.said, line.how) for line in said] == [("withdrawn", "one_click"), ("given", "account")]


async def test_a_link_stops_one_persons_news_and_nobody_elses(room: Room) -> None:
    one, other = room.somebody(), room.somebody()
    await room.says_yes(one)
    await room.says_yes(other)
    room.clock.advance(1)
    await consents.stop(room.console, await room.link(one), how=How.LINK)
    assert not await room.stands(one)
    assert await room.stands(other)


async def test_an_old_letters_link_still_works_after_no_and_yes(room: Room) -> None:
    whose = room.somebody()
    await room.says_yes(whose)
    old = await room.link(whose)
    for say in (room.says_no, room.says_yes):
        room.clock.advance(1)
        await say(whose)
    room.clock.advance(1)
    assert await consents.stop(room.console, old, how=How.ONE_CLICK)
    assert not await room.stands(whose)


async def test_a_link_that_is_none_of_ours_stops_nothing(room: Room) -> None:
    assert not await consents.stop(room.console, Secret("A" * 22), how=How.ONE_CLICK)
    assert await consents.linked(room.console, Secret("A" * 22)) is None


def test_news_is_the_one_kind_that_is_marketing() -> None:
    assert {Kind.NEWS} == MARKETING
