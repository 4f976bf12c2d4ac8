"""The cookie page: every cookie that a page of ours sets, and everything else that it leaves in a browser.

A test compares the list with what the program sets. There is no other storage, no pixel, and no script from another
address.
"""

from dataclasses import dataclass

from ippgateway.privacy.papers.paper import Entry, Fact, Paper, Section
from ippgateway.privacy.vocabulary import Words

_FOR = Words(en="What for", da="Til hvad")
_WHO = Words(en="Who sets it, and where", da="Hvem sætter den, og hvor")
_LASTS = Words(en="How long", da="Hvor længe")
_OURS = Words(
    en="we do, at the console and at the desk of our staff; no other address sees it",
    da="vi gør, i konsollen og hos vores medarbejdere; ingen anden adresse ser den",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cookie:
    """One cookie. `name`: without the prefix that encrypted connections add."""

    name: str
    what_for: Words
    lasts: Words


COOKIES = (
    Cookie(
        name="session",
        what_for=Words(en="keeps you signed in", da="holder dig logget ind"),
        lasts=Words(
            en="until you sign out or close the browser; we forget it earlier when you do nothing",
            da="til du logger ud eller lukker browseren; vi glemmer den før, hvis du ikke gør noget",
        ),
    ),
    Cookie(
        name="device",
        what_for=Words(
            en="knows a browser that you signed in with before, so that guessers elsewhere can't lock you out and you "
            "are told of a browser that is new",
            da="genkender en browser, du har logget ind med, så andre, der gætter, ikke kan låse dig ude, og du får "
            "besked om en browser, der er ny",
        ),
        lasts=Words(en="180 days", da="180 dage"),
    ),
)


NOTES = (
    Cookie(
        name="htmx-current-path-for-history",
        what_for=Words(
            en="no cookie but a note in the tab's own memory, never sent to us: a library notes the address of the "
            "page that you are on, and a script of ours takes the note out again in the same moment",
            da="ingen cookie, men en note i fanens egen hukommelse, som aldrig sendes til os: et bibliotek noterer "
            "adressen på den side, du er på, og et script fra os fjerner noten igen i samme øjeblik",
        ),
        lasts=Words(en="less than a moment; nothing of it stays", da="mindre end et øjeblik; intet bliver tilbage"),
    ),
)
"""What a library of the consoles writes into a browser besides, and `shell.js` takes out again."""


def cookie_paper() -> Paper:
    """The page."""
    return Paper(
        key="cookies", title=Words(en="Cookies", da="Cookies"),
        sections=(
            Section(key="short", title=Words(en="In short", da="Kort sagt"), texts=(
                Words(
                    en="We set two cookies, and only for people who sign in. The public pages and the payment page "
                    "set none, and nothing else stays in your browser. Nothing is measured, shared or sold with any "
                    "of it, and nothing of anybody else's is loaded.",
                    da="Vi sætter to cookies, og kun hos dem, der logger ind. De åbne sider og betalingssiden sætter "
                    "ingen, og intet andet bliver i din browser. Intet måles, deles eller sælges med noget af det, og "
                    "der hentes intet, som tilhører andre.",
                ),
                Words(
                    en="That is why no banner asks you: both are needed for what you asked for, which is to be signed "
                    "in, and the Danish rules on cookies need no consent for that.",
                    da="Derfor er der ikke noget banner, der spørger dig: begge er nødvendige for det, du har bedt om, "
                    "nemlig at være logget ind, og det kræver efter de danske cookieregler ikke samtykke.",
                ),
            )),
            Section(key="list", title=Words(en="The cookies", da="De cookies, der er"), texts=(), entries=tuple(
                Entry(key=each.name, title=Words(en=each.name, da=each.name), facts=(
                    Fact(name=_FOR, says=(each.what_for,)), Fact(name=_WHO, says=(_OURS,)),
                    Fact(name=_LASTS, says=(each.lasts,)),
                )) for each in (*COOKIES, *NOTES)
            )),
            Section(key="more", title=Words(en="Without cookies", da="Uden cookies"), texts=(
                Words(
                    en="How long a page was to be seen is told to us by a small script, which stores nothing in your "
                    "browser. It goes into the record of visits that the privacy policy describes; without script the "
                    "pages work the same.",
                    da="Hvor længe en side var fremme, fortæller et lille script os; det gemmer intet i din browser. "
                    "Det indgår i noterne om besøg, som privatlivspolitikken beskriver; uden script virker siderne på "
                    "samme måde.",
                ),
                Words(
                    en="Take both cookies away in your browser whenever you like. You are then signed out, and are "
                    "known as a new browser the next time.",
                    da="Fjern begge cookies i din browser, når du vil. Så er du logget ud og er en ny browser næste "
                    "gang.",
                ),
                Words(
                    en="If we ever want to set another one, it is listed here first, it waits for your yes, and a "
                    "browser that sends Global Privacy Control has said no.",
                    da="Vil vi engang sætte en anden, står den her først og venter på dit ja, og en browser, der "
                    "sender Global Privacy Control, har sagt nej.",
                ),
            )),
        ),
    )  # fmt: skip
