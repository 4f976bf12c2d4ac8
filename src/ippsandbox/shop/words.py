"""What the shop says, in English and Danish, each written as an original."""

from ippsandbox.shop.things import Said

NAME = "Klint & Krus"
TAGLINE = Said("Pottery by the sea", "Keramik ved havet")
LANGUAGE = Said("Language", "Sprog")
SKIP = Said("To the content", "Til indholdet")
DEMO = Said(
    "A demo shop: no money moves, and no parcel leaves. It runs beside a sandbox of the IPP Platform and "
    "takes its payments there, as any shop does.",
    "En demobutik: der flyttes ingen penge, og der sendes ingen pakker. Den kører ved siden af en sandkasse "
    "af IPP-platformen og tager imod betaling der, som enhver anden butik.",
)
COOKIES = Said("This shop sets no cookie.", "Butikken sætter ingen cookie.")

HEADLINE = Said("Made slowly, on a wheel by the cliff.", "Drejet i ro og mag, på en klint ved vandet.")
LEAD = Said(
    "Choose something and buy it with a test card. Then see what the payment left behind, and erase it.",
    "Vælg noget, og køb det med et testkort. Se så, hvad betalingen har efterladt, og slet det igen.",
)
CHOOSE = Said("Choose", "Vælg")

PAY = Said("How would you like to pay?", "Hvordan vil du betale?")
EMAIL = Said("E-mail, if you like", "E-mail, hvis du vil")
EMAIL_WHY = Said(
    "The shop does not keep it. It goes to the Platform with the order and is sealed there; afterwards you can see it "
    "on the page of what is held about you.",
    "Butikken gemmer den ikke. Den følger ordren til platformen og forsegles der; bagefter kan du se den på siden med "
    "det, der er gemt om dig.",
)
EMAIL_WRONG = Said(
    "This does not look like an e-mail address. Correct it or leave it out.",
    "Det ligner ikke en e-mailadresse. Ret den, eller lad feltet stå tomt.",
)
AT_PAGE = Said("Pay at the payment page", "Betal på betalingssiden")
AT_PAGE_MORE = Said(
    "You leave the shop, pay at the Platform's own page and come back. Works without script.",
    "Du forlader butikken, betaler på platformens egen side og kommer tilbage. Virker uden script.",
)
HERE = Said("Pay here in the shop", "Betal her i butikken")
HERE_MORE = Said(
    "The Platform's card fields stand in the shop's page. What you type goes to the Platform and not to the shop.",
    "Platformens kortfelter står på butikkens side. Det, du skriver, går til platformen og ikke til butikken.",
)
BACK = Said("Choose something else", "Vælg noget andet")

CARDS = Said("Test cards", "Testkort")
CARDS_LEAD = Said(
    "Any expiry date to come and any security code will do. Click a number to copy it; with the keyboard, go to it "
    "and copy.",
    "Brug en udløbsdato i fremtiden og en vilkårlig kontrolkode. Klik på et nummer for at kopiere det; med tastaturet "
    "går du hen til det og kopierer.",
)
CARDS_AGAIN = Said("Try another outcome", "Prøv et andet udfald")
COPIED = Said("Copied", "Kopieret")

NEEDS_SCRIPT = Said(
    "The card fields need script, which is off in this browser. The payment page does without.",
    "Kortfelterne kræver script, og det er slået fra i denne browser. Betalingssiden klarer sig uden.",
)
RATHER_PAGE = Said("Pay at the payment page instead", "Betal hellere på betalingssiden")

