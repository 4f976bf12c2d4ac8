"""What the desk's pages about disclosures say."""

from ippgateway.domains.disclosures.schemas import State
from ippgateway.privacy.vocabulary import Words

DISCLOSURES = Words(en="Disclosures", da="Udleveringer")
LEAD = Words(
    en="Somebody outside is to be given data. Two approve it, neither of them the one who entered it.",
    da="Nogen uden for os skal have oplysninger. To godkender det, og ingen af dem er den, der oprettede sagen.",
)
NEW = Words(en="Enter a request", da="Opret en anmodning")
NEW_LEAD = Words(en="What kind of request is it?", da="Hvilken slags anmodning er det?")
NONE = Words(en="No requests", da="Ingen anmodninger")
NONE_LEAD = Words(
    en="A request by an authority, an adviser or anybody else stands here once somebody has entered it.",
    da="En anmodning fra en myndighed, en rådgiver eller en anden står her, når nogen har oprettet den.",
)

CASE = Words(en="Case", da="Sag")
KIND = Words(en="Kind", da="Slags")
WHO = Words(en="Recipient", da="Modtager")
STATUS = Words(en="Status", da="Status")
DUE = Words(en="Due", da="Frist")
ENTERED = Words(en="Entered", da="Oprettet")
OVERDUE = Words(en="overdue", da="overskredet")
APPROVALS = Words(en="Approvals", da="Godkendelser")

STATES: dict[State, tuple[Words, str]] = {
    State.OPEN: (Words(en="to be approved", da="skal godkendes"), "wait"),
    State.APPROVED: (Words(en="approved, being put together", da="godkendt, samles"), "wait"),
    State.READY: (Words(en="ready to hand over", da="klar til udlevering"), "good"),
    State.DONE: (Words(en="handed over", da="udleveret"), "quiet"),
    State.REFUSED: (Words(en="refused", da="afvist"), "bad"),
}

ORGANISATION = Words(en="Organisation that receives it", da="Organisation, der får det")
ORGANISATION_HINT = Words(en="Its name, not that of a person.", da="Dens navn, ikke en persons.")
PLACE = Words(en="Where it is handled", da="Hvor det behandles")
PLACE_HINT = Words(en="Two letters of the country, such as DK.", da="Landets to bogstaver, fx DK.")
TOOL = Words(en="Transfer tool", da="Overførselsgrundlag")
TOOL_HINT = Words(
    en="Beyond the EEA nothing goes out without one, and without measures besides it.",
    da="Uden for EØS udleveres intet uden et grundlag og foranstaltninger ud over det.",
)
NO_TOOL = Words(en="None: within the EEA", da="Intet: inden for EØS")
MEASURES = Words(en="What protects the transfer besides", da="Hvad der ellers beskytter overførslen")
SUBJECTS = Words(en="Whom it is about", da="Hvem det handler om")
SUBJECTS_HINT = Words(
    en="A line each, fifty at most: a payment's id; a company's id and a payer's address; or a user's address.",
    da="En linje til hver, højst halvtreds: en betalings id; en virksomheds id og en betalers adresse; "
    "eller en brugers adresse.",
)
FIELDS = Words(en="What is asked for", da="Hvad der bedes om")
FIELDS_HINT = Words(
    en="Only what is ticked goes out. Card numbers and sign-in secrets leave for nobody.",
    da="Kun det afkrydsede udleveres. Kortnumre og adgangsoplysninger udleveres aldrig.",
)
BEGINS = Words(en="From day", da="Fra dag")
ENDS = Words(en="To day", da="Til dag")
DUE_ON = Words(en="To be answered by", da="Skal besvares senest")
TERMS = Words(en="How it is done", da="Hvordan det sker")
CODES = Words(en="Codes in place of names and addresses", da="Koder i stedet for navne og adresser")
HOLD = Words(en="Nothing about them is erased meanwhile", da="Intet om dem slettes imens")
SILENT = Words(en="The people concerned are not told", da="De berørte får ikke besked")
SILENT_HINT = Words(
    en="Only where the law, or the nature of the case, forbids it.",
    da="Kun hvor loven eller sagens natur forbyder det.",
)
SILENT_UNTIL = Words(en="They are not told before", da="De får ikke besked før")
SUBMIT = Words(en="Enter it", da="Opret")

