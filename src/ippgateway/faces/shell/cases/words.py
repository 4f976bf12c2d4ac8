"""What pages about requests say, in English and Danish: to whoever asks, and to whoever decides."""

from ippgateway.domains.requests.schemas import How, Identity, Kind, State
from ippgateway.privacy.vocabulary import Words

REQUESTS = Words(en="Requests", da="Anmodninger")
KIND = Words(en="What", da="Hvad")
STATE = Words(en="How it stands", da="Status")
ASKED = Words(en="Asked", da="Modtaget")
DUE = Words(en="Answer by", da="Svar senest")
OVERDUE = Words(en="overdue", da="overskredet")
NOTHING = Words(en="Nobody has asked for anything.", da="Ingen har bedt om noget.")
ANSWERED = Words(en="Answered", da="Besvaret")
IDENTITY = Words(en="How it was shown who asks", da="Sådan er det vist, hvem der spørger")
STATEMENT = Words(en="What was written", da="Det, der blev skrevet")
ANSWER = Words(en="The answer", da="Svaret")
REASON = Words(en="Reason", da="Begrundelse")
WAITS = Words(en="Waits, because", da="Venter, fordi")
PURPOSE = Words(en="Against which use", da="Mod hvilken brug")
EXTENDED = Words(en="The time was made longer, because", da="Fristen er forlænget, fordi")
CERTIFICATE = Words(en="Certificate of erasure", da="Attest for sletning")
COMPLAIN = Words(
    en="Not content? You may complain to Datatilsynet, the Danish data protection authority (www.datatilsynet.dk), and "
    "go to court.",
    da="Ikke tilfreds? Du kan klage til Datatilsynet (www.datatilsynet.dk) og gå til domstolene.",
)

KINDS: dict[Kind, Words] = {
    Kind.ACCESS: Words(en="See what is stored", da="Se, hvad der er gemt"),
    Kind.COPY: Words(en="A copy to take elsewhere", da="En kopi til at tage med"),
    Kind.RECTIFICATION: Words(en="Correct something", da="Ret noget"),
    Kind.RESTRICTION: Words(en="Restrict its use", da="Begræns brugen"),
    Kind.OBJECTION: Words(en="Object to a use", da="Gør indsigelse mod en brug"),
    Kind.ERASURE: Words(en="Erase everything", da="Slet alt"),
    Kind.CLOSURE: Words(en="Close the account", da="Luk kontoen"),
}
STATES: dict[State, tuple[Words, str]] = {
    State.ASKED: (Words(en="received; it is not shown yet who asks", da="modtaget; det er ikke vist, hvem der spørger"),
                  "wait"),
    State.OPEN: (Words(en="being looked at", da="behandles"), "wait"),
    State.GRANTED: (Words(en="granted, and being carried out", da="imødekommet og ved at blive udført"), "wait"),
    State.REFUSED: (Words(en="refused, with reasons", da="afslået med begrundelse"), "bad"),
    State.DONE: (Words(en="done", da="udført"), "good"),
    State.WITHDRAWN: (Words(en="withdrawn", da="trukket tilbage"), "quiet"),
}  # fmt: skip
IDENTITIES: dict[Identity, Words] = {
    Identity.NONE: Words(en="not yet", da="ikke endnu"),
    Identity.SESSION: Words(en="signed in", da="logget ind"),
    Identity.STRONG: Words(en="signed in, with a second factor a moment ago",
                           da="logget ind, med ekstra faktor for et øjeblik siden"),
    Identity.LINK: Words(en="opened a link that was mailed to the address", da="åbnede et link sendt til adressen"),
    Identity.RECEIPT: Words(en="had the key of a receipt", da="havde nøglen til en kvittering"),
    Identity.OPERATOR: Words(en="our staff made sure", da="vores medarbejdere har sikret sig det"),
    Identity.SHOP: Words(en="the shop made sure", da="butikken har sikret sig det"),
}  # fmt: skip

# --- corrections ---

FIELD = Words(en="Which field", da="Hvilket felt")
FIELD_HINT = Words(
    en="For a correction: which of these is wrong. Something else? Choose none, and write it below.",
    da="Ved rettelse: hvilket af felterne er forkert. Noget andet? Vælg ingen, og skriv det nedenfor.",
)
SHOULD_BE = Words(en="What it should say", da="Hvad der skal stå")
OLD = Words(en="It says", da="Der står")
NEW_VALUE = Words(en="It should say", da="Der skal stå")
WRITTEN = Words(en="The new value is written.", da="Den nye værdi er skrevet.")
BESIDE = Words(
    en="A law keeps this record as it was made, so nothing in it is changed. What you say is right is noted beside it, "
    "and stays as long as the record.",
    da="En lov kræver, at posten bliver stående, som den blev lavet, så intet i den ændres. Det, du siger er rigtigt, "
    "er noteret ved siden af og bliver, så længe posten gør.",
)
IS_THE_NOTE = Words(
    en="This is the record of something that happened, so nothing in it is changed. What you say is right stands here, "
    "with it.",
    da="Det er optegnelsen om noget, der skete, så intet i den ændres. Det, du siger er rigtigt, står her.",
)
WRITES = Words(en="Granted, the new value is written.", da="Imødekommes det, skrives den nye værdi.")
NOTES = Words(
    en="Granted, nothing in the record is changed: what the person says is right is noted with it.",
    da="Imødekommes det, ændres intet i posten: det, personen siger er rigtigt, noteres ved den.",
)

