"""Parameters: query, form and multipart bodies, and PHP's bracket convention (wire contract 2.2 and 2.3).

Everything stays in memory, and everything has a limit.
"""

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from ippgateway.faces.classic.refusals import Refusal

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

# PHP's own limit is 1000 names; the largest console form stays far below it. The contract asks for a depth of 5.
MOST_PARAMETERS = 1_000
DEEPEST = 8
LONGEST_NAME = 256

Params = dict[str, "str | Params"]
Pairs = list[tuple[str, str]]

_INDEX = re.compile(r"\d{1,9}", re.ASCII)


def merged(query: Pairs, body: Pairs) -> Params:
    """The union of both, the body winning on equal names (R-01)."""
    in_body = {name for name, _ in body}
    return nested([pair for pair in query if pair[0] not in in_body] + body)


def url_encoded(text: str) -> Pairs:
    """The pairs of a query string or form body. Bytes that are no UTF-8 become replacement characters."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise _too_many() from None


def multipart(content_type: str, body: bytes) -> Pairs:
    """The scalar fields of a multipart body. File parts are dropped: no endpoint here takes one."""
    reader = _MultipartReader()
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    try:
        parser = MultipartParser(boundary, reader.callbacks())
        parser.write(body)
        parser.finalize()
    except FormParserError:
        raise Refusal(400, "Malformed multipart body") from None
    if not reader.complete:
        raise Refusal(400, "Malformed multipart body")
    return reader.pairs


def nested(pairs: Pairs) -> Params:
    """`a[b][]=1` as `{"a": {"b": {"0": "1"}}}`: lists are maps by position, later scalars win, insertion order kept."""
    if len(pairs) > MOST_PARAMETERS:
        raise _too_many()
    tree: Params = {}
    for name, value in pairs:
        if name and len(name) <= LONGEST_NAME:  # no name of the contract is longer: unknown, hence ignored
            _put(tree, _keys(name), value)
    return tree


def _keys(name: str) -> list[str]:
    """The keys of `a[b][]`: a, b and "". What follows a closed bracket without opening another is noise, as in PHP."""
    first, bracket, rest = name.partition("[")
    if not first or not bracket or "]" not in rest:
        return [name]
    keys = [first]
    while True:
        key, closed, rest = rest.partition("]")
        if closed:
            keys.append(key)
        if not closed or not rest.startswith("["):
            break
        rest = rest[1:]
    if len(keys) > DEEPEST:
        raise Refusal(400, "Parameters are nested too deeply")
    return keys


def _put(tree: Params, keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        key = key or _next_index(tree)  # noqa: PLW2901 - `[]` means "the next free place"
        below = tree.get(key)
        if not isinstance(below, dict):
            below = tree[key] = {}
        tree = below
    tree[keys[-1] or _next_index(tree)] = value


def _next_index(tree: Params) -> str:
    return str(max((int(k) for k in tree if _INDEX.fullmatch(k)), default=-1) + 1)


def _too_many() -> Refusal:
    return Refusal(400, "Too many parameters")


class _MultipartReader:
    """Collects the fields of a multipart body as the parser meets them."""

    def __init__(self) -> None:
        self.pairs: Pairs = []
        self.complete = False
        self._header = bytearray()
        self._disposition = bytearray()
        self._data = bytearray()
        self._name: str | None = None

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_begin": self._header.clear,
            "on_header_field": self._on_header,
            "on_header_value": self._on_value,
            "on_headers_finished": self._on_headers,
            "on_part_data": self._on_data,
            "on_part_end": self._end,
            "on_end": self._on_end,
        }

    def _begin(self) -> None:
        self._disposition.clear()
        self._data.clear()
        self._name = None

    def _on_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition += data[start:end]

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._disposition.decode("latin-1"))
        if b"filename" not in options:
            self._name = options.get(b"name", b"").decode("utf-8", "replace")

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._name is not None:
            self._data += data[start:end]

    def _end(self) -> None:
        if self._name is not None:
            if len(self.pairs) >= MOST_PARAMETERS:
                raise _too_many()
            self.pairs.append((self._name, self._data.decode("utf-8", "replace")))

    def _on_end(self) -> None:
        self.complete = True
