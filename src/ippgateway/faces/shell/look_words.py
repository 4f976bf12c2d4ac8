"""What the look's own page says. The shop in it does not exist."""

from ippgateway.privacy.vocabulary import Words

TITLE = Words(en="The look", da="Udseendet")
LEAD = Words(
    en="Every component in every state. Nothing on this page is real, and nothing that you send from it is kept.",
    da="Alle komponenter i alle tilstande. Intet på siden er virkeligt, og intet, du sender herfra, bliver gemt.",
)
SENT = Words(
    en="The form arrived and was forgotten. Nothing was kept.",
    da="Formularen kom frem og blev glemt. Intet er gemt.",
)

COLOURS = Words(en="Colours", da="Farver")
COLOURS_LEAD = Words(
    en="Ink on paper and one accent. Amber and red are for states alone.",
    da="Blæk på papir og én kulør. Ravgul og rød er kun til tilstande.",
)
TYPE = Words(en="Type", da="Skrift")
TYPE_LEAD = Words(
    en="One humanist sans for text, one monospace for ids, keys and amounts.",
    da="Én humanistisk grotesk til tekst, én fastbredde til id'er, nøgler og beløb.",
)
HEADLINE = Words(en="A page's head", da="En sides overskrift")
SUBHEAD = Words(en="A part's head", da="Et afsnits overskrift")
TEXT = Words(
    en="Text runs to sixty-eight letters a line at most. A link looks like a link: ",
    da="Tekst fylder højst otteogtres tegn på en linje. Et link ligner et link: ",
)
LINK = Words(en="to the list below", da="til listen nedenfor")
SOFT = Words(
    en="What is said beside it is softer, and reads as well.",
    da="Det, der siges ved siden af, er blødere og læses lige så godt.",
)

RAIL = Words(en="Menu and search", da="Menu og søgning")
RAIL_NAME = Words(en="Example of a menu", da="Eksempel på en menu")
OVERVIEW = Words(en="Overview", da="Overblik")
PAYMENTS = Words(en="Payments", da="Betalinger")
KEYS = Words(en="Keys", da="Nøgler")

BUTTONS = Words(en="Buttons", da="Knapper")
BUTTONS_LEAD = Words(
    en="One first button in a form. The second is as easy to see. A button that destroys says what.",
    da="Én førsteknap i en formular. Den anden er lige så let at se. En knap, der sletter, siger hvad.",
)
CAPTURE = Words(en="Capture DKK 1,249.50", da="Hæv 1.249,50 kr.")
LATER = Words(en="Not now", da="Ikke nu")
END_KEY = Words(en="End this key", da="Afslut nøglen")
OPEN = Words(en="Open the record", da="Åbn posten")
UNAVAILABLE = Words(en="Captured already", da="Allerede hævet")

STATES = Words(en="States", da="Tilstande")
CAPTURED = Words(en="captured", da="hævet")
WAITING = Words(en="waiting for the bank", da="venter på banken")
DECLINED = Words(en="declined", da="afvist")
ENDED = Words(en="ended", da="afsluttet")
ROW_STATES = ((CAPTURED, "good"), (WAITING, "wait"), (DECLINED, "bad"), (ENDED, "quiet"))

NOTICES = Words(en="Notices", da="Beskeder")
DONE = Words(
    en="DKK 1,249.50 was captured. The record is below.",
    da="1.249,50 kr. er hævet. Posten står nedenfor.",
)
INFO = Words(
    en="Your bank account is looked at once more on Monday.", da="Jeres bankkonto bliver set efter igen på mandag."
)
WARNING = Words(
    en="The old key ends on Friday at noon. Put the new one into your shop before that.",
    da="Den gamle nøgle slutter fredag kl. 12. Sæt den nye ind i butikken inden.",
)
PROBLEM = Words(
    en="The bank did not answer. No money moved, and the payment is as it was. Try again in a few minutes.",
    da="Banken svarede ikke. Der er ikke flyttet penge, og betalingen er, som den var. Prøv igen om nogle minutter.",
)

