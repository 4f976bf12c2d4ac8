"""A payment's story in sentences. What has no outcome is told as that, never as a failure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ippgateway.core.money import Money
from ippgateway.domains.payments.schemas import Method, Result, Step, Story, Told
from ippgateway.faces.console.declines import reason
from ippgateway.faces.pages.amounts import readable
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.moments import told_in
from ippgateway.privacy.vocabulary import Words

_EN, _DA = Language.EN, Language.DA


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One step as it is read. `tone`: good, wait, bad or quiet; `more`: what it means, or what somebody wrote."""

    at: datetime
    words: Words
    tone: str = "quiet"
    more: Words | str | None = None
    id: str = ""


def amount(money: Money) -> tuple[str, str]:
    """An amount in English and in Danish."""
    return readable(money, _EN), readable(money, _DA)


def told(story: Story) -> tuple[Sentence, ...]:
    """The whole story, oldest first."""
    return tuple(_TELL[step.told](step) for step in story.steps)


def _checkout(step: Step) -> Sentence:
    en, da = amount(_of(step))
    return Sentence(
        at=step.at, id=step.id,
        words=Words(en=f"Your shop asked for {en}.", da=f"Din butik bad om {da.removesuffix('.')}."),
    )  # fmt: skip


_SECURED = {
    "Y": ("good", Words(en="The cardholder was recognised by the bank.", da="Banken genkendte kortholderen.")),
    "A": (
        "good",
        Words(
            en="The bank could not ask the cardholder, and answered for that.",
            da="Banken kunne ikke spørge kortholderen og hæfter for det.",
        ),
    ),
    "N": ("bad", Words(en="The cardholder did not approve the purchase.", da="Kortholderen godkendte ikke købet.")),
    "U": ("bad", Words(en="The bank could not ask the cardholder.", da="Banken kunne ikke spørge kortholderen.")),
    "C": (
        "wait",
        Words(
            en="The bank asked the cardholder to approve the purchase.",
            da="Banken bad kortholderen om at godkende købet.",
        ),
    ),
}


def _secure(step: Step) -> Sentence:
    tone, words = _SECURED.get(step.state, _SECURED["U"])
    return Sentence(at=step.at, id=step.id, words=words, tone=tone, more=_card(step))


def _earlier(step: Step) -> Sentence:
    why = reason(step.reason)
    return Sentence(
        at=step.at, id=step.id, tone="bad", more=_card(step),
        words=Words(en=f"An attempt before this one was declined: {why.en}.",
                    da=f"Et tidligere forsøg blev afvist: {why.da}."),
    )  # fmt: skip


def _attempt(step: Step) -> Sentence:
    en, da = amount(_of(step))
    if step.result is Result.ACK and step.method is Method.SALE:
        words = Words(en=f"{en} was approved and captured at once.", da=f"{da} blev godkendt og hævet med det samme.")
        return Sentence(at=step.at, id=step.id, words=words, tone="good")
    if step.result is Result.ACK:
        words = Words(en=f"{en} was approved and is held for you.", da=f"{da} blev godkendt og holdes til dig.")
        return Sentence(at=step.at, id=step.id, words=words, tone="good")
    if step.result is Result.WAIT:
        return Sentence(at=step.at, id=step.id, tone="wait", words=_NO_ANSWER, more=_UNKNOWN)
    why = reason(step.reason)
    words = Words(en=f"{en} was declined: {why.en}.", da=f"{da} blev afvist: {why.da}.")
    return Sentence(at=step.at, id=step.id, words=words, tone="bad", more=_code(step))


_NO_ANSWER = Words(
    en="The acquirer was asked and has not answered clearly.", da="Indløseren er spurgt og har ikke svaret klart."
)
_UNKNOWN = Words(
    en="Nobody knows yet whether the money is held, so we say so. We make sure that it is released; this page tells "
    "when that is certain.",
    da="Ingen ved endnu, om pengene holdes, så det siger vi. Vi sørger for, at de frigives; siden siger til, når det "
    "er sikkert.",
)
_DONE: dict[Method, Callable[[str, str], Words]] = {
    Method.CAPTURE: lambda en, da: Words(en=f"{en} was captured.", da=f"{da} blev hævet."),
    Method.REFUND: lambda en, da: Words(en=f"{en} was refunded.", da=f"{da} blev refunderet."),
    Method.VOID: lambda en, da: Words(
        en=f"{en} was released to the cardholder.", da=f"{da} blev frigivet til kortholderen."
    ),
    Method.INCREMENTAL: lambda en, da: Words(
        en=f"The amount held was raised by {en}.", da=f"Det holdte beløb blev forhøjet med {da.removesuffix('.')}."
    ),
}
_ASKED: dict[Method, Callable[[str, str], Words]] = {
    Method.CAPTURE: lambda en, da: Words(en=f"Capturing {en} is under way.", da=f"{da} er ved at blive hævet."),
    Method.REFUND: lambda en, da: Words(en=f"Refunding {en} is under way.", da=f"{da} er ved at blive refunderet."),
    Method.VOID: lambda en, da: Words(en=f"Releasing {en} is under way.", da=f"{da} er ved at blive frigivet."),
    Method.INCREMENTAL: lambda en, da: Words(
        en=f"Raising the amount by {en} is under way.",
        da=f"Beløbet er ved at blive forhøjet med {da.removesuffix('.')}.",
    ),
}
_REFUSED: dict[Method, Callable[[str, str], Words]] = {
    Method.CAPTURE: lambda en, da: Words(en=f"Capturing {en} was refused", da=f"Hævning af {da} blev afvist"),
    Method.REFUND: lambda en, da: Words(en=f"Refunding {en} was refused", da=f"Refusion af {da} blev afvist"),
    Method.VOID: lambda en, da: Words(en=f"Releasing {en} was refused", da=f"Frigivelse af {da} blev afvist"),
    Method.INCREMENTAL: lambda en, da: Words(
        en=f"Raising the amount by {en} was refused", da=f"Forhøjelse med {da} blev afvist"
    ),
}
_WILL_BE = Words(
    en="The acquirer has to take it. We send it until it has; nothing more is needed from you.",
    da="Indløseren skal tage imod det. Vi sender, til den har; du skal ikke gøre mere.",
)


