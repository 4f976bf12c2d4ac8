"""What the desk says."""

from ippgateway.domains.accounts.rights import ROLES
from ippgateway.privacy.vocabulary import Words

NAME = Words(en="{operator} desk", da="{operator}-skrivebord")
OVERVIEW = Words(en="Overview", da="Overblik")
OVERVIEW_LEAD = Words(
    en="Your role says what opens here. What you do stands on the audit trail, by your id.",
    da="Din rolle bestemmer, hvad der kan åbnes her. Det, du gør, står i revisionssporet med dit id.",
)
NOTHING_OPEN = Words(en="Nothing opens for your role yet", da="Intet kan åbnes for din rolle endnu")
NOTHING_OPEN_LEAD = Words(
    en="The pages of your role are being built. Your own account is under You.",
    da="Din rolles sider er ved at blive bygget. Din egen konto er under Dig.",
)

TRAIL = Words(en="Audit trail", da="Revisionsspor")
TRAIL_LEAD = Words(
    en="What staff and the system did, each entry bound to the one before it. Nobody can change or remove one.",
    da="Hvad medarbejdere og systemet har gjort, hver post bundet til den forrige. Ingen kan ændre eller fjerne en.",
)
NUMBER = Words(en="Number", da="Nummer")
WHEN = Words(en="When", da="Hvornår")
WHO = Words(en="Who", da="Hvem")
DID = Words(en="What", da="Hvad")
ON = Words(en="About", da="Om")
VERIFY = Words(en="Verify the trail", da="Kontrollér sporet")
VERIFY_LEAD = Words(en="Recomputes every entry from the first one on.", da="Beregner hver post igen fra den første af.")


def holds(length: int) -> Words:
    """The chain holds."""
    return Words(
        en=f"The trail holds: {length} entries, recomputed", da=f"Sporet holder: {length} poster, beregnet igen"
    )


def broken(at: int) -> Words:
    """It does not."""
    return Words(
        en=f"The trail is broken at entry {at}. Change nothing, and call whoever leads security now.",
        da=f"Sporet er brudt ved post {at}. Ændr intet, og ring til sikkerhedsansvarlig nu.",
    )


