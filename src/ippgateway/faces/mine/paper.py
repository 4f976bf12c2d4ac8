"""How the people's page is printed: in two languages, without script and cookie, for no cache and with no referrer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from ippgateway.core.clock import Clock
from ippgateway.domains.payments.service.people import Shop
from ippgateway.faces.mine import words
from ippgateway.faces.mine.asked import Asked, Here
from ippgateway.faces.mine.paths import PURCHASE
from ippgateway.faces.pages import headers, held_words
from ippgateway.faces.pages.evidence import LINK, Evidence
from ippgateway.faces.pages.held import beside_in, groups, label_in, reading_order, received_in, told_in
from ippgateway.faces.pages.press import Press, Sheet
from ippgateway.privacy.disclosure.records import Received
from ippgateway.privacy.papers.versions import PRIVACY, in_force, today
from ippgateway.privacy.rights.held import Held, Shown
from ippgateway.privacy.rights.plan import Plan, plan_of
from ippgateway.privacy.trustfile import Posted
from ippgateway.privacy.vocabulary import Words

_FOLDER = Path(__file__).parent
_HEADERS = {
    **headers.SECURITY,
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
}


class Paper:
    """The templates and files of this face."""

    def __init__(self, clock: Clock, operator: str = "IPP", *, site: str = "", trust: Posted | None = None) -> None:
        """`site`: where the whole policy stands; empty when nobody was told."""
        self._clock = clock
        self._site = site
        self._trust = trust or Posted()
        own = {path.name: path.read_bytes() for path in sorted((_FOLDER / "static").iterdir())}
        self._press = Press(_FOLDER / "templates", own=own, under=f"/{PURCHASE}", operator=operator)

    def file(self, scope: Scope) -> Response | None:
        """A file, when the request is for one."""
        file = self._press.files.get(scope["path"])
        if file is None or scope["method"] not in ("GET", "HEAD"):
            return None
        file = file.taken(Headers(scope=scope).get("accept-encoding", ""))
        return Response(file.body, headers={
            **headers.SECURITY, **file.headers, "cache-control": headers.FILE_CACHE,
        })  # fmt: skip

    def page(
        self, template: str, title: Words, it: Asked, here: Here, facts: Mapping[str, Any] | None = None,
        *, status: int = 200,
    ) -> Response:  # fmt: skip
        """A page. `here`: how it is asked for in the other language."""
        language = it.language
        more = {
            "w": words, "hw": held_words, "here": here, "Shown": Shown, "notice": None,
            "trust_link": LINK, "trust": Evidence(self._trust.now(), self._site or None),
            "site": self._site, "policy": in_force(PRIVACY, today(self._clock.now())).name,
            "label": label_in(language), "told": told_in(language),
            "beside": beside_in(language), "given": received_in(language), **(facts or {}),
        }  # fmt: skip
        printed = self._press.one(Sheet(template=template, title=title, facts=more), language)
        return Response(printed.body, status_code=status, headers={
            **_HEADERS, "content-type": printed.kind, "content-language": language.value, "vary": "accept-language",
        })  # fmt: skip


def see_other(path: str) -> Response:
    """Lead on, within this face."""
    return RedirectResponse(path, status_code=303, headers=_HEADERS)


def taken(body: bytes, kind: str, name: str) -> Response:
    """A file to take away."""
    return Response(body, headers={
        **_HEADERS, "content-type": kind, "content-disposition": f'attachment; filename="{name}"',
    })  # fmt: skip


def refused() -> Response:
    """Neither asked for nor sent."""
    return Response(status_code=405, headers={**_HEADERS, "allow": "GET, HEAD, POST"})


def told_of(found: Held, shop: Shop, *, only_tests: bool, received: Sequence[Received]) -> dict[str, Any]:
    """What a page is told that shows what is held at a shop, and who outside `received` some of it."""
    return {
        "shop": shop.name, "payers_contact": shop.payers_contact, "held": found, "only_tests": only_tests,
        "groups": list(groups(found)), "received": received,
    }  # fmt: skip


def plan_for_reading(found: Held) -> Plan:
    """What erasing will do, told as the page tells what is held: what people look for comes first."""
    return plan_of(replace(found, fields=tuple(sorted(found.fields, key=reading_order))))
