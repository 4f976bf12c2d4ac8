"""What the page says by which a customer or a partner leaves. How long things are kept is the declarations' to say."""

from ippgateway.privacy.catalogue import BOOKKEEPING_TERM, CONTRACT_TERM
from ippgateway.privacy.vocabulary import Words

LEAVE = Words(en="Leave", da="Opsig aftalen")
LEAVE_ABOUT = Words(
    en="Take your data with you, and close the account of the whole company.",
    da="Tag jeres data med, og luk hele virksomhedens konto.",
)
TAKE = Words(en="First: take your data with you", da="Først: tag jeres data med")
TAKE_LEAD = Words(
    en="Everything that we hold for you: your own details, your users or customers, and each payer with what is stored "
    "about them and their payments. Card numbers and secrets are never shown to anybody, and are not in it.",
    da="Alt, vi har for jer: jeres egne oplysninger, jeres brugere eller kunder og hver betaler med det, der er gemt "
    "om dem og deres betalinger. Kortnumre og hemmeligheder vises aldrig for nogen og er ikke med.",
)
TAKE_IT = Words(en="Take it (JSON)", da="Hent det (JSON)")
_STOPS = Words(
    en="Your keys and every sign-in stop working at once, and each user gets a letter.",
    da="Jeres nøgler og alle logins holder op med at virke med det samme, og hver bruger får et brev.",
)
_SETTLED = Words(
    en="What is open with the acquirer is still cleared up.", da="Det, der er åbent hos indløseren, ordnes stadig."
)
_USERS = Words(
    en="What your users' accounts hold is removed within a day. Letters to them, and the records of their sign-ins, go "
    "when their own time is over.",
    da="Det, jeres brugeres konti rummer, fjernes inden for et døgn. Breve til dem og registreringer af deres logins "
    "forsvinder, når deres egen tid er gået.",
)
_KEPT = Words(
    en=f"Your company's details are kept {CONTRACT_TERM.words.en}; what the books need, "
    f"{BOOKKEEPING_TERM.words.en}. Each goes by itself when its time is over.",
    da=f"Virksomhedens oplysninger gemmes {CONTRACT_TERM.words.da}; det, bogføringen kræver, "
    f"{BOOKKEEPING_TERM.words.da}. Hver del forsvinder af sig selv, når tiden er gået.",
)
_OWN = Words(en="Your own details are removed within a day.", da="Jeres egne oplysninger fjernes inden for et døgn.")
_FOR_GOOD = Words(
    en="It can't be undone, and afterwards nobody of you can sign in to take the data.",
    da="Det kan ikke fortrydes, og bagefter kan ingen af jer logge ind og hente jeres data.",
)
HAPPENS = (_STOPS, _SETTLED, _USERS, _KEPT, _FOR_GOOD)
PARTNER_HAPPENS = (_STOPS, _USERS, _OWN, _FOR_GOOD)
TITLE = Words(en="Close the account of the whole company", da="Luk hele virksomhedens konto")
NAME = Words(en="Type the company's name, so that it is no slip", da="Skriv virksomhedens navn, så det ikke er en fejl")
CLOSE = Words(en="Close it now", da="Luk den nu")
OTHER_NAME = Words(en="That is not the company's name. Nothing was closed.", da="Det er ikke navnet. Intet er lukket.")
NOT_YET = {
    "payment": Words(
        en="Something is not settled: a payment without an outcome, or a message that the acquirer is owed. Nothing "
        "was closed. It is cleared up by itself; try again in some minutes.",
        da="Noget er ikke afsluttet: en betaling uden udfald eller en besked, indløseren har til gode. Intet er "
        "lukket. Det ordnes af sig selv; prøv igen om nogle minutter.",
    ),
    "customers": Words(
        en="You still have customers. Close them, or let them go, first. Nothing was closed.",
        da="I har stadig kunder. Luk dem, eller slip dem, først. Intet er lukket.",
    ),
}
