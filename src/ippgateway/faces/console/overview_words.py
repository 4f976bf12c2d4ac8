"""What the first page of each console says."""

from ippgateway.privacy.vocabulary import Words

TODO = Words(en="What needs doing", da="Det skal gøres")
NOTHING_TODO = Words(en="Nothing waits for you.", da="Intet venter på dig.")
CHECKED = Words(
    en="Payments, notifications and your sign-in checked", da="Betalinger, beskeder og dit login kontrolleret"
)
CHECKED_HOW = Words(
    en="Asked of the database while this page was made: payments without an outcome for five minutes, approved more "
    "than five days ago and not captured, shops that could not be told, and whether your sign-in has a second factor.",
    da="Spurgt i databasen, mens siden blev lavet: betalinger uden udfald i fem minutter, godkendt for mere end fem "
    "dage siden og ikke hævet, butikker, der ikke kunne få besked, og om dit login har en anden faktor.",
)
FACTOR = Words(en="Add a second factor", da="Tilføj en anden faktor")
FACTOR_WHY = Words(
    en="It takes a minute. Capturing, refunding and replacing keys ask for it, so that a stolen password moves no "
    "money.",
    da="Det tager et minut. Hævning, refusion og nye nøgler kræver den, så en stjålet adgangskode ikke flytter penge.",
)
VERIFY = Words(en="Confirm your e-mail address", da="Bekræft din e-mailadresse")
VERIFY_WHY = Words(
    en="We sent you a letter with a link. Until then we can't help you back in.",
    da="Vi har sendt dig et brev med et link. Indtil da kan vi ikke hjælpe dig ind igen.",
)
PARTNER_IN = Words(en="Your partner may come in", da="Jeres partner må komme ind")
PARTNER_IN_WHY = Words(
    en="You gave leave. Take it back when it is no longer needed.",
    da="I har givet lov. Tag den tilbage, når den ikke bruges.",
)
THIRTY_DAYS = Words(en="The last 30 days", da="De seneste 30 dage")
CAPTURED = Words(en="Captured", da="Hævet")
REFUNDED = Words(en="Refunded", da="Refunderet")
APPROVED = Words(en="Approved payments", da="Godkendte betalinger")
DECLINED = Words(en="Declined attempts", da="Afviste forsøg")
ALL_PAYMENTS = Words(en="All payments", da="Alle betalinger")
SANDBOX = Words(en="Sandbox: no money moves here.", da="Sandkasse: her flyttes ingen penge.")


def plot_of(code: str) -> Words:
    """The plot's caption."""
    return Words(en=f"Captured each day, {code}", da=f"Hævet pr. dag, {code}")


def counted(number: int, one: Words, many: Words) -> Words:
    """A number with its noun."""
    words = one if number == 1 else many
    return Words(en=f"{number} {words.en}", da=f"{number} {words.da}")


WAITING = (
    Words(en="payment has no outcome yet", da="betaling har intet udfald endnu"),
    Words(en="payments have no outcome yet", da="betalinger har intet udfald endnu"),
)
WAITING_WHY = Words(
    en="We ask the acquirer until it is certain. Send nothing before that.",
    da="Vi spørger indløseren, til det er sikkert. Send intet før det.",
)
HELD = (
    Words(en="payment is held and not captured", da="betaling holdes og er ikke hævet"),
    Words(en="payments are held and not captured", da="betalinger holdes og er ikke hævet"),
)
HELD_WHY = Words(
    en="For more than five days. Banks let go after about a week: capture or release.",
    da="I mere end fem dage. Bankerne giver slip efter en uges tid: hæv eller frigiv.",
)
UNTOLD = (
    Words(en="payment that your shop was not told of", da="betaling, din butik ikke fik besked om"),
    Words(en="payments that your shop was not told of", da="betalinger, din butik ikke fik besked om"),
)
UNTOLD_WHY = Words(
    en="Its server did not confirm our notification. Each payment's story says what it answered.",
    da="Dens server bekræftede ikke vores besked. Hver betalings historie siger, hvad den svarede.",
)

# --- the first order ---