# --- whoever asks ---

ASK = Words(en="Ask for something", da="Bed om noget")
ASK_LEAD = Words(
    en="You get an answer within a month. It is free, and each step is mailed to you.",
    da="Du får svar inden for en måned. Det er gratis, og hvert skridt sendes til dig.",
)
MINE = Words(en="What you have asked for", da="Det, du har bedt om")
WRITE = Words(en="What is wrong, or what it is about", da="Hvad der er forkert, eller hvad det drejer sig om")
WRITE_HINT = Words(
    en="Needed for a restriction, and for a correction that names no field.",
    da="Skal udfyldes ved begrænsning, og ved rettelse, når der ikke er valgt et felt.",
)
NONE = Words(en="None", da="Ingen")
PURPOSE_HINT = Words(
    en="For an objection: it is honoured from the moment you send it, until it is decided.",
    da="Ved indsigelse: den gælder, fra du sender den, og til den er afgjort.",
)
SEND = Words(en="Send", da="Send")
WITHDRAW = Words(en="Withdraw it", da="Træk den tilbage")
BAD = {
    "statement": Words(en="Write what it is about, in 2,000 letters at most.",
                       da="Skriv, hvad det drejer sig om, med højst 2.000 tegn."),
    "purpose": Words(en="Choose a use to object to, or none for anything else.",
                     da="Vælg en brug at gøre indsigelse mod, og ellers ingen."),
    "reason": Words(en="Choose a reason that fits what was asked.", da="Vælg en begrundelse, der passer."),
    "answer": Words(en="Write 2,000 letters at most.", da="Skriv højst 2.000 tegn."),
    "extension": Words(en="Choose a reason.", da="Vælg en begrundelse."),
    "email": Words(en="No payer of yours has this address.", da="Ingen af dine betalere har denne adresse."),
    "field": Words(en="Choose one of the fields that are stored about you.",
                   da="Vælg et af de felter, der er gemt om dig."),
    "new_value": Words(en="Write what it should say: 200 letters at most, and what the field can hold.",
                       da="Skriv, hvad der skal stå: højst 200 tegn, og noget, feltet kan rumme."),
    "kind": Words(en="Choose what was asked for.", da="Vælg, hvad der blev bedt om."),
}  # fmt: skip
ERASE = Words(en="Erase everything about you", da="Slet alt om dig")
ERASE_LEAD = Words(
    en="Your account is closed, every sign-in ends, and what is listed here goes. It can't be undone.",
    da="Din konto lukkes, alle logins slutter, og det, der står her, forsvinder. Det kan ikke fortrydes.",
)
ERASE_SURE = Words(en="Erase it now", da="Slet nu")
CLOSE = Words(en="Close your account", da="Luk din konto")
CLOSE_LEAD = Words(
    en="Your account is closed at once, and every sign-in ends. What the account holds is removed within a day; "
    "letters, records of sign-ins and what a law has us keep go when their own time is over. It can't be undone.",
    da="Din konto lukkes med det samme, og alle logins slutter. Det, kontoen rummer, fjernes inden for et døgn; breve, "
    "registreringer af logins og det, en lov byder os at gemme, forsvinder, når deres egen tid er gået. Det kan ikke "
    "fortrydes.",
)
CLOSE_SURE = Words(en="Close it now", da="Luk den nu")
GOES = Words(en="What goes", da="Det, der forsvinder")
STAYS = Words(en="What stays, on which ground, until when", da="Det, der bliver, på hvilken grund og hvor længe")
STAYS_NOTHING = Words(en="Nothing stays.", da="Intet bliver.")
FIELDS = Words(en="Fields", da="Felter")
CATEGORY = Words(en="Category", da="Kategori")
HOW = Words(en="How", da="Hvordan")
UNTIL = Words(en="Until", da="Til og med")
ERASED_AT = Words(en="Erased", da="Slettet")
NOT_YET = Words(en="not yet", da="ikke endnu")
DIES_BY = Words(en="From then on no backup opens it either", da="Fra da af kan ingen sikkerhedskopi heller åbne det")

