"""What a partner's pages about its customers say."""

from ippgateway.privacy.vocabulary import Words

CUSTOMERS = Words(en="Customers", da="Kunder")
NEW = Words(en="Add a customer", da="Opret en kunde")
NEW_LEAD = Words(
    en="They get a sandbox with keys at once, and a letter with a link to choose a password. You see neither.",
    da="De får en sandkasse med nøgler med det samme og et brev med et link til at vælge en adgangskode. Du ser ingen "
    "af delene.",
)
NAME = Words(en="Company name", da="Virksomhedens navn")
CONTACT = Words(en="Who is invited", da="Hvem der inviteres")
EMAIL = Words(en="Their e-mail address", da="Deres e-mailadresse")
EMAIL_WHY = Words(
    en="The invitation goes there, and they sign in with it. Kept until their account ends.",
    da="Invitationen sendes dertil, og de logger ind med den. Gemmes, til deres konto slutter.",
)
ADD = Words(en="Add and invite", da="Opret og invitér")
ID = Words(en="Customer id", da="Kunde-id")
SINCE = Words(en="Since", da="Siden")
STATUS = Words(en="Status", da="Status")
STATUSES = {
    "active": (Words(en="active", da="aktiv"), "good"),
    "blocked": (Words(en="blocked", da="spærret"), "bad"),
    "closed": (Words(en="closed", da="lukket"), "quiet"),
}
MONEY = Words(en="Money", da="Penge")
LIVE = Words(en="real", da="rigtige")
SANDBOX = Words(en="sandbox", da="sandkasse")
LEAVE_GIVEN = Words(en="Lets you in", da="Lader jer ind")
YES, NO = Words(en="yes", da="ja"), Words(en="no", da="nej")
ENTER = Words(en="Enter the account", da="Gå ind på kontoen")
ENTER_LEAD = Words(
    en="You come in as a guest. The customer gets a letter, and sees what you do in each payment's story.",
    da="Du kommer ind som gæst. Kunden får et brev og ser, hvad du gør, i hver betalings historie.",
)
NOT_LET_IN = Words(
    en="This customer has not let you in. It can, under Partner access in its own console.",
    da="Kunden har ikke lukket jer ind. Det kan den under Partnerens adgang i sin egen konsol.",
)
NONE_YET = Words(en="No customers yet", da="Ingen kunder endnu")
NONE_YET_LEAD = Words(en="Add the first one, and it stands here.", da="Opret den første, så står den her.")
NONE_FOUND = Words(en="Nothing fits", da="Intet passer")
NONE_FOUND_LEAD = Words(
    en="No customer has that in its name, and none has that id.",
    da="Ingen kunde har det i sit navn, og ingen har det id.",
)
FURTHER = Words(en="Looked through your newest 2,000. Choose Older to look further.",
                da="Søgt igennem jeres nyeste 2.000. Vælg Ældre for at søge videre.")  # fmt: skip
ADDED = Words(
    en="The customer is added, and the invitation is on its way.", da="Kunden er oprettet, og invitationen er på vej."
)
BAD = {
    "company_name": Words(en="Write the company's name.", da="Skriv virksomhedens navn."),
    "email": Words(en="That is no e-mail address.", da="Det er ikke en e-mailadresse."),
    "name": Words(en="Write a name of at most 200 letters.", da="Skriv et navn på højst 200 tegn."),
}
