"""The balancing tests: why a legitimate interest goes before the person's own, and how far (GDPR Article 6(1)(f)).

Each purpose on that basis has one, which says whose interest it is, why it can't be reached with less, what it costs
the people concerned, what protects them, and how they object (BASIS-2, Article 21(1)). A purpose without one stops the
program at import (`require_balanced`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ippgateway.privacy.catalogue import ACCESS_RECORDING, ACCESS_RECORDS, AUDIT_REVIEW, AUTHENTICATE, STAFF_ACCOUNT
from ippgateway.privacy.vocabulary import Basis, Purpose, Words


class NotBalanced(TypeError):
    """A purpose claims a legitimate interest that nobody has weighed; the program does not start."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BalancingTest:
    """One interest, weighed. `promise`: the interest of the policy that it serves; `weighed_on`: when somebody last
    did it; `objection`: what follows when a person objects."""

    promise: str
    weighed_on: date
    whose: Words
    need: Words
    balance: Words
    safeguards: tuple[Words, ...]
    objection: Words


_FIRST = date(2026, 11, 30)

_ASK_WITHOUT_ACCOUNT = Words(
    en="Write to us, or ask on the page about your own data. We stop unless we can show grounds that weigh more than "
    "yours; a service that can't tell who calls can't be used by whoever objects.",
    da="Skriv til os, eller spørg på siden om dine egne data. Vi holder op, medmindre vi kan påvise grunde, der vejer "
    "tungere end dine; en tjeneste, der ikke kan se, hvem der kalder, kan den, der gør indsigelse, ikke bruge.",
)
_ASK_VISITS = Words(
    en="Write to us, or ask on the page about your own data. We erase the record of your visits unless it is part of "
    "an attack that is being looked into.",
    da="Skriv til os, eller spørg på siden om dine egne data. Vi sletter noterne om dine besøg, medmindre de hører til "
    "et angreb, der er ved at blive undersøgt.",
)
_ASK_EMPLOYED = Words(
    en="Tell whoever leads the desk. The account can be closed; what it did for others stays on record.",
    da="Sig det til lederen af medarbejderne. Kontoen kan lukkes; det, den har gjort for andre, bliver stående.",
)

