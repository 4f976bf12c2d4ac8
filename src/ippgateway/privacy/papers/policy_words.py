"""The sentences of the privacy policy, in English and Danish. What is stored, why and how long is not among them: that
is read from the declarations. `{operator}`, `{support}` and `{mine}` differ from one installation to another."""

from collections.abc import Mapping

from ippgateway.privacy.papers.paper import Section
from ippgateway.privacy.policy import People
from ippgateway.privacy.vocabulary import Words

TITLE = Words(en="Privacy policy", da="Privatlivspolitik")
SEALED = Words(
    en="yes: encrypted under a key of your own, which is destroyed when you are erased",
    da="ja: krypteret med din egen nøgle, som destrueres, når du slettes",
)
NOT_SEALED = Words(
    en="only those of our processes that need it can read it",
    da="kun de af vores processer, der har brug for det, kan læse det",
)

BEFORE: tuple[Section, ...] = (
    Section(key="short", title=Words(en="In short", da="Kort sagt"), texts=(
        Words(
            en="This one policy covers our sites, the application, the gateway and its services, and whatever passes "
            "between you and us. It is for customers, resellers, partners, payers and visitors.",
            da="Denne ene politik dækker vores sider, applikationen, gatewayen og dens tjenester og alt, hvad der går "
            "mellem dig og os. Den er for kunder, forhandlere, partnere, betalere og besøgende.",
        ),
        Words(
            en="The lists below are not written by hand. They are read from the declarations that the running program "
            "enforces: what is not listed can't be stored, and a purpose that is not listed can't read it.",
            da="Listerne nedenfor er ikke skrevet i hånden. De læses af de erklæringer, som det kørende program "
            "håndhæver: det, der ikke står der, kan ikke gemmes, og et formål, der ikke står der, kan ikke læse det.",
        ),
        Words(
            en="We never sell data about people. There is no advertising network, no tracker and no profile of you.",
            da="Vi sælger aldrig data om mennesker. Der er intet reklamenetværk, ingen sporing og ingen profil af dig.",
        ),
    )),
    Section(key="who", title=Words(en="Who we are", da="Hvem vi er"), texts=(
        Words(
            en="Responsible for what is told here is {operator}. Write to {support} with any question about your data; "
            "it reaches the people who can answer.",
            da="Ansvarlig for det, der står her, er {operator}. Skriv til {support} om alt, der angår dine data; det "
            "når dem, der kan svare.",
        ),
        Words(
            en="About the payers of a shop the shop decides, and we act for it (GDPR Article 28). Then the shop's own "
            "policy applies as well, and your requests go to the shop; sent to us, they reach it.",
            da="Om en butiks betalere bestemmer butikken, og vi handler for den (databeskyttelsesforordningens artikel "
            "28). Så gælder butikkens egen politik også, og dine anmodninger går til butikken; sendt til os når de "
            "frem.",
        ),
        Words(
            en="What you hand to somebody else, on a page of theirs that a link of ours leads to, is not covered.",
            da="Det, du giver andre på deres egen side, som et af vores links fører til, er ikke omfattet.",
        ),
    )),
    Section(key="source", title=Words(en="Where it comes from", da="Hvor det kommer fra"), texts=(
        Words(
            en="From yourself, when you sign up, pay, write to us or use our pages. About a payer also from the shop, "
            "which tells us what is bought and for whom, and from the card's bank, which tells whether it approves.",
            da="Fra dig selv, når du opretter en konto, betaler, skriver til os eller bruger vores sider. Om en "
            "betaler også fra butikken, som fortæller, hvad der købes og til hvem, og fra kortets bank, som siger, "
            "om den godkender.",
        ),
        Words(
            en="Where a form asks for something, it says beside the field why. What it does not call optional is "
            "needed: without it there is no account, or no payment.",
            da="Hvor en formular spørger om noget, står der ved feltet hvorfor. Det, der ikke kan udelades, er "
            "nødvendigt: uden det er der ingen konto eller ingen betaling.",
        ),
    )),
)  # fmt: skip

