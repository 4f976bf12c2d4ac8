"""The payer's files: style sheets and scripts under addresses that name their content, and the page of terms.

Every script is in the inventory, with its hash, why it is there and who allowed it (PCI DSS 6.4.3). What a browser may
run on these pages follows from the policy in `headers`, and from nothing else.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha384
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from ippgateway.faces.pages import headers as shared
from ippgateway.faces.pages.evidence import LINK, Evidence
from ippgateway.faces.pages.language import Language, preferred
from ippgateway.faces.pages.order import place_of
from ippgateway.faces.pages.press import Press, Printed, Sheet
from ippgateway.faces.pages.themes import themes
from ippgateway.faces.pay import words
from ippgateway.privacy.policy import STORED_IN, Policy, for_payers
from ippgateway.privacy.trustfile import Posted

HERE = Path(__file__).parent
_STATIC = HERE / "static"
_OWNER = "Payment pages, IPP Platform"
_LONGEST_QUERY = 200
LOADER = "pay.js"

# A shop's page loads these two from its own origin; everything else of ours is for our own pages.
_FOR_SHOPS = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """A script of the payment pages. `integrity`: of what is served, as in a script element; `source`: of the file in
    the repository, which words or a checkout's values are put into."""

    name: str
    path: str
    integrity: str
    source: str
    octets: int
    purpose: str
    authorised_by: str


_PURPOSES = {
    "core.js": "Builds or helps along the card form, and sends what is typed to payments/… of its own origin.",
    LOADER: "Loads core.js into a shop's page, by its hash; carries one checkout's two secrets.",
    "seen.js": "Tells how long the page was visible (COLLECT-6); reads nothing that is typed.",
    "challenge.js": "Sends the payer on to the page of their own bank, without a press of the button.",
}


_ABOUT = (
    "# Scripts of the payment pages",
    "",
    "Every script that may run where card data is typed, with its reason (PCI DSS 6.4.3). Nothing else runs: the",
    "policy of the pages allows files of their own origin alone. A running Platform tells the same at",
    "`/pay/scripts.json`, with the hashes of what it serves; the tests compare that with what a real browser loaded,",
    "and `ippgateway promises` with what is served (11.6.1).",
    "",
    "Written by `.venv/bin/python scripts/payment_scripts.py`; a test fails when a script changes and this page does",
    "not.",
)


