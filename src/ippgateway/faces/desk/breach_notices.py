"""Drafts of what is told about a breach: to the authority, with the contents of GDPR Article 33(3), and to the persons
concerned, with those of Article 34(2). Whoever sends one reads it first; what is missing stands between brackets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ippgateway.domains.registers.schemas import BreachView, Clock
from ippgateway.faces.pages.language import Language
from ippgateway.faces.pages.moments import told_in
from ippgateway.privacy.vocabulary import Words

_Say = Callable[[Words], str]

_MISSING = Words(en="[to be written]", da="[skal skrives]")
_NOT_COUNTED = Words(en="[not counted yet]", da="[ikke talt endnu]")

_TO_AUTHORITY = Words(
    en="Notification of a personal data breach to Datatilsynet (GDPR Article 33)",
    da="Anmeldelse af brud på persondatasikkerheden til Datatilsynet (databeskyttelsesforordningens artikel 33)",
)
_NATURE = Words(en="1. Nature of the breach", da="1. Bruddets karakter")
_KINDS = Words(en="Categories of personal data", da="Kategorier af personoplysninger")
_PERSONS = Words(en="Approximate number of persons", da="Omtrentligt antal personer")
_RECORDS = Words(en="Approximate number of records", da="Omtrentligt antal registreringer")
_AWARE = Words(en="We became aware of it", da="Vi blev bekendt med det")
_TIME = Words(en="It lasted", da="Det varede")
_CONTACT = Words(en="2. Where more can be learnt", da="2. Hvor der kan fås flere oplysninger")
_CONSEQUENCES = Words(en="3. Likely consequences", da="3. Sandsynlige konsekvenser")
_MEASURES = Words(en="4. Measures taken and proposed", da="4. Trufne og foreslåede foranstaltninger")
_DELAY = Words(en="5. Why it comes after 72 hours", da="5. Hvorfor den kommer efter 72 timer")
_PHASES = Words(
    en="What is not known yet follows in phases, without undue further delay (Article 33(4)).",
    da="Det, der ikke vides endnu, følger trinvist uden unødig yderligere forsinkelse (artikel 33, stk. 4).",
)
_DEAR = Words(en="Something has happened to data about you", da="Der er sket noget med oplysninger om dig")
_WHAT = Words(en="What has happened", da="Hvad der er sket")
_WHICH = Words(en="Which data it concerns", da="Hvilke oplysninger det angår")
_MEANS = Words(en="What it can mean for you", da="Hvad det kan betyde for dig")
_DONE = Words(en="What we have done, and what you can do", da="Hvad vi har gjort, og hvad du kan gøre")
_ASK = Words(en="Whom you can ask", da="Hvem du kan spørge")
_COMPLAIN = Words(
    en="You can complain to Datatilsynet, the Danish authority: www.datatilsynet.dk",
    da="Du kan klage til Datatilsynet: www.datatilsynet.dk",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class From:
    """Who tells it, and where to ask."""

    operator: str
    contact: str


def to_authority(
    breach: BreachView, kinds: Mapping[str, Words], sender: From, language: Language, now: datetime
) -> str:
    """The notice to the authority. Reasons for the delay stand in it when it comes late."""
    say, said = _saying(language), breach.said
    late = breach.clock(now) in (Clock.LATE, Clock.OVERDUE)
    parts = [
        say(_TO_AUTHORITY), sender.operator,
        f"{say(_NATURE)}\n{_text(breach, 'nature', say)}\n{_text(breach, 'effects', say, needed=False)}".rstrip(),
        "\n".join((
            f"{say(_AWARE)}: {told_in(language).moment(said.aware_at)}", *_lasted(breach, language),
            f"{say(_KINDS)}: {_named(breach, kinds, say)}",
            f"{say(_PERSONS)}: {_number(breach.persons, say)}", f"{say(_RECORDS)}: {_number(breach.records, say)}",
        )),
        f"{say(_CONTACT)}\n{sender.operator}, {sender.contact}",
        f"{say(_CONSEQUENCES)}\n{_text(breach, 'consequences', say)}",
        f"{say(_MEASURES)}\n{_text(breach, 'measures', say)}",
        *([f"{say(_DELAY)}\n{_text(breach, 'late', say)}"] if late else []),
        say(_PHASES),
    ]  # fmt: skip
    return "\n\n".join(parts)


def to_persons(breach: BreachView, kinds: Mapping[str, Words], sender: From, language: Language) -> str:
    """The letter to the persons concerned, in plain words and about nothing else (Article 34(2))."""
    say = _saying(language)
    parts = [
        say(_DEAR), f"{say(_WHAT)}\n{_text(breach, 'nature', say)}",
        f"{say(_WHICH)}\n{_named(breach, kinds, say)}",
        f"{say(_MEANS)}\n{_text(breach, 'consequences', say)}", f"{say(_DONE)}\n{_text(breach, 'measures', say)}",
        f"{say(_ASK)}\n{sender.operator}, {sender.contact}", say(_COMPLAIN),
    ]  # fmt: skip
    return "\n\n".join(parts)


def _saying(language: Language) -> _Say:
    return lambda words: words.da if language is Language.DA else words.en


def _text(breach: BreachView, key: str, say: _Say, *, needed: bool = True) -> str:
    return breach.said.texts.get(key, "") or (say(_MISSING) if needed else "")


def _named(breach: BreachView, kinds: Mapping[str, Words], say: _Say) -> str:
    return "; ".join(say(kinds[key]) if key in kinds else key for key in breach.said.categories)


def _number(count: int | None, say: _Say) -> str:
    return say(_NOT_COUNTED) if count is None else str(count)


def _lasted(breach: BreachView, language: Language) -> tuple[str, ...]:
    said, at = breach.said, told_in(language).moment
    if said.began_at is None:
        return ()
    ends = at(said.ended_at) if said.ended_at else "…"
    return (f"{_saying(language)(_TIME)}: {at(said.began_at)} – {ends}",)
