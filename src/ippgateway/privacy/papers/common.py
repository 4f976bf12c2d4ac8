"""Words that several papers share."""

from collections.abc import Iterable

from ippgateway.privacy.papers.paper import Fact
from ippgateway.privacy.vocabulary import Basis, Place, Recipient, Term, Words

WHY = Words(en="Why", da="Hvorfor")
HOW_LONG = Words(en="How long", da="Hvor længe")
RECEIVES = Words(en="Who gets it, and where", da="Hvem får det, og hvor")
SEALED = Words(en="Locked", da="Låst")
NOBODY = Words(en="nobody outside", da="ingen uden for os")

BASES: dict[Basis, Words] = {
    Basis.CONSENT: Words(en="your consent", da="dit samtykke"),
    Basis.CONTRACT: Words(en="the contract", da="aftalen"),
    Basis.LEGAL_OBLIGATION: Words(en="a duty by law", da="en pligt efter loven"),
    Basis.LEGITIMATE_INTEREST: Words(en="a legitimate interest", da="en legitim interesse"),
}
PLACES: dict[str, Words] = {
    "EU": Words(en="the European Union", da="Den Europæiske Union"),
    "US": Words(en="the United States", da="USA"),
    "elsewhere": Words(en="other countries", da="andre lande"),
}


def in_places(places: Iterable[Place]) -> Words:
    """Places in words, ours first."""
    found = [PLACES[place.value] for place in sorted(places, key=list(Place).index)]
    return Words(en=" or ".join(each.en for each in found), da=" eller ".join(each.da for each in found))


def received_by(recipients: Iterable[Recipient]) -> Fact:
    """Who gets something."""
    told = tuple(_with(each.words, in_places(each.places)) for each in recipients)
    return Fact(name=RECEIVES, says=told or (NOBODY,))


def kept_for(terms: Iterable[Term]) -> Fact:
    """How long something is kept, with the law that says so."""
    return Fact(name=HOW_LONG, says=tuple(
        Words(en=f"{term.words.en} ({term.statute})", da=f"{term.words.da} ({term.statute})") if term.statute
        else term.words for term in terms
    ))  # fmt: skip


def _with(words: Words, more: Words) -> Words:
    return Words(en=f"{words.en} ({more.en})", da=f"{words.da} ({more.da})")


def because(words: Words, basis: Basis) -> Words:
    """A purpose with what makes it lawful."""
    return _with(words, BASES[basis])