class Files:
    """Everything that is the same for every payer, printed when the process starts. `checked_at`: when this process
    compared the database's rights with the declarations; `site_url`: where the whole policy stands, empty when it is
    nowhere; `operator`: under whose name the pages stand; `trust`: how it stands with the promises."""

    def __init__(
        self, *, checked_at: datetime, site_url: str = "", operator: str = "IPP", trust: Posted | None = None
    ) -> None:
        self._site_url = site_url
        self._trust = trust or Posted()
        self.policy: Policy = for_payers()
        self.checked_at = checked_at
        self._told_of = sorted(self.policy.told, key=lambda told: place_of(told.category))
        self._core = _with(_STATIC / "core.js", "@SAID@", {**words.for_script(self.policy.places),
                                                          "policy": self.policy.version})  # fmt: skip
        own = {path.name: path.read_bytes() for path in sorted(_STATIC.iterdir()) if path.name != LOADER}
        own |= {"core.js": self._core, "themes.css": themes()}
        self.press = Press(HERE / "templates", own=own, under="/pay", operator=operator)
        self.core = self.press.addresses["core.js"]
        self.integrity = integrity(self._core)
        self._terms = {language: self._print_terms(language) for language in Language}

    def facts(self, language: Language) -> dict[str, Any]:
        """What every page is told besides its own facts."""
        recipients = [
            f"{getattr(each.words, language.value)} ({words.in_places(each.places, language)})"
            for each in self.policy.card_recipients
        ]
        return {
            "w": words, "policy": self.policy, "told_of": self._told_of, "checked": self.checked_at,
            "site_url": self._site_url, "trust_link": LINK,
            "trust": Evidence(self._trust.now(), self._site_url or None),
            "core_integrity": self.integrity,
            "places": words.in_places(self.policy.places, language), "stored": words.in_places(STORED_IN, language),
            "to_card": words.listed(recipients, language),
            "in_places": lambda places: words.in_places(places, language),
        }  # fmt: skip

    def _print_terms(self, language: Language) -> Printed:
        facts = {**self.facts(language), "shown": None, "theme": "", "switch": lambda other: f"?lang={other}"}
        return self.press.one(Sheet(template="terms.html", title=words.WHO, facts=facts), language)

    def loader(self, **given: str) -> bytes:
        """`pay.js` for one checkout. Whoever calls has checked the alphabet of what is put in."""
        return _with(_STATIC / LOADER, "@GIVEN@", {**given, "core": self.core, "integrity": self.integrity})

    def inventory(self) -> list[Script]:
        """Every script that the payment pages and the widget may run."""
        served = {name: (path, self.press.files[path].body) for name, path in self.press.addresses.items()
                  if name.endswith(".js")}  # fmt: skip
        served[LOADER] = (f"/{LOADER}", (_STATIC / LOADER).read_bytes())
        return [
            Script(name=name, path=path, integrity=integrity(body), source=integrity(_source(name)), octets=len(body),
                   purpose=_PURPOSES[name], authorised_by=_OWNER)
            for name, (path, body) in sorted(served.items())
        ]  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a file, the terms, or the inventory of scripts."""
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            return Response(status_code=405, headers={**shared.SECURITY, "allow": "GET, HEAD"})
        if path in self.press.files:
            more = _FOR_SHOPS if path == self.core else {}
            file = self.press.files[path].taken(Headers(scope=scope).get("accept-encoding", ""))
            return _response(file, {"cache-control": shared.FILE_CACHE, **more})
        if path == "/pay/terms":
            language = _language(scope)
            return _response(self._terms[language], {"cache-control": shared.PAGE_CACHE, **spoken(language)})
        if path == "/pay/scripts.json":
            return JSONResponse({"scripts": [asdict(each) for each in self.inventory()]}, headers=shared.SECURITY)
        return Response(status_code=404, headers={**shared.SECURITY, "cache-control": shared.MISSING_CACHE})


def scripts_page(scripts: list[Script]) -> str:
    """The inventory as it stands in `docs/reference/scripts.md`. A script that changes is not allowed until its line
    there is changed too, which somebody has to do and somebody else reads."""
    rows = [f"| `{s.name}` | {s.purpose} | {s.authorised_by} | `{s.source}` |" for s in scripts]
    head = ["| script | what it is for | allowed by | hash of its source |", "|---|---|---|---|"]
    return "\n".join([*_ABOUT, "", *head, *rows]) + "\n"


def _source(name: str) -> bytes:
    own = _STATIC / name
    return (own if own.exists() else HERE.parent / "pages" / "static" / name).read_bytes()


def integrity(body: bytes) -> str:
    """A subresource integrity value (W3C SRI)."""
    return f"sha384-{base64.b64encode(sha384(body).digest()).decode()}"


def spoken(language: Language) -> dict[str, str]:
    """The headers that say which language was chosen, and by what."""
    return {"content-language": language.value, "vary": "accept-language"}


def page_headers(pay_url: str) -> dict[str, str]:
    """The headers of a payment page: own scripts by address alone, forms and calls to ourselves alone, frames for the
    challenge page of our own origin alone, and nobody may frame the page itself."""
    policy = "; ".join((
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
        f"frame-src 'self' {pay_url}", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'", "trusted-types 'none'",
    ))  # fmt: skip
    # The query holds the checkout's secrets: no referrer, no copy on disk. A bank may ask for a passkey in its frame.
    return {
        **shared.SECURITY, "content-security-policy": policy, "cache-control": "no-store",
        "permissions-policy": shared.refusing("publickey-credentials-get"),
    }  # fmt: skip


def _response(what: Printed, more: Mapping[str, str]) -> Response:
    return Response(what.body, headers={**shared.SECURITY, **what.headers, **more})


def _language(scope: Scope) -> Language:
    asked = parse_qs(scope["query_string"][:_LONGEST_QUERY].decode("latin-1")).get("lang", [""])[0]
    if asked in list(Language):
        return Language(asked)
    return preferred(Headers(scope=scope).get("accept-language", ""))


def _with(path: Path, place: str, value: Mapping[str, Any]) -> bytes:
    """A script with a value in its place. `<` is written as an escape, so that no text can end a script element."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    before, quoted, after = path.read_text().partition(f'"{place}"')
    assert quoted, place  # noqa: S101 - the file is ours
    return f"{before}{text}{after}".encode()
