"""Our letters, as they would be written to somebody now. Nothing is owed or sent for it."""

from collections.abc import Iterator
from email import message_from_string, policy
from email.message import EmailMessage

from ippgateway.domains.mail import letters
from ippgateway.domains.mail.letters import Written
from ippgateway.domains.mail.ports import Outgoing
from ippgateway.domains.mail.schemas import Kind
from ippgateway.promises import dispatch
from ippgateway.promises.context import Context
from ippgateway.promises.dispatch import Dispatch

LANGUAGES = ("en", "da")
POLICY = "https://site.promise.example/privacy"
STOP = "https://mine.promise.example/unsubscribe/of-nobody"
_PLACES = {
    "policy": POLICY, "stop": STOP, "site": "https://site.promise.example",
    **{name: f"https://console.promise.example/{name}" for name in ("security", "forgot", "partner")},
}  # fmt: skip
_TOLD = dict.fromkeys(letters.TOLD, "something") | {
    "link": "https://console.promise.example/link", "when": "2026-03-01T12:00:00+00:00", "day": "2026-03-01",
}  # fmt: skip


def every_letter(context: Context) -> Iterator[tuple[Kind, str, Written]]:
    """Each kind of letter in each language, with all that it may be told."""
    for kind in Kind:
        for language in LANGUAGES:
            yield kind, language, written(context, kind, language)


def written(context: Context, kind: Kind, language: str) -> Written:
    """One letter."""
    return letters.write(
        kind, language, _TOLD, at=context.clock.now(), places=_PLACES, operator=context.operator
    )  # fmt: skip


async def dispatched(context: Context, kind: Kind, language: str, *, stop: str | None) -> Dispatch:
    """What the function that sends does with one. `stop`: the address that stops it, when somebody's yes stands."""
    return await dispatch.dispatched(context, kind, language, _TOLD, stop=stop)


def as_sent(context: Context, letter: Outgoing) -> EmailMessage:
    """A letter as a mail server gets it."""
    return message_from_string(context.as_sent(letter), policy=policy.default)
