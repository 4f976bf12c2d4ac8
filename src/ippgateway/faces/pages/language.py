"""Which language a page is answered in."""

import re
from enum import StrEnum

_LONGEST = 200
_RANGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]{1,40})?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", re.ASCII)


class Language(StrEnum):
    """The languages that every text is written in."""

    EN = "en"
    DA = "da"


_OURS: dict[str, Language] = {language.value: language for language in Language}


def preferred(accept_language: str) -> Language:
    """The reader's first choice among ours (RFC 9110, 12.5.4); English when nothing fits or the header is malformed."""
    best, weight = Language.EN, 0.0
    for part in accept_language[:_LONGEST].split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            continue
        ours, asked = _OURS.get(match[1].lower()), float(match[2] or 1)
        if ours is not None and asked > weight:
            best, weight = ours, asked
    return best
