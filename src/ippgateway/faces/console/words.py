"""What the consoles' page says until there are consoles."""

from ippgateway.privacy.vocabulary import Words

TITLE = Words(en="IPP consoles", da="IPP-konsoller")
HEADLINE = Words(en="The consoles are being built.", da="Konsollerne er ved at blive bygget.")
LEAD = Words(
    en="There is nothing to sign in to on this page yet, so it asks you for nothing.",
    da="Der er endnu ikke noget at logge ind på her, så siden beder dig ikke om noget.",
)
MEANWHILE = Words(en="What works today", da="Det virker i dag")
EXISTING = Words(
    en="Existing merchant and partner consoles speak the wire contract. Give them this base address:",
    da="Eksisterende butiks- og partnerkonsoller taler den kendte kontrakt. Giv dem denne adresse:",
)
BUILT = Words(
    en="Sign-in, account data, the list of payments and their details answer there. Everything else says that it was "
    "not found; nothing makes up a success.",
    da="Der svarer login, kontodata, listen over betalinger og deres detaljer. Alt andet siger, at det ikke findes; "
    "intet opfinder et godt svar.",
)
SIGN_IN = Words(
    en="On a sandbox, `.venv/bin/ippgateway demo` prints what to sign in with.",
    da="I en sandkasse viser `.venv/bin/ippgateway demo`, hvad du logger ind med.",
)
