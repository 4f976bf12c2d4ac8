"""When a shop is called again (wire contract R-48)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ippgateway.domains.notifications.ports import Answer, Failure
from ippgateway.domains.notifications.states import LEASE, PAUSES, State, after

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OK = Answer(status=200, failure=None)
BROKEN = Answer(status=500, failure=Failure.HTTP_STATUS)


def test_a_shop_that_never_answers_is_called_seven_times_at_the_contracts_intervals() -> None:
    moment, tries, pauses = NOW, 0, []
    while True:
        then = after(BROKEN, tries=tries, now=moment)
        if then.next_at is None:
            break
        pauses.append(then.next_at - moment)
        moment, tries = then.next_at, then.tries
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    assert pauses == [minute, 5 * minute, 30 * minute, 2 * hour, 6 * hour, 24 * hour]
    assert (then.state, then.tries) == (State.FAILED, 7)


@given(tries=st.integers(0, len(PAUSES)))
def test_a_2xx_ends_it_whenever_it_comes(tries: int) -> None:
    then = after(OK, tries=tries, now=NOW)
    assert (then.state, then.tries, then.next_at) == (State.DELIVERED, tries + 1, None)


@given(tries=st.integers(0, 100), failure=st.sampled_from(list(Failure)))
def test_what_is_owed_has_a_time_and_what_has_ended_has_none(tries: int, failure: Failure) -> None:
    then = after(Answer(status=None, failure=failure), tries=tries, now=NOW)
    assert (then.state is State.PENDING) == (then.next_at is not None)
    assert then.next_at is None or then.next_at > NOW


@pytest.mark.parametrize("failure", [Failure.BAD_URL, Failure.REFUSED_PLAIN])
def test_an_address_that_can_never_be_called_is_not_tried_again(failure: Failure) -> None:
    assert after(Answer(status=None, failure=failure), tries=0, now=NOW).state is State.FAILED


def test_a_worker_has_a_notification_longer_than_a_call_takes_and_loses_it_before_the_first_retry() -> None:
    assert timedelta(seconds=10) < LEASE < PAUSES[0]
