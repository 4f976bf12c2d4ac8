"""What the desk says of terms and of legal holds."""

from ippgateway.privacy.rights.holds import Scope
from ippgateway.privacy.vocabulary import Words

RETENTION = Words(en="Retention", da="Sletning")
RETENTION_LEAD = Words(
    en="Whatever has been kept long enough is removed every hour, in small steps. Here is what went, what a legal hold "
    "keeps, and what was left for the next hour.",
    da="Det, der er gemt længe nok, bliver fjernet hver time i små skridt. Her ses, hvad der er væk, hvad en juridisk "
    "bevaring holder tilbage, og hvad der venter til næste time.",
)
REMOVED_BY_DAY = Words(en="Rows removed, day by day", da="Fjernede rækker, dag for dag")
REMOVED = Words(en="Removed", da="Fjernet")
HELD = Words(en="Kept by a hold", da="Tilbageholdt")
BEHIND = Words(en="Left behind", da="Venter")
KEYS = Words(en="Keys destroyed", da="Nøgler destrueret")
KEYS_OF = Words(
    en="of persons of whom nothing was left, in 30 days", da="for personer, der intet var tilbage om, på 30 dage"
)
ROWS_IN_DAYS = Words(en="rows, in 30 days", da="rækker på 30 dage")
ROWS_NOW = Words(en="rows, at the newest look", da="rækker, da der sidst blev set efter")
LOOKED = Words(en="Newest run", da="Seneste kørsel")
NEVER = Words(en="none yet", da="ingen endnu")
TERMS = Words(en="Every term, and what it ends", da="Alle frister, og hvad de afslutter")
TERMS_LEAD = Words(
    en="Read from the declarations beside each field. The database decides by moments alone; whoever removes reads no "
    "field.",
    da="Læst af de erklæringer, der står ved hvert felt. Databasen afgør det alene ud fra tidspunkter; den, der "
    "fjerner, læser ingen felter.",
)
WHAT = Words(en="What", da="Hvad")
KEPT = Words(en="Kept", da="Gemmes")
ENDS_AS = Words(en="At the end", da="Til sidst")
ROW_GOES = Words(en="the whole row goes", da="hele rækken fjernes")
EMPTIED = Words(en="its fields are emptied", da="felterne tømmes")
LAST_RUN = Words(en="Newest run with something to do", da="Seneste kørsel med noget at gøre")
CUT_SHORT = Words(en="cut short; goes on with the next", da="afbrudt; fortsætter med den næste")
NOTHING_DUE = Words(en="nothing was due", da="intet var forfaldent")


def counted(removed: int, held: int, behind: int) -> Words:
    """What a run did in one part."""
    en, da = [f"{removed} removed"], [f"{removed} fjernet"]
    if held:
        en, da = [*en, f"{held} on hold"], [*da, f"{held} tilbageholdt"]
    if behind:
        en, da = [*en, f"{behind} left behind"], [*da, f"{behind} venter"]
    return Words(en=", ".join(en), da=", ".join(da))


