"""Rights on the wire: ids of 14 characters (R-04), and for each the name that the consoles' pages look for (7.4)."""

from collections.abc import Iterable

from ippgateway.domains.accounts.rights import ALL, OF_COMPANIES, OF_PARTNERS, Right

_IDS = {
    "payments": "Rg01-view-pays",
    "capture": "Rg02-capt-pays",
    "refund": "Rg03-refu-pays",
    "void": "Rg04-void-pays",
    "settings": "Rg05-sett-data",
    "keys": "Rg06-keys-both",
    "users": "Rg07-user-mana",
    "customers": "Rg08-cust-omer",
    "compliance": "Rg09-comp-lian",
}
"""A right's id never changes: policies of the consoles' pages name it."""

_RIGHTS = {right.key: right for right in (*OF_COMPANIES, *OF_PARTNERS)}
_KEYS = {id_: key for key, id_ in _IDS.items()}


def ids(rights: Iterable[str]) -> list[str]:
    """The ids of rights; `ALL` is its own."""
    return [ALL if key == ALL else _IDS[key] for key in rights]


def keys(text: str) -> tuple[str, ...] | None:
    """The rights of a list of ids with commas between; None when one of them is none of a company's."""
    named = [each.strip() for each in text.split(",") if each.strip()]
    if named == [ALL]:
        return (ALL,)
    found = [_KEYS.get(each, "") for each in named]
    of_companies = {right.key for right in OF_COMPANIES}
    return tuple(dict.fromkeys(found)) if found and set(found) <= of_companies else None


def all_rules() -> dict[str, dict[str, str]]:
    """Every right that a company can give, by id."""
    told = {ALL: {"id": ALL, "name": ALL, "description": "Everything"}}
    return told | {_IDS[right.key]: _rule(right) for right in OF_COMPANIES}


def _rule(right: Right) -> dict[str, str]:
    words = _RIGHTS[right.key].words.en
    return {"id": _IDS[right.key], "name": right.key, "description": words[0].upper() + words[1:]}