EVIDENCE = Words(en="Evidence", da="Bevis")
EVIDENCE_LEAD = Words(
    en="The product's own sign stands wherever a promise matters. A click shows the check.",
    da="Produktets eget tegn står, hvor et løfte betyder noget. Et klik viser kontrollen.",
)
KEPT = Words(en="every stored field is declared", da="hvert felt, der gemmes, er erklæret")
KEPT_HOW = Words(
    en="The databases are compared with the declarations, field by field. The tick stands only if that was last found "
    "so, and not too long ago.",
    da="Databaserne sammenlignes med erklæringerne, felt for felt. Fluebenet står der kun, hvis det sidst blev fundet "
    "sådan, og det ikke er for længe siden.",
)
KEPT_PLAIN = Words(en="sealed, and readable for you alone", da="forseglet og kun læseligt for dig")
KEPT_NOW = Words(en="looked up for this page", da="slået op til denne side")

FORMS = Words(en="Forms", da="Formularer")
FORMS_LEAD = Words(
    en="A field says what it is for, why we ask, and what is wrong, beside itself.",
    da="Et felt siger, hvad det er til, hvorfor vi spørger, og hvad der er galt, lige ved siden af.",
)
EMAIL = Words(en="E-mail", da="E-mail")
EMAIL_WHY = Words(
    en="to sign you in; kept until you close the account", da="til at logge dig ind; gemmes, til du lukker kontoen"
)
EMAIL_CHECK = Words(
    en="It is sealed with a key of your own. Nobody outside gets it, and closing the account destroys the key.",
    da="Den er forseglet med din egen nøgle. Ingen udenfor får den, og nøglen ødelægges, når du lukker kontoen.",
)
COMPANY = Words(en="Company number", da="CVR-nummer")
COMPANY_HINT = Words(en="Eight digits.", da="Otte cifre.")
COMPANY_PROBLEM = Words(
    en="This number has seven digits; one is missing.", da="Nummeret har syv cifre; der mangler ét."
)
PHONE = Words(en="Telephone", da="Telefon")
FIXED = Words(en="Customer id", da="Kunde-id")
CLOSED = Words(en="Closed on", da="Lukket den")
COUNTRY = Words(en="Country", da="Land")
COUNTRIES = (
    ("DK", Words(en="Denmark", da="Danmark")),
    ("SE", Words(en="Sweden", da="Sverige")),
    ("DE", Words(en="Germany", da="Tyskland")),
)
COUNTRY_PROBLEM = Words(en="Choose one of the list.", da="Vælg et land fra listen.")
NOTE = Words(en="What should we look at", da="Hvad skal vi se på")
NOTE_HINT = Words(en="No card numbers, please.", da="Skriv ikke kortnumre her.")
WHO = Words(en="Who are you", da="Hvem er du")
WHO_PROBLEM = Words(en="Choose one of the two.", da="Vælg en af de to.")
KINDS = (
    (
        "company",
        Words(en="A shop", da="En butik"),
        Words(en="You take payments from your customers.", da="I tager imod betalinger fra jeres kunder."),
    ),
    (
        "partner",
        Words(en="A partner", da="En partner"),
        Words(en="You bring shops in and help them.", da="I kommer med butikker og hjælper dem."),
    ),
)
RIGHTS = Words(en="May", da="Må")
RIGHTS_HINT = Words(en="Every change is on record.", da="Hver ændring bliver skrevet op.")
REFUND = Words(en="refund payments", da="refundere betalinger")
REFUND_HINT = Words(en="Up to what was captured.", da="Højst det, der er hævet.")
SEE = Words(en="see payments", da="se betalinger")
SEND = Words(en="Send", da="Send")
PASSKEY = Words(en="Use a passkey", da="Brug en adgangsnøgle")

LIST = Words(en="A list", da="En liste")
LIST_LEAD = Words(
    en="Filters live in the address. A page leads to the next by a cursor. On a phone each row is a card.",
    da="Filtre står i adressen. En side fører til den næste med en markør. På en telefon er hver række et kort.",
)
CAPTION = Words(en="Payments, newest first", da="Betalinger, nyeste først")
ORDER = Words(en="Order", da="Ordre")
AMOUNT = Words(en="Amount", da="Beløb")
STATE = Words(en="State", da="Tilstand")
WHEN = Words(en="When", da="Hvornår")
ACTS = Words(en="What you can do", da="Hvad du kan gøre")
FROM = Words(en="From", da="Fra")
ANY_STATE = Words(en="any", da="alle")
NO_ROWS = Words(en="No payments yet", da="Ingen betalinger endnu")
NO_ROWS_MORE = Words(
    en="The first one stands here as soon as somebody pays. On a sandbox, the demo shop makes one in a minute.",
    da="Den første står her, så snart nogen betaler. I en sandkasse laver demobutikken en på et minut.",
)

