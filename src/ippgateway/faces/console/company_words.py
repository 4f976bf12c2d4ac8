"""What the pages about keys, the partner's access and the company's details say."""

from ippgateway.privacy.vocabulary import Words

KEYS = Words(en="Keys", da="Nøgler")
KEYS_LEAD = Words(
    en="With a key your programs speak for you. Keep them on your server, never in a page or an app.",
    da="Med en nøgle taler jeres programmer for jer. Hold dem på jeres server, aldrig i en side eller en app.",
)
COMPANY_ID = Words(en="Company id", da="Virksomheds-id")
WHICH = {
    "1": Words(en="Key 1, for data", da="Nøgle 1, til data"),
    "2": Words(en="Key 2, for payments", da="Nøgle 2, til betalinger"),
}
HIDDEN = Words(en="Shown after your second factor", da="Vises efter din anden faktor")
SHOW = Words(en="Show the keys", da="Vis nøglerne")
REPLACE = Words(en="Replace", da="Udskift")
REPLACE_TITLE = Words(en="Replace this key?", da="Udskifte nøglen?")
OVERLAP = Words(en="How long the old key still works", da="Så længe virker den gamle nøgle endnu")
OVERLAPS: dict[int, Words] = {
    86_400: Words(en="One day", da="Et døgn"),
    7 * 86_400: Words(en="One week", da="En uge"),
    30 * 86_400: Words(en="30 days", da="30 dage"),
    0: Words(en="Not at all: it stops now", da="Slet ikke: den stopper nu"),
}
REPLACE_HAPPENS = (
    Words(en="You get a new key at once.", da="I får en ny nøgle med det samme."),
    Words(en="The old one works as long as you choose below, so that your programs can change over.",
          da="Den gamle virker, så længe I vælger nedenfor, så jeres programmer kan skifte."),
    Words(en="If it leaked, choose not at all: then whoever has it is out, and so are your programs until they have "
             "the new one.",
          da="Er den lækket, så vælg slet ikke: så er den, der har den, ude, og jeres programmer også, til de har "
             "den nye."),
)  # fmt: skip
REPLACED = Words(en="The key is replaced. The new one stands below.", da="Nøglen er udskiftet. Den nye står nedenfor.")
FURTHER = Words(en="Further keys", da="Øvrige nøgler")
FURTHER_LEAD = Words(
    en="One for each program, for as much as it needs, so that one can end without the others.",
    da="En til hvert program, til det, det har brug for, så én kan slutte uden de andre.",
)
NO_FURTHER = Words(en="There are none.", da="Der er ingen.")
ADD = Words(en="Add a key", da="Tilføj en nøgle")
LABEL = Words(en="What it is for", da="Hvad den er til")
SCOPE = Words(en="What it opens", da="Hvad den åbner")
SCOPES: dict[str, tuple[Words, Words]] = {
    "payment": (
        Words(en="Payments", da="Betalinger"),
        Words(en="Makes orders, captures and refunds.", da="Laver ordrer, hæver og refunderer."),
    ),
    "data": (
        Words(en="Data", da="Data"),
        Words(en="Reads and changes what the console shows.", da="Læser og ændrer det, konsollen viser."),
    ),
    "read": (
        Words(en="Reading alone", da="Kun læsning"),
        Words(en="Reads, and changes nothing: for bookkeeping.", da="Læser og ændrer intet: til bogholderiet."),
    ),
}
FORMER = Words(en="replaced, still works", da="udskiftet, virker endnu")
ENDS = Words(en="Ends", da="Slutter")
ENDS_HINT = Words(
    en="The last day it works. Empty: until you end it.", da="Sidste dag, den virker. Tom: til I afslutter den."
)
NEVER = Words(en="when you end it", da="når I afslutter den")
END = Words(en="End it now", da="Afslut nu")
ENDED = Words(en="The key opens nothing any more.", da="Nøglen åbner ikke længere noget.")
ADDED = Words(en="Your new key", da="Den nye nøgle")
ADDED_LEAD = Words(
    en="It is shown this once, because we keep only a code of it. Copy it now.",
    da="Den vises kun nu, for vi gemmer blot en kode af den. Kopiér den nu.",
)
BAD_KEY = Words(
    en="Say what it is for, in at most 60 letters, and choose a day to come.",
    da="Skriv, hvad den er til, i højst 60 tegn, og vælg en kommende dag.",
)
TOO_MANY = Words(
    en="There are as many keys as there can be. End one first.",
    da="Der er så mange nøgler, som der kan være. Afslut en først.",
)
BACK = Words(en="To the keys", da="Til nøglerne")

