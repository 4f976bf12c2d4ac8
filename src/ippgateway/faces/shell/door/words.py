"""What the pages at the door say, in English and Danish."""

from ippgateway.privacy.vocabulary import Words

# --- sign-in ---

SIGN_IN = Words(en="Sign in", da="Log ind")
SIGN_IN_DESK = Words(
    en="For our staff. A second factor follows.", da="For vores medarbejdere. Bagefter følger trin to."
)
EMAIL = Words(en="E-mail", da="E-mail")
PASSWORD = Words(en="Password", da="Adgangskode")
FORGOT_LINK = Words(en="Forgot the password?", da="Glemt adgangskoden?")
NO_ACCOUNT = Words(en="No account yet?", da="Ingen konto endnu?")
SIGN_UP_LINK = Words(en="Open one", da="Opret en")
WRONG = Words(
    en="E-mail and password do not fit together. Nobody was signed in. Check both, or choose a new password.",
    da="E-mail og adgangskode passer ikke sammen. Ingen er logget ind. Se begge efter, eller vælg en ny adgangskode.",
)
UNAVAILABLE = Words(
    en="The password is right, but this account is closed or blocked. Whoever manages your users can say why.",
    da="Adgangskoden er rigtig, men kontoen er lukket eller spærret. Den, der styrer jeres brugere, ved hvorfor.",
)
ENDED = Words(
    en="You were signed out, because you were away for a while or the sign-in was ended elsewhere. What you saved is "
    "there.",
    da="Du er logget ud, fordi du var væk et stykke tid, eller fordi nogen afsluttede dit login. Det, du gemte, er "
    "der.",
)
OUT = Words(en="You are signed out.", da="Du er logget ud.")
TRIES = Words(
    en="That was one code too many, so this sign-in has ended. Nothing else happened. Start again with your password.",
    da="Det var én kode for meget, så dette login er slut. Der er ikke sket andet. Begynd forfra med adgangskoden.",
)
NEW_PASSWORD_SET = Words(
    en="Your new password counts from now on, and every older sign-in has ended. Sign in with it.",
    da="Din nye adgangskode gælder fra nu, og alle tidligere logins er afsluttet. Log ind med den.",
)
NEW_EMAIL_TAKEN = Words(
    en="Your new e-mail address counts from now on. You sign in with it.",
    da="Din nye e-mailadresse gælder fra nu. Det er den, du logger ind med.",
)


def wait_until(at_en: str, at_da: str) -> Words:
    """There were too many attempts; when the next one counts."""
    return Words(
        en=f"That was too often. We take a break, so that nobody guesses their way in; nothing of yours was touched. "
        f"Try again after {at_en}, or from a browser that you have signed in with before.",
        da=f"Det var for mange gange. Vi holder en pause, så ingen kan gætte sig ind; intet af dit er rørt. "
        f"Prøv igen efter kl. {at_da}, eller fra en browser, du har logget ind med før.",
    )


# --- the second factor ---

