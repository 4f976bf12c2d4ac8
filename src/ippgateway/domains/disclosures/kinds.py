"""What a request of each kind must say before anybody may approve it (DISC-3 to DISC-10). One place, both languages.

The contents follow the promises and the law: for a rights holder's notice Article 16(2) of the Digital Services Act
(standards, A.7), for an authority the instrument, its scope and its deadline (DISC-9), for a suspected crime a referral
to the police before anything else (DISC-6), for a purchaser the part concerned and every adviser by name (DISC-5).
"""

from dataclasses import dataclass
from enum import StrEnum

from ippgateway.privacy.catalogue import (
    ADVISER,
    AUTHORITY,
    BY_LAW,
    INVESTIGATOR,
    OPPONENT,
    PURCHASER,
    REGULATOR,
    RIGHTS_HOLDER,
)
from ippgateway.privacy.vocabulary import Recipient, Words

LONGEST = 2_000


class Form(StrEnum):
    """How something is entered."""

    LINE = "line"
    TEXT = "text"
    YES = "yes"
    """It must be confirmed; anything but yes is no answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """One thing that a request says."""

    key: str
    words: Words
    form: Form = Form.TEXT
    hint: Words | None = None
    needed: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of request. `pseudonymised`: what identifies people goes out as codes unless somebody says why not;
    `holds`: erasure waits from the day it is entered; `silent`: the people concerned are not told unless somebody
    decides so; `deadline`: it says until when it must be answered; `in_spite_of_restriction`: it goes out although
    somebody has their data restricted, as legal claims, the rights of others and duties by law do (GDPR Article
    18(2))."""

    key: str
    recipient: Recipient
    words: Words
    lead: Words
    contents: tuple[Content, ...]
    pseudonymised: bool = False
    holds: bool = False
    silent: bool = False
    deadline: bool = False
    in_spite_of_restriction: bool = True

    @property
    def needed(self) -> tuple[Content, ...]:
        """What it can't do without."""
        return tuple(each for each in self.contents if each.needed)