RECEIPT = Said("Receipt", "Kvittering")
RESULT = {
    "ACK": (
        Said("Paid. Thank you.", "Betalt. Tak for handlen."),
        Said(
            "The amount is reserved on the card. A real shop would now pack your parcel.",
            "Beløbet er reserveret på kortet. En rigtig butik ville nu pakke din pakke.",
        ),
    ),
    "NOK": (
        Said("Not paid.", "Ikke betalt."),
        Said(
            "The payment was declined, and nothing was charged. You can try again, with this card or another.",
            "Betalingen blev afvist, og der er ikke trukket noget. Du kan prøve igen med samme eller et andet kort.",
        ),
    ),
    "WAIT": (
        Said("Not known yet.", "Endnu uvist."),
        Said(
            "The bank has not answered. The Platform finds out and takes back what may have been reserved; this page "
            "tells how it ended. Do not pay again yet.",
            "Banken har ikke svaret. Platformen finder ud af det og fører tilbage, hvad der måtte være reserveret; "
            "siden her fortæller, hvordan det endte. Betal ikke igen endnu.",
        ),
    ),
}
OUTCOMES = {
    "ACK": Said("approved", "godkendt"),
    "NOK": Said("declined", "afvist"),
    "WAIT": Said("not known yet", "endnu uvist"),
}
ORDER = Said("Order", "Ordre")
CARD = Said("Card", "Kort")
TRANSACTION = Said("Transaction", "Transaktion")
ASKED = Said("Asked the Platform", "Spurgt platformen")
ASKED_AT = Said("with the shop's own key, at", "med butikkens egen nøgle, kl.")
NOTIFIED = Said("Notification", "Meddelelse")
ARRIVED = Said("arrived at", "kom kl.")
ON_ITS_WAY = Said("on its way; this page looks again by itself", "på vej; siden ser selv efter igen")
NOT_YET = Said(
    "has not come yet; load the page again to look", "er ikke kommet endnu; indlæs siden igen for at se efter"
)
HELD = Said("What the Platform now holds about you", "Det har platformen nu gemt om dig")
HELD_MORE = Said(
    "Every field, with its purpose, its ground, its term and who receives it. There you can also have it erased.",
    "Hvert felt med formål, grundlag, frist og modtagere. Der kan du også få det slettet.",
)
SEE_IT = Said("See it", "Se det")
SHOPS_SIDE = Said("The shop's side", "Butikkens side af sagen")
SHOPS_SIDE_MORE = Said(
    "What to sign in with, as the shop, the partner or the staff, is printed by `.venv/bin/ippgateway demo`. Consoles "
    "are at",
    "Hvad man logger ind med som butik, partner eller medarbejder, viser `.venv/bin/ippgateway demo`. Konsollerne "
    "ligger på",
)
BUY_AGAIN = Said("Buy something else", "Køb noget andet")
TRY_AGAIN = Said("Try again", "Prøv igen")

AWAY = Said("The Platform does not answer.", "Platformen svarer ikke.")
AWAY_BEFORE = Said(
    "The shop could not ask for a payment, so nothing was ordered and nothing charged. If the Platform has just been "
    "started, it needs some seconds.",
    "Butikken kunne ikke bede om en betaling, så intet er bestilt, og intet er trukket. Hvis platformen lige er "
    "startet, skal den bruge et par sekunder.",
)
AWAY_AFTER = Said(
    "The shop can't ask how your payment ended, so it does not say. Nothing is lost: load the page again in a moment, "
    "and do not pay twice.",
    "Butikken kan ikke spørge, hvordan din betaling endte, så den siger ikke noget om det. Intet er tabt: indlæs "
    "siden igen om et øjeblik, og betal ikke to gange.",
)
REFUSED = Said("The Platform did not take the order.", "Platformen tog ikke imod ordren.")
REFUSED_MORE = Said(
    "Nothing was ordered and nothing charged. The shop's keys may be of another installation; starting the Platform "
    "anew writes them down again.",
    "Intet er bestilt, og intet er trukket. Butikkens nøgler er måske fra en anden installation; når platformen "
    "startes igen, bliver de skrevet på ny.",
)
FORGED = Said("This return does not belong to the order.", "Den retur hører ikke til ordren.")
FORGED_MORE = Said(
    "The shop asked the Platform with its own key, and no payment of this order came back. Whoever only calls an "
    "address has paid nothing.",
    "Butikken spurgte platformen med sin egen nøgle, og der var ingen betaling til denne ordre. Den, der blot kalder "
    "en adresse, har ikke betalt.",
)
UNKNOWN = Said("The shop does not know this order.", "Butikken kender ikke den ordre.")
UNKNOWN_MORE = Said(
    "It keeps orders in memory only, so they are gone when it is started again. A payment that was made stands in the "
    "Platform all the same.",
    "Den husker kun ordrer i hukommelsen, så de er væk, når den bliver startet igen. En betaling, der er gennemført, "
    "står i platformen alligevel.",
)
PAID_ALREADY = Said("This order is paid.", "Ordren er betalt.")
PAID_ALREADY_MORE = Said("There is nothing more to pay for it.", "Der er ikke mere at betale for den.")
MISSING = Said("There is no such page in the shop.", "Den side har butikken ikke.")
MISSING_MORE = Said("The address may have a slip in it.", "Der er måske en fejl i adressen.")
BROKEN = Said("Something broke in the shop.", "Noget gik i stykker i butikken.")
BROKEN_MORE = Said(
    "If you were paying, what happened stands in the Platform. Go back one step and look again.",
    "Hvis du var ved at betale, står det i platformen, hvad der skete. Gå et skridt tilbage, og se efter igen.",
)
TO_SHOP = Said("To the shop", "Til butikken")
