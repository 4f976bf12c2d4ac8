"""What the pages about one's own account say, in English and Danish. What happened at the door is in `event_words`."""

from ippgateway.privacy.vocabulary import Words

TITLE = Words(en="Your account", da="Din konto")
PROFILE = Words(en="Profile", da="Profil")
SECURITY = Words(en="Security", da="Sikkerhed")
SESSIONS = Words(en="Sign-ins", da="Logins")
EVENTS = Words(en="What happened", da="Hvad der er sket")
LANGUAGE = Words(en="Language", da="Sprog")
DATA = Words(en="Your data", da="Dine data")
BACK = Words(en="Back to security", da="Tilbage til sikkerhed")

# --- profile ---

NAME = Words(en="Name", da="Navn")
NAME_BAD = Words(
    en="This can't be a name: between 1 and 200 characters, on one line.",
    da="Det kan ikke være et navn: mellem 1 og 200 tegn på én linje.",
)
PHONE = Words(en="Telephone", da="Telefon")
PHONE_HINT = Words(
    en="With the country's number, such as `+45 12 34 56 78`.", da="Med landekode, fx `+45 12 34 56 78`."
)
PHONE_BAD = Words(
    en="This can't be a telephone number: digits, spaces and `+ ( ) - . /`, at most 40 of them.",
    da="Det kan ikke være et telefonnummer: cifre, mellemrum og `+ ( ) - . /`, højst 40 tegn.",
)
SAVED = Words(en="Saved.", da="Gemt.")
EMAIL = Words(en="E-mail", da="E-mail")
EMAIL_LEAD = Words(
    en="You sign in with it, and our letters go there.", da="Du logger ind med den, og vores breve går dertil."
)
EMAIL_YOURS = Words(en="Confirmed as yours", da="Bekræftet som din")
EMAIL_OPEN = Words(en="Not confirmed yet", da="Ikke bekræftet endnu")
VERIFY_AGAIN = Words(en="Send the letter again", da="Send brevet igen")
VERIFY_SENT = Words(
    en="A letter is on its way. Open its link in this browser, where you are signed in.",
    da="Et brev er på vej. Åbn linket i denne browser, hvor du er logget ind.",
)
CHANGE_EMAIL = Words(en="Change the address", da="Skift adressen")
NEW_EMAIL = Words(en="New e-mail", da="Ny e-mail")
NEW_EMAIL_LEAD = Words(
    en="We send a link to the new address. The old one counts until you open it, and gets a letter as well.",
    da="Vi sender et link til den nye adresse. Den gamle gælder, til du åbner det, og får også et brev.",
)
NEW_EMAIL_GO = Words(en="Send the link", da="Send linket")
NEW_EMAIL_SENT = Words(
    en="If that address can be reached, a link is on its way to it. Nothing has changed yet.",
    da="Hvis adressen kan nås, er et link på vej til den. Intet er ændret endnu.",
)
EMAIL_BAD = Words(
    en="This can't be an e-mail address. It looks like `name@example.com`.",
    da="Det kan ikke være en e-mailadresse. Sådan en ligner `navn@eksempel.dk`.",
)
WORK = Words(en="Employer", da="Arbejdsgiver")
COUNTRY = Words(en="Country", da="Land")
ROLE = Words(en="Role", da="Rolle")

# --- password ---

PASSWORD = Words(en="Password", da="Adgangskode")
PASSWORD_LEAD = Words(
    en="Changing it ends your other sign-ins and sends you a letter.",
    da="Skifter du den, afsluttes dine andre logins, og du får et brev.",
)
CHANGE_PASSWORD = Words(en="Change the password", da="Skift adgangskode")
CURRENT = Words(en="Your password now", da="Din nuværende adgangskode")
CURRENT_WRONG = Words(
    en="This is not your password. Nothing changed.", da="Det er ikke din adgangskode. Intet er ændret."
)
NEW_PASSWORD = Words(en="New password", da="Ny adgangskode")
PASSWORD_CHANGED = Words(
    en="Your new password counts from now on. Your other sign-ins have ended.",
    da="Din nye adgangskode gælder fra nu. Dine andre logins er afsluttet.",
)
MUST_CHANGE = Words(
    en="Before anything else, choose a new password: the one you have was set by somebody else, or is weaker than the "
    "rule.",
    da="Vælg en ny adgangskode, før du går videre: den, du har, er sat af en anden eller svagere end reglen.",
)
MUST_ADD = Words(
    en="Before anything else, add a second factor. Our staff sign in with one, without exception.",
    da="Tilføj trin to, før du går videre. Vores medarbejdere logger ind med det, uden undtagelse.",
)

