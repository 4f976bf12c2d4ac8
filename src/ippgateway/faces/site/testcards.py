"""Test cards, told in words. A card that nobody has words for yet is shown by its own name."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from ippgateway.privacy.vocabulary import Words

APPROVED = Words(en="Approved", da="Godkendt")
BANK = Words(en="The bank's check of the cardholder", da="Bankens kontrol af kortholderen")
DECLINED = Words(en="Declined", da="Afvist")
AFTERWARDS = Words(en="Approved, and then", da="Godkendt, og siden")
LINE = Words(en="Trouble on the line", da="Fejl på forbindelsen")

_TOLD: dict[str, tuple[Words, Words]] = {
    "approve_visa": (APPROVED, Words(en="Visa", da="Visa")),
    "approve_mastercard": (APPROVED, Words(en="Mastercard", da="Mastercard")),
    "approve_amex": (APPROVED, Words(en="American Express", da="American Express")),
    "approve_discover": (APPROVED, Words(en="Discover", da="Discover")),
    "approve_jcb": (APPROVED, Words(en="JCB", da="JCB")),
    "approve_diners": (APPROVED, Words(en="Diners Club", da="Diners Club")),
    "approve_dankort": (APPROVED, Words(en="Dankort", da="Dankort")),
    "frictionless": (BANK, Words(en="confirmed without a question", da="bekræftet uden spørgsmål")),
    "authentication_refused": (BANK, Words(en="not confirmed: declined", da="ikke bekræftet: afvist")),
    "challenge": (BANK, Words(en="asks for a code: `1234` confirms", da="beder om en kode: `1234` bekræfter")),
    "challenge_unfinished": (BANK, Words(en="asks, and is never heard of again", da="spørger og svarer aldrig")),
    "challenge_unavailable": (BANK, Words(en="asks, and then can't tell", da="spørger og kan så ikke sige det")),
    "decline_do_not_honour": (DECLINED, Words(en="no reason given", da="uden begrundelse")),
    "decline_insufficient_funds": (DECLINED, Words(en="not enough money", da="ikke dækning")),
    "decline_expired_card": (DECLINED, Words(en="card has expired", da="kortet er udløbet")),
    "decline_lost_card": (DECLINED, Words(en="card reported lost", da="kortet er meldt tabt")),
    "decline_stolen_card": (DECLINED, Words(en="card reported stolen", da="kortet er meldt stjålet")),
    "decline_suspected_fraud": (DECLINED, Words(en="fraud suspected", da="mistanke om svindel")),
    "decline_limit_exceeded": (DECLINED, Words(en="over the card's limit", da="over kortets grænse")),
    "decline_restricted": (DECLINED, Words(en="card is restricted", da="kortet er begrænset")),
    "decline_security_code": (DECLINED, Words(en="wrong security code", da="forkert kontrolkode")),
    "decline_not_permitted": (DECLINED, Words(en="not allowed with this card", da="ikke tilladt med kortet")),
    "decline_closed_account": (DECLINED, Words(en="account is closed", da="kontoen er lukket")),
    "decline_issuer_unavailable": (DECLINED, Words(en="bank can't be reached", da="banken kan ikke nås")),
    "decline_authentication_required": (DECLINED, Words(en="bank wants its check", da="banken kræver sin kontrol")),
    "capture_refused": (AFTERWARDS, Words(en="capture refused", da="hævning afvist")),
    "refund_refused": (AFTERWARDS, Words(en="refund refused", da="tilbagebetaling afvist")),
    "capture_silent": (AFTERWARDS, Words(en="capture not answered at first", da="hævning først uden svar")),
    "refund_silent": (AFTERWARDS, Words(en="refund not answered at first", da="tilbagebetaling først uden svar")),
    "increment_declined": (AFTERWARDS, Words(en="larger amount declined", da="forhøjelse afvist")),
    "timeout": (LINE, Words(en="no answer: unknown, then reversed", da="intet svar: ukendt, så tilbageført")),
    "late": (LINE, Words(en="answer too late: reversed", da="svar for sent: tilbageført")),
    "twice": (LINE, Words(en="answered twice: counted once", da="to svar: talt én gang")),
}

_FOURS = (4, 8, 12, 16)
_GROUPING = {15: (4, 10), 14: (4, 10)}  # American Express and Diners Club print theirs so


@dataclass(frozen=True, kw_only=True, slots=True)
class SandboxCard:
    """A card: what it does, and its number in the groups that are printed on cards."""

    outcome: str
    words: Words
    number: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Cards that do the same kind of thing."""

    words: Words
    cards: tuple[SandboxCard, ...]


def grouped(cards: Mapping[str, str]) -> tuple[Group, ...]:
    """The cards of `cards` (outcome -> number), in groups, every one of them once."""
    groups: dict[Words, list[SandboxCard]] = {each: [] for each in (APPROVED, BANK, LINE, AFTERWARDS, DECLINED)}
    for outcome, number in cards.items():
        group, words = _TOLD.get(outcome) or (LINE, Words(en=outcome, da=outcome))
        groups[group].append(SandboxCard(outcome=outcome, words=words, number=_printed(number)))
    return tuple(Group(words=words, cards=tuple(found)) for words, found in groups.items() if found)


def _printed(number: str) -> tuple[str, ...]:
    ends = [0, *(e for e in _GROUPING.get(len(number), _FOURS) if e < len(number)), len(number)]
    return tuple(number[a:b] for a, b in pairwise(ends))
