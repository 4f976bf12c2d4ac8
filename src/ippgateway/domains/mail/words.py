"""What our letters say, each language written as an original.

Between braces stands what a letter is told; a paragraph that names something which was not told is left out. No name
and nothing that somebody typed is ever in a subject, which lock screens and mail logs show.
"""

from ippgateway.domains.mail.schemas import Kind
from ippgateway.domains.mail.shop_words import TO_SHOPS
from ippgateway.domains.mail.staff_words import TO_STAFF
from ippgateway.domains.mail.wording import Wording
from ippgateway.privacy.vocabulary import Words

_W = Words


LISTED = {
    "when": _W(en="When", da="Hvornår"),
    "device": _W(en="Browser", da="Browser"),
    "where": _W(en="Network", da="Netværk"),
    "company": _W(en="Account", da="Konto"),
    "name": _W(en="By", da="Af"),
    "what": _W(en="Concerns", da="Angår"),
}
"""What is listed of an event, in this order."""

SIGNED = _W(
    en="We write about your account and never to advertise. We never ask for a password or a code by e-mail, and "
    "nothing in this letter tells us whether you read it.",
    da="Vi skriver om din konto og aldrig for at reklamere. Vi beder aldrig om en adgangskode eller en kode i en "
    "e-mail, og intet i brevet fortæller os, om du har læst det.",
)
RIGHTS_SIGNED = _W(
    en="We write because of data about you and never to advertise. We never ask for a password or a code by e-mail, "
    "and nothing in this letter tells us whether you read it.",
    da="Vi skriver på grund af data om dig og aldrig for at reklamere. Vi beder aldrig om en adgangskode eller en kode "
    "i en e-mail, og intet i brevet fortæller os, om du har læst det.",
)
"""At the end of letters that go to people without an account as well."""
POLICY = _W(en="Privacy policy and terms: {policy}", da="Privatlivspolitik og vilkår: {policy}")
"""At the end of every letter (SCOPE-1)."""
NEWS_SIGNED = _W(
    en="This is marketing. You get it because you said yes, and never otherwise. Nothing in this letter tells us "
    "whether you read it.",
    da="Dette er reklame. Du får den, fordi du har sagt ja, og ellers aldrig. Intet i brevet fortæller os, om du har "
    "læst det.",
)
FROM = _W(en="{operator} Platform", da="{operator}-platformen")

_SHUT_OUT = _W(
    en="If this was not you, choose a new password and end the other sessions here. That shuts out whoever it was:\n"
    "{security}",
    da="Var det ikke dig, så vælg en ny adgangskode, og afslut de andre sessioner her. Så er andre lukket ude:\n"
    "{security}",
)
_RESET_THEN = _W(
    en="If this was not you, somebody knows more than they should. Ask for a new password at once, which ends every "
    "session:\n{forgot}",
    da="Var det ikke dig, ved nogen mere, end de bør. Bed om en ny adgangskode med det samme; det afslutter alle "
    "sessioner:\n{forgot}",
)
_DO_NOTHING = _W(
    en="If you did not ask for this, you need do nothing. Nothing has changed, and nobody was told whether this "
    "address is known to us.",
    da="Har du ikke bedt om det, skal du ikke gøre noget. Intet er ændret, og ingen har fået at vide, om vi kender "
    "adressen.",
)
_NOT_ASKED = _W(
    en="If you did not ask for this, write to us: somebody may be acting in your name.",
    da="Har du ikke bedt om det, så skriv til os: nogen handler måske i dit navn.",
)
_COMPLAIN = _W(
    en="You may complain to Datatilsynet, the Danish data protection authority, and go to court.",
    da="Du kan klage til Datatilsynet og gå til domstolene.",
)
_LOOK_AT_ACCESS = _W(
    en="If you did not expect this, look at who may do what, and end what should not be there:\n{security}",
    da="Havde du ikke ventet det, så se efter, hvem der må hvad, og afslut det, der ikke skal være der:\n{security}",
)
_LINK = frozenset({"link"})