ACTS: dict[str, Words] = {
    "account.signed_up": Words(en="signed up", da="oprettede en konto"),
    "application.added": Words(en="added a program's password", da="tilføjede en adgangskode til et program"),
    "application.removed": Words(en="removed a program's password", da="fjernede en adgangskode til et program"),
    "audit.verified": Words(en="verified the trail", da="kontrollerede sporet"),
    "backup.made": Words(en="made a backup", da="lavede en sikkerhedskopi"),
    "breach.changed": Words(en="changed what is written of a breach", da="rettede det, der står om et brud"),
    "breach.closed": Words(en="closed a breach", da="afsluttede et brud"),
    "breach.counted": Words(en="counted who a breach concerns", da="talte, hvem et brud angår"),
    "breach.notified": Words(en="told the authority of a breach", da="gav tilsynet besked om et brud"),
    "breach.opened": Words(en="entered a breach", da="noterede et brud"),
    "breach.told": Words(en="told the persons of a breach", da="gav personerne besked om et brud"),
    "company.brought_in": Words(en="brought in a customer", da="oprettede en kunde"),
    "company.closed": Words(en="closed a customer", da="lukkede en kunde"),
    "company.key_added": Words(en="added a key", da="tilføjede en nøgle"),
    "company.key_ended": Words(en="ended a key", da="afsluttede en nøgle"),
    "company.key_rotated": Words(en="replaced a key", da="udskiftede en nøgle"),
    "company.keys_replaced": Words(en="replaced keys", da="udskiftede nøgler"),
    "company.payers_contact": Words(
        en="changed where payers reach a shop", da="ændrede, hvor kunder får fat i en butik"
    ),
    "company.widget_off": Words(en="took card fields out of the shop's page", da="tog kortfelter ud af butikkens side"),
    "company.widget_on": Words(en="put card fields into the shop's page", da="satte kortfelter ind i butikkens side"),
    "disclosure.approved": Words(en="approved a disclosure", da="godkendte en udlevering"),
    "disclosure.entered": Words(en="entered a request for disclosure", da="oprettede en anmodning om udlevering"),
    "disclosure.handed_over": Words(en="handed data over", da="udleverede oplysninger"),
    "disclosure.lapsed": Words(
        en="ended a disclosure that nobody handed over in time", da="afsluttede en udlevering, som ingen overgav i tide"
    ),
    "disclosure.prepared": Words(en="put together what was approved", da="samlede det godkendte"),
    "disclosure.put_back": Words(
        en="took back a file that somebody may be in no more", da="tog en fil tilbage, som nogen ikke må stå i mere"
    ),
    "disclosure.refused": Words(en="refused a disclosure", da="afviste en udlevering"),
    "disclosure.silence_set": Words(en="set until when nobody is told", da="satte, til hvornår ingen får besked"),
    "disclosure.told": Words(en="told the people concerned", da="gav de berørte besked"),
    "emergency.begun": Words(en="opened an emergency access", da="åbnede en nødadgang"),
    "emergency.ended": Words(en="ended an emergency access", da="afsluttede en nødadgang"),
    "emergency.reviewed": Words(en="reviewed an emergency access", da="gennemgik en nødadgang"),
    "factor.added": Words(en="added a second factor", da="tilføjede en anden faktor"),
    "factor.removed": Words(en="removed a second factor", da="fjernede en anden faktor"),
    "hold.placed": Words(en="placed a legal hold", da="oprettede en juridisk bevaring"),
    "hold.released": Words(en="released a legal hold", da="ophævede en juridisk bevaring"),
    "installation.started": Words(en="set up the installation", da="satte installationen op"),
    "keys.epoch_destroyed": Words(en="destroyed an epoch of wrapping keys", da="destruerede en periodes omslagsnøgle"),
    "keys.epoch_made": Words(en="made a wrapping key for a new epoch", da="lavede en omslagsnøgle til en ny periode"),
    "keys.fingerprint_destroyed": Words(
        en="destroyed a key of card numbers' codes", da="destruerede en nøgle til kortnumres koder"
    ),
    "keys.fingerprint_made": Words(en="made a key for card numbers' codes", da="lavede en nøgle til kortnumres koder"),
    "keys.master_destroyed": Words(en="destroyed a master key", da="destruerede en hovednøgle"),
    "keys.master_made": Words(en="made a master key", da="lavede en hovednøgle"),
    "keys.number_destroyed": Words(en="destroyed a key of card numbers", da="destruerede en nøgle til kortnumre"),
    "keys.number_made": Words(en="made a key for card numbers", da="lavede en nøgle til kortnumre"),
    "keys.persons_replaced": Words(en="replaced the keys of persons", da="udskiftede personers nøgler"),
    "paper.confirmed": Words(en="confirmed that paper was destroyed", da="bekræftede, at papir er destrueret"),
    "paper.destroyed": Words(en="destroyed a paper file", da="destruerede en papirmappe"),
    "paper.entered": Words(en="entered a paper file", da="noterede en papirmappe"),
    "partner.allowed": Words(en="let the partner in", da="lukkede partneren ind"),
    "partner.closed": Words(en="closed a partner", da="lukkede en partner"),
    "partner.entered": Words(en="entered a customer's account", da="gik ind på en kundes konto"),
    "partner.keys_replaced": Words(en="replaced a partner's keys", da="udskiftede en partners nøgler"),
    "partner.left": Words(en="left as a partner", da="opsagde som partner"),
    "partner.withdrawn": Words(en="took the partner's leave back", da="tog partnerens tilladelse tilbage"),
    "payer.corrected": Words(en="corrected what is stored about a payer", da="rettede det, der er gemt om en betaler"),
    "people.searched": Words(en="searched for somebody", da="søgte efter nogen"),
    "person.erased": Words(en="erased a person", da="slettede en person"),
    "person.released": Words(en="lifted a restriction", da="ophævede en begrænsning"),
    "person.restricted": Words(en="restricted the use of a person's data", da="begrænsede brugen af en persons data"),
    "policy.added": Words(en="made an access policy", da="lavede en adgangspolitik"),
    "policy.changed": Words(en="changed an access policy", da="ændrede en adgangspolitik"),
    "policy.removed": Words(en="removed an access policy", da="fjernede en adgangspolitik"),
    "recipient.ended": Words(en="ended a recipient", da="afsluttede en modtager"),
    "recipient.entered": Words(en="entered a recipient", da="oprettede en modtager"),
    "recipient.told": Words(
        en="told a recipient of a correction, restriction or erasure",
        da="gav en modtager besked om rettelse, begrænsning eller sletning",
    ),
    "recovery.made": Words(en="made recovery codes", da="lavede genoprettelseskoder"),
    "request.asked": Words(en="received a request about data", da="modtog en anmodning om data"),
    "request.done": Words(en="carried a request out", da="udførte en anmodning"),
    "request.extended": Words(en="took more time for a request", da="forlængede fristen for en anmodning"),
    "request.granted": Words(en="granted a request", da="imødekom en anmodning"),
    "request.identified": Words(en="made sure who asks", da="sikrede sig, hvem der spørger"),
    "request.refused": Words(en="refused a request", da="afslog en anmodning"),
    "request.withdrawn": Words(en="withdrew a request", da="trak en anmodning tilbage"),
    "terms.accepted": Words(en="accepted the terms", da="godtog vilkårene"),
    "user.added": Words(en="added a user", da="tilføjede en bruger"),
    "user.closed": Words(en="closed a user", da="lukkede en bruger"),
    "user.corrected": Words(en="corrected what is stored about a user", da="rettede det, der er gemt om en bruger"),
    "user.email_set": Words(en="changed a user's address", da="ændrede en brugers adresse"),
    "user.invited": Words(en="invited a user", da="inviterede en bruger"),
    "user.left": Words(en="closed their own account", da="lukkede sin egen konto"),
    "user.password_set": Words(en="set a user's password", da="satte en brugers adgangskode"),
    "user.policy_set": Words(en="changed a user's policy", da="ændrede en brugers politik"),
    "user.rights_set": Words(en="changed a user's rights", da="ændrede en brugers rettigheder"),
}


