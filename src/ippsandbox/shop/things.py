"""What the shop sells, and which test cards it lists beside the till."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from ippsandbox.cards import DEMO_CARDS


class Said(NamedTuple):
    """The same in English and Danish, each written as an original."""

    en: str
    da: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """Something to buy. `drawing`: the macro that draws it; `price_minor`: hundredths of a krone."""

    slug: str
    name: Said
    about: Said
    price_minor: int

    @property
    def drawing(self) -> str:
        return self.slug


_THINGS = (
    Thing(
        slug="mug",
        name=Said("Mug, sea glaze", "Krus, havglasur"),
        about=Said("Holds coffee for one and warmth for two hands.", "Til kaffe for én og varme til to hænder."),
        price_minor=14_900,
    ),
    Thing(
        slug="bowl",
        name=Said("Bowl, white clay", "Skål, hvidt ler"),
        about=Said("For porridge, plums, or the keys by the door.", "Til grød, blommer eller nøglerne ved døren."),
        price_minor=22_500,
    ),
    Thing(
        slug="candlestick",
        name=Said("Candlestick, red clay", "Lysestage, rødler"),
        about=Said("One candle, from October on.", "Ét lys, fra oktober og frem."),
        price_minor=32_000,
    ),
    Thing(
        slug="vase",
        name=Said("Vase, tall", "Vase, høj"),
        about=Said("For a single branch that deserves it.", "Til en enkelt gren, der har fortjent det."),
        price_minor=124_950,
    ),
)

THINGS: dict[str, Thing] = {thing.slug: thing for thing in _THINGS}


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A test card: what it does, and its number in the groups that are printed on cards."""

    outcome: str
    words: Said
    number: str


_LISTED = {
    "approve_visa": Said("Visa: approved", "Visa: godkendt"),
    "approve_dankort": Said("Dankort: approved", "Dankort: godkendt"),
    "challenge": Said("The bank asks you first: the code is 1234", "Banken spørger dig først: koden er 1234"),
    "decline_insufficient_funds": Said("Declined: not enough money", "Afvist: ikke dækning"),
    "decline_security_code": Said("Declined: wrong security code", "Afvist: forkert kontrolkode"),
    "authentication_refused": Said("The bank does not know you: declined", "Banken genkender dig ikke: afvist"),
    "timeout": Said("No answer: nobody knows at first", "Intet svar: ingen ved det i første omgang"),
}


def _printed(number: str) -> str:
    cuts = [*range(0, len(number), 4), len(number)]
    return " ".join(number[a:b] for a, b in pairwise(cuts))


CARDS = tuple(Card(outcome=o, words=w, number=_printed(DEMO_CARDS[o])) for o, w in _LISTED.items())