# --- whoever decides ---

LEAD = Words(
    en="What people asked about their data. What is due first stands first.",
    da="Det, mennesker har bedt om med deres data. Det, der haster mest, står først.",
)
DECIDE = Words(en="Decide", da="Afgør")
GRANT = Words(en="Do as asked", da="Imødekom")
REFUSE = Words(en="Refuse", da="Afslå")
EXTEND = Words(en="Take two more months", da="Forlæng med to måneder")
EXTEND_LEAD = Words(
    en="Once, and inside the first month. The person is told why.",
    da="Én gang og inden for den første måned. Personen får at vide hvorfor.",
)
IDENTIFY = Words(en="It is clear who asks", da="Det er klart, hvem der spørger")
ADD = Words(en="What there is to add, in the person's language", da="Det, der er at tilføje, på personens sprog")
WHY_NOT = Words(en="Why not", da="Hvorfor ikke")
PERSON = Words(en="Person", da="Person")
LANGUAGE = Words(en="Language", da="Sprog")
LANGUAGES = {"en": Words(en="English", da="engelsk"), "da": Words(en="Danish", da="dansk")}
TO_TELL = Words(
    en="Who got the data, and has to be told of a correction, restriction or erasure (Article 19)",
    da="Hvem der har fået oplysningerne og skal have besked om rettelse, begrænsning eller sletning (artikel 19)",
)
TO_TELL_LATER = Words(en="Who they are is noted when it is carried out.", da="Hvem det er, noteres, når det udføres.")
TO_TELL_NOBODY = Words(en="Nobody outside got anything.", da="Ingen uden for har fået noget.")
DONE = {
    "decided": Words(en="It is decided, and the person is told.", da="Det er afgjort, og personen får besked."),
    "extended": Words(en="The time is longer, and the person is told.",
                      da="Fristen er forlænget, og personen får besked."),
    "asked": Words(en="It is received.", da="Den er modtaget."),
    "withdrawn": Words(en="It is withdrawn.", da="Den er trukket tilbage."),
    "identified": Words(en="Noted.", da="Noteret."),
    "told": Words(en="It is noted that they were told.", da="Det er noteret, at de har fået besked."),
}  # fmt: skip
GONE_ON = Words(en="It was decided meanwhile.", da="Den er afgjort i mellemtiden.")
NEW = Words(en="A payer asks", da="En betaler spørger")
NEW_LEAD = Words(
    en="Enter what a payer asked of your shop. The answer goes to the address that you know them by.",
    da="Opret det, en betaler har bedt din butik om. Svaret går til den adresse, du kender dem under.",
)
EMAIL = Words(en="The payer's e-mail address", da="Betalerens e-mailadresse")
EXPORT = Words(en="Everything your shop holds about them (JSON)", da="Alt, din butik har gemt om dem (JSON)")

# --- whoever got the data ---

TOLD = Words(
    en="Who got the data, and whether they were told", da="Hvem der har fået oplysningerne, og om de har fået besked"
)
RECIPIENT = Words(en="Recipient", da="Modtager")
WHETHER = Words(en="Told", da="Har fået besked")
KNOWN_BY = Words(en="They know it by", da="De kender det på")
HOW_TOLD: dict[How, Words] = {
    How.LETTER: Words(en="by our letter", da="med vores brev"),
    How.EMAIL: Words(en="by e-mail", da="med e-mail"),
    How.POST: Words(en="by post", da="med posten"),
    How.PHONE: Words(en="by telephone", da="på telefon"),
    How.PORTAL: Words(en="in the recipient's own system", da="i modtagerens eget system"),
    How.NOT_POSSIBLE: Words(en="not possible, or out of proportion", da="umuligt eller uforholdsmæssigt"),
}
BY_STAFF = tuple((how.value, words) for how, words in HOW_TOLD.items() if how is not How.LETTER)
TO_DO = Words(en="Recipients to be told", da="Modtagere, der skal have besked")
TO_DO_LEAD = Words(
    en="They got data that has since been corrected, restricted or erased (Article 19). Send each the notice, then "
    "note it here.",
    da="De har fået oplysninger, der siden er rettet, begrænset eller slettet (artikel 19). Send hver af dem beskeden, "
    "og notér det her.",
)
TELL = Words(en="A recipient to be told", da="En modtager, der skal have besked")
DRAFT = Words(en="The notice to send", da="Beskeden, der skal sendes")
NOTE_TOLD = Words(en="Note that they were told", da="Notér, at de har fået besked")
HOW_WAS_IT = Words(en="How they were told", da="Hvordan de fik besked")
SINCE = Words(en="Waits since", da="Har ventet siden")
