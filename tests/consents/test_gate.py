"""At the gate itself: what rests on a yes leaves only while one stands (BASIS-3, CHOICE-1, CARD-4, CUST-8)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from ippgateway.app.recipients_command import seed
from ippgateway.app.wiring import gate_for
from ippgateway.app.zones.worker import carrier
from ippgateway.connectors.gate import Gate, NotHandedOver, Why
from ippgateway.core.secret import Secret
from ippgateway.domains.consents.schemas import Whose
from ippgateway.domains.mail import service as mail
from ippgateway.domains.mail.ports import Carrier
from ippgateway.domains.mail.schemas import Sending
from ippgateway.domains.mail.states import PAUSES
from ippgateway.privacy.catalogue import ACCOUNT, CARD_NUMBER, EMAIL, FREE_TEXT, MAIL, MAIL_PROVIDER, NEWS
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import Category
from ippgateway.privacy.zones import PLATFORM
from mail.post import Post, open_post
from notifications.conftest import Installation

from .room import Room

LETTER = frozenset({EMAIL, FREE_TEXT})


class Careless:
    """Lets every letter of news go, as a worker would that asks nobody."""

    def __init__(self, room: Room, *, saying_no: Whose | None = None) -> None:
        self._room, self._saying_no = room, saying_no

    async def __call__(self, *, tenant_id: str, person_id: str) -> Secret[str]:
        if self._saying_no is not None:
            self._room.clock.advance(1)
            await self._room.says_no(self._saying_no)
        return Secret(f"https://mine.example/unsubscribe/{person_id}")


@asynccontextmanager
async def opened(room: Room, installed: Installation) -> AsyncIterator[Gate]:
    """The worker's gate, made as its process makes it, over the register of a sandbox."""
    await seed(installed.settings)
    async with gate_for(room.working, MAIL) as gate:
        yield gate


@asynccontextmanager
async def sending(room: Room, installed: Installation) -> AsyncIterator[tuple[Post, Gate, Carrier]]:
    """The worker's own carrier, with a real mail server at its end."""
    async with opened(room, installed) as gate, open_post() as post:
        settings = replace(installed.settings, smtp_port=post.port)
        yield post, gate, carrier(settings, gate)


def about(whose: Whose) -> Person:
    return Person(PLATFORM, whose.person_id, whose.tenant_id)


async def refused(gate: Gate, whose: Whose | None, carries: frozenset[Category] = LETTER) -> Why:
    with pytest.raises(NotHandedOver) as caught:
        await gate.to(MAIL_PROVIDER, NEWS).admit(carries, about=None if whose is None else about(whose))
    return caught.value.why


async def test_news_passes_the_gate_while_a_yes_stands_and_not_before_or_after(
    room: Room, installed: Installation
) -> None:
    whose = room.somebody()
    async with opened(room, installed) as gate:
        assert await refused(gate, whose) is Why.NO_CONSENT
        await room.says_yes(whose)
        await gate.to(MAIL_PROVIDER, NEWS).admit(LETTER, about=about(whose))
        assert await refused(gate, room.somebody()) is Why.NO_CONSENT
        assert await refused(gate, None) is Why.NO_CONSENT
        room.clock.advance(1)
        await room.says_no(whose)
        assert await refused(gate, whose) is Why.NO_CONSENT


async def test_a_letter_about_an_account_asks_for_no_yes(room: Room, installed: Installation) -> None:
    async with opened(room, installed) as gate:
        await gate.to(MAIL_PROVIDER, MAIL).admit(LETTER)


async def test_a_yes_to_news_is_none_to_anything_else(room: Room, installed: Installation) -> None:
    whose = room.somebody()
    await room.says_yes(whose)
    async with opened(room, installed) as gate:
        assert gate._consents is not None
        assert await gate._consents.given(about(whose), NEWS, LETTER)
        assert not await gate._consents.given(about(whose), NEWS, frozenset({CARD_NUMBER}))
        assert not await gate._consents.given(about(whose), MAIL, LETTER)


async def test_a_zone_that_can_ask_nobody_hands_over_nothing_that_needs_a_yes(
    room: Room, installed: Installation
) -> None:
    whose = room.somebody()
    await room.says_yes(whose)
    await seed(installed.settings)
    async with gate_for(room.console, ACCOUNT) as gate:
        assert await refused(gate, whose) is Why.NO_CONSENT


async def test_while_nobody_can_be_asked_the_gate_is_shut(
    room: Room, installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> bool:
        raise OSError

    whose = room.somebody()
    await room.says_yes(whose)
    async with opened(room, installed) as gate:
        monkeypatch.setattr("ippgateway.domains.consents.service.given", away)
        assert await refused(gate, whose) is Why.NO_CONSENT


async def test_a_worker_that_asks_nobody_still_sends_no_news_without_a_yes(room: Room, installed: Installation) -> None:
    whose = room.somebody()
    letter = await room.owe_news(whose)
    async with sending(room, installed) as (post, _, way_out):
        sent = await mail.send(room.working, way_out, Careless(room), tenant_id=whose.tenant_id, letter_id=letter)
        assert sent is Sending.AGAIN
        assert post.said == []  # nobody was even called
        room.clock.advance(PAUSES[0].total_seconds())
        assert await mail.send(
            room.working, way_out, room.desk, tenant_id=whose.tenant_id, letter_id=letter
        ) is Sending.VOID  # fmt: skip
        assert post.said == []


async def test_a_no_that_is_said_while_the_letter_is_on_its_way_out_stops_it(
    room: Room, installed: Installation
) -> None:
    whose = room.somebody()
    await room.says_yes(whose)
    letter = await room.owe_news(whose)
    async with sending(room, installed) as (post, _, way_out):
        await mail.send(
            room.working, way_out, Careless(room, saying_no=whose), tenant_id=whose.tenant_id, letter_id=letter
        )
        assert post.said == []
    assert await room.state(letter) == "VOID"
    assert not await room.admin.fetchval("select count(*) from ipp.disclosure where subject_id = $1", letter)


async def test_news_that_was_agreed_to_leaves_and_its_hand_over_is_on_record_as_news(
    room: Room, installed: Installation
) -> None:
    whose = room.somebody()
    await room.says_yes(whose)
    letter = await room.owe_news(whose)
    async with sending(room, installed) as (post, _, way_out):
        assert await room.send(whose, letter, way_out) is Sending.SENT
        assert len(post.taken) == 1
    record = await room.admin.fetchrow("select recipient, purpose from ipp.disclosure where subject_id = $1", letter)
    assert record is not None
    assert tuple(record) == ("mail_provider", "news")
