"""The way of a request and its clock, whatever is done with it and whenever it was asked."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgateway.domains.requests.errors import NoSuchStep
from ippgateway.domains.requests.states import Act, State, after, due_on, may_extend, overdue

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2090, 1, 1))


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_whatever_is_tried_nothing_follows_an_end_and_nothing_is_done_that_nobody_decided(acts: list[Act]) -> None:
    state, way = State.ASKED, [State.ASKED]
    for act in acts:
        try:
            state = after(state, act)
        except NoSuchStep:
            continue
        assert not way[-1].ended
        way.append(state)
    if State.DONE in way:
        assert way == [State.ASKED, State.OPEN, State.GRANTED, State.DONE]
    assert len(way) <= len(State)


@pytest.mark.parametrize("state", [s for s in State if s.ended])
@pytest.mark.parametrize("act", Act)
def test_an_end_is_an_end(state: State, act: Act) -> None:
    with pytest.raises(NoSuchStep):
        after(state, act)


@pytest.mark.parametrize(
    ("asked", "due", "extended"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)),
        (date(2028, 1, 31), date(2028, 2, 29), date(2028, 4, 30)),
        (date(2026, 11, 30), date(2026, 12, 30), date(2027, 2, 28)),
        (date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1)),
        (date(2026, 8, 31), date(2026, 9, 30), date(2026, 11, 30)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_months_last(asked: date, due: date, extended: date) -> None:
    assert due_on(asked) == due
    assert due_on(asked, extended=True) == extended


@given(days)
def test_no_answer_is_due_later_than_the_law_says(asked: date) -> None:
    assert timedelta(28) <= due_on(asked) - asked <= timedelta(31)
    assert timedelta(89) <= due_on(asked, extended=True) - asked <= timedelta(92)
    assert due_on(asked).month == asked.month % 12 + 1


@given(days, st.integers(min_value=0, max_value=120))
def test_time_is_made_longer_once_and_inside_the_first_month(asked: date, later: int) -> None:
    today, due = asked + timedelta(later), due_on(asked)
    assert may_extend(State.OPEN, today=today, due=due, extended=False) == (today <= due)
    assert not may_extend(State.OPEN, today=today, due=due, extended=True)
    assert not any(may_extend(s, today=today, due=due, extended=False) for s in State if s.ended)
    assert overdue(State.OPEN, today=today, due=due, extended_to=None) == (today > due)
    if today <= due_on(asked, extended=True):
        assert not overdue(State.OPEN, today=today, due=due, extended_to=due_on(asked, extended=True))