SAID = Words(en="The request", da="Anmodningen")
COURSE = Words(en="What has happened", da="Hvad der er sket")
DECIDE = Words(en="Decide", da="Afgør")
APPROVE = Words(en="Approve", da="Godkend")
APPROVE_LEAD = Words(
    en="You have read what is asked for, and why less would not do. Your name stands with it.",
    da="Du har læst, hvad der bedes om, og hvorfor mindre ikke er nok. Dit navn står ved det.",
)
NOT_YOURS = Words(
    en="Whoever entered a case, or approved it before, can't approve it. Somebody else has to.",
    da="Den, der har oprettet eller allerede godkendt en sag, kan ikke godkende den. En anden skal gøre det.",
)
DECIDED = Words(
    en="Somebody was here before you: see below how it stands.", da="Nogen kom før dig: se nedenfor, hvordan den står."
)
REFUSE = Words(en="Refuse the request", da="Afvis anmodningen")
REFUSE_TITLE = Words(en="Refuse this request?", da="Afvise anmodningen?")
REFUSE_HAPPENS = (
    Words(en="Nothing is handed over, now or later.", da="Intet udleveres, hverken nu eller senere."),
    Words(en="A hold that was placed stays until somebody releases it.",
          da="En bevaring, der er sat, står ved magt, til nogen ophæver den."),
)  # fmt: skip
FILE = Words(en="Hand it over", da="Udlever")
FILE_LEAD = Words(
    en="You get the file once. After that we keep only its fingerprint.",
    da="Du får filen én gang. Derefter gemmer vi kun dens fingeraftryk.",
)
SILENCE = Words(en="Silence", da="Tavshed")
SILENCE_LEAD = Words(
    en="Until this day the people concerned are not told. Without a day they are told at once.",
    da="Til denne dag får de berørte ikke besked. Uden en dag får de besked med det samme.",
)
SAVE_SILENCE = Words(en="Set the day", da="Sæt dagen")
YES, NO = Words(en="yes", da="ja"), Words(en="no", da="nej")
FOUND = Words(en="People found", da="Personer fundet")
DIGEST = Words(en="The file's fingerprint (SHA-256)", da="Filens fingeraftryk (SHA-256)")
SCOPE = Words(en="Between", da="Mellem")
CONFIRMED = Words(en="Confirmed", da="Bekræftet")
TOLD_SHOWN = Words(en="Told", da="Besked")

HAPPENED = {
    "created_at": Words(en="Entered by", da="Oprettet af"),
    "held_at": Words(en="Erasure stopped", da="Sletning stoppet"),
    "first_at": Words(en="Approved by", da="Godkendt af"),
    "second_at": Words(en="Approved by", da="Godkendt af"),
    "ready_at": Words(en="Put together", da="Samlet"),
    "told_at": Words(en="The people concerned were told", da="De berørte fik besked"),
}
ENDED = {
    State.DONE: Words(en="Handed over by", da="Udleveret af"),
    State.REFUSED: Words(en="Refused by", da="Afvist af"),
}
LAPSED = Words(
    en="Not handed over in time: the recipient is in the register no more",
    da="Ikke udleveret i tide: modtageren står ikke længere i fortegnelsen",
)
DONE = {
    "entered": Words(en="It is entered. Two others have to approve it.", da="Den er oprettet. To andre skal godkende."),
    "approved": Words(en="You have approved it.", da="Du har godkendt den."),
    "refused": Words(en="It is refused.", da="Den er afvist."),
    "silence": Words(en="The day is set.", da="Dagen er sat."),
}
BAD = {
    "organisation": Words(en="Write a name of at most 120 letters.", da="Skriv et navn på højst 120 tegn."),
    "place": Words(en="Write the two letters of a country.", da="Skriv et lands to bogstaver."),
    "measures": Words(en="At most 400 letters.", da="Højst 400 tegn."),
    "categories": Words(en="Tick at least one.", da="Sæt mindst ét kryds."),
    "subjects": Words(en="Write one to fifty lines, as it says above.",
                      da="Skriv en til halvtreds linjer, som der står ovenfor."),
    "ends": Words(en="This day is before the first one, or none.", da="Dagen er før den første eller ingen dag."),
    "begins": Words(en="This is no day.", da="Det er ingen dag."),
    "due_on": Words(en="Write the day by which it must be answered.",
                    da="Skriv den dag, hvor der senest skal svares."),
    "silent_until": Words(en="This is no day.", da="Det er ingen dag."),
}  # fmt: skip
BAD_CONTENT = Words(en="A request of this kind says this, in at most 2,000 letters.",
                    da="En anmodning af denne slags angiver dette, med højst 2.000 tegn.")  # fmt: skip
NOT_ALLOWED = Words(
    en="This recipient may not be given this there: the place is not allowed for its kind, or the transfer tool or the "
    "measures are missing.",
    da="Denne modtager må ikke få det der: stedet er ikke tilladt for dens slags, eller overførselsgrundlaget eller "
    "foranstaltningerne mangler.",
)