# --- second factors ---

FACTORS = Words(en="Second factor", da="Trin to")
FACTORS_LEAD = Words(
    en="Something you have, besides the password you know: whoever finds out the one still lacks the other.",
    da="Noget, du har, ud over adgangskoden, du kan: den, der finder ud af det ene, mangler stadig det andet.",
)
FACTORS_MONEY = Words(
    en="Refunding, capturing and handing out access ask for it.",
    da="Refusion, hævning og adgang til andre kræver det.",
)
FACTORS_NONE = Words(en="None yet.", da="Ikke noget endnu.")
FACTORS_NO_MONEY = Words(
    en="Until there is one, this user can look at money but not move it.",
    da="Indtil da kan brugeren se på penge, men ikke flytte dem.",
)
APP = Words(en="Authenticator app", da="Godkendelsesapp")
PASSKEY = Words(en="Passkey", da="Adgangsnøgle")
ADDED = Words(en="Added", da="Tilføjet")
USED = Words(en="Last used", da="Sidst brugt")
NEVER = Words(en="never", da="aldrig")
KIND = Words(en="Kind", da="Slags")
LABEL = Words(en="Name", da="Navn")
LABEL_BAD = Words(en="At most 60 characters, on one line.", da="Højst 60 tegn på én linje.")
REMOVE = Words(en="Remove", da="Fjern")
ADD_APP = Words(en="Add an authenticator app", da="Tilføj en godkendelsesapp")
ADD_PASSKEY = Words(en="Add a passkey", da="Tilføj en adgangsnøgle")
APP_LEAD = Words(
    en="Scan the picture with the app, or type the key. Then enter the code that the app shows.",
    da="Skan billedet med appen, eller skriv nøglen. Indtast så den kode, appen viser.",
)
APP_PICTURE = Words(en="Picture for your authenticator app", da="Billede til din godkendelsesapp")
APP_KEY = Words(en="Key", da="Nøgle")
APP_KEY_HINT = Words(
    en="A click selects it whole. Time-based, six digits, every 30 seconds.",
    da="Et klik vælger det hele. Tidsbaseret, seks cifre, hvert 30. sekund.",
)
APP_LABEL_HINT = Words(
    en="So that you know it again: your telephone's name, for instance.",
    da="Så du kan kende den igen: fx telefonens navn.",
)
APP_CODE = Words(en="Code from the app", da="Kode fra appen")
APP_WRONG = Words(
    en="This code does not fit. Wait for the next one; if none fits, check the time on your telephone.",
    da="Koden passer ikke. Vent på den næste; passer ingen, så se efter, om uret på din telefon går rigtigt.",
)
PASSKEY_LEAD = Words(
    en="Your device makes a key that never leaves it, and shows it when you sign in. Its finger, face or code stays "
    "with it.",
    da="Din enhed laver en nøgle, der aldrig forlader den, og viser den, når du logger ind. Finger, ansigt eller kode "
    "bliver på enheden.",
)
PASSKEY_GO = Words(en="Make the passkey", da="Lav adgangsnøglen")
PASSKEY_WITHOUT = Words(
    en="A passkey is made by a script in a browser that knows passkeys, and one of the two is missing here. An "
    "authenticator app works everywhere.",
    da="En adgangsnøgle laves af et script i en browser, der kender dem, og en af delene mangler her. En "
    "godkendelsesapp virker overalt.",
)
PASSKEY_WRONG = Words(
    en="That passkey could not be added: the page had waited too long, or the account has it. Nothing changed. Try "
    "once more.",
    da="Adgangsnøglen kunne ikke tilføjes: siden havde ventet for længe, eller kontoen har den. Intet er ændret. Prøv "
    "en gang til.",
)
ENOUGH = Words(
    en="There are ten second factors already, and more are not kept. Remove one first. Nothing changed.",
    da="Der er ti i forvejen, og flere gemmes ikke. Fjern en først. Intet er ændret.",
)
APP_ANEW = Words(en="Show a new picture", da="Vis et nyt billede")
FACTOR_ADDED = Words(en="Your second factor is added.", da="Trin to er tilføjet.")
FACTOR_REMOVED = Words(en="It is removed. A letter says so as well.", da="Den er fjernet. Du får også et brev om det.")
REMOVE_FACTOR = Words(en="Remove this second factor", da="Fjern dette trin to")
REMOVE_HAPPENS = Words(en="It no longer proves who you are.", da="Det beviser ikke længere, hvem du er.")
REMOVE_LAST = Words(
    en="It is your only one: your recovery codes and your passwords for programs end with it, and this user can't move "
    "money until there is another.",
    da="Det er dit eneste: genoprettelseskoderne og adgangskoderne til programmer forsvinder med det, og brugeren kan "
    "ikke flytte penge, før der er et andet.",
)
REMOVE_LETTER = Words(en="You get a letter about it.", da="Du får et brev om det.")
REMOVE_REFUSED = Words(
    en="It is your only second factor, and our staff keep one. Add another first. Nothing changed.",
    da="Det er dit eneste trin to, og vores medarbejdere skal have et. Tilføj et andet først. Intet er ændret.",
)