def _action(step: Step) -> Sentence:
    method, sum_ = step.method or Method.CAPTURE, amount(_of(step))
    if step.result is Result.ACK:
        return Sentence(at=step.at, id=step.id, tone="good", words=_DONE[method](*sum_), more=step.comment or None)
    if step.result is Result.WAIT:
        return Sentence(at=step.at, id=step.id, tone="wait", words=_ASKED[method](*sum_), more=step.comment or _WILL_BE)
    refused, why = _REFUSED[method](*sum_), reason(step.reason)
    words = Words(en=f"{refused.en}: {why.en}.", da=f"{refused.da}: {why.da}.")
    return Sentence(at=step.at, id=step.id, tone="bad", words=words, more=_code(step))


def _owed(step: Step) -> Sentence:
    """A message that did not arrive the first time; a reversal is what makes an unknown outcome a known one."""
    reversal = step.reason == "REVERSAL"
    if step.state == "DONE" and reversal:
        words = Words(
            en="The acquirer has released whatever it held. Nothing was taken.",
            da="Indløseren har frigivet, hvad den holdt. Intet er taget.",
        )
        return Sentence(at=step.at, id=step.id, tone="good", words=words)
    if step.state == "DONE":
        words = Words(
            en=f"The acquirer took it at attempt {step.tries + 1}.",
            da=f"Indløseren tog imod det ved forsøg {step.tries + 1}.",
        )
        return Sentence(at=step.at, id=step.id, tone="good", words=words)
    words = _RELEASING if reversal else _SENDING
    return Sentence(at=step.at, id=step.id, tone="wait", words=words, more=_next(step))


_RELEASING = Words(
    en="We are asking the acquirer to release whatever it holds, until it confirms.",
    da="Vi beder indløseren frigive, hvad den holder, til den bekræfter.",
)
_SENDING = Words(
    en="The acquirer has not confirmed it. We send it again.", da="Indløseren har ikke bekræftet. Vi sender igen."
)


def _notified(step: Step) -> Sentence:
    if step.state == "DELIVERED":
        words = Words(en="Your shop was told, and confirmed it.", da="Din butik fik besked og bekræftede.")
        return Sentence(at=step.at, id=step.id, tone="good", words=words)
    if step.state == "FAILED":
        words = Words(
            en="Your shop could not be told. We have stopped trying.",
            da="Din butik kunne ikke få besked. Vi er stoppet.",
        )
        return Sentence(at=step.at, id=step.id, tone="bad", words=words, more=_heard(step))
    if not step.tries:
        words = Words(en="Your shop is about to be told.", da="Din butik er ved at få besked.")
        return Sentence(at=step.at, id=step.id, tone="wait", words=words)
    words = Words(
        en="Your shop could not be told yet. We keep trying.",
        da="Din butik kunne ikke få besked endnu. Vi prøver igen.",
    )
    return Sentence(at=step.at, id=step.id, tone="wait", words=words, more=_heard(step))


def _heard(step: Step) -> Words:
    """What the shop's server said, and when it is asked again."""
    if step.http_status is None:
        first = Words(en="Its server did not answer.", da="Dens server svarede ikke.")
    else:
        first = Words(en=f"Its server answered {step.http_status}.", da=f"Dens server svarede {step.http_status}.")
    then = _next(step) if step.state == "PENDING" else None
    return first if then is None else Words(en=f"{first.en} {then.en}", da=f"{first.da} {then.da}")


def _next(step: Step) -> Words | None:
    if step.next_at is None:
        return None
    en, da = told_in(_EN).moment(step.next_at), told_in(_DA).moment(step.next_at)
    return Words(en=f"Next attempt: {en}.", da=f"Næste forsøg: {da}.")


def _card(step: Step) -> Words | None:
    if not step.card:
        return None
    return Words(en=f"Card ending {step.card}.", da=f"Kort, der ender på {step.card}.")


def _code(step: Step) -> Words | None:
    code = step.response_code
    return Words(en=f"Response code {code}.", da=f"Svarkode {code}.") if code else None


def _of(step: Step) -> Money:
    assert step.amount is not None  # noqa: S101 - these steps have one
    return step.amount


_TELL: dict[Told, Callable[[Step], Sentence]] = {
    Told.CHECKOUT: _checkout,
    Told.SECURE: _secure,
    Told.EARLIER: _earlier,
    Told.ATTEMPT: _attempt,
    Told.ACTION: _action,
    Told.OWED: _owed,
    Told.NOTIFICATION: _notified,
}
