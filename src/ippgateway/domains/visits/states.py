"""Visits that go on: how one begins, pauses and ends. In memory and pure; what changed is taken away and written.

Everything has a limit, because everybody who reaches us comes by here: visits that go on at the same time, pages of a
visit, what waits to be written, reports of a page. Over a limit, records are lost and counted; nobody is turned away.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from ippgateway.core.ids import Ids
from ippgateway.domains.visits.schemas import Client, Record, Surface, Visitor, Written

IDLE = timedelta(minutes=30)
"""After a pause as long, the same address and browser is another visit."""
LONGEST = timedelta(hours=24)
"""A program that calls all day long is a visit a day."""
MOST_OPEN = 20_000
MOST_PAGES = 200
MOST_WAITING = 20_000
"""Visits and page views that are not written yet."""
LONGEST_NAME = 20
MOST_REPORTS = 100
"""What a page may tell of its time: it does so when it is opened and each time it is hidden."""
_CLAIM_WITHIN = timedelta(seconds=60)
_VIEWS_REMEMBERED = 32

_Kept = TypeVar("_Kept")
_Key = tuple[Surface, str, str, str, str]
"""Surface, address, client, company, checkout."""


@dataclass(kw_only=True, slots=True, eq=False)
class _Page:
    number: int
    page: str
    at: datetime
    seconds: int | None = None
    reports: int = 0
    stored: bool = False


@dataclass(kw_only=True, slots=True, eq=False)
class _Visit:
    id: str
    key: _Key
    began_at: datetime
    last_at: datetime
    requests: int = 0
    pages: int = 0
    last: _Page | None = None
    person_id: str = ""
    stored: bool = False
    gone: bool = False
    changed: dict[int, _Page] = field(default_factory=dict)


class OpenVisits:
    """The visits of one process. `lost`: what had no room since it was last asked for."""

    def __init__(self, ids: Ids, *, most_open: int = MOST_OPEN, most_waiting: int = MOST_WAITING) -> None:
        self._ids = ids
        self._most_open = most_open
        self._most_waiting = most_waiting
        self._open: OrderedDict[_Key, _Visit] = OrderedDict()
        self._changed: dict[str, _Visit] = {}
        self._flying: dict[str, tuple[_Visit, dict[int, _Page]]] = {}
        self._pages_waiting = 0
        self._views: OrderedDict[Client, deque[tuple[_Visit, _Page]]] = OrderedDict()
        self._told: OrderedDict[tuple[Client, str], tuple[_Visit, _Page]] = OrderedDict()
        self.lost = 0

    def arrived(self, client: Client, visitor: Visitor, at: datetime, *, page: bool) -> None:
        """A request that began `at` was answered; `page`: with a page that somebody looks at now."""
        visit = self._visit(client, visitor, at)
        if visit is None:
            self.lost += 1
            return
        self._time_without_script(visit, at)
        visit.requests += 1
        visit.last_at = max(visit.last_at, at)
        self._changed[visit.id] = visit
        if page:
            self._add_page(visit, client, visitor.page, at)

    def seen(self, client: Client, view: str, seconds: int, at: datetime) -> None:
        """A page reports that it was to be seen for so many seconds until now. `view`: a name that it made up.

        The first report of a name is the newest page view of the same address, browser and origin that nobody spoke for
        within a minute; whoever has none is not heard. More time than passed since the view can't be claimed, and less
        than before changes nothing.
        """
        found = self._told.get((client, view)) or self._claim(client, view, at)
        if found is None:
            return
        visit, page = found
        if visit.gone or page.reports >= MOST_REPORTS or at - page.at > LONGEST or not self._room(visit):
            return
        self._told.move_to_end((client, view))
        page.reports += 1
        page.seconds = max(page.seconds or 0, min(seconds, int((at - page.at).total_seconds())))
        visit.last_at = max(visit.last_at, at)
        self._mark(visit, page)

    def take(self, most: int, now: datetime) -> list[Record]:
        """Up to `most` visits with what changed since they were last written. `written` or `again` has to follow."""
        self._close(now)
        taken: list[Record] = []
        while self._changed and len(taken) < most:
            visit = self._changed.pop(next(iter(self._changed)))
            taken.append(_record(visit))
            self._flying[visit.id] = visit, visit.changed
            self._pages_waiting -= len(visit.changed)
            visit.changed = {}
        return taken

    def written(self, persons: Mapping[str, str]) -> None:
        """What was taken is in the database; `persons`: whose each visit is, by its id. A visit that is not among them
        could not be written: it ends, and whoever comes back begins anew."""
        for visit, pages in self._flying.values():
            if visit.id not in persons:
                self._end(visit)
                continue
            visit.stored, visit.person_id = True, persons[visit.id]
            for page in pages.values():
                page.stored = True
        self._flying = {}

    def again(self) -> None:
        """What was taken could not be written now and is taken once more."""
        for visit, pages in self._flying.values():
            visit.changed = pages | visit.changed
            self._changed[visit.id] = visit
        self._flying = {}
        self._pages_waiting = sum(len(visit.changed) for visit in self._changed.values())

    def _end(self, visit: _Visit) -> None:
        if self._changed.pop(visit.id, None) is not None:
            self._pages_waiting -= len(visit.changed)
        if self._open.get(visit.key) is visit:
            del self._open[visit.key]
        visit.gone = True
        self.lost += 1

    def _visit(self, client: Client, visitor: Visitor, at: datetime) -> _Visit | None:
        assert visitor.surface is not None  # noqa: S101 - the caller records visits only
        key = (visitor.surface, client.address, client.agent, visitor.company_id, visitor.checkout_id)
        visit = self._open.get(key)
        if visit is None or at - visit.last_at > IDLE or at - visit.began_at > LONGEST:
            if self._waiting() >= self._most_waiting:
                return None
            visit = self._open[key] = _Visit(id=self._ids.new(), key=key, began_at=at, last_at=at)
            if len(self._open) > self._most_open:
                self._open.popitem(last=False)
        self._open.move_to_end(key)
        return visit if self._room(visit) else None

    def _waiting(self) -> int:
        return len(self._changed) + self._pages_waiting

    def _room(self, visit: _Visit) -> bool:
        return visit.id in self._changed or self._waiting() < self._most_waiting

    def _add_page(self, visit: _Visit, client: Client, name: str, at: datetime) -> None:
        if visit.pages >= MOST_PAGES or self._waiting() >= self._most_waiting:
            self.lost += 1
            return
        visit.pages += 1
        page = visit.last = _Page(number=visit.pages, page=name[:LONGEST_NAME], at=at)
        self._mark(visit, page)
        self._views.setdefault(client, deque(maxlen=_VIEWS_REMEMBERED)).append((visit, page))
        self._views.move_to_end(client)
        if len(self._views) > self._most_open:
            self._views.popitem(last=False)

    def _time_without_script(self, visit: _Visit, at: datetime) -> None:
        """Whoever asks for the next thing has looked at the last page until now, unless that page spoke for itself."""
        page = visit.last
        if page is not None and page.reports == 0 and self._waiting() < self._most_waiting:
            page.seconds = int(min(at - page.at, IDLE).total_seconds())
            self._mark(visit, page)

    def _claim(self, client: Client, view: str, at: datetime) -> tuple[_Visit, _Page] | None:
        views = self._views.get(client)
        while views:
            visit, page = views.pop()
            if at - page.at <= _CLAIM_WITHIN:
                page.seconds = None
                self._told[client, view] = visit, page
                if len(self._told) > self._most_open:
                    self._told.popitem(last=False)
                return visit, page
        return None

    def _mark(self, visit: _Visit, page: _Page) -> None:
        self._changed[visit.id] = visit
        if page.number not in visit.changed:
            visit.changed[page.number] = page
            self._pages_waiting += 1

    def _close(self, now: datetime) -> None:
        """Let go of what is over. (A page that was open all the while may still report.)"""
        _drop(self._open, lambda visit: visit.last_at < now - IDLE)
        _drop(self._views, lambda views: not views or views[-1][1].at < now - _CLAIM_WITHIN)
        _drop(self._told, lambda told: told[1].at < now - LONGEST)


def _drop(kept: "OrderedDict[Any, _Kept]", over: Callable[["_Kept"], bool]) -> None:
    """Those at the front, which nobody has touched for longest, as long as they are over."""
    while kept and over(next(iter(kept.values()))):
        kept.popitem(last=False)


def _record(visit: _Visit) -> Record:
    surface, address, agent, company_id, checkout_id = visit.key
    pages = tuple(
        Written(number=page.number, page=page.page, at=page.at, seconds=page.seconds, new=not page.stored)
        for page in visit.changed.values()
    )
    return Record(
        id=visit.id, company_id=company_id, checkout_id=checkout_id, person_id=visit.person_id, surface=surface,
        address=address, agent=agent, began_at=visit.began_at, last_at=visit.last_at, requests=visit.requests,
        pages=pages, new=not visit.stored,
    )  # fmt: skip