def act(word: str) -> Words:
    """An act in words; `a.b.c` is an `a.b` with more said. One that has none stands as it is."""
    known = ACTS.get(word) or ACTS.get(".".join(word.split(".")[:2]))
    return known or Words(en=word, da=word)


STAFF = Words(en="Staff", da="Medarbejdere")
STAFF_LEAD = Words(
    en="Who works here, for whom, from which country, and in which role.",
    da="Hvem der arbejder her, for hvem, fra hvilket land og i hvilken rolle.",
)
INVITE = Words(en="Invite a member of staff", da="Invitér en medarbejder")
INVITE_LEAD = Words(
    en="They get a link for a week, choose a password, and set up a second factor before anything opens.",
    da="De får et link, der gælder en uge, vælger en adgangskode og sætter en anden faktor op, før noget åbner.",
)
SEND = Words(en="Send the invitation", da="Send invitationen")
PERSON = Words(en="Name", da="Navn")
EMAIL = Words(en="E-mail address", da="E-mailadresse")
EMPLOYER = Words(en="Employer", da="Arbejdsgiver")
COUNTRY = Words(en="Works from", da="Arbejder fra")
COUNTRY_HINT = Words(
    en="Two letters of a country in the EEA, such as DK. For others no transfer tool is on record.",
    da="To bogstaver for et land i EØS, fx DK. For andre er der ikke noget overførselsgrundlag.",
)
ROLE = Words(en="Role", da="Rolle")
ROLE_WORDS = {key: role.words for key, role in ROLES.items()}
FACTOR = Words(en="Second factor", da="Anden faktor")
YES, NO = Words(en="yes", da="ja"), Words(en="not yet", da="ikke endnu")
STATUS = Words(en="Status", da="Status")
STATUSES = {
    "active": (Words(en="active", da="aktiv"), "good"),
    "blocked": (Words(en="blocked", da="spærret"), "bad"),
    "closed": (Words(en="closed", da="lukket"), "quiet"),
}
CHANGE = Words(en="Change the role", da="Skift rolle")
CLOSE = Words(en="Close the account", da="Luk kontoen")
CLOSE_TITLE = Words(en="Close this account?", da="Lukke kontoen?")
CLOSE_HAPPENS = (
    Words(en="They are signed out everywhere, at once, and can't come back in.",
          da="De bliver logget ud overalt med det samme og kan ikke komme ind igen."),
    Words(en="What they did stays on the trail.", da="Det, de har gjort, bliver stående i sporet."),
)  # fmt: skip
LAST = Words(
    en="Nobody could manage our staff then, so nothing was changed.",
    da="Så kunne ingen styre medarbejderne, så intet blev ændret.",
)
BAD = {
    "email": Words(
        en="That is no e-mail address, or somebody here has it already.",
        da="Det er ikke en e-mailadresse, eller også har nogen her den allerede.",
    ),
    "name": Words(en="Write a name of at most 200 letters.", da="Skriv et navn på højst 200 tegn."),
    "employment": Words(en="Write who employs them.", da="Skriv, hvem der ansætter dem."),
    "country": Words(
        en="Only countries of the EEA: for others no transfer tool is on record.",
        da="Kun lande i EØS: for andre er der ikke noget overførselsgrundlag.",
    ),
    "rights": Words(en="Choose a role.", da="Vælg en rolle."),
}
DONE = {
    "invited": Words(en="The invitation is on its way.", da="Invitationen er på vej."),
    "changed": Words(en="The role is changed, at once.", da="Rollen er skiftet med det samme."),
    "closed": Words(en="The account is closed.", da="Kontoen er lukket."),
}
