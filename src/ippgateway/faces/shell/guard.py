"""Cookies, and the proof that a form is one of ours.

The session's cookie has a bearer secret that is new at each step of a sign-in, so that nobody can hand one to somebody
else beforehand. A form counts when the browser says that a page of ours sent it and, once somebody is signed in, when
it carries the token that follows from the bearer: another origin can make neither up.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from ippgateway.core.secret import Secret

TOKEN = "token"  # noqa: S105 - a field's name
_LONGEST_COOKIES = 4_096
_SECRET = re.compile(r"[A-Za-z0-9]{20,128}", re.ASCII)
_DEVICE_KNOWN_S = 180 * 86_400


class Cookies:
    """The two cookies of a face: of the session, and of the browser that somebody signed in with before.

    Host-only, for no script to read. With TLS their names make the browser refuse any that another name or a plain
    connection has set (`__Host-`, RFC 6265bis). The session's is Lax, because a link in a mail of ours shall find one
    signed in; nothing is changed by a GET. The device's is sent by our own forms alone.
    """

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        prefix = "__Host-" if secure else ""
        self.session, self.device = f"{prefix}session", f"{prefix}device"

    def read(self, scope: Scope) -> tuple[Secret[str] | None, Secret[str] | None]:
        """The bearer and the device's secret that came along; what is malformed is not there."""
        found = _cookies(scope)
        return _secret(found, self.session), _secret(found, self.device)

    def let_in(self, response: Response, bearer: Secret[str], device: Secret[str] | None) -> None:
        """Hand out a session, and a device's secret when there is a new one."""
        self._set(response, self.session, bearer, same_site="lax", max_age_s=None)
        if device is not None:
            self.know(response, device)

    def know(self, response: Response, device: Secret[str]) -> None:
        """Hand out a device's secret alone: to a browser that its owner uses, before they sign in."""
        self._set(response, self.device, device, same_site="strict", max_age_s=_DEVICE_KNOWN_S)

    def let_out(self, response: Response) -> None:
        """Take the session back. The browser stays known."""
        response.delete_cookie(self.session, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _set(self, response: Response, name: str, value: Secret[str], *, same_site: str, max_age_s: int | None) -> None:
        response.set_cookie(
            name, value.open(), max_age=max_age_s, path="/", secure=self._secure, httponly=True,
            samesite="strict" if same_site == "strict" else "lax",
        )  # fmt: skip


def _cookies(scope: Scope) -> SimpleCookie:
    found = SimpleCookie()
    try:
        found.load(Headers(scope=scope).get("cookie", "")[:_LONGEST_COOKIES])
    except CookieError:
        return SimpleCookie()
    return found


def _secret(found: SimpleCookie, name: str) -> Secret[str] | None:
    value = found[name].value if name in found else ""
    return Secret(value) if _SECRET.fullmatch(value) else None


def token_for(bearer: Secret[str]) -> str:
    """What a form of this session carries. It opens nothing, and the bearer can't be found from it."""
    made = hmac.digest(bearer.open().encode(), b"ippgateway form", "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")


def token_fits(bearer: Secret[str], given: str) -> bool:
    """Whether a form of this session was sent."""
    return hmac.compare_digest(token_for(bearer).encode(), given.encode())


def from_us(scope: Scope, origin: str) -> bool:
    """Whether a page of this origin sent a form: what the browser says of it, which no page can change (Fetch metadata,
    RFC 6454). One that says nothing at all is no browser of this decade."""
    headers = Headers(scope=scope)
    site, named = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and named is None:
        return False
    return site in (None, "same-origin") and named in (None, origin)
