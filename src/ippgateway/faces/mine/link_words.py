"""What the pages of a link say, in English and Danish."""

from ippgateway.privacy.vocabulary import Words

TITLE = Words(en="What do you hold about me?", da="Hvad har I om mig?")
ASK_LEAD = Words(
    en="Type your e-mail address. We send a link to it, and the link shows what is held about that address, at every "
    "shop that was paid through us. You need no account.",
    da="Skriv din e-mailadresse. Vi sender et link til den, og linket viser, hvad der er gemt om adressen i alle "
    "butikker, der er betalt gennem os. Du behøver ingen konto.",
)
EMAIL = Words(en="E-mail address", da="E-mailadresse")
SEND = Words(en="Send me a link", da="Send mig et link")
NO_ADDRESS = Words(
    en="That is no e-mail address. It looks like name@example.org. Nothing was sent.",
    da="Det er ikke en e-mailadresse. Den ser ud som navn@example.org. Der er ikke sendt noget.",
)
KEPT = Words(en="What we keep of your asking", da="Det gemmer vi, fordi du spørger")
LETTER = Words(en="Your address, sealed, with our letter", da="Din adresse, forseglet, med vores brev")
ADDRESS_CODE = Words(en="A code of your address", da="En kode for din adresse")
NETWORK_CODE = Words(en="A code of your network", da="En kode for dit netværk")
KEY_GOES = Words(
    en="The key of the sealed address is destroyed after a day; then nobody can read it. That you were here is not in "
    "our access records.",
    da="Nøglen til den forseglede adresse destrueres efter et døgn; så kan ingen læse den. At du har været her, står "
    "ikke i vores adgangsregistreringer.",
)
RECEIPT = Words(
    en="Do you still have the receipt of a payment? Its link shows that purchase at once.",
    da="Har du stadig kvitteringen for en betaling? Linket på den viser købet med det samme.",
)

SENT = Words(en="Look into your mail", da="Se i din post")
SENT_LEAD = Words(
    en="We send a link to the address that you typed. It works once, and for one hour. We send it whether we hold "
    "anything or not, so that nobody learns from this page who is known here.",
    da="Vi sender et link til den adresse, du skrev. Det virker én gang og i en time. Vi sender det, hvad enten vi har "
    "noget eller ej, så ingen kan se på denne side, hvem der er kendt her.",
)
SENT_NONE = Words(
    en="No letter? Look among the unwanted ones. We send at most three an hour to one address.",
    da="Kommer der intet brev? Se i uønsket post. Vi sender højst tre i timen til samme adresse.",
)
SANDBOX_MAIL = Words(
    en="This is a sandbox, so the letter goes no further than",
    da="Dette er en sandkasse, så brevet kommer ikke længere end",
)
MAILBOX = Words(en="its mailbox", da="dens postkasse")
AGAIN = Words(en="Ask for another link", da="Bed om et nyt link")

OPEN = Words(en="See what is held about you", da="Se, hvad der er gemt om dig")
OPEN_LEAD = Words(
    en="Type the address that the link was sent to. It is not in the link, so whoever finds the link opens nothing "
    "with it.",
    da="Skriv den adresse, linket blev sendt til. Den står ikke i linket, så den, der finder linket, kan ikke åbne "
    "noget med det.",
)
OPEN_IT = Words(en="Show me", da="Vis mig det")
OPEN_WHY = Words(en="It is compared with a code and not stored.", da="Den sammenlignes med en kode og gemmes ikke.")
OPENS_NOTHING = Words(
    en="This opens nothing. Perhaps the address is another one than the link was sent to; or the link was opened "
    "before, or is more than an hour old. Nothing was shown to anybody.",
    da="Det åbner ikke noget. Måske er adressen en anden end den, linket blev sendt til; eller linket er åbnet før "
    "eller er mere end en time gammelt. Der er ikke vist noget til nogen.",
)

OVERVIEW = Words(en="What is held about your address", da="Det er gemt om din adresse")
PROVED = Words(
    en="You have shown that this address is yours. The pages from here are open for an hour; they set no cookie, so "
    "go on by the buttons in them.",
    da="Du har vist, at adressen er din. Siderne herfra er åbne i en time; de bruger ingen cookie, så gå videre med "
    "knapperne i dem.",
)
SHOPS = Words(
    en="Shops that you paid, or began to pay, through us",
    da="Butikker, du har betalt eller begyndt at betale gennem os",
)
NO_SHOPS = Words(
    en="No shop that takes payments through us knows this address.",
    da="Ingen butik, der tager imod betaling gennem os, kender denne adresse.",
)
NO_SHOPS_MORE = Words(
    en="What was erased is not found by the address any more. A shop that was given another address of yours knows you "
    "by that one.",
    da="Det, der er slettet, kan ikke længere findes ved adressen. En butik, der har fået en anden adresse, kender dig "
    "ved den.",
)
CLOSED_SHOP = Words(en="a shop that is closed now", da="en butik, der er lukket")
ONLY_TESTS = Words(en="tests; they can be erased here", da="prøver; de kan slettes her")
REAL = Words(en="real payments; the shop decides about them", da="rigtige betalinger; butikken bestemmer over dem")
SINCE = Words(en="known since", da="kendt siden")
SEE_SHOP = Words(en="See what is held", da="Se, hvad der er gemt")
ACCOUNT = Words(en="Accounts", da="Konti")
HAS_ACCOUNT = Words(
    en="There is an account with this address. Sign in to see what belongs to it, and to change it:",
    da="Der er en konto med denne adresse. Log ind for at se, hvad der hører til den, og for at ændre det:",
)
NO_ACCOUNT = Words(en="There is no account with this address.", da="Der er ingen konto med denne adresse.")
THE_CONSOLE = Words(en="the console", da="konsollen")
THIS_REQUEST = Words(en="This request", da="Denne forespørgsel")
DONE = Words(en="Close them", da="Luk dem")
DONE_LEAD = Words(
    en="Close the pages when you are done, and nobody opens them again from this browser.",
    da="Luk siderne, når du er færdig, så kan ingen åbne dem igen fra denne browser.",
)
NOTHING_THERE = Words(
    en="Nothing is held there under your address any more.", da="Der er ikke længere gemt noget dér om din adresse."
)