ACCESS = Words(en="Partner access", da="Partnerens adgang")
ACCESS_LEAD = Words(
    en="Your partner sees nothing of your account unless you let it in, and only for as long as you say.",
    da="Jeres partner ser intet af jeres konto, medmindre I lukker den ind, og kun så længe I siger.",
)
NO_PARTNER = Words(en="You came without a partner", da="I kom uden en partner")
NO_PARTNER_LEAD = Words(en="So there is nobody to let in.", da="Så der er ingen at lukke ind.")
CLOSED = Words(en="Your partner is outside.", da="Jeres partner er udenfor.")
OPEN_UNTIL = Words(en="Your partner may come in until", da="Jeres partner må komme ind til")
INSIDE = Words(en="Inside, it may", da="Indenfor må den")
INSIDE_CAN = Words(
    en="see payments, capture, refund and release them, and change your company's details",
    da="se betalinger, hæve, refundere og frigive dem og ændre virksomhedens oplysninger",
)
INSIDE_CANNOT = Words(
    en="It can't see your keys, your people, or this page. You get a letter each time.",
    da="Den kan ikke se jeres nøgler, jeres brugere eller denne side. I får et brev hver gang.",
)
LET_IN = Words(en="Let the partner in", da="Luk partneren ind")
FOR_DAYS = Words(en="For how long", da="Hvor længe")
DAYS: dict[int, Words] = {
    1: Words(en="One day", da="En dag"),
    7: Words(en="A week", da="En uge"),
    30: Words(en="30 days", da="30 dage"),
    365: Words(en="A year", da="Et år"),
}
WITHDRAW = Words(en="Take it back now", da="Tag den tilbage nu")
HISTORY = Words(en="Before now", da="Tidligere")
GIVEN = Words(en="Given", da="Givet")
GIVEN_BY = Words(en="By", da="Af")
UNTIL = Words(en="Until", da="Til")
TAKEN = Words(en="Taken back", da="Taget tilbage")
BY_KEY = Words(en="a program with your key", da="et program med jeres nøgle")
GONE = Words(en="somebody who is gone", da="en, der ikke er her mere")
ALLOWED_NOW = Words(en="Your partner may come in.", da="Jeres partner må komme ind.")
WITHDRAWN_NOW = Words(
    en="Your partner is outside. Whoever was inside is out, at once.",
    da="Jeres partner er udenfor. Den, der var inde, er ude med det samme.",
)

SETTINGS = Words(en="Settings", da="Indstillinger")
DETAILS = Words(en="Company details", da="Virksomhedens oplysninger")
DETAILS_WHY = Words(
    en="So that we know whom the agreement is with. Kept until the account ends.",
    da="Så vi ved, hvem aftalen er med. Gemmes, til kontoen slutter.",
)
COMPANY_NAME = Words(en="Company name", da="Virksomhedens navn")
REG_ID = Words(en="Company number", da="CVR-nummer")
VAT = Words(en="VAT number", da="Momsnummer")
PHONE = Words(en="Telephone", da="Telefon")
ADDRESS = Words(en="Address", da="Adresse")
POSTAL = Words(en="Postal code", da="Postnummer")
CITY = Words(en="City", da="By")
SAVED = Words(en="Saved.", da="Gemt.")
TOO_LARGE = Words(en="That is more than we keep. Nothing was saved.", da="Det er mere, end vi gemmer. Intet er gemt.")
PAYERS_CONTACT = Words(en="Where payers reach you", da="Hvor kunderne får fat i jer")
PAYERS_CONTACT_LEAD = Words(
    en="You are responsible for your payers' data, so they are told how to reach you: on the payment page, and on the "
    "page about what is held of their purchase.",
    da="I er ansvarlige for kundernes data, så de får at vide, hvordan de får fat i jer: på betalingssiden og på siden "
    "om det, der er gemt om deres køb.",
)
CONTACT = Words(
    en="E-mail address, telephone or address on the web", da="E-mailadresse, telefon eller adresse på nettet"
)
CONTACT_HINT = Words(en="Empty: payers see your name alone.", da="Tom: kunderne ser kun jeres navn.")
CONTACT_BAD = Words(
    en="Write an e-mail address, a telephone number or an address on the web, on one line of at most 120 letters. "
    "Nothing was saved.",
    da="Skriv en e-mailadresse, et telefonnummer eller en adresse på nettet på én linje med højst 120 tegn. Intet er "
    "gemt.",
)
WIDGET = Words(en="Card fields in your own pages", da="Kortfelter i jeres egne sider")
ON, OFF = Words(en="On", da="Til"), Words(en="Off", da="Fra")
WIDGET_ON = Words(
    en="The payment form stands in your shop's page.", da="Betalingsformularen står i butikkens egen side."
)
WIDGET_OFF = Words(
    en="Shoppers pay on our page, and come back.", da="Kunderne betaler på vores side og kommer tilbage."
)
WIDGET_LEAD = Words(
    en="It makes your part of PCI DSS larger: then your page's scripts can reach card numbers, and you answer for "
    "them.",
    da="Det gør jeres del af PCI DSS større: så kan sidens scripts nå kortnumre, og I står til ansvar for dem.",
)
TURN_ON = Words(en="Turn it on", da="Slå til")
TURN_OFF = Words(en="Turn it off", da="Slå fra")
