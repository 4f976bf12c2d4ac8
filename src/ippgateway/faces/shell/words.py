"""What the frame says, on every page of every face."""

from ippgateway.faces.pages.evidence import LINK, PAGE
from ippgateway.privacy.vocabulary import Words

SKIP = Words(en="To the content", da="Til indholdet")
MENU = Words(en="Menu", da="Menu")
RAIL = Words(en="Main menu", da="Hovedmenu")
SEARCH = Words(en="Search", da="Søg")
LANGUAGE = Words(en="Language", da="Sprog")
IN_ENGLISH = Words(en="English", da="English")
IN_DANISH = Words(en="Dansk", da="Dansk")
THEME = Words(en="Theme", da="Tema")
THEMES = {
    "auto": Words(en="As the device", da="Som enheden"),
    "light": Words(en="Light", da="Lyst"),
    "dark": Words(en="Dark", da="Mørkt"),
}
APPLY = Words(en="Use", da="Brug")
ACCOUNT = Words(en="Your account", da="Din konto")
SIGN_OUT = Words(en="Sign out", da="Log ud")
YOU = Words(en="You", da="Dig")
SANDBOX = Words(en="Sandbox", da="Sandkasse")
GUEST = Words(
    en="You are here as a guest from your partner. The customer sees each visit.",
    da="Du er her som gæst fra jeres partner. Kunden ser hvert besøg.",
)
OLDER = Words(en="Older", da="Ældre")
NEWEST = Words(en="Newest", da="Nyeste")
PAGES_OF_LIST = Words(en="Pages of the list", da="Listens sider")
FILTER = Words(en="Filter", da="Filtrér")
CLEAR = Words(en="Clear", da="Ryd")
REQUIRED = Words(en="required", da="skal udfyldes")
OPTIONAL = Words(en="optional", da="kan udelades")
CANCEL = Words(en="Cancel", da="Fortryd")
SAVE = Words(en="Save", da="Gem")
SHOW_CHECK = Words(en="What is checked", da="Hvad der kontrolleres")
DONE = Words(en="Done", da="Udført")
PROBLEM = Words(en="Something is missing", da="Der mangler noget")
HOME = Words(en="To the front page", da="Til forsiden")
REFERENCE = Words(en="Reference", da="Reference")
FOOT = Words(
    en="No cookie but the one that keeps you signed in and the one that knows this browser again. Nothing is loaded "
    "from other addresses.",
    da="Ingen cookies ud over den, der holder dig logget ind, og den, der kender browseren igen. Intet hentes fra "
    "andre adresser.",
)
PAPERS = Words(en="What applies", da="Hvad der gælder")
PAPER_LINKS = (
    ("privacy", Words(en="Privacy policy", da="Privatlivspolitik")),
    ("cookies", Words(en="Cookies", da="Cookies")),
    ("terms", Words(en="Terms of use", da="Vilkår")),
    ("processors", Words(en="Processors", da="Databehandlere")),
    (PAGE, LINK),
)
"""The site's pages, by their path there."""
TERMS_DUE = Words(
    en="New terms apply. They need your yes; until then you can go on working.",
    da="Der gælder nye vilkår. De mangler dit ja; imens kan du arbejde videre.",
)
TERMS_DUE_SEE = Words(en="See them", da="Se dem")
UNREACHED = Words(
    en="We could not be reached, and nothing was sent. Check your connection and try again.",
    da="Vi kunne ikke nås, og intet blev sendt. Se, om du har forbindelse, og prøv igen.",
)
UNANSWERED = Words(
    en="No answer came. What you sent may have been taken: look whether it is there before you send it again.",
    da="Der kom intet svar. Det, du sendte, kan være taget imod: se efter, før du sender det igen.",
)
DAY = Words(en="Day", da="Dag")
PLOT_TABLE = Words(en="The numbers", da="Tallene")
PLOT_MOST = Words(en="Highest:", da="Højest:")
PLOT_NOTHING = Words(en="Nothing in this time", da="Intet i denne tid")
PASSKEY_REFUSED = Words(
    en="The browser showed no passkey: it was refused, or it took too long. Nothing changed. Try again when you are "
    "ready.",
    da="Browseren viste ingen adgangsnøgle: den blev afvist, eller det tog for lang tid. Intet er ændret. Prøv igen, "
    "når du er klar.",
)
PASSKEY_KNOWN = Words(
    en="This device has a passkey for your account already. Use another device, or the one that you have.",
    da="Enheden har allerede en adgangsnøgle til din konto. Brug en anden enhed, eller den nøgle, du har.",
)
PASSKEY_FAILED = Words(
    en="The browser could not use the passkey. Nothing changed. Reload the page and try again, or use a code instead.",
    da="Browseren kunne ikke bruge adgangsnøglen. Intet er ændret. Genindlæs siden, og prøv igen, eller brug en kode.",
)
PASSKEY_WITHOUT = Words(
    en="Passkeys need a script and a browser that knows them. Codes from an app work everywhere.",
    da="Adgangsnøgler kræver et script og en browser, der kender dem. Koder fra en app virker overalt.",
)