SHOP_LEAD = Words(
    en="This shop takes payments through us. It is responsible for your data, and we hold it on its behalf:",
    da="Denne butik tager imod betaling gennem os. Den er ansvarlig for dine data, og vi opbevarer dem for den:",
)
AT_SHOP = Words(en="What is held about you at this shop", da="Det er gemt om dig i denne butik")
EVERYTHING = Words(
    en="It is everything that is held under your address at this shop, read from the database at this moment, and told "
    "with what its declaration says of it.",
    da="Det er alt, der er gemt om din adresse i denne butik, læst i databasen i dette øjeblik, og det vises med det, "
    "der er erklæret om det.",
)
ONLY_KINDS = Words(
    en="Somebody may have typed your address at the shop, so a name or a card here can be somebody else's. Of real "
    "payments the page shows the kinds of data that are held, why, how long and who gets them, but no values. The "
    "shop answers what they say: it decides about them.",
    da="Nogen kan have skrevet din adresse i butikken, så et navn eller et kort her kan være en andens. For rigtige "
    "betalinger viser siden hvilke slags data der er gemt, hvorfor, hvor længe, og hvem der får dem, men ikke hvad der "
    "står. Det svarer butikken på: den bestemmer over dem.",
)
NOTHING = Words(en="Nothing is held at this shop any more.", da="Der er ikke længere noget i denne butik.")
WHOLE_SHOP = Words(
    en="Everything under your address at this shop goes, whichever purchase it belongs to.",
    da="Alt om din adresse i denne butik forsvinder, uanset hvilket køb det hører til.",
)
ALL_SHOPS = Words(en="All shops", da="Alle butikker")

ERASE_LIVE = Words(
    en="These are real payments, and the shop decides about the data. Ask it below to erase it: it has a month to "
    "answer, you can follow here how it stands, and we erase as soon as it says so.",
    da="Det er rigtige betalinger, og butikken bestemmer over dataene. Bed den nedenfor om at slette dem: den har en "
    "måned til at svare, du kan følge det her, og vi sletter, så snart den siger til.",
)
ASK_SHOP = Words(en="Ask the shop for something", da="Bed butikken om noget")
ASK_SHOP_LEAD = Words(
    en="It stands among the shop's cases at once, and the shop has a month to answer. The answer is mailed to your "
    "address, and stands here.",
    da="Det står straks blandt butikkens sager, og butikken har en måned til at svare. Svaret sendes til din adresse "
    "og står her.",
)
ASK_TESTS_LEAD = Words(
    en="Everything here was made in test mode, so nobody has to decide: it is done at once.",
    da="Alt her er lavet som prøve, så ingen skal afgøre det: det sker med det samme.",
)
RECEIVED = Words(
    en="The shop has it. How it stands, you see below, and each step is mailed to you.",
    da="Butikken har fået det. Hvordan det står, ser du nedenfor, og hvert skridt sendes til dig.",
)
DONE_NOW = Words(en="It is done.", da="Det er gjort.")
TAKE = Words(en="Take a copy with you", da="Tag en kopi med")
TAKE_PDF = Words(en="To read (PDF)", da="Til at læse (PDF)")
TAKE_JSON = Words(en="Everything, for programs (JSON)", da="Alt, til programmer (JSON)")
TAKE_OWN = Words(en="What you gave yourself (JSON)", da="Det, du selv har givet (JSON)")
NO_COPY = Words(
    en="What is held of real payments is shown when the shop lets you see it. Ask it below.",
    da="Det, der er gemt om rigtige betalinger, vises, når butikken lader dig se det. Bed den om det nedenfor.",
)
LET_YOU_READ = Words(
    en="The shop let you see what it holds about you. It is open here for a month.",
    da="Butikken har ladet dig se, hvad den har om dig. Det er åbent her i en måned.",
)

OVER = Words(en="These pages are closed", da="Disse sider er lukket")
ENDED = Words(en="Closed", da="Lukket")
ENDED_LEAD = Words(
    en="The link and the pages that it opened show nothing any more. You can ask for another link whenever you like.",
    da="Linket og de sider, det åbnede, viser ikke noget mere. Du kan bede om et nyt link, når du vil.",
)
OVER_LEAD = Words(
    en="They are open for an hour after a link was opened. Nothing was changed. You can ask for another link.",
    da="De er åbne i en time, efter at et link er åbnet. Der er ikke ændret noget. Du kan bede om et nyt link.",
)
NOWHERE_LEAD = Words(
    en="The address is not complete, or it was never one.", da="Adressen er ikke hel, eller den har aldrig været der."
)