ABOUT: Mapping[People, tuple[Words, tuple[Words, ...]]] = {
    People.VISITORS: (
        Words(en="If you visit our pages", da="Hvis du besøger vores sider"),
        (
            Words(
                en="Every visit leaves a record: address, time and length, the pages by name, and the kind of "
                "browser. No cookie is set for it and you are not recognised a second time.",
                da="Hvert besøg efterlader en note: adresse, tidspunkt og varighed, siderne ved navn og browserens "
                "art. Der sættes ingen cookie til det, og du bliver ikke genkendt en anden gang.",
            ),
        ),
    ),
    People.PAYERS: (
        Words(en="If you pay a shop through us", da="Hvis du betaler en butik gennem os"),
        (
            Words(
                en="We handle this for the shop. The security code of your card exists in memory for one request and "
                "is never stored. The receipt leads to the page where you see what is held of your purchase.",
                da="Det håndterer vi for butikken. Kortets kontrolkode findes i hukommelsen under én forespørgsel og "
                "gemmes aldrig. Kvitteringen fører til siden, hvor du ser, hvad der er gemt om dit køb.",
            ),
        ),
    ),
    People.USERS: (
        Words(en="If you have an account", da="Hvis du har en konto"),
        (
            Words(
                en="For customers, partners, resellers and their users, and for members of the public. Under Your "
                "account you see every field with its value.",
                da="For kunder, partnere, forhandlere og deres brugere og for enhver med en konto. Under Din konto "
                "ser du hvert felt med det, der står i det.",
            ),
        ),
    ),
    People.STRANGERS: (
        Words(en="If you ask us without an account", da="Hvis du spørger os uden en konto"),
        (
            Words(
                en="A failed sign-in, or a request for what is held about an address, is kept as a keyed code that "
                "names nobody.",
                da="Et mislykket login, eller et spørgsmål om, hvad der er gemt om en adresse, gemmes som en "
                "nøglekode, der ikke nævner nogen.",
            ),
        ),
    ),
    People.STAFF: (
        Words(en="If you work for us", da="Hvis du arbejder for os"),
        (
            Words(
                en="What the account at the desk holds. Your employer tells you the rest of what an employment needs.",
                da="Det, kontoen hos os rummer. Din arbejdsgiver fortæller dig resten af det, et arbejdsforhold "
                "kræver.",
            ),
        ),
    ),
}
APPLICANTS = Section(
    key="applicants", title=Words(en="If you apply for a job", da="Hvis du søger job"),
    texts=(Words(
        en="We take no applications through these pages yet, so nothing is stored about applicants. When we do, what "
        "is kept stands here before the first one is sent.",
        da="Vi tager endnu ikke imod ansøgninger gennem disse sider, så der er intet gemt om ansøgere. Når vi gør, "
        "står det her, hvad der gemmes, før den første sendes.",
    ),),
)  # fmt: skip

INTERESTS = Words(en="Interests that we have weighed", da="Interesser, vi har afvejet")
INTERESTS_LEAD = (
    Words(
        en="Where the basis is a legitimate interest, this is what was weighed. You may object at any time, for "
        "reasons of your own; for direct marketing you need no reason, and it always stops.",
        da="Hvor grundlaget er en legitim interesse, er det her, hvad der er afvejet. Du kan altid gøre indsigelse af "
        "grunde, der er dine egne; mod reklame behøver du ingen grund, og den holder altid op.",
    ),
)
WHOSE = Words(en="Whose interest", da="Hvis interesse")
NEED = Words(en="Why it is needed", da="Hvorfor det er nødvendigt")
BALANCE = Words(en="What it costs you", da="Hvad det koster dig")
SAFEGUARDS = Words(en="What protects you", da="Hvad der beskytter dig")
OBJECTION = Words(en="To object", da="Indsigelse")

