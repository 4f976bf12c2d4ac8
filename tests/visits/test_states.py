"""How a visit begins, goes on and ends; who may lengthen it; and that all of it stays within its limits."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ippgateway.core.clock import ManualClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.domains.visits import states
from ippgateway.domains.visits.schemas import Client, Record, Surface, Visitor
from ippgateway.domains.visits.states import IDLE, LONGEST, MOST_PAGES, MOST_REPORTS, OpenVisits

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HERE = Client(address="192.0.2.7", agent="Firefox", host="www.example")
VIEW = "ab" * 16


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def visits() -> OpenVisits:
    return OpenVisits(Ids(ManualClock(NOON), SystemRandomness()))


def at_site(page: str = "home", surface: Surface = Surface.SITE) -> Visitor:
    return Visitor(surface=surface, page=page)


def drain(visits: OpenVisits, at: datetime = NOON) -> list[Record]:
    records = visits.take(10_000, at)
    visits.written({record.id: "person" for record in records})
    return records


def test_the_same_address_and_browser_is_one_visit_until_it_pauses(visits: OpenVisits) -> None:
    visits.arrived(HERE, at_site(), NOON, page=True)
    visits.arrived(HERE, at_site(), NOON + IDLE, page=True)
    visits.arrived(HERE, at_site(), NOON + IDLE * 2 + timedelta(seconds=1), page=True)
    first, second = drain(visits)
    assert (first.began_at, first.last_at, first.requests, len(first.pages)) == (NOON, NOON + IDLE, 2, 2)
    assert (second.began_at, second.requests, second.new) == (NOON + IDLE * 2 + timedelta(seconds=1), 1, True)


@pytest.mark.parametrize(
    ("client", "visitor"),
    [
        (Client(address="192.0.2.8", agent="Firefox", host="www.example"), at_site()),
        (Client(address="192.0.2.7", agent="Safari", host="www.example"), at_site()),
        (HERE, at_site(surface=Surface.CONSOLE)),
        (HERE, Visitor(surface=Surface.PAGE, page="payment", company_id="c", checkout_id="k")),
    ],
)
def test_another_address_browser_surface_or_payer_is_another_visit(
    visits: OpenVisits, client: Client, visitor: Visitor
) -> None:
    visits.arrived(HERE, at_site(), NOON, page=True)
    visits.arrived(client, visitor, NOON, page=True)
    assert len(drain(visits)) == 2


def test_a_program_that_calls_all_day_is_a_visit_a_day_with_a_count(visits: OpenVisits) -> None:
    for minutes in range(25 * 60):
        visitor = Visitor(surface=Surface.API, company_id="c")
        visits.arrived(HERE, visitor, NOON + timedelta(minutes=minutes), page=False)
    records = drain(visits)
    assert [record.requests for record in records] == [LONGEST // timedelta(minutes=1) + 1, 59]
    assert {(record.company_id, record.checkout_id, record.pages) for record in records} == {("c", "", ())}


def test_without_script_a_page_lasts_until_the_next_request_and_the_last_one_is_unknown(visits: OpenVisits) -> None:
    visits.arrived(HERE, at_site("home"), NOON, page=True)
    visits.arrived(HERE, at_site("other"), after(40), page=True)
    pages = drain(visits)[0].pages
    assert [(page.page, page.seconds) for page in pages] == [("home", 40), ("other", None)]


def test_a_page_that_speaks_for_itself_is_believed_over_the_next_request(visits: OpenVisits) -> None:
    visits.arrived(HERE, at_site("home"), NOON, page=True)
    visits.seen(HERE, VIEW, 0, after(1))
    visits.seen(HERE, VIEW, 12, after(30))
    visits.arrived(HERE, at_site("other"), after(60), page=True)
    record = drain(visits)[0]
    assert [page.seconds for page in record.pages] == [12, None]
    visits.seen(HERE, VIEW, 14, after(600))
    later = drain(visits)[0]
    assert [(page.number, page.seconds, page.new) for page in later.pages] == [(1, 14, False)]
    assert later.last_at == after(600)
    assert not later.new


FORGED: dict[str, Callable[[OpenVisits], None]] = {
    "from another address": lambda v: v.seen(
        Client(address="192.0.2.8", agent="Firefox", host="www.example"), VIEW, 5, after(9)
    ),
    "from another browser": lambda v: v.seen(
        Client(address="192.0.2.7", agent="Safari", host="www.example"), VIEW, 5, after(9)
    ),
    "from another origin": lambda v: v.seen(
        Client(address="192.0.2.7", agent="Firefox", host="pay.example"), VIEW, 5, after(9)
    ),
    "by a second name for the same view": lambda v: v.seen(HERE, "cd" * 16, 9, after(9)),
    "less than before": lambda v: v.seen(HERE, VIEW, 0, after(9)),
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_report_that_is_nobodys_changes_nothing(visits: OpenVisits, forged: str) -> None:
    visits.arrived(HERE, at_site(), NOON, page=True)
    visits.seen(HERE, VIEW, 3, after(4))
    drain(visits)
    FORGED[forged](visits)
    assert [page.seconds for record in drain(visits) for page in record.pages] in ([], [3])


def test_no_more_time_is_claimed_than_has_passed(visits: OpenVisits) -> None:
    visits.arrived(HERE, at_site(), NOON, page=True)
    visits.seen(HERE, VIEW, 86_400, after(7))
    assert [page.seconds for page in drain(visits)[0].pages] == [7]


def test_a_view_that_nobody_spoke_for_within_a_minute_can_not_be_claimed(visits: OpenVisits) -> None:
    visits.arrived(HERE, at_site(), NOON, page=True)
    drain(visits)
    visits.seen(HERE, VIEW, 61, after(61))
    assert drain(visits) == []


def test_reports_are_counted_out(visits: OpenVisits) -> None:
    visits.arrived(HERE, at_site(), NOON, page=True)
    for second in range(MOST_REPORTS * 2):
        visits.seen(HERE, VIEW, second, after(second))
    assert [page.seconds for page in drain(visits)[0].pages] == [MOST_REPORTS - 1]


def test_pages_of_a_visit_are_limited_and_requests_counted_on(visits: OpenVisits) -> None:
    for second in range(MOST_PAGES + 50):
        visits.arrived(HERE, at_site(), after(second), page=True)
    record = drain(visits)[0]
    assert (len(record.pages), record.requests, visits.lost) == (MOST_PAGES, MOST_PAGES + 50, 50)


def test_a_flood_of_addresses_fills_no_memory_and_is_counted() -> None:
    visits = OpenVisits(Ids(ManualClock(NOON), SystemRandomness()), most_open=50, most_waiting=100)
    for n in range(1_000):
        visits.arrived(Client(address=f"192.0.2.{n}", agent="", host=""), at_site(), after(n / 100), page=True)
    assert len(visits._open) <= 50
    assert len(visits._views) <= 50
    assert len(drain(visits)) == 50
    assert visits.lost >= 900
    visits.arrived(HERE, at_site(), after(11), page=True)
    assert len(drain(visits)) == 1


def test_what_could_not_be_written_is_taken_again_with_what_came_meanwhile(visits: OpenVisits) -> None:
    visits.arrived(HERE, at_site("home"), NOON, page=True)
    [first] = visits.take(10, NOON)
    visits.arrived(HERE, at_site("other"), after(30), page=True)
    visits.again()
    [again] = visits.take(10, after(31))
    assert (again.id, again.new, again.requests) == (first.id, True, 2)
    assert [(page.page, page.seconds, page.new) for page in again.pages] == [("home", 30, True), ("other", None, True)]
    visits.written({again.id: "p"})
    assert visits.take(10, after(31)) == []


def test_a_visit_that_can_not_be_written_ends_and_its_next_request_begins_another(visits: OpenVisits) -> None:
    visits.arrived(HERE, at_site(), NOON, page=True)
    [gone] = visits.take(10, NOON)
    visits.written({})
    visits.seen(HERE, VIEW, 1, after(2))
    visits.arrived(HERE, at_site(), after(3), page=True)
    [fresh] = drain(visits)
    assert fresh.id != gone.id
    assert (fresh.new, fresh.requests, visits.lost) == (True, 1, 1)


def test_what_is_over_leaves_the_memory(visits: OpenVisits) -> None:
    visits.arrived(HERE, at_site(), NOON, page=True)
    visits.seen(HERE, VIEW, 0, NOON)
    drain(visits)
    visits.take(1, NOON + states.LONGEST + timedelta(seconds=1))
    assert (len(visits._open), len(visits._views), len(visits._told)) == (0, 0, 0)