WHO = Content(
    key="who", form=Form.LINE, words=Words(en="Who asks: name, office, how to reach them",
                                           da="Hvem der beder om det: navn, tjenestested, kontakt"),
)  # fmt: skip
REASON = Content(
    key="reason",
    words=Words(en="Why this is needed, and why less would not do",
                da="Hvorfor det er nødvendigt, og hvorfor mindre ikke er nok"),
)  # fmt: skip
GROUND = Content(
    key="ground", form=Form.LINE,
    words=Words(en="The legal basis, by article or paragraph", da="Retsgrundlaget, med artikel eller paragraf"),
)  # fmt: skip
UNHELD = Content(
    key="unheld", needed=False,
    words=Words(en="Why it may be erased meanwhile, if it is not held",
                da="Hvorfor det må slettes imens, hvis det ikke bevares"),
)  # fmt: skip

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            key="authority", recipient=AUTHORITY, holds=True, deadline=True,
            words=Words(en="A request by a court, the police or another authority",
                        da="En anmodning fra en domstol, politiet eller en anden myndighed"),
            lead=Words(en="Only what the instrument names goes out. The people are told unless it is forbidden.",
                       da="Kun det, kravet nævner, udleveres. Personerne får besked, medmindre det er forbudt."),
            contents=(
                WHO,
                Content(key="instrument", form=Form.LINE,
                        words=Words(en="The instrument: order, date, number", da="Kravet: kendelse, dato, nummer")),
                GROUND,
                Content(key="scope", words=Words(en="What it asks for, in its own words",
                                                 da="Hvad der kræves, med kravets egne ord")),
                Content(key="verified", words=Words(en="How we made sure that it is genuine",
                                                    da="Hvordan vi sikrede os, at det er ægte")),
                Content(key="silence", needed=False,
                        words=Words(en="Who forbids us to tell, and on which basis",
                                    da="Hvem der forbyder os at fortælle det, og med hvilken hjemmel")),
                UNHELD,
            ),
        ),
        Kind(
            key="crime", recipient=INVESTIGATOR, holds=True, silent=True,
            words=Words(en="An alleged or suspected crime", da="En påstået eller mulig forbrydelse"),
            lead=Words(en="Whoever asks is referred to the police. Something else needs a reason that stands up.",
                       da="Den, der spørger, henvises til politiet. Alt andet kræver en grund, der holder."),
            contents=(
                WHO, GROUND,
                Content(key="alleged", words=Words(en="What is alleged, and what speaks for it",
                                                   da="Hvad der påstås, og hvad der taler for det")),
                Content(key="police", words=Words(en="Why it does not go to the police instead",
                                                  da="Hvorfor det ikke går til politiet i stedet")),
                REASON, UNHELD,
            ),
        ),
        Kind(
            key="rights_holder", recipient=RIGHTS_HOLDER,
            words=Words(en="A rights holder's notice", da="En anmeldelse fra en rettighedshaver"),
            lead=Words(en="A notice names the right, the place and the reason (DSA, Article 16). The member is told.",
                       da="En anmeldelse nævner retten, stedet og grunden (DSA, artikel 16). Medlemmet får besked."),
            contents=(
                WHO,
                Content(key="right", form=Form.LINE, words=Words(en="The right, and its proof or number",
                                                                 da="Retten og bevis eller nummer")),
                Content(key="location", form=Form.LINE, words=Words(en="The exact address of what infringes it",
                                                                    da="Den præcise adresse på krænkelsen")),
                Content(key="explanation", words=Words(en="Why it is illegal", da="Hvorfor det er ulovligt")),
                Content(key="good_faith", form=Form.YES,
                        words=Words(en="They state in good faith that it is accurate and complete",
                                    da="De erklærer i god tro, at det er korrekt og fuldstændigt")),
                Content(key="assessment", words=Words(en="Our assessment", da="Vores vurdering")),
            ),
        ),
        Kind(
            key="adviser", recipient=ADVISER, in_spite_of_restriction=False,
            words=Words(en="A professional adviser", da="En professionel rådgiver"),
            lead=Words(en="Named fields for a limited time, under a duty of secrecy.",
                       da="Bestemte felter i en begrænset tid, under tavshedspligt."),
            contents=(
                WHO,
                Content(key="engagement", form=Form.LINE, words=Words(en="The engagement, and their duty of secrecy",
                                                                      da="Opgaven og deres tavshedspligt")),
                REASON,
            ),
        ),
        Kind(
            key="purchaser", recipient=PURCHASER, pseudonymised=True, silent=True, in_spite_of_restriction=False,
            words=Words(en="A purchaser of the business", da="En køber af virksomheden"),
            lead=Words(en="The part concerned and no more, with codes in place of names.",
                       da="Den del, det drejer sig om, og ikke mere, med koder i stedet for navne."),
            contents=(
                WHO,
                Content(key="advisers", words=Words(en="Every adviser of theirs who will see it, by name",
                                                    da="Hver af deres rådgivere, der får det at se, ved navn")),
                Content(key="part", words=Words(en="The part of the business that is concerned",
                                                da="Den del af virksomheden, det drejer sig om")),
                Content(key="secrecy", form=Form.LINE,
                        words=Words(en="The agreement on secrecy, and when it is destroyed",
                                    da="Aftalen om tavshed, og hvornår det slettes")),
                Content(key="identified", needed=False,
                        words=Words(en="Why codes would not do, if names go out",
                                    da="Hvorfor koder ikke er nok, hvis navne udleveres")),
            ),
        ),
        Kind(
            key="own_rights", recipient=OPPONENT, holds=True,
            words=Words(en="Enforcing or defending our own rights", da="At håndhæve eller forsvare egne rettigheder"),
            lead=Words(en="The right or the risk is stated, and what proves it.",
                       da="Retten eller risikoen er angivet, og hvad der beviser den."),
            contents=(
                WHO, GROUND,
                Content(key="right", words=Words(en="The right to be enforced, or the risk to be addressed",
                                                 da="Retten, der skal håndhæves, eller risikoen, der skal imødegås")),
                REASON, UNHELD,
            ),
        ),
        Kind(
            key="regulator", recipient=REGULATOR,
            words=Words(en="A report to a regulator", da="En indberetning til en tilsynsmyndighed"),
            lead=Words(en="What a statute asks for, by its paragraph.", da="Det, en lov kræver, med paragraf."),
            contents=(WHO, GROUND, REASON),
        ),
        Kind(
            key="by_law", recipient=BY_LAW,
            words=Words(en="Somebody else whom a law names", da="En anden, som en lov nævner"),
            lead=Words(en="Only with the law, by its name and paragraph.", da="Kun med loven, ved navn og paragraf."),
            contents=(WHO, GROUND, REASON),
        ),
    )
}  # fmt: skip
