"""The terms of use: what a customer, partner or member of the public agrees to (LAW-1). The places where data is
handled are read from the declarations, so that whoever agrees to a version agrees to these (PLACE-1)."""

from ippgateway.privacy.papers.common import in_places
from ippgateway.privacy.papers.paper import Entry, Fact, Paper, Section
from ippgateway.privacy.policy import STORED_IN, People, places_of, receiving
from ippgateway.privacy.vocabulary import Words

_WHERE = Words(en="Where", da="Hvor")


def terms_paper() -> Paper:
    """The page."""
    return Paper(
        key="terms", title=Words(en="Terms of use", da="Vilkår"), sections=(*_AGREEMENT, _places(), *_AFTER)
    )  # fmt: skip


def _places() -> Section:
    ours, cards = in_places(STORED_IN), in_places(places_of(People.PAYERS))
    named = {each.key: each for people in (People.USERS, People.PAYERS) for each in receiving(people)}
    return Section(
        key="places", title=Words(en="Where data is handled", da="Hvor data behandles"),
        texts=(
            Words(
                en="Using the gateway means agreeing that data about you and about your payers may be handled outside "
                f"your country and theirs. We store it in {ours.en}. Card payments are handled in {cards.en}. "
                "Who receives any of it, and where, stands below.",
                da="At bruge gatewayen er at godtage, at data om dig og dine betalere kan blive behandlet uden for dit "
                f"og deres eget land. Vi gemmer dem i {ours.da}. Kortbetalinger behandles i {cards.da}. Hvem der får "
                "noget af det, og hvor, står nedenfor.",
            ),
            Words(
                en="Your agreement is on record with the version of these terms. It is never itself what makes a "
                "transfer lawful: for that the law wants a tool and measures of protection, and without them on record "
                "the program refuses the hand-over.",
                da="Din accept er noteret med vilkårenes udgave. Den er aldrig i sig selv det, der gør en overførsel "
                "lovlig: det kræver et grundlag i loven og beskyttelse, og er de ikke noteret, afviser programmet at "
                "give noget videre.",
            ),
        ),
        entries=tuple(
            Entry(key=key, title=each.words, facts=(Fact(name=_WHERE, says=(in_places(each.places),)),))
            for key, each in sorted(named.items())
        ),
    )  # fmt: skip


_AGREEMENT = (
    Section(key="who", title=Words(en="Between whom", da="Mellem hvem"), texts=(
        Words(
            en="These terms are between {operator} (we) and whoever opens an account (you): a shop, a partner, a "
            "reseller, or a person. Whoever opens one for a company has to be allowed to.",
            da="Vilkårene gælder mellem {operator} (vi) og den, der opretter en konto (du): en butik, en partner, en "
            "forhandler eller en person. Den, der opretter en for en virksomhed, skal have lov til det.",
        ),
    )),
    Section(key="service", title=Words(en="What you get", da="Hvad du får"), texts=(
        Words(
            en="A gateway that takes card payments for you and carries them to your acquirer, consoles to see them in, "
            "and interfaces for programs. A new account begins in the sandbox, where no money moves.",
            da="En gateway, der tager imod kortbetalinger for dig og fører dem til din indløser, konsoller at se dem "
            "i og grænseflader til programmer. En ny konto begynder i sandkassen, hvor der ikke flyttes penge.",
        ),
        Words(
            en="An outcome that we don't know is told as unknown, never as failed, and we find it out for you.",
            da="Et udfald, vi ikke kender, kaldes ukendt, aldrig mislykket, og vi finder ud af det for dig.",
        ),
    )),
    Section(key="yours", title=Words(en="What you owe", da="Hvad du skylder"), texts=(
        Words(
            en="Keep keys and passwords to yourself; what is done with them counts as yours until you tell us "
            "otherwise. Use the service for your own lawful trade, don't test its walls without asking, and never send "
            "us a card number in any other way than the one made for it.",
            da="Hold nøgler og adgangskoder for dig selv; det, der gøres med dem, regnes for dit, til du siger andet. "
            "Brug tjenesten til din egen lovlige handel, prøv ikke dens mure af uden at spørge, og send os aldrig et "
            "kortnummer på anden måde end den, der er lavet til det.",
        ),
        Words(
            en="You tell your payers that we handle their payments for you. The payment page does it for you.",
            da="Du fortæller dine betalere, at vi håndterer deres betalinger for dig. Betalingssiden gør det for dig.",
        ),
    )),
    Section(key="data", title=Words(en="Data", da="Data"), texts=(
        Words(
            en="The privacy policy says what we do with data about people, and the page on processors what we owe a "
            "shop about its payers. Both are part of these terms.",
            da="Privatlivspolitikken siger, hvad vi gør med data om mennesker, og siden om databehandlere, hvad vi "
            "skylder en butik om dens betalere. Begge hører til vilkårene.",
        ),
        Words(
            en="We never sell data about people, and marketing is no part of this agreement: it needs a yes of its "
            "own, and saying no costs you nothing.",
            da="Vi sælger aldrig data om mennesker, og reklame er ikke en del af aftalen: det kræver et ja for sig, og "
            "et nej koster dig intet.",
        ),
    )),
)  # fmt: skip
_AFTER = (
    Section(key="end", title=Words(en="How it ends", da="Hvordan det slutter"), texts=(
        Words(
            en="You can close your account whenever you like. We can end it with thirty days' notice, or at once when "
            "the law, a card scheme or an attack leaves no choice, and then we say why. You take your data with you.",
            da="Du kan lukke din konto, når du vil. Vi kan opsige den med tredive dages varsel, eller straks, når "
            "loven, et kortselskab eller et angreb ikke giver noget valg, og så siger vi hvorfor. Du tager dine data "
            "med.",
        ),
    )),
    Section(key="liability", title=Words(en="What we answer for", da="Hvad vi svarer for"), texts=(
        Words(
            en="We answer for what we do wrong, by the rules of Danish law. Nothing here takes away a right that the "
            "law gives you as a consumer or as a person whose data it is.",
            da="Vi svarer for det, vi gør forkert, efter dansk rets regler. Intet her fratager dig en ret, som loven "
            "giver dig som forbruger eller som den, dataene handler om.",
        ),
    )),
    Section(key="changes", title=Words(en="Changes", da="Ændringer"), texts=(
        Words(
            en="When these terms change, every user gets a letter ahead of the day, the old and the new stand beside "
            "each other on the page of changes, and the console asks for your yes. Which version you accepted, and "
            "when, is on record, and you can see it.",
            da="Når vilkårene ændres, får alle brugere et brev før dagen, det gamle og det nye står ved siden af "
            "hinanden på siden om ændringer, og konsollen spørger om dit ja. Hvilken udgave du har godtaget, og "
            "hvornår, er noteret, og du kan se det.",
        ),
    )),
    Section(key="law", title=Words(en="Law and courts", da="Lov og domstole"), texts=(
        Words(
            en="Danish law applies, and with it the law of the European Union. Disputes go to the Danish courts; a "
            "consumer may go to those at home. About data you may complain to Datatilsynet, the Danish data protection "
            "authority, at any time.",
            da="Dansk ret gælder og med den EU-retten. Tvister hører under de danske domstole; en forbruger kan gå til "
            "dem, hvor de bor. Om data kan du altid klage til Datatilsynet.",
        ),
    )),
)  # fmt: skip
