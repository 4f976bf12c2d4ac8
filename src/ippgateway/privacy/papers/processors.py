"""The list of processors and the agreement on processing (GDPR Article 28): what customers agree to, and who helps."""

from ippgateway.privacy.inventory import data_map
from ippgateway.privacy.papers.common import in_places
from ippgateway.privacy.papers.paper import Entry, Fact, Paper, Section
from ippgateway.privacy.vocabulary import Category, HeldAs, Recipient, Words

_WHERE = Words(en="Where", da="Hvor")
_WHAT = Words(en="What they get", da="Hvad de får")
_WHOSE = Words(en="For whom", da="For hvem")
_FOR_SHOPS = Words(en="for shops, about their payers", da="for butikker, om deres betalere")
_FOR_US = Words(en="for ourselves, about our own users", da="for os selv, om vores egne brugere")
_SHOP = "dpv:DataController"


def passed_on() -> dict[Recipient, dict[HeldAs, list[Category]]]:
    """Everybody who gets something by a declaration: what, and in which part we hold it."""
    found: dict[Recipient, dict[HeldAs, list[Category]]] = {}
    for database in data_map():
        for store in database.tables:
            for field in store.fields:
                for recipient in field.recipients:
                    kinds = found.setdefault(recipient, {}).setdefault(HeldAs(store.held_as), [])
                    if field.category is not None and field.category not in kinds:
                        kinds.append(field.category)
    return dict(sorted(found.items(), key=lambda each: each[0].key))


def processor_paper() -> Paper:
    """The page."""
    helping = {each: kinds for each, kinds in passed_on().items() if each.dpv != _SHOP}
    return Paper(
        key="processors", title=Words(en="Processors and processing", da="Databehandlere og databehandling"),
        sections=(
            Section(key="list", title=Words(en="Who helps us", da="Hvem der hjælper os"), texts=(
                Words(
                    en="These kinds of companies receive data from us, and only what stands beside them. Nobody else "
                    "does, because no other way out exists in the program. We store data in the European Union.",
                    da="Disse slags virksomheder får data fra os, og kun det, der står ud for dem. Det gør ingen "
                    "andre, for programmet har ingen anden vej ud. Vi gemmer data i Den Europæiske Union.",
                ),
                Words(
                    en="Outside the European Union nothing is handed over unless a transfer tool of the law is in "
                    "place and recorded, with measures beyond it.",
                    da="Uden for Den Europæiske Union gives intet videre, medmindre et af lovens overførselsgrundlag "
                    "er på plads og noteret, med ekstra forholdsregler.",
                ),
            ), entries=tuple(_entry(each, kinds) for each, kinds in helping.items())),
            Section(key="changes", title=Words(en="When the list changes", da="Når listen ændres"), texts=(
                Words(
                    en="A new kind of company is announced to every customer by letter at least thirty days before it "
                    "receives anything. A customer who objects can leave before that day, with their data and without "
                    "a fee.",
                    da="En ny slags virksomhed varsles over for alle kunder i et brev mindst tredive dage, før den får "
                    "noget. En kunde, der har indvendinger, kan opsige inden da, med sine data og uden gebyr.",
                ),
            )),
            Section(key="agreement", title=Words(en="What we owe a shop", da="Hvad vi skylder en butik"), texts=(
                Words(
                    en="About its payers a shop decides and we act for it. We handle their data only to take and "
                    "settle the shop's payments, as the shop tells us through the interface and the console, for as "
                    "long as the contract lasts. If a law wants more of us, we say so first, where the law lets us.",
                    da="Om sine betalere bestemmer butikken, og vi handler for den. Vi bruger deres data alene til at "
                    "tage imod og gøre butikkens betalinger op, som butikken beder os om gennem grænsefladen og "
                    "konsollen, så længe aftalen løber. Vil en lov have mere af os, siger vi det først, hvis loven "
                    "tillader det.",
                ),
                _about_whom(),
                Words(
                    en="Everybody who works for us and can see data has promised to keep it to themselves.",
                    da="Alle, der arbejder for os og kan se data, har lovet at tie om dem.",
                ),
                Words(
                    en="We keep the data secure: each field is locked or allowed by purpose in the database itself, "
                    "keys lie apart, and card numbers have a vault of their own.",
                    da="Vi holder data sikre: hvert felt er låst eller tilladt efter formål i selve databasen, nøgler "
                    "ligger for sig, og kortnumre har deres egen boks.",
                ),
                Words(
                    en="We help with requests of payers, with breaches and with assessments. We tell the shop of a "
                    "breach without delay, and say so when an instruction looks unlawful to us.",
                    da="Vi hjælper med betaleres anmodninger, med brud og med vurderinger. Vi giver butikken besked om "
                    "et brud uden ophold og siger til, når en instruks ser ulovlig ud for os.",
                ),
                Words(
                    en="By these terms a shop lets the companies in the list above help us, and the new ones that it "
                    "was told of in time. They are bound to the same, and we answer for them.",
                    da="Med vilkårene lader en butik virksomhederne på listen ovenfor hjælpe os, og de nye, som den er "
                    "varslet om. De er bundet af det samme, og vi svarer for dem.",
                ),
                Words(
                    en="When a customer leaves, it takes its data with it if it likes; then they are erased, but for "
                    "what the law has us keep. What shows that all of this is so can be seen, and a shop, or an "
                    "auditor of its choice, may come and look for itself.",
                    da="Når en kunde holder op, tager den sine data med, hvis den vil; så slettes de, bortset fra det, "
                    "loven byder os at gemme. Det, der viser, at det forholder sig sådan, kan ses, og en butik eller "
                    "en revisor, den vælger, kan komme og se efter selv.",
                ),
            )),
        ),
    )  # fmt: skip


def _about_whom() -> Words:
    """Whom it is about and which kinds of data, read from the declarations (Article 28(3))."""
    kinds = {
        field.category.key: field.category.words
        for database in data_map() for store in database.tables if HeldAs(store.held_as) is HeldAs.PROCESSOR
        for field in store.fields if field.category is not None
    }  # fmt: skip
    en, da = ("; ".join(getattr(kinds[key], language) for key in sorted(kinds)) for language in ("en", "da"))
    return Words(
        en=f"It is about whoever pays the shop or begins to, and about these kinds of data: {en}.",
        da=f"Det handler om dem, der betaler butikken eller begynder på det, og om disse slags data: {da}.",
    )


def _entry(recipient: Recipient, kinds: dict[HeldAs, list[Category]]) -> Entry:
    whose = {HeldAs.PROCESSOR: _FOR_SHOPS, HeldAs.CONTROLLER: _FOR_US}
    every = list(dict.fromkeys(each.key for part in kinds.values() for each in part))
    words = {each.key: each.words for part in kinds.values() for each in part}
    return Entry(key=recipient.key, title=recipient.words, facts=(
        Fact(name=_WHAT, says=tuple(words[key] for key in every)),
        Fact(name=_WHOSE, says=tuple(whose[part] for part in HeldAs if part in kinds)),
        Fact(name=_WHERE, says=(in_places(recipient.places),)),
    ))  # fmt: skip
