"""What happened at somebody's door, in sentences."""

from ippgateway.domains.accounts.schemas import Happened
from ippgateway.privacy.vocabulary import Words

LEAD = Words(
    en="Every sign-in, every failed one, and every change to how you sign in. Nothing here is for anybody but you, and "
    "each goes after 180 days.",
    da="Hvert login, hvert forgæves forsøg og hver ændring i, hvordan du logger ind. Det er kun til dig, og hver "
    "linje forsvinder efter 180 dage.",
)
NOTHING = Words(en="Nothing yet", da="Ikke noget endnu")
NOTHING_MORE = Words(
    en="What happens when you sign in, or change how you do, stands here afterwards.",
    da="Det, der sker, når du logger ind eller ændrer, hvordan du gør det, står her bagefter.",
)
UNKNOWN = Words(
    en="Something here that was not you? End your other sign-ins and change the password.",
    da="Er der noget, som ikke var dig? Afslut dine andre logins, og skift adgangskode.",
)
TO_SESSIONS = Words(en="To your sign-ins", da="Til dine logins")

SENTENCES: dict[Happened, tuple[Words, str]] = {
    Happened.SIGNED_UP: (Words(en="You opened the account.", da="Du oprettede kontoen."), "good"),
    Happened.SIGNED_IN: (Words(en="You signed in.", da="Du loggede ind."), "good"),
    Happened.WRONG_PASSWORD: (
        Words(en="Somebody tried to sign in with a wrong password.", da="Nogen prøvede at logge ind med en forkert "
              "adgangskode."), "wait",
    ),
    Happened.WRONG_FACTOR: (
        Words(en="The password was right, the second factor was not.", da="Adgangskoden var rigtig, trin to var ikke."),
        "bad",
    ),
    Happened.NEW_DEVICE: (
        Words(en="A browser that you had not used before signed in; we sent you a letter.",
              da="En browser, du ikke havde brugt før, loggede ind; vi sendte dig et brev."), "wait",
    ),
    Happened.SIGNED_OUT: (Words(en="You signed out.", da="Du loggede ud."), "quiet"),
    Happened.SESSIONS_ENDED: (
        Words(en="Sign-ins of yours were ended.", da="Nogle af dine logins blev afsluttet."), "quiet",
    ),
    Happened.PASSWORD_CHANGED: (Words(en="Your password was changed.", da="Din adgangskode blev skiftet."), "wait"),
    Happened.RESET_ASKED: (
        Words(en="Somebody asked for a new password; we sent a link to your address.",
              da="Nogen bad om en ny adgangskode; vi sendte et link til din adresse."), "wait",
    ),
    Happened.EMAIL_CHANGED: (
        Words(en="Your e-mail address was changed.", da="Din e-mailadresse blev skiftet."), "wait",
    ),
    Happened.EMAIL_VERIFIED: (
        Words(en="You confirmed your e-mail address.", da="Du bekræftede din e-mailadresse."), "good",
    ),
    Happened.FACTOR_ADDED: (Words(en="A second factor was added.", da="Trin to blev tilføjet."), "good"),
    Happened.FACTOR_REMOVED: (Words(en="A second factor was removed.", da="Et trin to blev fjernet."), "wait"),
    Happened.RECOVERY_USED: (Words(en="A recovery code was used up.", da="En genoprettelseskode blev brugt."), "wait"),
    Happened.RECOVERY_MADE: (
        Words(en="New recovery codes were made.", da="Der blev lavet nye genoprettelseskoder."), "quiet",
    ),
    Happened.APPLICATION_ADDED: (
        Words(en="A password for a program was made.", da="Der blev lavet en adgangskode til et program."), "wait",
    ),
    Happened.APPLICATION_REMOVED: (
        Words(en="A program's password was removed.", da="En adgangskode til et program blev fjernet."), "quiet",
    ),
    Happened.PARTNER_ENTERED: (
        Words(en="A partner went into a customer's account, by the customer's leave.",
              da="En partner gik ind i en kundes konto med kundens tilladelse."), "wait",
    ),
}  # fmt: skip
"""Each with the tone of its mark."""


def whence(browser: str, system: str, address: str) -> Words | None:
    """With what and from where, as far as it is known."""
    en, da = [], []
    if browser or system:
        en.append(" on ".join(filter(None, (browser, system))))
        da.append(" på ".join(filter(None, (browser, system))))
    if address:
        en.append(f"from {address}")
        da.append(f"fra {address}")
    return Words(en=", ".join(en), da=", ".join(da)) if en else None
