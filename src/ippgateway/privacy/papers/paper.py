"""A paper as it is kept and compared: sections of sentences and of entries, in both languages."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from ippgateway.privacy.vocabulary import Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One thing that is said of an entry: how long, who gets it."""

    name: Words
    says: tuple[Words, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Something that a section lists: a kind of data, a cookie, a recipient."""

    key: str
    title: Words
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A heading, sentences, and what it lists."""

    key: str
    title: Words
    texts: tuple[Words, ...]
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A whole paper. `key`: its address on the site."""

    key: str
    title: Words
    sections: tuple[Section, ...]

    @property
    def mark(self) -> str:
        """Eight characters that name exactly this text."""
        return sha256(json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:8]


def lines_of(section: Section, language: str) -> Iterator[str]:
    """A section as lines that can be compared: a sentence each, and each fact of each entry."""
    for text in section.texts:
        yield _say(text, language)
    for entry in section.entries:
        for fact in entry.facts:
            said = "; ".join(_say(each, language) for each in fact.says)
            yield f"{_say(entry.title, language)}: {_say(fact.name, language)}: {said}"


def filled(paper: Paper, places: Mapping[str, str]) -> Paper:
    """The paper with what differs between installations in its place: `{operator}`, `{support}`, `{mine}`."""
    return read(_filled(asdict(paper), places))


def _filled(value: Any, places: Mapping[str, str]) -> Any:
    match value:
        case dict():
            return {key: _filled(inner, places) for key, inner in value.items()}
        case list() | tuple():
            return [_filled(inner, places) for inner in value]
        case str():
            for name, text in places.items():
                value = value.replace(f"{{{name}}}", text)
    return value


def read(plain: Mapping[str, Any]) -> Paper:
    """A paper from what `asdict` made of one. Raises KeyError, TypeError when it is none."""
    return Paper(
        key=plain["key"], title=Words(**plain["title"]), sections=tuple(_section(each) for each in plain["sections"])
    )


def _section(plain: Mapping[str, Any]) -> Section:
    return Section(
        key=plain["key"], title=Words(**plain["title"]), texts=tuple(Words(**each) for each in plain["texts"]),
        entries=tuple(_entry(each) for each in plain["entries"]),
    )  # fmt: skip


def _entry(plain: Mapping[str, Any]) -> Entry:
    facts = tuple(
        Fact(name=Words(**each["name"]), says=tuple(Words(**said) for said in each["says"])) for each in plain["facts"]
    )
    return Entry(key=plain["key"], title=Words(**plain["title"]), facts=facts)


def _say(words: Words, language: str) -> str:
    return words.da if language == "da" else words.en
