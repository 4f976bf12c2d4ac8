"""What the desk's pages about breaches say."""

from ippgateway.domains.registers.schemas import Act, Clock, Risk
from ippgateway.faces.pages.language import Language
from ippgateway.privacy.vocabulary import Words

BREACHES = Words(en="Breaches", da="Brud")
LEAD = Words(
    en="Every breach of personal data, also those that nobody outside has to hear of. From becoming "
    "aware, 72 hours run.",
    da="Hvert brud på persondatasikkerheden, også dem, ingen uden for os skal høre om. Fra vi kender "
    "det, løber 72 timer.",
)
BREACH = Words(en="A breach", da="Et brud")
NEW = Words(en="Enter a breach", da="Notér et brud")
CHANGE = Words(en="Change what is written", da="Ret det, der står")
NONE = Words(en="No breaches", da="Ingen brud")
NONE_LEAD = Words(
    en="Data lost, changed, or seen by somebody who should not have: enter it at once, and find out more afterwards.",
    da="Data, der er tabt, ændret eller set af nogen, der ikke måtte: notér det straks, og find ud af mere bagefter.",
)
AWARE = Words(en="When did we become aware of it?", da="Hvornår blev vi bekendt med det?")
AWARE_AT = Words(en="Aware since", da="Kendt siden")
BEGAN = Words(en="Began", da="Begyndt")
ENDED = Words(en="Ended", da="Slut")
KINDS = Words(en="Which data", da="Hvilke data")
OF_TENANT = Words(en="Only of this company (id)", da="Kun hos denne virksomhed (id)")
STAFF = Words(en="Only what this member of staff looked at", da="Kun det, denne medarbejder så på")
RECIPIENT = Words(en="Only what this recipient got", da="Kun det, denne modtager fik")
NOBODY = Words(en="Not only", da="Ikke kun")
RISK = Words(en="Risk for the persons", da="Risiko for personerne")
NOT_ASSESSED = Words(en="not assessed yet", da="ikke vurderet endnu")
RISKS: dict[Risk, Words] = {
    Risk.UNLIKELY: Words(
        en="unlikely: nobody outside has to be told", da="usandsynlig: ingen udenfor skal have besked"
    ),
    Risk.RISK: Words(en="a risk: the authority is told", da="risiko: tilsynet får besked"),
    Risk.HIGH: Words(en="a high risk: the persons are told as well", da="høj risiko: personerne får også besked"),
}
TEXTS = {
    "nature": Words(en="What has happened", da="Hvad der er sket"),
    "effects": Words(en="What it did", da="Hvad det gjorde"),
    "consequences": Words(en="Likely consequences for the persons", da="Sandsynlige konsekvenser for personerne"),
    "measures": Words(
        en="What was done against it, and what will be", da="Hvad der er gjort ved det, og hvad der skal gøres"
    ),
    "assessment": Words(en="Why the risk is what it is", da="Hvorfor risikoen er, som den er"),
    "late": Words(en="If the authority hears of it late: why", da="Hvis tilsynet får besked for sent: hvorfor"),
    "untold": Words(
        en="If the persons are not told though the risk is high: why (unreadable data, the risk is gone, "
        "public notice)",
        da="Hvis personerne ikke får besked, selv om risikoen er høj: hvorfor (ulæselige data, risikoen er "
        "væk, offentlig "
        "meddelelse)",
    ),
}
NO_NAMES = Words(
    en="Name nobody; these texts can become part of a notice.",
    da="Nævn ingen; teksterne kan blive en del af en meddelelse.",
)
SAVE = Words(en="Save", da="Gem")
STATUS = Words(en="Status", da="Status")
OPEN = Words(en="open", da="åbent")
CLOSED = Words(en="closed", da="afsluttet")
CLOCK = Words(en="The 72 hours", da="De 72 timer")
DUE = Words(en="The authority hears of it by", da="Tilsynet får besked senest")
CLOCKS: dict[Clock, tuple[Words, str]] = {
    Clock.RUNNING: (Words(en="running", da="løber"), "wait"),
    Clock.OVERDUE: (Words(en="overdue", da="overskredet"), "bad"),
    Clock.IN_TIME: (Words(en="told in time", da="besked i tide"), "good"),
    Clock.LATE: (Words(en="told late", da="besked for sent"), "bad"),
    Clock.NOT_NEEDED: (Words(en="not needed", da="ikke nødvendig"), "quiet"),
}
HOURS_LEFT = Words(en="hours left", da="timer tilbage")
HOURS_OVER = Words(en="hours over", da="timer over")
CONCERNED = Words(en="Who is concerned", da="Hvem det angår")
CONCERNED_LEAD = Words(
    en="Counted from what is stored, by ids and moments alone. At most: a row counts, whatever is left in it.",
    da="Talt ud fra det, der er gemt, alene ved id'er og tidspunkter. Højst: en række tæller, uanset hvad den rummer.",
)
PERSONS = Words(en="Persons", da="Personer")
RECORDS = Words(en="Records", da="Registreringer")
WHERE = Words(en="Where", da="Hvor")
NOT_COUNTED = Words(en="not counted yet", da="ikke talt endnu")
TIMED = Words(en="in its time", da="i dets tid")
UNTIMED = Words(en="all there are", da="alle, der er")
COUNT = Words(en="Count now", da="Tæl nu")
TO_DO = Words(en="What is left to do", da="Hvad der mangler")
NOTICES = Words(en="Drafts of the notices", da="Udkast til meddelelserne")
NOTICES_LEAD = Words(
    en="Made from what is written. Read them before you send them; Datatilsynet has a form of its own for the first.",
    da="Lavet af det, der står. Læs dem, før du sender dem; Datatilsynet har sin egen formular til den første.",
)
TO_AUTHORITY = Words(en="To the authority", da="Til tilsynet")
TO_PERSONS = Words(en="To the persons", da="Til personerne")
LANGUAGES = {Language.DA: Words(en="Danish", da="Dansk"), Language.EN: Words(en="English", da="Engelsk")}
NOTIFIED = Words(en="The authority has been told", da="Tilsynet har fået besked")
TOLD = Words(en="The persons have been told", da="Personerne har fået besked")
CLOSE = Words(en="Close the breach", da="Afslut bruddet")
LOG = Words(en="Log", da="Log")
LOG_LEAD = Words(en="Nobody can change or remove a line.", da="Ingen kan ændre eller fjerne en linje.")
ACTS: dict[Act, Words] = {
    Act.OPENED: Words(en="Entered by", da="Noteret af"),
    Act.CHANGED: Words(en="Changed by", da="Rettet af"),
    Act.COUNTED: Words(en="Counted by", da="Talt af"),
    Act.NOTIFIED: Words(en="Authority told by", da="Besked til tilsynet af"),
    Act.TOLD: Words(en="Persons told by", da="Besked til personerne af"),
    Act.CLOSED: Words(en="Closed by", da="Afsluttet af"),
}
DONE = {
    "opened": Words(en="It is in the register. The hours run.", da="Det står i fortegnelsen. Timerne løber."),
    "changed": Words(en="Saved, as another line of the log.", da="Gemt som endnu en linje i loggen."),
    "notified": Words(en="Noted: the authority has been told.", da="Noteret: tilsynet har fået besked."),
    "told": Words(en="Noted: the persons have been told.", da="Noteret: personerne har fået besked."),
    "closed": Words(en="It is closed.", da="Det er afsluttet."),
}
NOT_NOW = {
    "meanwhile": Words(
        en="Somebody else wrote something meanwhile. Read it, then write again.",
        da="En anden har skrevet noget imens. Læs det, og skriv så igen.",
    ),
    "closed": Words(en="It is closed.", da="Det er afsluttet."),
    "already": Words(en="That is noted already.", da="Det er allerede noteret."),
    "late": Words(
        en="The 72 hours are over: write why the authority hears of it late.",
        da="De 72 timer er gået: skriv, hvorfor tilsynet får besked for sent.",
    ),
    "assessment": Words(en="Assess the risk, and write why.", da="Vurdér risikoen, og skriv hvorfor."),
    "measures": Words(en="Write what was done against it.", da="Skriv, hvad der er gjort ved det."),
    "authority": Words(en="Tell the authority.", da="Giv tilsynet besked."),
    "persons": Words(
        en="Tell the persons, or write why they are not told.",
        da="Giv personerne besked, eller skriv hvorfor de ikke får det.",
    ),
}
BAD = {
    "aware_at": Words(en="Write a moment that is not to come.", da="Skriv et tidspunkt, der ikke er i fremtiden."),
    "began_at": Words(en="That is no moment.", da="Det er ikke et tidspunkt."),
    "ended_at": Words(en="It can't end before it began.", da="Det kan ikke slutte, før det begyndte."),
    "categories": Words(en="Tick which data it concerns.", da="Sæt kryds ved de data, det angår."),
    "risk": Words(en="Choose one of them.", da="Vælg en af dem."),
    "nature": Words(en="Write what has happened.", da="Skriv, hvad der er sket."),
}
BAD_TEXT = Words(en="That is too long.", da="Det er for langt.")


def running(hours: int) -> Words:
    """On the desk's first page: the nearest end of the 72 hours."""
    if hours < 0:
        return Words(
            en="A breach was not told to the authority within 72 hours.",
            da="Et brud er ikke anmeldt inden for 72 timer.",
        )
    return Words(
        en=f"A breach is open: {hours} hours are left to tell the authority.",
        da=f"Et brud er åbent: der er {hours} timer til at give tilsynet besked.",
    )
