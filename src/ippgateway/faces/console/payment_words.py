"""What the payments' pages say."""

from ippgateway.privacy.vocabulary import Words

PAYMENTS = Words(en="Payments", da="Betalinger")
PAYMENT = Words(en="Payment", da="Betaling")
FIND = Words(en="Order, id, last four digits, name or amount", da="Ordre, id, sidste fire cifre, navn eller beløb")
STATUS = Words(en="Status", da="Status")
ANY = Words(en="All", da="Alle")
FROM = Words(en="From", da="Fra")
TO = Words(en="To", da="Til")
WHEN = Words(en="When", da="Hvornår")
ORDER = Words(en="Order", da="Ordre")
PAYER = Words(en="Cardholder", da="Kortholder")
CORRECTIONS = Words(en="The payer says that this should be", da="Betaleren siger, at der skulle stå")
CARD = Words(en="Card", da="Kort")
AMOUNT = Words(en="Amount", da="Beløb")
TEST = Words(en="test", da="test")
NO_ORDER = Words(en="no order id", da="uden ordre-id")

STATUSES: dict[str, tuple[Words, str]] = {
    "NEW": (Words(en="Held", da="Holdes"), "wait"),
    "CAPTURED": (Words(en="Captured", da="Hævet"), "good"),
    "PARTIAL": (Words(en="In part", da="Delvis"), "good"),
    "REFUNDED": (Words(en="Refunded", da="Refunderet"), "quiet"),
    "VOIDED": (Words(en="Released", da="Frigivet"), "quiet"),
    "DECLINED": (Words(en="Declined", da="Afvist"), "bad"),
    "WAIT": (Words(en="No outcome yet", da="Uden udfald endnu"), "wait"),
}
PARTLY_REFUNDED = (Words(en="Partly refunded", da="Delvis refunderet"), "good")
PARTLY_CAPTURED = (Words(en="Partly captured", da="Delvis hævet"), "good")
PARTLY_RELEASED = (Words(en="Partly released", da="Delvis frigivet"), "wait")
REVERSED = (Words(en="Released, outcome was unknown", da="Frigivet, udfaldet var ukendt"), "quiet")

NONE_YET = Words(en="No payments yet", da="Ingen betalinger endnu")
NONE_YET_LEAD = Words(
    en="They stand here as soon as somebody pays, the newest first.",
    da="De står her, så snart nogen betaler, den nyeste først.",
)
NONE_FOUND = Words(en="Nothing fits", da="Intet passer")
NONE_FOUND_LEAD = Words(
    en="No payment fits all of what you asked for. Take a filter away, or look for less.",
    da="Ingen betaling passer på det hele. Fjern et filter, eller søg efter mindre.",
)
BAD_DATE = Words(en="Write the date as 2026-11-30.", da="Skriv datoen som 2026-11-30.")


def looked_back(en: str, da: str) -> Words:
    """How far a search has come."""
    return Words(
        en=f"Looked through everything back to {en}. Choose Older to look further.",
        da=f"Søgt igennem tilbage til {da}. Vælg Ældre for at søge videre.",
    )


FACTS = Words(en="Facts", da="Fakta")
STORY = Words(en="What happened", da="Hvad der er sket")
ID = Words(en="Payment id", da="Betalings-id")
EXPIRY = Words(en="Expires", da="Udløber")
HELD = Words(en="Held", da="Holdes")
CAPTURED = Words(en="Captured", da="Hævet")
REFUNDED = Words(en="Refunded", da="Refunderet")
RELEASED = Words(en="Released", da="Frigivet")
RENEWAL_OF = Words(en="Renewal of", da="Fornyelse af")
STORED = Words(en="Card stored for renewals", da="Kort gemt til fornyelser")
YES = Words(en="yes", da="ja")
RELATED = Words(en="Other payments of the same shopper", da="Samme kundes andre betalinger")
HIDDEN = Words(
    en="What this says about the payer is hidden or gone: they had it restricted, it was erased, or its term is over.",
    da="Det, der handler om betaleren, er skjult eller væk: betaleren har fået det begrænset, det er slettet, eller "
    "fristen er udløbet.",
)
WHO_SEES = Words(
    en="Nobody here can see the card number: we show its last four digits and keep the rest sealed.",
    da="Ingen her kan se kortnummeret: vi viser de sidste fire cifre og holder resten forseglet.",
)
WHO_SEES_CHECK = Words(
    en="The console's process has no key to card numbers. The database refuses it the column, and the payment process "
    "alone holds the vault's key.",
    da="Konsollens proces har ingen nøgle til kortnumre. Databasen nægter den kolonnen, og kun betalingsprocessen har "
    "boksens nøgle.",
)
ACTIONS = Words(en="What you can do", da="Det kan du gøre")
NOTHING_OPEN = Words(en="There is nothing left to do with this payment.", da="Der er ikke mere at gøre ved betalingen.")
UNDER_WAY = Words(
    en="Something is under way. What comes next depends on how it ends; reload in a moment.",
    da="Noget er i gang. Det næste afhænger af, hvordan det ender; genindlæs om lidt.",
)
NO_RIGHT = Words(
    en="Your user may look at payments and not move money.", da="Din bruger må se betalinger og ikke flytte penge."
)
COMMENT = Words(en="Why", da="Hvorfor")
COMMENT_HINT = Words(
    en="Kept with the payment, for your own people. Write nothing about the shopper that need not be there.",
    da="Gemmes ved betalingen, for jeres egne. Skriv ikke mere om kunden end nødvendigt.",
)
ALL_HELD = Words(en="All that is held:", da="Alt, der holdes:")
BAD_AMOUNT = Words(
    en="Write an amount above zero and at most what is open, such as 12.50.",
    da="Skriv et beløb over nul og højst det, der er åbent, fx 12,50.",
)
STRONG = Words(
    en="Done in your name, after your second factor. It stands in the payment's story.",
    da="Sker i dit navn, efter din anden faktor. Det står i betalingens historie.",
)
NOT_DONE = Words(
    en="It was not done. The acquirer refused it, or what you asked for is no longer open. No money moved; the story "
    "below says how it stands.",
    da="Det blev ikke gjort. Indløseren afviste det, eller det, du bad om, er ikke længere åbent. Ingen penge er "
    "flyttet; historien nedenfor siger, hvordan det står.",
)
NOT_HEARD = Words(
    en="We did not hear back in time, so we do not say that it failed. Look at the story below before you try again: "
    "what it says is what happened.",
    da="Vi fik ikke svar i tide, så vi siger ikke, at det fejlede. Se historien nedenfor, før du prøver igen: det, den "
    "siger, er det, der skete.",
)
NOT_ALLOWED = Words(
    en="This sign-in may not move money, or the function is switched off for your company. Nothing happened.",
    da="Dette login må ikke flytte penge, eller funktionen er slået fra for jeres virksomhed. Der er ikke sket noget.",
)