WORDINGS: dict[Kind, Wording] = {
    Kind.WELCOME: Wording(
        subject=_W(en="Your account at the {operator} Platform", da="Din konto på {operator}-platformen"),
        begins=(
            _W(en="An account was made with this e-mail address, and it is ready.",
               da="Der er oprettet en konto med denne e-mailadresse, og den er klar til brug."),
            _W(en="You find it here:\n{link}", da="Du finder den her:\n{link}"),
            _W(en="A second factor, such as a passkey or an app with codes, keeps it yours. You set one up here:\n"
                  "{security}",
               da="En ekstra faktor, fx en adgangsnøgle eller en app med koder, sørger for, at den forbliver din. Du "
                  "sætter den op her:\n{security}"),
        ),
        lists=False,
        not_you=_W(
            en="If you did not sign up, somebody typed your address, perhaps by mistake. Don't confirm it, and it "
            "stays unconfirmed.",
            da="Har du ikke tilmeldt dig, har nogen skrevet din adresse, måske ved en fejl. Lad være med at bekræfte "
            "den, så forbliver den ubekræftet.",
        ),
    ),
    Kind.VERIFY: Wording(
        subject=_W(en="Confirm your e-mail address", da="Bekræft din e-mailadresse"),
        begins=(
            _W(en="Confirm that this address is yours. Sign in first, then open:\n{link}",
               da="Bekræft, at adressen er din. Log først ind, og åbn så:\n{link}"),
            _W(en="The link works once, and for seven days.", da="Linket virker én gang og i syv dage."),
        ),
        lists=False,
        not_you=_W(
            en="If you did not sign up, you need do nothing. Without your confirmation the address stays unconfirmed.",
            da="Har du ikke tilmeldt dig, skal du ikke gøre noget. Uden din bekræftelse forbliver adressen ubekræftet.",
        ),
        needs=_LINK,
    ),
    Kind.NEW_DEVICE: Wording(
        subject=_W(en="A sign-in from a browser we did not know", da="Et login fra en browser, vi ikke kendte"),
        begins=(
            _W(en="Somebody signed in to your account with the right password, from a browser that was not used for it "
                  "before.",
               da="Nogen loggede ind på din konto med den rigtige adgangskode fra en browser, der ikke har været brugt "
                  "til den før."),
        ),
        ends=(_W(en="If it was you, you need do nothing.", da="Var det dig, skal du ikke gøre noget."),),
        not_you=_SHUT_OUT,
    ),
    Kind.RESET: Wording(
        subject=_W(en="Choose a new password", da="Vælg en ny adgangskode"),
        begins=(
            _W(en="Somebody asked for a new password for your account. If it was you, choose one here:\n{link}",
               da="Nogen bad om en ny adgangskode til din konto. Var det dig, så vælg en her:\n{link}"),
            _W(en="The link works once, and for one hour. Your second factor, if you have one, is still asked for.",
               da="Linket virker én gang og i en time. Har du en ekstra faktor, bliver der stadig spurgt om den."),
        ),
        not_you=_DO_NOTHING, needs=_LINK,
    ),
    Kind.INVITE: Wording(
        subject=_W(en="You are invited to the {operator} Platform", da="Du er inviteret til {operator}-platformen"),
        begins=(
            _W(en="You are invited to work in an account at the {operator} Platform.",
               da="Du er inviteret til at arbejde i en konto på {operator}-platformen."),
        ),
        ends=(
            _W(en="Choose a password and begin here:\n{link}", da="Vælg en adgangskode, og kom i gang her:\n{link}"),
            _W(en="The link works once, and for seven days.", da="Linket virker én gang og i syv dage."),
        ),
        not_you=_W(
            en="If you don't know who invites you, you need do nothing. No account is opened without you.",
            da="Ved du ikke, hvem der inviterer dig, skal du ikke gøre noget. Der åbnes ingen konto uden dig.",
        ),
        needs=_LINK,
    ),
    Kind.NEW_EMAIL: Wording(
        subject=_W(en="Confirm your new e-mail address", da="Bekræft din nye e-mailadresse"),
        begins=(
            _W(en="Somebody who is signed in wants to use this address for their account. If it is you, confirm it "
                  "here:\n{link}",
               da="Nogen, der er logget ind, vil bruge adressen til sin konto. Er det dig, så bekræft den "
                  "her:\n{link}"),
            _W(en="The link works once, and for one day. Until you use it, the old address stays in force.",
               da="Linket virker én gang og i et døgn. Indtil du bruger det, er det den gamle adresse, der gælder."),
        ),
        not_you=_W(
            en="If it was not you, you need do nothing. Without your confirmation the address is not used.",
            da="Var det ikke dig, skal du ikke gøre noget. Uden din bekræftelse bliver adressen ikke brugt.",
        ),
        needs=_LINK,
    ),
    Kind.EMAIL_CHANGED: Wording(
        subject=_W(en="The e-mail address of your account was changed", da="Din kontos e-mailadresse er ændret"),
        begins=(
            _W(en="Your account has another e-mail address now, and letters go there. This is the last one to this "
                  "address.",
               da="Din konto har nu en anden e-mailadresse, og breve går derhen. Dette er det sidste til denne "
                  "adresse."),
        ),
        not_you=_SHUT_OUT,
    ),
    Kind.PASSWORD_CHANGED: Wording(
        subject=_W(en="Your password was changed", da="Din adgangskode er ændret"),
        begins=(
            _W(en="Your account has a new password. Sessions in other browsers are ended.",
               da="Din konto har fået en ny adgangskode. Sessioner i andre browsere er afsluttet."),
        ),
        not_you=_RESET_THEN,
    ),
    Kind.FACTOR_ADDED: Wording(
        subject=_W(en="A second factor was added", da="En ekstra faktor er tilføjet"),
        begins=(
            _W(en="Your account has a new second factor. It is asked for after the password.",
               da="Din konto har fået en ny ekstra faktor. Der bliver spurgt om den efter adgangskoden."),
        ),
        not_you=_SHUT_OUT,
    ),
    Kind.FACTOR_REMOVED: Wording(
        subject=_W(en="A second factor was removed", da="En ekstra faktor er fjernet"),
        begins=(
            _W(en="A second factor was removed from your account. It opens nothing any more.",
               da="En ekstra faktor er fjernet fra din konto. Den åbner ikke længere noget."),
        ),
        not_you=_SHUT_OUT,
    ),
    Kind.RECOVERY_USED: Wording(
        subject=_W(en="A recovery code was used", da="En genoprettelseskode er brugt"),
        begins=(
            _W(en="Somebody signed in to your account with the password and one of the recovery codes. That code is "
                  "used up; the others still work.",
               da="Nogen loggede ind på din konto med adgangskoden og en af genoprettelseskoderne. Koden er brugt op; "
                  "de andre virker stadig."),
        ),
        ends=(
            _W(en="If you have lost your second factor, remove it and set up another:\n{security}",
               da="Har du mistet din ekstra faktor, så fjern den, og sæt en ny op:\n{security}"),
        ),
        not_you=_RESET_THEN,
    ),
    Kind.RECOVERY_MADE: Wording(
        subject=_W(en="New recovery codes were made", da="Der er lavet nye genoprettelseskoder"),
        begins=(
            _W(en="Your account has new recovery codes. The earlier ones no longer work.",
               da="Din konto har fået nye genoprettelseskoder. De tidligere virker ikke længere."),
        ),
        not_you=_SHUT_OUT,
    ),
    Kind.APPLICATION_ADDED: Wording(
        subject=_W(en="A password for a program was made", da="Der er lavet en adgangskode til et program"),
        begins=(
            _W(en="Your account has a new password for a program. With it, the program can do what you may do, without "
                  "a second factor, until you remove it.",
               da="Din konto har fået en ny adgangskode til et program. Med den kan programmet det, du må, uden ekstra "
                  "faktor, indtil du fjerner den."),
        ),
        not_you=_SHUT_OUT,
    ),
    Kind.KEYS_REPLACED: Wording(
        subject=_W(en="API keys were changed", da="API-nøgler er ændret"),
        begins=(
            _W(en="The keys that your programs use were changed. No key is in this letter.",
               da="De nøgler, dine programmer bruger, er ændret. Der står ingen nøgle i brevet."),
        ),
        ends=(
            _W(en="A key that was replaced works until its overlap ends. What still uses it must have the new one "
                  "before then.",
               da="En nøgle, der er udskiftet, virker, til overlappet slutter. Det, der stadig bruger den, skal have "
                  "den nye inden da."),
        ),
        not_you=_LOOK_AT_ACCESS,
    ),
    Kind.PARTNER_ENTERED: Wording(
        subject=_W(en="Your partner opened your account", da="Din partner har åbnet din konto"),
        begins=(
            _W(en="Somebody from your partner went into your account, as you allowed. What they do there is on record.",
               da="Nogen hos din partner er gået ind i din konto, som du har givet lov til. Det, de gør der, bliver "
                  "noteret."),
        ),
        not_you=_W(
            en="You can take the permission back at any time. It ends at once, and so do their sessions:\n{partner}",
            da="Du kan når som helst trække tilladelsen tilbage. Den ophører straks, og det gør deres sessioner også:\n"
            "{partner}",
        ),
    ),
    Kind.PARTNER_ALLOWED: Wording(
        subject=_W(en="Your partner may open your account", da="Din partner må åbne din konto"),
        begins=(
            _W(en="Your partner was given permission to go into your account. It ends by itself, and you can take it "
                  "back at any time.",
               da="Din partner har fået lov til at gå ind i din konto. Tilladelsen ophører af sig selv, og du kan når "
                  "som helst trække den tilbage."),
        ),
        not_you=_W(
            en="If this should not be, take it back here; it ends at once:\n{partner}",
            da="Skal det ikke være sådan, så træk den tilbage her; den ophører straks:\n{partner}",
        ),
    ),
    Kind.ROLE_CHANGED: Wording(
        subject=_W(en="What you may do was changed", da="Det, du må, er ændret"),
        begins=(
            _W(en="Somebody who looks after your account's users changed what you may do. It applies at once.",
               da="Nogen, der styrer brugerne i din konto, har ændret, hvad du må. Det gælder med det samme."),
        ),
        not_you=_W(
            en="If you did not expect this, ask whoever looks after the users. Your password and your second factor "
            "are as they were.",
            da="Havde du ikke ventet det, så spørg den, der styrer brugerne. Din adgangskode og din ekstra faktor er, "
            "som de var.",
        ),
    ),
    Kind.ACCOUNT_CLOSED: Wording(
        subject=_W(en="Your account is closed", da="Din konto er lukket"),
        begins=(
            _W(en="Your account is closed, and every session in it is ended. Nobody can sign in with it any more.",
               da="Din konto er lukket, og alle sessioner i den er afsluttet. Ingen kan logge ind med den længere."),
        ),
        not_you=_W(
            en="If this should not be, ask whoever looks after the account's users.",
            da="Skal det ikke være sådan, så spørg den, der styrer kontoens brugere.",
        ),
    ),
    Kind.DATA_LINK: Wording(
        subject=_W(en="What we hold about you", da="Det, vi har gemt om dig"),
        begins=(
            _W(en="Somebody asked to see what is stored about this e-mail address. If it was you, open:\n{link}",
               da="Nogen bad om at se, hvad der er gemt om denne e-mailadresse. Var det dig, så åbn:\n{link}"),
            _W(en="The link works once, and for one hour. There you type the address once more, because it is not in "
                  "the link.",
               da="Linket virker én gang og i en time. Der skriver du adressen igen, for den står ikke i linket."),
        ),
        not_you=_DO_NOTHING, needs=_LINK,
        signed=RIGHTS_SIGNED,
    ),
    Kind.DISCLOSED: Wording(
        subject=_W(en="Data about you was handed over", da="Oplysninger om dig er udleveret"),
        begins=(
            _W(en="We were asked for data about you, and two of us decided to hand it over. Who got it stands below.",
               da="Vi blev bedt om oplysninger om dig, og to af os besluttede at udlevere dem. Hvem der fik dem, står "
                  "nedenfor."),
        ),
        ends=(
            _W(en="Which fields, when and why, you see here:\n{link}",
               da="Hvilke felter, hvornår og hvorfor, ser du her:\n{link}"),
            _W(en="You can object, or ask Datatilsynet, the Danish authority, to look at it: www.datatilsynet.dk",
               da="Du kan gøre indsigelse eller bede Datatilsynet om at se på det: www.datatilsynet.dk"),
        ),
        needs=frozenset({"link", "what"}),
        signed=RIGHTS_SIGNED,
    ),
    Kind.REQUEST_RECEIVED: Wording(
        subject=_W(en="What you asked about your data", da="Det, du har bedt om med dine data"),
        begins=(
            _W(en="You asked for: {what}. You get an answer by {day}. How it goes stands here:\n{link}",
               da="Du har bedt om: {what}. Du får svar senest den {day}. Hvordan det går, står her:\n{link}"),
        ),
        lists=False, not_you=_NOT_ASKED, needs=frozenset({"what", "day"}),
        signed=RIGHTS_SIGNED,
    ),
    Kind.REQUEST_EXTENDED: Wording(
        subject=_W(en="Your request takes longer", da="Din anmodning tager længere tid"),
        begins=(
            _W(en="We need more time for {what}. You now get an answer by {day}. Why stands here:\n{link}",
               da="Vi skal bruge mere tid til {what}. Du får nu svar senest den {day}. Hvorfor står her:\n{link}"),
            _COMPLAIN,
        ),
        lists=False, not_you=_NOT_ASKED, needs=frozenset({"what", "day"}),
        signed=RIGHTS_SIGNED,
    ),
    Kind.REQUEST_ANSWERED: Wording(
        subject=_W(en="The answer to what you asked about your data", da="Svaret på det, du har bedt om med dine data"),
        begins=(
            _W(en="What you asked for is answered: {what}.", da="Det, du har bedt om, er besvaret: {what}."),
            _W(en="The answer, with its reasons, stands here:\n{link}", da="Svaret med begrundelse står her:\n{link}"),
            _COMPLAIN,
        ),
        lists=False, not_you=_NOT_ASKED, needs=frozenset({"what"}),
        signed=RIGHTS_SIGNED,
    ),
    Kind.POLICY_CHANGED: Wording(
        subject=_W(en="Our terms and our privacy policy change", da="Vores vilkår og privatlivspolitik ændres"),
        begins=(
            _W(en="New versions come into force on {day}. What is new, and what goes, stands beside the old here:\n"
                  "{link}",
               da="Nye udgaver træder i kraft den {day}. Det, der er nyt, og det, der udgår, står ved siden af det "
                  "gamle her:\n{link}"),
            _W(en="Until that day what you know applies. If you don't agree, you can close your account and take your "
                  "data with you before then.",
               da="Til den dag gælder det, du kender. Er du ikke enig, kan du lukke din konto og tage dine data med "
                  "inden da."),
        ),
        lists=False, needs=frozenset({"link", "day"}),
    ),
    **TO_SHOPS,
    **TO_STAFF,
    Kind.NEWS: Wording(
        subject=_W(en="News from the {operator} Platform", da="Nyt fra {operator}-platformen"),
        begins=(
            _W(en="{what}", da="{what}"),
            _W(en="Read it here:\n{link}", da="Læs det her:\n{link}"),
        ),
        ends=(
            _W(en="Stop these letters with one click, without signing in:\n{stop}",
               da="Stop brevene med ét klik, uden at logge ind:\n{stop}"),
        ),
        lists=False, needs=frozenset({"link", "what"}), signed=NEWS_SIGNED,
    ),
}  # fmt: skip
