"""What the desk's pages about paper files say."""

from ippgateway.domains.registers.schemas import How
from ippgateway.privacy.vocabulary import Words

PAPER = Words(en="Paper files", da="Papirmapper")
LEAD = Words(
    en="What we hold on paper about people: where it lies, until when, and how it was destroyed.",
    da="Det, vi har på papir om personer: hvor det ligger, hvor længe, og hvordan det er destrueret.",
)
NEW = Words(en="Enter a paper file", da="Notér en papirmappe")
NONE = Words(en="No paper files", da="Ingen papirmapper")
NONE_LEAD = Words(
    en="Whoever keeps something about people on paper enters it here first.",
    da="Den, der gemmer noget om personer på papir, noterer det her først.",
)
LABEL = Words(en="What is written on it", da="Hvad der står på den")
LABEL_HINT = Words(
    en="So that it can be found. No name of a person.", da="Så den kan findes. Ikke navnet på en person."
)
COUNTRY = Words(en="Country", da="Land")
COUNTRY_HINT = Words(en="Two letters. Paper is kept in the EEA alone.", da="To bogstaver. Papir opbevares kun i EØS.")
PLACE = Words(en="Where it lies", da="Hvor den ligger")
PLACE_HINT = Words(en="Building, room, cabinet; locked.", da="Bygning, rum, skab; aflåst.")
KINDS = Words(en="What is in it", da="Hvad den indeholder")
DESTROY_BY = Words(en="To be destroyed by", da="Destrueres senest")
STATUS = Words(en="Status", da="Status")
ENTERED = Words(en="Entered by", da="Noteret af")
SUBMIT = Words(en="Enter it", da="Notér den")
DESTROY = Words(en="It is destroyed", da="Den er destrueret")
DESTROY_LEAD = Words(
    en="Two people stand for it: whoever destroyed it says how, another who saw it confirms.",
    da="To personer står inde for det: den, der destruerede den, siger hvordan, og en anden, der så det, bekræfter.",
)
HOW = Words(en="How", da="Hvordan")
HOWS: dict[How, Words] = {
    How.SHREDDED: Words(en="shredded here", da="makuleret her"),
    How.BURNT: Words(en="burnt", da="brændt"),
    How.CONTRACTOR: Words(en="by a contractor, with a certificate", da="af en leverandør, med attest"),
}
CONFIRM = Words(en="I saw it destroyed", da="Jeg så den blive destrueret")
DESTROYED_BY = Words(en="Destroyed by", da="Destrueret af")
CONFIRMED_BY = Words(en="Confirmed by", da="Bekræftet af")
NOT_YOURS = Words(en="You destroyed it, so somebody else confirms.", da="Du destruerede den, så en anden bekræfter.")
NOT_NOW = Words(en="That was done already.", da="Det er allerede gjort.")
BAD_HOW = Words(en="Say how it was destroyed.", da="Sig, hvordan den blev destrueret.")
DONE = {
    "entered": Words(en="It stands in the register.", da="Den står i fortegnelsen."),
    "destroyed": Words(en="Noted. Somebody else confirms.", da="Noteret. En anden bekræfter."),
    "confirmed": Words(en="Two people stand for it now.", da="Nu står to personer inde for det."),
}
BAD = {
    "label": Words(
        en="Write what stands on it, at most 120 letters.", da="Skriv, hvad der står på den, højst 120 tegn."
    ),
    "country": Words(
        en="Only countries of the EEA: paper is kept nowhere else.",
        da="Kun lande i EØS: papir opbevares ikke andre steder.",
    ),
    "place": Words(en="Write where it lies, at most 120 letters.", da="Skriv, hvor den ligger, højst 120 tegn."),
    "categories": Words(en="Tick what is in it.", da="Sæt kryds ved det, den indeholder."),
    "destroy_by": Words(en="Choose a day after today.", da="Vælg en dag efter i dag."),
}
STATES = {
    "there": (Words(en="kept", da="opbevares"), "good"),
    "overdue": (Words(en="overdue", da="overskredet"), "bad"),
    "waiting": (Words(en="to be confirmed", da="skal bekræftes"), "wait"),
    "gone": (Words(en="destroyed", da="destrueret"), "quiet"),
}
