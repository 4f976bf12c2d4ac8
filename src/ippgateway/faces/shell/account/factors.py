"""Adding a second factor: an authenticator app, or a passkey. Whoever has one already proves it first."""

import re
from urllib.parse import parse_qs, urlsplit

import segno
from markupsafe import Markup
from starlette.responses import Response

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import BadProfile, NotStrong, TicketSpent, WrongFactor
from ippgateway.domains.accounts.schemas import Proven, TotpOffer
from ippgateway.faces.shell.account import words
from ippgateway.faces.shell.account.common import page, proof_due, renewed
from ippgateway.faces.shell.account.recovery import shown
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.door.common import REFUSED
from ippgateway.faces.shell.house import House
from ippgateway.privacy.vocabulary import Words

_LONGEST_URI = 600
_KEY = re.compile(r"[A-Z2-7]{16,64}", re.ASCII)


# --- an authenticator app ---


async def show_app(house: House, ask: Ask) -> Response:
    """A new key, as a picture and as text. One that was shown before is void."""
    if (due := proof_due(house, ask)) is not None:
        return due
    try:
        offer = await accounts.begin_totp(house.platform, ask.known, issuer=house.about.name.en)
    except BadProfile:
        return _enough(house)
    return _app(house, ask, offer)


async def take_app(house: House, ask: Ask) -> Response:
    """The first code that the app shows; with the first factor come recovery codes."""
    offer = _offered(ask)
    if offer is None:
        return house.see_other("/account/security/app")
    label, code = ask.form.get("label", ""), ask.secret("code")
    try:
        proven = await accounts.confirm_totp(
            house.platform, ask.known, factor_id=offer.factor_id, code=code, label=label, arrival=ask.arrival
        )
    except WrongFactor:
        return _app(house, ask, offer, wrong={"code": words.APP_WRONG})
    except BadProfile as error:
        return _app(house, ask, offer, wrong={"label": words.LABEL_BAD}) if error.field == "label" else _enough(house)
    except NotStrong:
        return proof_due(house, ask) or _enough(house)
    return _added(house, ask, proven)


def _offered(ask: Ask) -> TotpOffer | None:
    """What the page had shown, from the page itself: so that a slip in the code does not cost a second scan. Which key
    counts is on record with us."""
    uri, factor_id = ask.form.get("uri", ""), ask.form.get("factor_id", "")
    if not uri.startswith("otpauth://totp/") or len(uri) > _LONGEST_URI:
        return None
    key = parse_qs(urlsplit(uri).query).get("secret", [""])[0]
    return TotpOffer(factor_id=factor_id, secret=Secret(key), uri=Secret(uri)) if _KEY.fullmatch(key) else None


def _app(house: House, ask: Ask, offer: TotpOffer, *, wrong: dict[str, Words] | None = None) -> Response:
    key = offer.secret.open()
    return page(
        house, ask, "app.html", title=words.ADD_APP, status=REFUSED if wrong else 200, wrong=wrong or {},
        picture=_picture(offer.uri.open()), key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        offer=offer,
    )  # fmt: skip


def _picture(uri: str) -> Markup:
    """A QR code as SVG in the page: black on white in every theme, because that is what cameras read."""
    drawn = segno.make(uri, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704 - drawn from modules, not from text


# --- a passkey ---


async def show_passkey(house: House, ask: Ask) -> Response:
    """What the browser needs to make one."""
    return proof_due(house, ask) or await _passkey(house, ask)


async def take_passkey(house: House, ask: Ask) -> Response:
    """What the browser made."""
    answer = ask.form.get("answer", "")
    if not answer:
        return await _passkey(house, ask, problem=words.PASSKEY_WITHOUT, status=REFUSED)
    try:
        proven = await accounts.confirm_passkey(
            house.platform, ask.known, house.site, answer=answer, label=ask.form.get("label", ""), arrival=ask.arrival
        )
    except (WrongFactor, TicketSpent):
        return await _passkey(house, ask, problem=words.PASSKEY_WRONG, status=REFUSED)
    except BadProfile as error:
        if error.field != "label":
            return _enough(house)
        return await _passkey(house, ask, wrong={"label": words.LABEL_BAD}, status=REFUSED)
    except NotStrong:
        return proof_due(house, ask) or _enough(house)
    return _added(house, ask, proven)


async def _passkey(
    house: House, ask: Ask, *, problem: Words | None = None, wrong: dict[str, Words] | None = None, status: int = 200
) -> Response:
    try:
        options = await accounts.begin_passkey(house.platform, ask.known, house.site)
    except BadProfile:
        return _enough(house)
    return page(
        house, ask, "passkey.html", title=words.ADD_PASSKEY, options=options, problem=problem, wrong=wrong or {},
        status=status,
    )  # fmt: skip


def _added(house: House, ask: Ask, proven: Proven) -> Response:
    if proven.codes:
        return shown(house, ask, proven.codes, proven.signed_in)
    return renewed(house, house.see_other("/account/security?done=added"), proven.signed_in)


def _enough(house: House) -> Response:
    return house.see_other("/account/security?done=enough")