FACTOR = Words(en="One more step", da="Ét trin til")
FACTOR_LEAD = Words(
    en="The password was right. Show that it is you.",
    da="Adgangskoden var rigtig. Vis, at det er dig.",
)
AGAIN = Words(en="Show once more that it is you", da="Vis endnu en gang, at det er dig")
AGAIN_LEAD = Words(
    en="What you are about to do asks for a second factor from the last quarter of an hour.",
    da="Det, du er på vej til, kræver trin to inden for det sidste kvarter.",
)
CODE = Words(en="Code from your authenticator app", da="Kode fra din godkendelsesapp")
CODE_HINT = Words(en="Six digits, new every half minute.", da="Seks cifre; der kommer nye hvert halve minut.")
CODE_GO = Words(en="Go on", da="Fortsæt")
CODE_WRONG = Words(
    en="This code is not the one we wait for. Take the newest; each counts once. If it goes on, check the time on your "
    "telephone.",
    da="Det er ikke den kode, vi venter på. Tag den nyeste; hver gælder én gang. Bliver det ved, så se efter, om uret "
    "på din telefon går rigtigt.",
)
PASSKEY = Words(en="Passkey", da="Adgangsnøgle")
PASSKEY_GO = Words(en="Use your passkey", da="Brug din adgangsnøgle")
PASSKEY_HINT = Words(
    en="Your device asks for your finger, your face or its code. None of that reaches us.",
    da="Din enhed beder om finger, ansigt eller sin egen kode. Intet af det når os.",
)
PASSKEY_NEEDS_SCRIPT = Words(
    en="A passkey needs script in the browser, and script is off here. Nothing happened. Use a code from the app or a "
    "recovery code, or turn script on for this address.",
    da="En adgangsnøgle kræver script i browseren, og script er slået fra her. Der er ikke sket noget. Brug en kode "
    "fra appen eller en genoprettelseskode, eller slå script til for denne adresse.",
)
PASSKEY_WRONG = Words(
    en="The passkey proved nothing: it is not one of this account's, or the page had waited too long. Nothing "
    "happened. Try once more.",
    da="Adgangsnøglen beviste ikke noget: den hører ikke til kontoen, eller siden havde ventet for længe. Der er ikke "
    "sket noget. Prøv en gang til.",
)
RECOVERY_OPEN = Words(en="Neither at hand?", da="Har du ingen af dem ved hånden?")
RECOVERY_OPEN_ONE = Words(en="Not at hand?", da="Har du den ikke ved hånden?")
RECOVERY = Words(en="Recovery code", da="Genoprettelseskode")
RECOVERY_HINT = Words(
    en="One of the codes you put away when you set this up. Each counts once.",
    da="En af de koder, du lagde til side, da du satte det op. Hver gælder én gang.",
)
RECOVERY_GO = Words(en="Use this code", da="Brug koden")
RECOVERY_WRONG = Words(
    en="This is not one of your recovery codes, or it was used before.",
    da="Det er ikke en af dine genoprettelseskoder, eller også er den brugt.",
)
LOST = Words(
    en="Without any of them, nobody can let you in by e-mail; that would make the second factor worth nothing. Whoever "
    "manages your users can close this user and invite you anew.",
    da="Uden nogen af dem kan ingen lukke dig ind på en e-mail; så var trin to intet værd. Den, der styrer jeres "
    "brugere, kan lukke brugeren og invitere dig på ny.",
)
START_OVER = Words(en="Sign in as somebody else", da="Log ind som en anden")

# --- a new password ---

FORGOT = Words(en="A new password", da="Ny adgangskode")
FORGOT_LEAD = Words(
    en="Tell us your e-mail address. We send a link that counts once, within an hour.",
    da="Skriv din e-mailadresse. Vi sender et link, der gælder én gang inden for en time.",
)
FORGOT_GO = Words(en="Send the link", da="Send linket")
SENT = Words(en="Look in your mailbox", da="Se i din indbakke")
SENT_LEAD = Words(
    en="If there is an account with that address, a letter with a link is on its way to it. This page says the same "
    "whoever asks, so that nobody learns here who has an account.",
    da="Hvis adressen har en konto, er et brev med et link på vej til den. Siden siger det samme til alle, så ingen "
    "her kan finde ud af, hvem der har en konto.",
)
SENT_NONE = Words(
    en="Nothing there after some minutes? Look among unwanted mail, and check the address. We send no more than three "
    "an hour.",
    da="Kommer der ikke noget inden for nogle minutter? Se i uønsket post, og se adressen efter. Vi sender højst tre i "
    "timen.",
)
MAILBOX = Words(en="The sandbox's mailbox", da="Sandkassens indbakke")
MAILBOX_MORE = Words(
    en="In the sandbox no letter leaves this machine; all of them are here.",
    da="I sandkassen forlader intet brev denne maskine; de ligger alle her.",
)
BACK_TO_SIGN_IN = Words(en="To sign-in", da="Til login")
TO_PROFILE = Words(en="Your profile", da="Din profil")
RESET = Words(en="Choose a new password", da="Vælg en ny adgangskode")
RESET_LEAD = Words(
    en="When it is set, every sign-in of yours ends, and you sign in anew. Your second factor stays as it is.",
    da="Når den er sat, afsluttes alle dine logins, og du logger ind på ny. Trin to er som før.",
)
NEW_PASSWORD = Words(en="New password", da="Ny adgangskode")
RULE = Words(
    en="At least 15 characters; 12 with a letter and a digit are enough when you have a second factor. A few words in "
    "a row are good. Any characters, spaces too; none that is known from a leak.",
    da="Mindst 15 tegn; 12 med et bogstav og et ciffer er nok, når du har trin to. Nogle ord efter hinanden er godt. "
    "Alle tegn, også mellemrum; ingen adgangskode, der er kendt fra et læk.",
)
RULE_ALONE = Words(
    en="At least 15 characters. A few words in a row are good. Any characters, spaces too; none that is known from a "
    "leak.",
    da="Mindst 15 tegn. Nogle ord efter hinanden er godt. Alle tegn, også mellemrum; ingen adgangskode, der er kendt "
    "fra et læk.",
)
SET_IT = Words(en="Set the password", da="Gem adgangskoden")
NO_LETTER_OR_DIGIT = Words(
    en="It needs a letter and a digit at this length; from 15 characters on it does not.",
    da="Med den længde skal der et bogstav og et ciffer i; fra 15 tegn og op behøves det ikke.",
)
TOO_LONG = Words(en="128 characters are the most we take.", da="Vi tager imod højst 128 tegn.")
KNOWN = Words(
    en="This one is in lists of passwords that leaked, or easily guessed from what you told us. Choose another.",
    da="Den står på lister over lækkede adgangskoder, eller den er let at gætte ud fra det, du har skrevet. Vælg en "
    "anden.",
)


