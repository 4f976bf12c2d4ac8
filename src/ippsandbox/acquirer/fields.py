"""The link's tables: every data element's form, and which elements each message has (docs/reference/iso8583.md)."""

import re
from dataclasses import dataclass

_MONTH, _DAY = "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
_TIME = "([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"


@dataclass(frozen=True, slots=True)
class Element:
    """A data element: its length (its greatest one when `prefix` digits of length precede it) and its form."""

    length: int
    form: re.Pattern[str]
    prefix: int = 0


def _element(length: int, form: str, prefix: int = 0) -> Element:
    return Element(length, re.compile(form), prefix)


ELEMENTS: dict[int, Element] = {
    2: _element(19, "[0-9]{12,19}", prefix=2),
    3: _element(6, "000000|200000"),
    4: _element(12, "[0-9]{12}"),
    7: _element(10, f"{_MONTH}{_DAY}{_TIME}"),
    11: _element(6, "(?!000000)[0-9]{6}"),
    12: _element(6, _TIME),
    13: _element(4, f"{_MONTH}{_DAY}"),
    14: _element(4, f"[0-9]{{2}}{_MONTH}"),
    18: _element(4, "[0-9]{4}"),
    22: _element(3, "812|012|102"),
    25: _element(2, "59|08"),
    32: _element(11, "[0-9]{1,11}", prefix=2),
    37: _element(12, "[0-9]{12}"),
    38: _element(6, "[0-9A-Z ]{6}"),
    39: _element(2, "[0-9A-Z]{2}"),
    41: _element(8, "[!-~][ -~]{7}"),
    42: _element(15, "[!-~][ -~]{14}"),
    43: _element(40, "[!-~][ -~]{21} [ -~]{13} [0-9]{3}"),
    48: _element(999, "[ -~]{1,999}", prefix=3),
    49: _element(3, "[0-9]{3}"),
    70: _element(3, "001|002|301"),
    90: _element(42, f"0[12]00[0-9]{{6}}{_MONTH}{_DAY}{_TIME}[0-9]{{11}}0{{11}}"),
    95: _element(42, "[0-9]{12}0{30}"),
}

PRIVATE_TAGS: dict[str, re.Pattern[str]] = {
    "01": re.compile("0[0-7]"),
    "02": re.compile("[0-9A-Za-z+/]{27}="),
    "03": re.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
    "04": re.compile(r"2\.[0-9]\.[0-9]"),
    "05": re.compile("[0-9]{3,4}"),
    "06": re.compile("[CM]"),
    "07": re.compile("I[0-9]{12}"),
    "08": re.compile("[0-9]{12}"),
    "09": re.compile("1"),
}
"""DE 48, tag -> form of its value. 28 characters of base64 that hold 20 bytes end in one `=`."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A request: the elements it must have, those it may have, its answer's type and the elements echoed in that."""

    answer: str
    required: frozenset[int]
    echoed: tuple[int, ...]
    optional: frozenset[int] = frozenset()


_REQUEST = frozenset({2, 3, 4, 7, 11, 12, 13, 14, 18, 22, 25, 32, 37, 41, 42, 43, 49})
_REVERSAL = frozenset({2, 3, 4, 7, 11, 12, 13, 18, 32, 37, 41, 42, 49, 90})
_ADVICE = _REVERSAL | {38}
_ECHOED = (3, 4, 7, 11, 32, 37, 41, 42, 49)

LAYOUTS: dict[str, Layout] = {
    "0100": Layout("0110", _REQUEST, _ECHOED, frozenset({48})),
    "0200": Layout("0210", _REQUEST, _ECHOED, frozenset({48})),
    "0220": Layout("0230", _ADVICE, _ECHOED),
    "0221": Layout("0230", _ADVICE, _ECHOED),
    "0420": Layout("0430", _REVERSAL, _ECHOED, frozenset({95})),
    "0421": Layout("0430", _REVERSAL, _ECHOED, frozenset({95})),
    "0800": Layout("0810", frozenset({7, 11, 41, 70}), (7, 11, 41, 70)),
}

PURCHASE, REFUND = "000000", "200000"  # DE 3
_STORED_CARD = "102"
# DE 22 with DE 25: e-commerce, mail or telephone, a stored card without the cardholder.
_PAIRS = {("812", "59"), ("012", "08"), (_STORED_CARD, "08")}


def well_formed(mti: str, fields: dict[int, str]) -> bool:
    """Whether a message has exactly the elements its layout allows, each in its form, and consistent ones."""
    layout = LAYOUTS[mti]
    present = fields.keys()
    if not (layout.required <= present <= layout.required | layout.optional):
        return False
    if not all(ELEMENTS[number].form.fullmatch(value) for number, value in fields.items()):
        return False
    if mti in ("0220", "0221"):
        return True
    if fields.get(3, PURCHASE) != PURCHASE:
        return False
    if mti in ("0100", "0200"):
        return _consistent_request(mti, fields)
    return 95 not in fields or _consistent_void(fields)


def _consistent_request(mti: str, fields: dict[int, str]) -> bool:
    private = private_data(fields.get(48, ""))
    if private is None or (fields[22], fields[25]) not in _PAIRS or not fields[37].endswith(fields[11]):
        return False
    if "07" in private and (mti != "0100" or "08" in private or "09" in private):
        return False  # an increment is an authorisation; it neither stores nor charges a stored card
    if fields[22] != _STORED_CARD:
        return "08" not in private and not ("09" in private and private.get("06") == "M")
    # Nobody may have kept the security code, and only the cardholder can agree that a card is stored.
    return "08" in private and private.get("06") == "M" and "05" not in private and "09" not in private


def _consistent_void(fields: dict[int, str]) -> bool:
    """DE 95: of an authorisation alone, and no more can stay than there was."""
    return fields[90].startswith("0100") and fields[95][:12] <= fields[4]


def private_data(text: str) -> dict[str, str] | None:
    """DE 48 as tag -> value; None when a tag is unknown, out of order, cut short or out of its form."""
    values: dict[str, str] = {}
    at, last = 0, ""
    while at < len(text):
        tag, size = text[at : at + 2], text[at + 2 : at + 4]
        if tag not in PRIVATE_TAGS or tag <= last or not (size.isascii() and size.isdigit()):
            return None
        value = text[at + 4 : at + 4 + int(size)]
        if len(value) != int(size) or not PRIVATE_TAGS[tag].fullmatch(value):
            return None
        values[tag] = value
        at, last = at + 4 + len(value), tag
    return values
