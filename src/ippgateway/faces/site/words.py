"""What the home page says, in English and Danish, each written as an original. Between backticks stands code."""

from ippgateway.privacy.vocabulary import Words

TITLE = Words(en="{operator} Platform", da="{operator}-platformen")
HEADLINE = (
    Words(en="A payment gateway.", da="En betalingsgateway."),
    Words(en="A privacy policy that runs.", da="En privatlivspolitik, der kører."),
)
LEAD = (
    Words(
        en="Shops, resellers and partners take card payments through {operator}.",
        da="Butikker, forhandlere og partnere tager imod kortbetalinger gennem {operator}.",
    ),
    Words(
        en="Each stored field says beside its column why it is kept, for how long and who may receive it, and the "
        "database itself refuses every other use.",
        da="Ved hvert felt, der gemmes, står der hvorfor, hvor længe og hvem der må få det, og databasen selv afviser "
        "al anden brug.",
    ),
)
LEAD_SANDBOX = Words(
    en="This one is a sandbox: payments go the real way, over the real protocols, to an acquirer that moves no money.",
    da="Her kører en sandkasse: betalingerne går den rigtige vej over de rigtige protokoller, til en indløser, der "
    "ikke flytter penge.",
)
LEAD_LIVE = Words(en="This one takes real payments.", da="Her tages der imod rigtige betalinger.")

STATE = Words(en="State", da="Tilstand")
SERVING = Words(en="serving", da="i drift")
PARTS = Words(en="each part", da="hver enkelt del")
VERSION = Words(en="Version", da="Version")
MODE = Words(en="Mode", da="Art")
SANDBOX = Words(en="sandbox", da="sandkasse")
LIVE = Words(en="live", da="rigtige betalinger")
API = Words(en="API", da="API")
CONSOLE = Words(en="Consoles", da="Konsoller")

SHOP = Words(en="Buy something first", da="Køb noget først")
SHOP_LEAD = Words(
    en="A small shop beside this sandbox takes its payments here. Choose something, pay with a test card, see the "
    "notification arrive, and look at what is held about you afterwards.",
    da="En lille butik ved siden af sandkassen tager imod betaling her. Vælg noget, betal med et testkort, se "
    "meddelelsen komme, og se bagefter, hvad der er gemt om dig.",
)
SHOP_OPEN = Words(en="Open the demo shop", da="Åbn demobutikken")

ACCOUNT = Words(en="Take payments yourself", da="Tag selv imod betalinger")
ACCOUNT_LEAD = Words(
    en="Open an account: a shop, partner, reseller or person. A shop has its keys at once, and a paid test order "
    "within three minutes.",
    da="Opret en konto som butik, partner, forhandler eller person. En butik har sine nøgler med det samme og en "
    "betalt testordre inden for tre minutter.",
)
ACCOUNT_OPEN = Words(en="Open an account", da="Opret en konto")

WALK = Words(en="A first payment by hand", da="Den første betaling i hånden")
WALK_LEAD = Words(
    en="Four steps in a terminal on this machine. One click selects all of a step.",
    da="Fire trin i en terminal på denne maskine. Ét klik markerer hele trinnet.",
)
WALK_SIGN_IN = Words(
    en="No key or password stands on this page. `.venv/bin/ippgateway demo` prints those of the demo shop, the demo "
    "partner and the demo staff.",
    da="Der står ingen nøgler og adgangskoder på denne side. `.venv/bin/ippgateway demo` viser dem, der hører til "
    "demobutikken, demopartneren og demomedarbejderne.",
)

CARDS = Words(en="Test cards", da="Testkort")
CARDS_LEAD = Words(
    en="Any expiry date to come and any security code will do. Any other number with a valid check digit is approved.",
    da="Brug en udløbsdato i fremtiden og en vilkårlig kontrolkode. Alle andre numre med gyldigt kontrolciffer "
    "godkendes.",
)
OUTCOME = Words(en="Outcome", da="Udfald")
NUMBER = Words(en="Number", da="Nummer")

KEPT = Words(en="What the Platform keeps about a payer", da="Hvad platformen gemmer om en betaler")
KEPT_LEAD = Words(
    en="This table is not written by hand: it is read from the declarations that the running program enforces. The "
    "security code is not in it, because it is never stored.",
    da="Tabellen er ikke skrevet i hånden: den læses af de erklæringer, som det kørende program håndhæver. "
    "Kontrolkoden står der ikke, for den gemmes aldrig.",
)
MINE = Words(
    en="See what is held about you, by a link to your e-mail address",
    da="Se, hvad der er gemt om dig, med et link til din e-mailadresse",
)
MINE_FOOT = Words(en="What do you hold about me?", da="Hvad har I om mig?")
EVIDENCE = (
    ("SCOPE-4", Words(en="Every stored field is declared", da="Hvert felt, der gemmes, er erklæret")),
    ("COLLECT-5", Words(en="Each names purpose, term and recipients", da="Hvert nævner formål, frist og modtagere")),
    ("SEC-5", Words(en="What is sealed has keys of the person", da="Det forseglede har personens egne nøgler")),
    ("RETAIN-1", Words(en="What has reached its term is removed", da="Det, hvis frist er gået, fjernes")),
)
"""What stands above the table: a promise, and what it says of the table."""
COMPARED = Words(en="compared with the database", da="sammenlignet med databasen")
COMPARED_MORE = Words(
    en="When this process started, it compared every right in the live database with these declarations: who may read "
    "which column, whose rows, under which purpose. Had one differed, it would not have started. To see the whole map: "
    "`.venv/bin/ippgateway inventory`.",
    da="Da denne proces startede, sammenlignede den hver rettighed i den kørende database med erklæringerne: hvem der "
    "må læse hvilken kolonne, hvis rækker og til hvilket formål. Havde én afveget, var den ikke startet. Se hele "
    "kortet: `.venv/bin/ippgateway inventory`.",
)
WHAT = Words(en="What", da="Hvad")
WHY = Words(en="Why", da="Hvorfor")
HOW_LONG = Words(en="How long", da="Hvor længe")
RECEIVES = Words(en="Who receives it", da="Hvem får det")
SEALED = Words(en="Sealed", da="Forseglet")
NOBODY = Words(en="nobody", da="ingen")
NOT_SEALED = Words(en="no", da="nej")
