"""A request as the endpoints see it: merged parameters, and the few headers that 3-D Secure asks about."""

from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from ippgateway.domains.visits.schemas import Visitor, visitor_of
from ippgateway.faces.classic import parameters, values
from ippgateway.faces.classic.parameters import Pairs, Params
from ippgateway.faces.classic.refusals import Refusal, bad

LARGEST_BODY = 1_048_576
LARGEST_QUERY = 65_536


class ClientGone(Exception):
    """The client hung up before its request was complete; nobody waits for an answer."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Call:
    """One request. Not printable: parameters may hold card data, passwords and names."""

    params: Params
    headers: Headers
    client_ip: str
    visitor: Visitor = field(default_factory=Visitor)
    """What the access record of this request is told: whose checkout or company it was about."""
    request_id: str | None = None
    """The idempotent request that this call is part of, when it carries an `Idempotency-Key`."""

    def raw(self, name: str) -> str:
        """A scalar exactly as sent; "" when it is missing or not a scalar."""
        value = self.params.get(name, "")
        return value if isinstance(value, str) else ""

    def text(self, name: str, longest: int = 255) -> str:
        """A scalar made fit for pages (13.19). Refuses what is longer than `longest` characters."""
        value = values.clean(self.raw(name))
        if len(value) > longest:
            raise bad(name)
        return value

    def token(self, name: str) -> str | None:
        """An id, key or bearer secret; None when missing or of a shape that none has."""
        return values.token(self.raw(name))

    def tree(self, name: str) -> Params:
        """A nested parameter. A missing one means "empty": PHP's encoder leaves empty arrays out (2.3)."""
        value = self.params.get(name, {})
        if isinstance(value, str):
            raise bad(name)
        return value


async def read_call(scope: Scope, receive: Receive) -> Call:
    """Read and parse a request. Raises Refusal (400, 413) and ClientGone."""
    headers = Headers(scope=scope)
    query = scope["query_string"]
    if len(query) > LARGEST_QUERY:
        raise _too_large()
    body = await _read_body(headers, receive)
    pairs = parameters.url_encoded(query.decode("utf-8", "replace"))
    client = scope.get("client")
    return Call(
        params=parameters.merged(pairs, _body_pairs(headers.get("content-type", ""), body)),
        headers=headers,
        client_ip=client[0] if client else "",
        visitor=visitor_of(scope),
    )


def _body_pairs(content_type: str, body: bytes) -> Pairs:
    kind = content_type.partition(";")[0].strip().lower()
    if not body or kind == "application/json":
        return []  # OpenCart announces JSON and sends none; the contract knows no JSON requests (2.2)
    if kind == "multipart/form-data":
        return parameters.multipart(content_type, body)
    return parameters.url_encoded(body.decode("utf-8", "replace"))


async def _read_body(headers: Headers, receive: Receive) -> bytes:
    announced = headers.get("content-length", "")
    if announced.isdigit() and (len(announced) > 9 or int(announced) > LARGEST_BODY):
        raise _too_large()  # before the first read, so that `Expect: 100-continue` is not answered with "continue"
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST_BODY:
            raise _too_large()
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _too_large() -> Refusal:
    return Refusal(413, "Request too large")