STORY = Words(en="A payment's story", da="En betalings historie")
STEPS = (
    (
        "quiet",
        Words(en="The shop asked for `DKK 1,249.50`.", da="Butikken bad om `1.249,50 kr.`"),
        None,
    ),
    (
        "good",
        Words(en="The payer's bank confirmed who pays.", da="Betalerens bank bekræftede, hvem der betaler."),
        Words(en="3-D Secure 2, by a code from the bank's app.", da="3-D Secure 2, med en kode fra bankens app."),
    ),
    (
        "wait",
        Words(en="The acquirer was slow; we asked again.", da="Indløseren var langsom; vi spurgte igen."),
        None,
    ),
    ("good", Words(en="The amount is held for you.", da="Beløbet er reserveret til jer."), None),
    (
        "bad",
        Words(
            en="A refund of `DKK 2,000.00` was refused: more than was captured.",
            da="En refusion på `2.000,00 kr.` blev afvist: mere end der er hævet.",
        ),
        Words(en="No money moved.", da="Der blev ikke flyttet penge."),
    ),
)
FACTS = Words(en="Facts", da="Oplysninger")
CARD = Words(en="Card", da="Kort")
PAYER = Words(en="Payer", da="Betaler")
NOT_KNOWN = Words(en="Comment", da="Kommentar")
ID = Words(en="Id", da="Id")

NUMBERS = Words(en="Numbers", da="Tal")
SOLD = Words(en="Captured, the last 30 days", da="Hævet, de seneste 30 dage")
COUNT = Words(en="Payments", da="Betalinger")
IN_ALL = Words(en="in 30 days", da="på 30 dage")
TO_DO = Words(en="Waiting for you", da="Venter på jer")
NOTHING_DRAWN = Words(en="Refunds, the last 30 days", da="Refunderet, de seneste 30 dage")

PROGRESS = Words(en="Progress", da="Forløb")
EXPORTING = Words(en="Two of five files are written", da="To af fem filer er skrevet")
FLOW = (
    Words(en="Your company", da="Jeres virksomhed"),
    Words(en="You", da="Dig"),
    Words(en="Keys", da="Nøgler"),
)

SECRETS = Words(en="Secrets", da="Hemmeligheder")
NEW_KEY = Words(en="The new payment key", da="Den nye betalingsnøgle")
NEW_KEY_HINT = Words(
    en="This is the only time that it is shown. We keep a digest of it.",
    da="Den vises kun denne ene gang. Vi gemmer et aftryk af den.",
)
CODES = Words(en="Recovery codes", da="Genoprettelseskoder")

WAYS = Words(en="Ways on", da="Veje videre")
CONFIRM = Words(en="Refund DKK 1,249.50", da="Refundér 1.249,50 kr.")
CONFIRM_WAY = Words(en="A confirmation", da="En bekræftelse")
CONFIRM_ABOUT = Words(
    en="On a page of its own: what will happen, then it happens, then the record.",
    da="På sin egen side: hvad der vil ske, så sker det, så posten.",
)
MISSING_WAY = Words(en="A page that is not there", da="En side, der ikke findes")
MISSING_ABOUT = Words(en="What an error says.", da="Hvad en fejl siger.")
HAPPENS = (
    Words(en="DKK 1,249.50 goes back to the payer's card.", da="1.249,50 kr. går tilbage til betalerens kort."),
    Words(en="The bank shows it within three days.", da="Banken viser det inden for tre dage."),
    Words(en="It can't be undone.", da="Det kan ikke gøres om."),
)
ON_RECORD = Words(en="the refund is on record, with your name", da="refusionen bliver skrevet op med dit navn")