# --- recovery codes ---

RECOVERY = Words(en="Recovery codes", da="Genoprettelseskoder")
RECOVERY_LEAD = Words(
    en="For the day when neither telephone nor key is at hand. Each counts once.",
    da="Til den dag, hvor hverken telefon eller nøgle er ved hånden. Hver gælder én gang.",
)
RECOVERY_LEFT = Words(en="Codes left:", da="Koder tilbage:")
RECOVERY_NEW = Words(en="Make new recovery codes", da="Lav nye genoprettelseskoder")
RECOVERY_HAPPENS = (
    Words(en="Ten new codes are made and shown once.", da="Der laves ti nye koder, som vises én gang."),
    Words(en="All older ones stop counting at once.", da="Alle ældre holder straks op med at gælde."),
    REMOVE_LETTER,
)
RECOVERY_SHOWN = Words(en="Put these away now", da="Læg dem til side nu")
RECOVERY_SHOWN_LEAD = Words(
    en="They are shown this once; we keep only what we need to recognise them. Print them, or copy them into a "
    "password manager.",
    da="De vises kun denne ene gang; vi gemmer kun det, der skal til for at kende dem igen. Udskriv dem, eller kopiér "
    "dem ind i en adgangskodehusker.",
)
COPY = Words(en="Copy", da="Kopiér")
COPIED = Words(en="Copied", da="Kopieret")
PRINT = Words(en="Print", da="Udskriv")
GO_ON = Words(en="I have put them away", da="De er lagt til side")

# --- passwords for programs ---

PROGRAMS = Words(en="Passwords for programs", da="Adgangskoder til programmer")
PROGRAMS_LEAD = Words(
    en="A program that speaks our wire contract signs in with one of these in place of yours. It may do what you may, "
    "and move money without a second factor: so give each program its own, and remove what is no longer used.",
    da="Et program, der taler vores protokol, logger ind med en af dem i stedet for din. Det må det samme som dig og "
    "flytte penge uden trin to: giv derfor hvert program sin egen, og fjern dem, der ikke bruges.",
)
PROGRAMS_NEED = Words(
    en="Add a second factor first; one is asked for to make such a password.",
    da="Tilføj først trin to; det kræves for at lave sådan en.",
)
PROGRAMS_SEE = Words(en="See and make them", da="Se og lav dem")
PROGRAMS_NONE = Words(en="No program has one", da="Intet program har en")
PROGRAMS_NONE_MORE = Words(
    en="Make one below when a program of yours is to sign in.",
    da="Lav en nedenfor, når et af jeres programmer skal logge ind.",
)
PROGRAM_FOR = Words(en="What it is for", da="Hvad den er til")
PROGRAM_BAD = Words(
    en="Name it, so that you know later what it opens: between 1 and 60 characters.",
    da="Giv den et navn, så du senere ved, hvad den åbner: mellem 1 og 60 tegn.",
)
PROGRAM_ENOUGH = Words(
    en="No more than five at a time, and none for a guest in somebody else's account. Nothing changed.",
    da="Højst fem ad gangen, og ingen til en gæst i en andens konto. Intet er ændret.",
)
PROGRAM_MAKE = Words(en="Make a password", da="Lav en adgangskode")
PROGRAM_SHOWN = Words(en="Give it to the program now", da="Giv den til programmet nu")
PROGRAM_SHOWN_LEAD = Words(
    en="It is shown this once; we keep only a hash of it.",
    da="Den vises kun denne ene gang; vi gemmer kun en hash af den.",
)
PROGRAM_REMOVE = Words(en="Remove this password", da="Fjern denne adgangskode")
PROGRAM_HAPPENS = Words(
    en="The program that uses it can no longer sign in, and is signed out.",
    da="Programmet, der bruger den, kan ikke længere logge ind og bliver logget ud.",
)
PROGRAM_REMOVED = Words(en="The password is removed.", da="Adgangskoden er fjernet.")
DONE = Words(en="Done", da="Færdig")