FIRST = Words(en="Your first order", da="Den første ordre")
FIRST_LEAD = Words(
    en="Your sandbox is ready. Make a test order, pay it with a test card, and see it here.",
    da="Sandkassen er klar. Lav en testordre, betal den med et testkort, og se den her.",
)
MAKE_ORDER = Words(en="Make a test order", da="Lav en testordre")
TEST_CARD = Words(en="Test card", da="Testkort")
TEST_CARD_HINT = Words(
    en="Any expiry date to come, any security code, any name.",
    da="En udløbsdato i fremtiden, en hvilken som helst sikkerhedskode og et navn.",
)
BY_PROGRAM = Words(en="The same from a program", da="Det samme fra et program")
BY_PROGRAM_LEAD = Words(
    en="This makes an order. The answer's `url` is the page where it is paid.",
    da="Det her laver en ordre. Svarets `url` er siden, hvor den betales.",
)
YOUR_KEYS = Words(en="Your keys", da="Jeres nøgler")
COMPANY_ID = Words(en="Company id", da="Virksomheds-id")
KEY1 = Words(en="Key 1, for data", da="Nøgle 1, til data")
KEY2 = Words(en="Key 2, for payments", da="Nøgle 2, til betalinger")
KEYS_HINT = Words(
    en="Sandbox keys. They open nothing but tests, so they stand here until your first payment.",
    da="Sandkassenøgler. De åbner kun tests, så de står her, til I har den første betaling.",
)
ORDER_MADE = Words(en="Your test order is ready", da="Testordren er klar")
ORDER_MADE_LEAD = Words(
    en="It asks for 100 kroner that nobody will pay. Open the payment page, enter the test card, and you come back "
    "here.",
    da="Den beder om 100 kroner, som ingen kommer til at betale. Åbn betalingssiden, skriv testkortet, så kommer du "
    "tilbage hertil.",
)
OPEN_PAGE = Words(en="Open the payment page", da="Åbn betalingssiden")
ORDER_FAILED = Words(
    en="The test order could not be made. Nothing was kept. Try again in a moment.",
    da="Testordren kunne ikke laves. Intet er gemt. Prøv igen om et øjeblik.",
)

# --- partners, members of the public ---

PARTNER_LEAD = Words(en="Your customers, and what they let you do.", da="Jeres kunder, og hvad de lader jer gøre.")
CUSTOMERS = Words(en="Customers", da="Kunder")
CUSTOMERS_ABOUT = Words(en="Find one, see whether you may come in.", da="Find en, se om I må komme ind.")
NEW_CUSTOMER = Words(en="Add a customer", da="Opret en kunde")
NEW_CUSTOMER_ABOUT = Words(
    en="It gets a sandbox and an invitation at once.", da="Den får en sandkasse og en invitation med det samme."
)
PEOPLE = Words(en="Your people", da="Jeres brugere")
PEOPLE_ABOUT = Words(en="Who signs in, and what they may do.", da="Hvem der logger ind, og hvad de må.")
PUBLIC_LEAD = Words(
    en="Your account is yours alone. This is what it holds, and what you can do.",
    da="Kontoen er kun din. Her er, hvad den rummer, og hvad du kan gøre.",
)
MY_DATA = Words(en="What we hold about you", da="Det har vi om dig")
MY_DATA_ABOUT = Words(en="Every field, why, and until when.", da="Hvert felt, hvorfor og hvor længe.")
SECURITY = Words(en="Password and second factor", da="Adgangskode og anden faktor")
SECURITY_ABOUT = Words(en="How you prove that it is you.", da="Sådan viser du, at det er dig.")
SESSIONS = Words(en="Where you are signed in", da="Her er du logget ind")
SESSIONS_ABOUT = Words(en="End any of them.", da="Afslut hvilken som helst.")
PROFILE = Words(en="Name and address", da="Navn og adresse")
PROFILE_ABOUT = Words(en="Your e-mail address, name and telephone.", da="Din e-mailadresse, dit navn og telefon.")

LEAVE = Words(en="Leave the customer's account", da="Forlad kundens konto")
LEAVE_LEAD = Words(
    en="You are signed out, and sign in again for your own console.",
    da="Du bliver logget ud og logger ind igen til jeres egen konsol.",
)