HOLDS = Words(en="Legal holds", da="Juridiske bevaringer")
HOLDS_LEAD = Words(
    en="What neither a term nor an erasure may remove for now. A hold names ids and a case's number, never a person.",
    da="Det, som hverken en frist eller en sletning må fjerne lige nu. En bevaring nævner id'er og et sagsnummer, "
    "aldrig en person.",
)
NONE = Words(en="Nothing is on hold", da="Intet er tilbageholdt")
NONE_LEAD = Words(
    en="Place one when something may be needed as evidence. It has a last day, and somebody who answers for it.",
    da="Opret en, når noget kan blive brugt som bevis. Den har en sidste dag og nogen, der står inde for den.",
)
NEW = Words(en="Place a hold", da="Opret en bevaring")
NEW_LEAD = Words(
    en="It stands at once: no term ends what it names, and an erasure waits, locked, until it is over.",
    da="Den gælder med det samme: ingen frist afslutter det, den nævner, og en sletning venter, låst, til den ophører.",
)
REASON = Words(en="Ground", da="Grund")
REASON_HINT = Words(en="One that the policy names.", da="En af dem, politikken nævner.")
SCOPE = Words(en="What it keeps", da="Hvad den bevarer")
SCOPES: dict[Scope, tuple[Words, Words]] = {
    Scope.PERSON: (
        Words(en="one person", da="én person"),
        Words(en="All that is held about them at one customer, or about one user.",
              da="Alt, hvad der er gemt om vedkommende hos én kunde, eller om én bruger."),
    ),
    Scope.PAYMENT: (
        Words(en="whoever made a payment", da="den, der foretog en betaling"),
        Words(en="The payment and all else about its payer at that customer.",
              da="Betalingen og alt andet om betaleren hos den kunde."),
    ),
    Scope.TENANT: (
        Words(en="a whole customer or partner", da="en hel kunde eller partner"),
        Words(en="Everything of theirs, their payers included.", da="Alt deres, også deres betalere."),
    ),
    Scope.TABLE: (
        Words(en="a whole table", da="en hel tabel"),
        Words(en="Against its terms alone; who asks to be erased still is.",
              da="Kun mod dens frister; den, der beder om sletning, bliver stadig slettet."),
    ),
}  # fmt: skip
TENANT_ID = Words(en="Customer's or partner's id", da="Kundens eller partnerens id")
TENANT_HINT = Words(
    en="For a person and a payment; empty for the others.", da="For en person og en betaling; ellers tomt."
)
NAMED = Words(en="Id, or the table's name", da="Id eller tabellens navn")
REFERENCE = Words(en="The case's number", da="Sagens nummer")
REFERENCE_HINT = Words(
    en="As your own files have it. No names: letters, digits, points, dashes and slashes.",
    da="Som det står i jeres egne sager. Ingen navne: bogstaver, tal, punktum, bindestreg og skråstreg.",
)
ENDS_ON = Words(en="Last day", da="Sidste dag")
ENDS_HINT = Words(en="Who needs longer places another one.", da="Den, der har brug for længere tid, opretter en ny.")
OWNER = Words(en="Answers for it", da="Står inde for den")
STATE = Words(en="State", da="Tilstand")
STANDS = Words(en="stands", da="gælder")
OVER = Words(en="over", da="forbi")
RELEASED = Words(en="released", da="ophævet")
ACTS = Words(en="Actions", da="Handlinger")
RELEASE = Words(en="Release", da="Ophæv")
RELEASE_TITLE = Words(en="Release this hold?", da="Ophæve bevaringen?")
RELEASE_HAPPENS = (
    Words(en="What it kept beyond its term goes within the hour, for good.",
          da="Det, den holdt tilbage ud over fristen, forsvinder inden for en time for altid."),
    Words(en="Erasures that waited for it go on by themselves.",
          da="Sletninger, der ventede på den, fortsætter af sig selv."),
    Words(en="That you released it stands on the audit trail.", da="At du ophævede den, står i revisionssporet."),
)  # fmt: skip
BAD = {
    "reason": Words(en="Choose a ground.", da="Vælg en grund."),
    "scope": Words(en="Choose what it keeps.", da="Vælg, hvad den bevarer."),
    "tenant_id": Words(
        en="A person or a payment needs the id of the customer or partner; the others have none.",
        da="En person eller en betaling kræver kundens eller partnerens id; de andre har ikke noget.",
    ),
    "named": Words(
        en="Write an id as the pages show it, or the name of a table with terms.",
        da="Skriv et id, som siderne viser det, eller navnet på en tabel med frister.",
    ),
    "reference": Words(
        en="Write the case's number: at most 40 letters, digits, points, dashes and slashes.",
        da="Skriv sagens nummer: højst 40 bogstaver, tal, punktummer, bindestreger og skråstreger.",
    ),
    "ends_on": Words(en="Choose a day that is not over.", da="Vælg en dag, der ikke er forbi."),
}
DONE = {
    "placed": Words(en="The hold stands.", da="Bevaringen gælder."),
    "released": Words(en="The hold is released.", da="Bevaringen er ophævet."),
}