# --- sessions ---

SESSIONS_LEAD = Words(
    en="Everywhere you are signed in now. End what you do not know, and change the password.",
    da="Alle steder, du er logget ind nu. Afslut det, du ikke kender, og skift adgangskode.",
)
WHERE = Words(en="Where", da="Hvor")
BEGAN = Words(en="Began", da="Begyndt")
SEEN = Words(en="Last seen", da="Sidst set")
SOME_BROWSER = Words(en="a browser we do not know", da="en browser, vi ikke kender")
HERE = Words(en="this browser", da="denne browser")
PROGRAM = Words(en="a program", da="et program")
INSIDE = Words(en="inside a customer's account", da="i en kundes konto")
END = Words(en="End", da="Afslut")
END_OTHERS = Words(en="End all others", da="Afslut alle andre")
SESSION_ENDED = Words(en="That sign-in has ended.", da="Det login er afsluttet.")
OTHERS_ENDED = Words(en="All your other sign-ins have ended.", da="Alle dine andre logins er afsluttet.")

# --- language ---

LANGUAGE_LEAD = Words(
    en="For these pages and for the letters we send you.", da="For siderne her og for de breve, vi sender dig."
)
THEME = Words(en="Theme", da="Tema")

# --- data ---

DATA_LEAD = Words(
    en="Everything that is stored about you as a user, read from the database at this moment, and told with what its "
    "declaration says of it: why, on which basis, how long, and who gets it.",
    da="Alt, hvad der er gemt om dig som bruger, læst i databasen i dette øjeblik og vist med det, der er erklæret om "
    "det: hvorfor, på hvilket grundlag, hvor længe, og hvem der får det.",
)
DATA_READ = Words(en="Read from the database", da="Læst i databasen")
DATA_MORE = Words(
    en="Passwords, keys and codes are told of and never shown, not even to you.",
    da="Adgangskoder, nøgler og koder nævnes, men vises aldrig, heller ikke til dig.",
)
DATA_STAFF = Words(
    en="You work here, so this page shows what your account at the desk holds. What you did stands besides under your "
    "user id: on the audit trail, and in the cases, looks and registers that you had a part in. For a copy, a "
    "correction or anything else, ask whoever answers for our staff.",
    da="Du arbejder her, så siden viser, hvad din konto ved skranken indeholder. Det, du har gjort, står desuden under "
    "dit bruger-id: i revisionssporet og i de sager, opslag og registre, du har haft del i. Vil du have en kopi, en "
    "rettelse eller andet, så spørg den, der har ansvaret for vores medarbejdere.",
)
ASK_DATA = Words(en="Correct, restrict or object, and follow what you asked",
                 da="Ret, begræns eller gør indsigelse, og følg det, du har bedt om")  # fmt: skip
LEAVE_CLOSE = Words(en="Close the account", da="Luk kontoen")
LEAVE_ERASE = Words(en="Erase everything", da="Slet alt")
COPY_PDF = Words(en="A copy to read (PDF)", da="En kopi til at læse (PDF)")
COPY_JSON = Words(en="A copy for programs (JSON)", da="En kopi til programmer (JSON)")
COPY_PORTABLE = Words(en="What you gave us, to take elsewhere (JSON)", da="Det, du selv har givet os (JSON)")
DATA_COMPLAIN = Words(
    en="Something wrong? Your name and address are changed under Profile. You may also complain to Datatilsynet, the "
    "Danish data protection authority.",
    da="Er noget forkert? Navn og adresse ændrer du under Profil. Du kan også klage til Datatilsynet.",
)