AFTER: tuple[Section, ...] = (
    Section(key="others", title=Words(en="In single cases", da="I enkelte tilfælde"), texts=(
        Words(
            en="Beside the recipients named above, data may go to professional advisers, to regulators and "
            "authorities, to a purchaser of the business, to somebody who looks into a suspected crime, where we "
            "defend rights or meet a risk, to a holder of rights who alleges an infringement, and to whoever a named "
            "law gives it. Each such case needs two people of ours who approve it, only the fields that are needed, "
            "and a record; you are told unless the law forbids it.",
            da="Ud over modtagerne ovenfor kan data gå til professionelle rådgivere, til tilsyn og myndigheder, til "
            "en køber af virksomheden, til nogen, der undersøger en mulig forbrydelse, hvor vi forsvarer rettigheder "
            "eller møder en risiko, til en rettighedshaver, der hævder en krænkelse, og til den, en bestemt lov "
            "giver det. Hvert tilfælde kræver to af os, der godkender det, kun de nødvendige felter og en note; du "
            "får besked, medmindre loven forbyder det.",
        ),
        Words(
            en="Things beyond our control can happen, and data may then be disclosed. We keep a register of breaches, "
            "tell the authority within seventy-two hours, and tell you when the risk to you is high.",
            da="Der kan ske ting, vi ikke er herre over, og data kan så komme andre i hænde. Vi fører et register over "
            "brud, underretter tilsynet inden for 72 timer og fortæller dig det, når risikoen for dig er høj.",
        ),
    )),
    Section(key="places", title=Words(en="Where your data is", da="Hvor dine data er"), texts=(
        Words(
            en="We store it in the European Union. Card payments may be carried to the United States and beyond by "
            "the card schemes, as stands beside each recipient; using the gateway means knowing that. It is never "
            "itself what makes a transfer lawful: without a tool of the law, recorded and with measures beyond it, "
            "the program refuses the hand-over.",
            da="Vi gemmer dem i Den Europæiske Union. Kortbetalinger kan kortselskaberne føre til USA og videre, som "
            "det står ved hver modtager; at bruge gatewayen er at vide det. Det er aldrig i sig selv det, der gør en "
            "overførsel lovlig: uden et af lovens grundlag, noteret og med ekstra forholdsregler, afviser programmet "
            "at give noget videre.",
        ),
    )),
    Section(key="rights", title=Words(en="What you can ask for", da="Hvad du kan bede om"), texts=(
        Words(
            en="See it, have a copy, have it corrected, have it restricted, object, take it with you, have it erased, "
            "close your account. Signed in, ask under Your account; without an account at {mine}; or write to "
            "{support}. It costs nothing. You get an answer within a month; if it takes up to two more, we say so and "
            "why within the first.",
            da="Se dem, få en kopi, få dem rettet, få dem begrænset, gøre indsigelse, tage dem med, få dem slettet, "
            "lukke din konto. Er du logget ind, så bed om det under Din konto; uden konto på {mine}; eller skriv til "
            "{support}. Det koster intet. Du får svar inden en måned; tager det op til to mere, siger vi det og "
            "hvorfor inden for den første.",
        ),
        Words(
            en="After an erasure we keep only what the law has us keep, locked for that ground alone until its last "
            "day. You are told what stays, on which ground and until when.",
            da="Efter en sletning gemmer vi kun det, loven byder os at gemme, låst for den grund alene til dens sidste "
            "dag. Du får at vide, hvad der bliver, på hvilken grund og hvor længe.",
        ),
        Words(
            en="A yes to marketing can be taken back at any time, as easily as it was given: under Your account, or "
            "with one click in the letter. What was done before stays lawful.",
            da="Et ja til reklame kan altid tages tilbage, lige så let som det blev givet: under Din konto eller med "
            "ét klik i brevet. Det, der er sket før, er stadig lovligt.",
        ),
        Words(
            en="No decision with legal effect for you is made by a program alone. A card that is declined was declined "
            "by its bank; limits against card testing count attempts and not people.",
            da="Ingen afgørelse med retsvirkning for dig træffes af et program alene. Et kort, der afvises, er afvist "
            "af sin bank; grænser mod afprøvning af kort tæller forsøg og ikke mennesker.",
        ),
        Words(
            en="You may complain to Datatilsynet, Carl Jacobsens Vej 35, 2500 Valby, Denmark, or to the authority "
            "where you live or work.",
            da="Du kan klage til Datatilsynet, Carl Jacobsens Vej 35, 2500 Valby, eller til tilsynet, hvor du bor "
            "eller arbejder.",
        ),
    )),
    Section(key="security", title=Words(en="How it is protected", da="Hvordan de er beskyttet"), texts=(
        Words(
            en="A purpose is a role of the database, which itself refuses every other use. Fields are encrypted "
            "under a key of the person; keys lie apart, and destroying one makes every copy unreadable. Card numbers "
            "have a vault that one process can open. Our staff see data by role and purpose, and each look is "
            "recorded.",
            da="Et formål er en rolle i databasen, som selv afviser al anden brug. Felter er krypteret med personens "
            "egen nøgle; nøgler ligger for sig, og destrueres en, er hver kopi ulæselig. Kortnumre har en boks, som én "
            "proces kan åbne. Vores medarbejdere ser data efter rolle og formål, og hvert blik bliver noteret.",
        ),
    )),
    Section(key="changes", title=Words(en="When this changes", da="Når det ændres"), texts=(
        Words(
            en="Each version has its first day. Users get a letter before it, and the page of changes shows what went "
            "and what came. A consent names the version that it was given under.",
            da="Hver udgave har sin første dag. Brugere får et brev inden, og siden om ændringer viser, hvad der gik "
            "ud, og hvad der kom til. Et samtykke nævner den udgave, det blev givet under.",
        ),
    )),
)  # fmt: skip
