"""What the page of a purchase says, in English and Danish; the page of a shop says most of it too."""

from ippgateway.privacy.vocabulary import Words

TITLE = Words(en="What the Platform now holds about you", da="Det har Platformen nu om dig")
PLANNED = Words(en="What erasing will do", da="Det sker der, når der slettes")
NOT_FOUND = Words(en="There is nothing here", da="Her er ikke noget")
NOT_FOUND_MORE = Words(
    en="The address is not complete, or it was never one. Take the link of your receipt.",
    da="Adressen er ikke hel, eller den har aldrig været der. Brug linket på din kvittering.",
)
BY_MAIL = Words(en="Or ask by e-mail, without a receipt", da="Eller spørg med e-mail, uden kvittering")

LEAD = Words(
    en="You paid this shop through us. The shop is responsible for your data, and we hold it on its behalf:",
    da="Du har betalt denne butik gennem os. Butikken er ansvarlig for dine data, og vi opbevarer dem for den:",
)
EACH = Words(
    en="What is held of this purchase is read from the database at this moment, and told with what its declaration "
    "says of it.",
    da="Det, der er gemt om købet, er læst i databasen i dette øjeblik og vises med det, der er erklæret om det.",
)
READ_AT = Words(en="Read", da="Læst")
ONE_PURCHASE = Words(
    en="The key in your link is of one purchase, and this page is about that alone: whether the same e-mail address "
    "was used for others, it tells nobody.",
    da="Nøglen i dit link hører til ét køb, og siden handler kun om det: om samme e-mailadresse er brugt til andre, "
    "siger den ikke til nogen.",
)
BY_KIND = Words(
    en="What is not of one purchase is told by its kind, whether we have it or not.",
    da="Det, der ikke hører til ét køb, nævnes efter sin art, hvad enten vi har det eller ej.",
)
NO_VALUES = Words(
    en="The key also lies with the shop, and may lie in its logs. So of real payments the page shows the kinds of data "
    "that are held, why, how long and who gets them, but no values. The shop answers what they say: it decides "
    "about them.",
    da="Nøglen ligger også hos butikken, måske i dens logfiler. Derfor viser siden for rigtige betalinger hvilke slags "
    "data der er gemt, hvorfor, hvor længe, og hvem der får dem, men ikke hvad der står. Det svarer butikken på: den "
    "bestemmer over dem.",
)
NOTHING = Words(en="Nothing is held of this purchase any more.", da="Der er ikke længere noget om dette køb.")

ENDS = Words(en="When you are erased", da="Når du slettes")

ERASE = Words(en="Erase it", da="Slet det")
ERASE_LEAD = Words(
    en="Everything about you here was made in test mode, so it can be erased at once. You see first what goes, what "
    "stays, and why; nothing happens before you say so a second time.",
    da="Alt om dig her er lavet som prøve, så det kan slettes med det samme. Du ser først, hvad der forsvinder, hvad "
    "der bliver, og hvorfor; der sker intet, før du har sagt det en gang til.",
)
ERASE_LIVE = Words(
    en="These are real payments, and the shop decides about the data: ask the shop to erase it. The shop has a month "
    "to answer, and we erase when it tells us to.",
    da="Det er rigtige betalinger, og butikken bestemmer over dataene: bed butikken om at slette dem. Butikken har en "
    "måned til at svare, og vi sletter, når den beder os om det.",
)
ASK_BY_MAIL = Words(en="Ask it here, with a link by mail", da="Bed om det her med et link i en mail")
LOOKS_BY_MAIL = Words(
    en="Whether our staff looked at what is held about you is told under a link by mail: it is about you, and not "
    "about one purchase.",
    da="Om vores medarbejdere har set på det, der er gemt om dig, fortælles under et link i en mail: det handler om "
    "dig og ikke om ét køb.",
)
COMPLAIN = Words(
    en="Not content? You may complain to Datatilsynet, the Danish data protection authority.",
    da="Ikke tilfreds? Du kan klage til Datatilsynet.",
)
SEE_PLAN = Words(en="See what erasing will do", da="Se, hvad der sker")
DO_IT = Words(en="Erase it now", da="Slet det nu")
BACK = Words(en="Go back; erase nothing", da="Gå tilbage; slet ikke noget")
GOES = Words(en="This goes", da="Det forsvinder")
STAYS = Words(en="This stays", da="Det bliver")
LEFTOVERS = Words(
    en="For at most a day more stay the answers by which a repeated request of the shop is known, locked for the shop, "
    "and a code of the network that a declined card came from. Neither names you.",
    da="Højst et døgn endnu bliver de svar, som en gentaget forespørgsel fra butikken kendes på, låst for butikken, og "
    "en kode for det netværk, som et afvist kort kom fra. Ingen af dem nævner dig.",
)
ALL_OF_IT = Words(
    en="If the same e-mail address was used for other tests at this shop, they go with it.",
    da="Er samme e-mailadresse brugt til andre prøver i butikken, forsvinder de også.",
)
CARD_GOES = Words(
    en="After that this shop can no longer capture, refund or renew anything with a card that went.",
    da="Derefter kan butikken ikke længere hæve, refundere eller forny noget med et kort, der er slettet.",
)
FIELD = Words(en="field", da="felt")
FIELDS = Words(en="fields", da="felter")
ON_HOLD = Words(
    en="It may not be removed yet, because it may be needed as evidence. It is locked from now on, and goes when it is "
    "no longer needed.",
    da="Det må ikke fjernes endnu, fordi det kan blive brug for det som bevis. Det er låst fra nu af og forsvinder, "
    "når der ikke længere er brug for det.",
)
UNDER_WAY = Words(
    en="A payment of yours is under way, and it still needs its data. Nothing was erased yet. What you asked is on "
    "record, and it is erased by itself when that payment has ended.",
    da="En af dine betalinger er i gang og har stadig brug for sine data. Der er ikke slettet noget endnu. Det, du har "
    "bedt om, er noteret, og det slettes af sig selv, når betalingen er slut.",
)
NOT_YET = {"payment": UNDER_WAY, "hold": ON_HOLD}
"""Why it is not erased yet, by what it waits for."""
ERASED = Words(en="Erased", da="Slettet")
ERASED_LEAD = Words(
    en="Your keys are destroyed, so no running part of the Platform can open what they locked; copies in key backups "
    "die with them. A process may remember a key for half a minute; two minutes later everything is looked at once "
    "more.",
    da="Dine nøgler er destrueret, så intet i den kørende platform kan åbne det, de låste; kopier i nøglernes "
    "sikkerhedskopier forsvinder med dem. Et program kan huske en nøgle i et halvt minut; to minutter senere ses alt "
    "efter en gang til.",
)
ERASING = Words(
    en="The erasure has begun and is not finished yet; it goes on by itself.",
    da="Sletningen er begyndt, men ikke færdig; den fortsætter af sig selv.",
)
STILL_HERE = Words(en="What is still here, and why", da="Det er her stadig, og derfor")
KEPT_UNTIL = Words(en="The last of it goes", da="Det sidste forsvinder")
NO_COOKIE = Words(
    en="This page sets no cookie and loads nothing from another address.",
    da="Siden sætter ingen cookie og henter intet fra andre adresser.",
)
