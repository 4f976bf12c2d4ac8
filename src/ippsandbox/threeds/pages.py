"""The pages of the sandbox's bank, in a frame of the shop's page: the question, and the way back. Plain forms; a script
only spares the last click."""

from html import escape
from urllib.parse import urlsplit

from ippsandbox.threeds.challenge import CODE, MOST_TRIES, Challenge, End, cres

SCRIPT = 'document.getElementById("back").submit();\n'
STYLE = """:root { color-scheme: light dark; --paper: #fff; --ink: #1a1f2b; --soft: #4a5263; --line: #c9ced8;
  --bank: #27408b; --on-bank: #fff;
  --wrong: #931f1f; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171f; --ink: #eceef3; --soft: #b5bccb; --line: #3a4252;
  --bank: #a9bcff; --on-bank: #14171f; --wrong: #ff9f98; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 28rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; background: var(--paper);
  color: var(--ink); overflow-wrap: break-word; }
h1 { font-size: 1.125rem; margin: 0 0 .75rem; }
.bank { color: var(--soft); font-size: .875rem; margin: 0 0 1rem; padding-bottom: .5rem;
  border-bottom: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 0 1rem; }
dt { color: var(--soft); } dd { margin: 0; font-variant-numeric: tabular-nums; }
label { display: block; font-weight: 600; }
input { width: 100%; font: inherit; letter-spacing: .2em; padding: .5rem; margin: .25rem 0 .5rem; color: inherit;
  background: transparent; border: 1px solid var(--soft); border-radius: 4px; }
button { font: inherit; width: 100%; min-height: 44px; margin-top: .5rem; border-radius: 4px; cursor: pointer;
  border: 1px solid var(--bank); color: var(--bank); background: transparent; }
button.first { color: var(--on-bank); background: var(--bank); font-weight: 600; }
.wrong { color: var(--wrong); font-weight: 600; margin: 0 0 .5rem; }
.soft { color: var(--soft); font-size: .875rem; margin: 0 0 .5rem; }
:focus-visible { outline: 2px solid var(--bank); outline-offset: 2px; }
"""

_WORDS = {
    "bank": ("Sandbox bank. Nobody is charged here.", "Sandkassens bank. Her betaler ingen."),
    "title": ("Is this your payment?", "Er det din betaling?"),
    "shop": ("Shop", "Butik"),
    "amount": ("Amount", "Beløb"),
    "card": ("Card", "Kort"),
    "code": ("One-time code", "Engangskode"),
    "hint": (
        f"A bank would send it to your telephone. Here {CODE} confirms, anything else is wrong.",
        f"En bank ville sende den til din telefon. Her bekræfter {CODE}, alt andet er forkert.",
    ),
    "wrong": ("That was not the code. Tries left: ", "Det var ikke koden. Forsøg tilbage: "),
    "confirm": ("Confirm", "Bekræft"),
    "cancel": ("I do not want to pay this", "Jeg vil ikke betale det"),
    "back": ("Back to the shop", "Tilbage til butikken"),
    "unfinished": (
        "This test card's bank never answers the shop. The confirmation times out after ten minutes.",
        "Dette testkorts bank svarer aldrig butikken. Bekræftelsen udløber efter ti minutter.",
    ),
    "gone": ("This bank knows of no such question.", "Banken kender ikke det spørgsmål."),
}
_ENDED = {
    End.CONFIRMED: ("Confirmed.", "Bekræftet."),
    End.REFUSED: ("Not confirmed: the code was wrong too often.", "Ikke bekræftet: koden var forkert for mange gange."),
    End.CANCELLED: ("Not confirmed: you gave it up.", "Ikke bekræftet: du fortrød."),
    End.UNAVAILABLE: ("The bank can't confirm it right now.", "Banken kan ikke bekræfte det lige nu."),
}


def policy(challenge: Challenge | None) -> str:
    """The content security policy: forms go to the bank itself, and back where the payer came from."""
    parts = urlsplit(challenge.return_url if challenge else "")
    back = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'self'{back}; "
        "frame-ancestors *"
    )


def question(challenge: Challenge) -> str:
    """Shop, amount and masked card, a field for the code, and a way to give up."""

    def say(name: str) -> str:
        return _said(name, challenge)

    left = MOST_TRIES - challenge.tries
    wrong = f'<p class="wrong" role="alert">{say("wrong")}{left}</p>' if challenge.tries else ""
    facts = "".join(
        f"<dt>{say(name)}</dt><dd>{escape(value)}</dd>"
        for name, value in (("shop", challenge.shop), ("amount", challenge.amount), ("card", challenge.card))
    )
    return _page(
        challenge,
        f"<h1>{say('title')}</h1><dl>{facts}</dl>{wrong}"
        '<form method="post" action="/acs/answer">'
        f'<input type="hidden" name="transaction" value="{escape(challenge.acs_id)}">'
        f'<label for="code">{say("code")}</label>'
        '<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8" '
        'aria-describedby="hint">'
        f'<p class="soft" id="hint">{say("hint")}</p>'
        f'<button class="first" name="do" value="confirm">{say("confirm")}</button>'
        f'<button name="do" value="cancel">{say("cancel")}</button></form>',
    )


def ended(challenge: Challenge) -> str:
    """How it ended, and the form that carries the CRes back; of an unfinished one nothing goes back."""
    if challenge.end in (None, End.UNFINISHED):
        return _page(challenge, f"<h1>{_said('unfinished', challenge)}</h1>")
    assert challenge.end is not None  # noqa: S101 - the line above
    data = escape(challenge.session_data)
    session = f'<input type="hidden" name="threeDSSessionData" value="{data}">' if data else ""
    return _page(
        challenge,
        f"<h1>{_ENDED[challenge.end][challenge.danish]}</h1>"
        f'<form id="back" method="post" action="{escape(challenge.return_url)}">'
        f'<input type="hidden" name="cres" value="{cres(challenge)}">{session}'
        f'<button class="first">{_said("back", challenge)}</button></form>'
        '<script src="/acs/back.js"></script>',
    )


def gone() -> str:
    """For a browser with nothing to answer."""
    return _page(None, f"<h1>{_said('gone', None)}</h1>")


def _said(name: str, challenge: Challenge | None) -> str:
    return _WORDS[name][challenge is not None and challenge.danish]


def _page(challenge: Challenge | None, content: str) -> str:
    language = "da" if challenge is not None and challenge.danish else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_said('bank', challenge)}</title>"
        '<link rel="stylesheet" href="/acs/bank.css"></head>'
        f'<body><main><p class="bank">{_said("bank", challenge)}</p>{content}</main></body></html>\n'
    )