BALANCED: Mapping[Purpose, BalancingTest] = {
    AUTHENTICATE: BalancingTest(
        promise="BASIS-7", weighed_on=_FIRST,
        whose=Words(
            en="Ours, and that of everybody who has something here: nobody but its owner should come in.",
            da="Vores, og alles, som har noget her: ingen andre end ejeren skal kunne komme ind.",
        ),
        need=Words(
            en="Before a key, a password or a payment link is recognised nobody knows whose it is. Looking up its code "
            "is the least that can be done; no name or address is read for it.",
            da="Før en nøgle, en adgangskode eller et betalingslink er genkendt, ved ingen, hvis det er. At slå dets "
            "kode op er det mindste, der kan gøres; intet navn og ingen adresse bliver læst til det.",
        ),
        balance=Words(
            en="Whoever calls expects to be recognised and calls for that. What is looked at says nothing about them "
            "to anybody. Counting failures by a keyed code of name and network lasts a day.",
            da="Den, der kalder, venter at blive genkendt og kalder derfor. Det, der ses på, siger intet om dem til "
            "nogen. Mislykkede forsøg tælles ved en nøglekode for navn og netværk i et døgn.",
        ),
        safeguards=(
            Words(en="The database lets this purpose see look-up columns and no other.",
                  da="Databasen lader formålet se opslagskolonner og ingen andre."),
            Words(en="Passwords are hashed; keys and links are stored as codes.",
                  da="Adgangskoder er hashede; nøgler og links er gemt som koder."),
            Words(en="Failures are forgotten after a day.", da="Mislykkede forsøg glemmes efter et døgn."),
        ),
        objection=_ASK_WITHOUT_ACCOUNT,
    ),
    STAFF_ACCOUNT: BalancingTest(
        promise="DISC-1", weighed_on=_FIRST,
        whose=Words(
            en="Ours, and that of everybody whose data we hold: only people we employ, and whom we know, come to the "
            "desk.",
            da="Vores, og alles, hvis data vi har: kun folk, vi har ansat og kender, kommer ind bag skranken.",
        ),
        need=Words(
            en="An account has to say who somebody is, for whom they work and from which country, or nobody could see "
            "who did what, or keep a rule about places.",
            da="En konto må sige, hvem nogen er, for hvem de arbejder og fra hvilket land; ellers kunne ingen se, hvem "
            "der gjorde hvad, eller holde en regel om steder.",
        ),
        balance=Words(
            en="It is work, it is told beforehand, and it is about what the account does and not about the person. "
            "The desk can't see customers' rows, and other processes can't see our staff.",
            da="Det er arbejde, det er sagt på forhånd, og det handler om, hvad kontoen gør, og ikke om mennesket. "
            "Skranken kan ikke se kundernes rækker, og andre processer kan ikke se vores medarbejdere.",
        ),
        safeguards=(
            Words(en="Name, address and employer are sealed under the employee's own key.",
                  da="Navn, adresse og arbejdsgiver er forseglet med medarbejderens egen nøgle."),
            Words(en="The process that sees them sees nobody else.", da="Den proces, der ser dem, ser ingen andre."),
            Words(en="What happened at the door is forgotten after 180 days.",
                  da="Det, der skete ved døren, glemmes efter 180 dage."),
        ),
        objection=_ASK_EMPLOYED,
    ),
    AUDIT_REVIEW: BalancingTest(
        promise="BASIS-17", weighed_on=_FIRST,
        whose=Words(
            en="Ours, and that of whoever was looked at: an act of staff or of the system that nobody can trace is one "
            "that nobody answers for.",
            da="Vores, og deres, som blev set på: en handling, ingen kan spore, er der ingen, der står til ansvar for.",
        ),
        need=Words(
            en="A record that can be altered proves nothing, so it is a chain, and it is kept. It holds ids and words "
            "of ours and no name, because that is enough.",
            da="En note, der kan ændres, beviser intet; derfor er den en kæde, og derfor gemmes den. Den har numre og "
            "vores egne ord og intet navn, for det er nok.",
        ),
        balance=Words(
            en="It concerns what somebody did in our name, with other people's data at hand. That weighs more than "
            "their wish to leave no trace of it.",
            da="Det handler om, hvad nogen gjorde i vores navn med andres data i hånden. Det vejer mere end ønsket om "
            "ikke at efterlade spor.",
        ),
        safeguards=(
            Words(en="Ids alone; whose they are is sealed elsewhere and goes with the account.",
                  da="Kun numre; hvis de er, er forseglet et andet sted og forsvinder med kontoen."),
            Words(en="Read at the desk alone, by the role that reviews.",
                  da="Læses kun bag skranken, af den rolle, der efterser."),
        ),
        objection=_ASK_EMPLOYED,
    ),
    ACCESS_RECORDING: BalancingTest(
        promise="BASIS-15", weighed_on=_FIRST,
        whose=Words(
            en="Ours, and that of everybody who pays or has an account here: attacks and faults have to be found.",
            da="Vores, og alles, som betaler eller har en konto her: angreb og fejl skal kunne findes.",
        ),
        need=Words(
            en="Attacks are often noticed weeks later. Without the address, the time and the kind of browser nobody "
            "could tell one from a busy afternoon, or say who was affected.",
            da="Angreb opdages tit først uger senere. Uden adresse, tidspunkt og slags browser kunne ingen skelne et "
            "fra en travl eftermiddag eller sige, hvem der blev ramt.",
        ),
        balance=Words(
            en="Every server on the internet sees as much; we write down less. There is no cookie and no recognising "
            "of a visitor a second time, pages are named in our words, and whoever looks at their own data leaves no "
            "record.",
            da="Enhver server på internettet ser lige så meget; vi noterer mindre. Der er ingen cookie og ingen "
            "genkendelse af en gæst en anden gang, sider nævnes med vores ord, og den, der ser på sine egne data, "
            "efterlader ingen note.",
        ),
        safeguards=(
            Words(en="Whoever writes the records can neither read nor change one.",
                  da="Den, der skriver noterne, kan hverken læse eller ændre en."),
            Words(en="Kept for ninety days.", da="Gemmes i halvfems dage."),
            Words(en="Never used for marketing, and given to nobody.",
                  da="Bruges aldrig til reklame og gives ikke til nogen."),
        ),
        objection=_ASK_VISITS,
    ),
    ACCESS_RECORDS: BalancingTest(
        promise="BASIS-15", weighed_on=_FIRST,
        whose=Words(
            en="Ours, and that of whoever was attacked: somebody has to be able to look.",
            da="Vores, og deres, som blev angrebet: nogen må kunne se efter.",
        ),
        need=Words(
            en="A record that nobody may read protects nobody. It is read when there is a reason, not as a habit.",
            da="En note, ingen må læse, beskytter ingen. Den læses, når der er en grund, ikke af vane.",
        ),
        balance=Words(
            en="What can be read is what was written: an address and a time, for ninety days. Companies see the calls "
            "of their own programs, people see their own visits.",
            da="Det, der kan læses, er det, der blev skrevet: en adresse og et tidspunkt, i halvfems dage. "
            "Virksomheder ser deres egne programmers kald, og folk ser deres egne besøg.",
        ),
        safeguards=(
            Words(en="Row security shows each tenant its own records alone.",
                  da="Databasens rækkesikkerhed viser hver kun sine egne noter."),
            Words(en="Whoever reads can write and remove nothing.",
                  da="Den, der læser, kan intet skrive eller fjerne."),
        ),
        objection=_ASK_VISITS,
    ),
}  # fmt: skip


def require_balanced(purposes: Iterable[Purpose]) -> None:
    """Whether each purpose on a legitimate interest has its test. Raises NotBalanced."""
    missing = [p.key for p in purposes if p.basis is Basis.LEGITIMATE_INTEREST and p not in BALANCED]
    if missing:
        raise NotBalanced(f"nobody has weighed the interest in {', '.join(missing)}: write it down in BALANCED")
