"""What the desk's pages about emergency access say."""

from ippgateway.domains.emergency.schemas import Verdict
from ippgateway.privacy.vocabulary import Words

EMERGENCY = Words(en="Emergency access", da="Nødadgang")
LEAD = Words(
    en="For when somebody must be helped now and nobody who may is there. It opens support's pages for an hour.",
    da="Når nogen skal hjælpes nu, og ingen, der må, er til stede. Det åbner supportens sider i en time.",
)
HAPPENS = (
    Words(en="Every administrator and compliance get a letter at once, with your name.",
          da="Alle administratorer og compliance får straks et brev med dit navn."),
    Words(en="It ends by itself after an hour, and when you sign out.",
          da="Det slutter af sig selv efter en time, og når du logger ud."),
    Words(en="Each look at somebody's data is marked, and they see that it was an emergency.",
          da="Hvert opslag i nogens data bliver mærket, og de ser, at det var et nødstilfælde."),
    Words(en="Somebody else reviews it within three days.", da="En anden gennemgår det inden for tre dage."),
)  # fmt: skip
REASON = Words(
    en="What has happened, and why nobody else can help?", da="Hvad er der sket, og hvorfor kan ingen anden?"
)
REASON_HINT = Words(
    en="At least fifteen letters. Whoever reviews it reads this.",
    da="Mindst femten tegn. Den, der gennemgår det, læser det.",
)
BEGIN = Words(en="Open it for an hour", da="Åbn i en time")
OPEN_UNTIL = Words(en="Emergency access is open until", da="Nødadgangen er åben til")
OPEN_LEAD = Words(en="Support's pages are open to you.", da="Supportens sider er åbne for dig.")
TO_PEOPLE = Words(en="To people", da="Til personer")
END = Words(en="End it now", da="Afslut nu")
BAD_REASON = Words(
    en="Write at least fifteen letters, and at most a thousand.", da="Skriv mindst femten tegn og højst tusind."
)
DONE = {
    "ended": Words(en="It is ended.", da="Den er afsluttet."),
    "reviewed": Words(en="The review is closed.", da="Gennemgangen er afsluttet."),
}

REVIEWS = Words(en="Reviews", da="Gennemgange")
REVIEWS_LEAD = Words(
    en="Each emergency access is reviewed by somebody else than its user, within three days.",
    da="Hver nødadgang gennemgås af en anden end den, der brugte den, inden for tre dage.",
)
NONE = Words(en="No emergency access", da="Ingen nødadgange")
NONE_LEAD = Words(
    en="When somebody of our staff opens one, it stands here to be reviewed.",
    da="Når en medarbejder åbner en, står den her til gennemgang.",
)
REVIEW = Words(en="Review of an emergency access", da="Gennemgang af en nødadgang")
WHO = Words(en="Who", da="Hvem")
BEGAN = Words(en="Began", da="Begyndt")
OVER = Words(en="Ended", da="Slut")
STATUS = Words(en="Status", da="Status")
DUE = Words(en="To be reviewed by", da="Gennemgås senest")
LOOKS = Words(en="Looks", da="Opslag")
WHY = Words(en="Why", da="Hvorfor")
ABOUT = Words(en="About", da="Om")
SHOWN = Words(en="What was shown", da="Hvad der blev vist")
NO_LOOKS = Words(en="Nothing was looked at under it.", da="Der blev ikke set på noget imens.")
TYPED = Words(en="What they wrote", da="Hvad de skrev")
FINDING = Words(en="What you found", da="Hvad du fandt")
VERDICT = Words(en="Was it justified?", da="Var den begrundet?")
VERDICTS: dict[Verdict, Words] = {
    Verdict.JUSTIFIED: Words(en="justified", da="begrundet"),
    Verdict.NOT_JUSTIFIED: Words(en="not justified", da="ikke begrundet"),
}
BAD_VERDICT = Words(en="Say whether it was justified.", da="Sig, om den var begrundet.")
CLOSE = Words(en="Close the review", da="Afslut gennemgangen")
REVIEWED_BY = Words(en="Reviewed by", da="Gennemgået af")
NOT_YOURS = Words(
    en="You used it yourself, so somebody else reviews it.", da="Du brugte den selv, så en anden gennemgår den."
)
NOT_NOW = Words(
    en="It has not ended yet, or it has been reviewed already.",
    da="Den er ikke slut endnu, eller den er allerede gennemgået.",
)
STATES = {
    "open": (Words(en="open now", da="åben nu"), "bad"),
    "waiting": (Words(en="to be reviewed", da="skal gennemgås"), "wait"),
    "overdue": (Words(en="overdue", da="overskredet"), "bad"),
    "reviewed": (Words(en="reviewed", da="gennemgået"), "quiet"),
}


def overdue(count: int) -> Words:
    """On the desk's first page."""
    if count == 1:
        return Words(en="One emergency access was not reviewed in time.", da="En nødadgang er ikke gennemgået i tide.")
    return Words(
        en=f"{count} emergency accesses were not reviewed in time.", da=f"{count} nødadgange er ikke gennemgået i tide."
    )