def too_short(at_least: int) -> Words:
    """A password is shorter than the rule that binds its owner."""
    return Words(en=f"Too short: it takes {at_least} characters.", da=f"For kort: der skal {at_least} tegn til.")


SPENT = Words(en="This link no longer counts", da="Linket gælder ikke længere")
SPENT_LEAD = Words(
    en="It was used, or it is too old. Nothing happened. Ask for a new one.",
    da="Det er brugt, eller det er for gammelt. Der er ikke sket noget. Bed om et nyt.",
)

# --- letters ---

VERIFY = Words(en="Is this address yours?", da="Er adressen din?")
VERIFY_LEAD = Words(
    en="You opened the link that we sent to your e-mail address. Confirm, and it is noted as yours.",
    da="Du har åbnet linket, vi sendte til din e-mailadresse. Bekræft, så er den noteret som din.",
)
VERIFY_GO = Words(en="Confirm the address", da="Bekræft adressen")
VERIFIED = Words(en="Your e-mail address is confirmed.", da="Din e-mailadresse er bekræftet.")
NEW_EMAIL = Words(en="Change to this address", da="Skift til denne adresse")
NEW_EMAIL_LEAD = Words(
    en="You opened the link that we sent to your new address. Confirm, and it takes the old one's place.",
    da="Du har åbnet linket, vi sendte til din nye adresse. Bekræft, så afløser den din gamle.",
)
INVITE = Words(en="You are invited", da="Du er inviteret")
INVITE_LEAD = Words(
    en="Choose a password, and the account is yours. You sign in with the address that the letter came to.",
    da="Vælg en adgangskode, så er kontoen din. Du logger ind med den adresse, brevet kom til.",
)
INVITE_GO = Words(en="Open my account", da="Åbn min konto")
INVITE_SPENT = Words(
    en="The invitation was used, or it is older than a week. Nothing happened. Ask whoever invited you for a new one.",
    da="Invitationen er brugt, eller den er ældre end en uge. Der er ikke sket noget. Bed den, der inviterede dig, om "
    "en ny.",
)
NAME = Words(en="Your name", da="Dit navn")
NAME_MISSING = Words(en="Tell us what to call you.", da="Skriv, hvad vi skal kalde dig.")
NAME_BAD = Words(
    en="This can't be a name: between 1 and 200 characters, on one line.",
    da="Det kan ikke være et navn: mellem 1 og 200 tegn på én linje.",
)
EMAIL_BAD = Words(
    en="This can't be an e-mail address. It looks like `name@example.com`.",
    da="Det kan ikke være en e-mailadresse. Sådan en ligner `navn@eksempel.dk`.",
)
