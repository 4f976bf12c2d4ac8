"""What happened at somebody's door, in sentences, newest first."""

import re
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import EventView
from ippgateway.faces.shell.account import event_words, words
from ippgateway.faces.shell.account.common import page
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House
from ippgateway.privacy.vocabulary import Words

_CURSOR = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One step of the story."""

    at: datetime
    sentence: Words
    tone: str
    more: Words | None


async def show(house: House, ask: Ask) -> Response:
    """A page of the story."""
    before = ask.query.get("before", "")
    cursor = before if _CURSOR.fullmatch(before) else None
    found = await accounts.events(house.platform, ask.known, before=cursor)
    return page(
        house, ask, "events.html", title=words.EVENTS, e=event_words, steps=[_told(each) for each in found.rows],
        after=found.after, first=cursor is None,
    )  # fmt: skip


def _told(event: EventView) -> Told:
    sentence, tone = event_words.SENTENCES[event.what]
    more = event_words.whence(event.browser, event.system, event.address)
    return Told(at=event.at, sentence=sentence, tone=tone, more=more)