FAILURES = {
    403: (
        Words(en="You may not open this page", da="Du har ikke adgang til siden"),
        Words(
            en="Your user does not have the right for it. Nothing happened. Whoever manages your people can change "
            "what you may do.",
            da="Din bruger har ikke rettigheden. Der er ikke sket noget. Den, der styrer jeres brugere, kan ændre, "
            "hvad du må.",
        ),
    ),
    404: (
        Words(en="There is nothing here", da="Her er ikke noget"),
        Words(
            en="Either the address has a slip in it, or what it leads to is not yours to see. Nothing happened.",
            da="Enten er adressen skrevet forkert, eller også er det, den fører til, ikke dit at se. Der er ikke "
            "sket noget.",
        ),
    ),
    405: (
        Words(en="This page does not take that", da="Det kan siden ikke tage imod"),
        Words(
            en="The page was asked in a way that it does not know. Nothing happened.",
            da="Siden blev spurgt på en måde, den ikke kender. Der er ikke sket noget.",
        ),
    ),
    413: (
        Words(en="That was too much at once", da="Det var for meget på én gang"),
        Words(
            en="The form is larger than we take. Nothing was kept. Send less at a time.",
            da="Formularen er større, end vi tager imod. Intet er gemt. Send mindre ad gangen.",
        ),
    ),
    415: (
        Words(en="We can't read that form", da="Den formular kan vi ikke læse"),
        Words(
            en="It came in a form that none of our pages sends. Nothing was kept.",
            da="Den kom i en form, som ingen af vores sider sender. Intet er gemt.",
        ),
    ),
    419: (
        Words(en="This form is too old, or not ours", da="Formularen er for gammel eller ikke vores"),
        Words(
            en="We only take what a page of ours sent during this sign-in, so that no other site acts in your name. "
            "Nothing happened. Go back, reload the page, and send it again.",
            da="Vi tager kun imod det, som en af vores sider sender under dette login, så intet andet websted handler "
            "i dit navn. Der er ikke sket noget. Gå tilbage, genindlæs siden, og send igen.",
        ),
    ),
    429: (
        Words(en="Too many attempts", da="For mange forsøg"),
        Words(
            en="We take a break after so many, so that nobody guesses their way in. Your account and your sessions "
            "are untouched. Try again in half an hour, or use a browser that you have signed in with before.",
            da="Efter så mange holder vi en pause, så ingen kan gætte sig ind. Din konto og dine logins er urørte. "
            "Prøv igen om en halv time, eller brug en browser, du har logget ind med før.",
        ),
    ),
    500: (
        Words(en="Something went wrong on our side", da="Noget gik galt hos os"),
        Words(
            en="We did not expect this, and our log has it under the reference below, without anything of yours. "
            "Look whether what you did is there before you do it again.",
            da="Det havde vi ikke ventet. Vores log har det under referencen nedenfor, uden noget af dit. Se efter, "
            "om det, du gjorde, er sket, før du gør det igen.",
        ),
    ),
    503: (
        Words(en="Back in a moment", da="Straks tilbage"),
        Words(
            en="A part of the Platform is starting. What was kept is safe; what you just sent may not have been "
            "taken. Try again in a moment.",
            da="En del af platformen er ved at starte. Det, der er gemt, er i sikkerhed; det, du netop sendte, er "
            "måske ikke kommet med. Prøv igen om et øjeblik.",
        ),
    ),
}
