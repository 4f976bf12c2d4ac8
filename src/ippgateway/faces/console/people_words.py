"""What the pages about users and access policies say."""

from ippgateway.domains.accounts.rights import ALL, OF_COMPANIES, OF_PARTNERS
from ippgateway.privacy.vocabulary import Words

USERS = Words(en="People", da="Brugere")
USERS_LEAD = Words(en="Who signs in for you, and what they may do.", da="Hvem der logger ind for jer, og hvad de må.")
INVITE = Words(en="Invite somebody", da="Invitér en bruger")
INVITE_LEAD = Words(
    en="They get a letter with a link that is good for a week, and choose a password of their own.",
    da="De får et brev med et link, der gælder en uge, og vælger selv en adgangskode.",
)
SEND = Words(en="Send the invitation", da="Send invitationen")
NAME = Words(en="Name", da="Navn")
EMAIL = Words(en="E-mail address", da="E-mailadresse")
EMAIL_WHY = Words(
    en="To sign in with, and for letters about the account. Kept until the account ends.",
    da="Til at logge ind med og til breve om kontoen. Gemmes, til kontoen slutter.",
)
ACCESS = Words(en="What they may do", da="Hvad de må")
FACTOR = Words(en="Second factor", da="Anden faktor")
YES, NO = Words(en="yes", da="ja"), Words(en="not yet", da="ikke endnu")
STATUS = Words(en="Status", da="Status")
STATUSES = {
    "active": (Words(en="active", da="aktiv"), "good"),
    "blocked": (Words(en="blocked", da="spærret"), "bad"),
    "closed": (Words(en="closed", da="lukket"), "quiet"),
}
EVERYTHING = Words(en="Everything", da="Alt")
EVERYTHING_HINT = Words(
    en="Every right, those that come later too. Somebody must have it.",
    da="Alle rettigheder, også dem, der kommer til. Nogen skal have den.",
)
NOTHING = Words(en="nothing", da="intet")
RIGHTS: dict[str, Words] = {ALL: EVERYTHING, **{right.key: right.words for right in (*OF_COMPANIES, *OF_PARTNERS)}}
CHANGE = Words(en="Change what they may do", da="Ændr, hvad de må")
CLOSE = Words(en="Close the account", da="Luk kontoen")
CLOSE_TITLE = Words(en="Close this account?", da="Lukke kontoen?")
CLOSE_HAPPENS = (
    Words(en="They are signed out everywhere, at once.", da="De bliver logget ud overalt, med det samme."),
    Words(en="Their sign-in and their programs' passwords open nothing any more.",
          da="Deres login og deres programmers adgangskoder åbner ikke længere noget."),
    Words(en="What they did stays on record. To let them back in, invite them again.",
          da="Det, de har gjort, står stadig. Skal de ind igen, så invitér dem på ny."),
)  # fmt: skip
LAST = Words(
    en="Nobody else could manage your people then, so nothing was changed. Give somebody else everything first.",
    da="Så kunne ingen andre styre jeres brugere, så intet blev ændret. Giv først en anden det hele.",
)
BAD = {
    "email": Words(
        en="That is no e-mail address, or somebody here has it already.",
        da="Det er ikke en e-mailadresse, eller også har nogen her den allerede.",
    ),
    "name": Words(en="Write a name of at most 200 letters.", da="Skriv et navn på højst 200 tegn."),
    "rights": Words(
        en="You can't give or take more than you have yourself.",
        da="Du kan hverken give eller fratage mere, end du selv har.",
    ),
    "country": Words(en="Only countries of the EEA, for now.", da="Kun lande i EØS, indtil videre."),
}
INVITED = Words(en="The invitation is on its way.", da="Invitationen er på vej.")
CHANGED = Words(en="What they may do is changed, at once.", da="Det, de må, er ændret med det samme.")
CLOSED = Words(en="The account is closed.", da="Kontoen er lukket.")
CLOSED_ONES = Words(en="Closed accounts", da="Lukkede konti")

POLICIES = Words(en="Access policies", da="Adgangspolitikker")
POLICIES_LEAD = Words(
    en="A policy is a set of rights with a name. Change it, and everybody who has it may do so at once.",
    da="En politik er et sæt rettigheder med et navn. Ændr den, så gælder det straks for alle, der har den.",
)
NO_POLICIES = Words(en="No policies yet", da="Ingen politikker endnu")
NO_POLICIES_LEAD = Words(
    en="Until there is one, whoever you invite may do everything.",
    da="Indtil der er en, må enhver, du inviterer, det hele.",
)
NEW_POLICY = Words(en="New policy", da="Ny politik")
POLICY = Words(en="Access policy", da="Adgangspolitik")
POLICY_NAME = Words(en="Name", da="Navn")
POLICY_RIGHTS = Words(en="Rights", da="Rettigheder")
SAVE_POLICY = Words(en="Save the policy", da="Gem politikken")
REMOVE_POLICY = Words(en="Remove the policy", da="Fjern politikken")
IN_USE = Words(
    en="Somebody still has it, so nothing was changed. Give them another one first.",
    da="Nogen har den stadig, så intet blev ændret. Giv dem først en anden.",
)
SAVED = Words(en="The policy is saved.", da="Politikken er gemt.")
REMOVED = Words(en="The policy is gone.", da="Politikken er fjernet.")
