"""What the desk's pages for support say."""

from ippgateway.faces.shell.account import event_words
from ippgateway.privacy.vocabulary import Words

PEOPLE = Words(en="People", da="Personer")
LEAD = Words(
    en="Find whoever asks us for help. What you look at is on record before you see it, and they can see that it was.",
    da="Find den, der beder os om hjælp. Det, du ser på, er noteret, før du ser det, og de kan se, at det er sket.",
)
SEARCH = Words(en="Whom do you look for?", da="Hvem leder du efter?")
SEARCH_HINT = Words(
    en="The exact e-mail address, the id of a user, shop or partner, or a shop's merchant number.",
    da="Den nøjagtige e-mailadresse, id for en bruger, butik eller partner, eller en butiks forretningsnummer.",
)
WHY = Words(en="Why", da="Hvorfor")
REASON = Words(en="In your own words", da="Med dine egne ord")
REASON_HINT = Words(
    en="What they asked, or the case's number. They can read this.",
    da="Hvad de spurgte om, eller sagens nummer. De kan læse det.",
)
LOOK = Words(en="Note it and look", da="Notér det, og se")
LOOK_TOO = Words(en="Look", da="Se")
NOBODY = Words(en="Nobody was found.", da="Der blev ikke fundet nogen.")
BAD_WHY = Words(en="Say what it is for.", da="Sig, hvad det er til.")
BAD_REASON = Words(
    en="Write at least eight letters about what it is for, and at most 400.",
    da="Skriv mindst otte tegn om, hvad det er til, og højst 400.",
)
FOUND = Words(en="Several were found", da="Der blev fundet flere")
FOUND_LEAD = Words(
    en="Choose whom you mean. Nothing about them is shown before that.",
    da="Vælg, hvem du mener. Intet om dem vises før det.",
)
KIND, STATUS, ID, OF = (
    Words(en="Kind", da="Slags"), Words(en="Status", da="Status"), Words(en="Id", da="Id"),
    Words(en="Belongs to", da="Hører til"),
)  # fmt: skip
KINDS = {
    "company": Words(en="a shop's user", da="bruger hos en butik"),
    "partner": Words(en="a partner's user", da="bruger hos en partner"),
    "public": Words(en="somebody with an account of their own", da="en person med egen konto"),
    "shop": Words(en="shop", da="butik"),
    "reseller": Words(en="partner", da="partner"),
}
SHOWN = Words(en="What support may see", da="Hvad supporten må se")
RECORDED = Words(en="This look is on record", da="Opslaget er noteret")
RECORDED_HOW = Words(
    en="The database took the record and the reading as one: without the record there would be nothing here.",
    da="Databasen tog noten og læsningen som ét: uden noten ville her intet være.",
)
USERS = Words(en="Users of the same account", da="Brugere i samme konto")
USERS_LEAD = Words(en="Each is a look of its own.", da="Hver af dem er et opslag for sig.")
AGAIN = Words(en="Find somebody else", da="Find en anden")
EMPTY = Words(en="Nothing readable is left here.", da="Her er intet tilbage, der kan læses.")
SINCE = Words(en="Since", da="Siden")
EVENTS_LEAD = Words(en="In the words that they see themselves.", da="Med de ord, de selv ser.")
HAPPENED = {what.value: told for what, told in event_words.SENTENCES.items()}
STATUSES = {
    "active": (Words(en="active", da="aktiv"), "good"),
    "blocked": (Words(en="blocked", da="spærret"), "bad"),
    "closed": (Words(en="closed", da="lukket"), "quiet"),
}
