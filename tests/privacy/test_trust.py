"""How it stands with the promises: since when, day by day, whole or not at all, and nothing about anybody."""

import multiprocessing
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ippgateway.core.clock import ManualClock
from ippgateway.privacy import trustfile
from ippgateway.privacy.trust import (
    BY_HAND_S,
    LONGEST_EVIDENCE,
    MOST_DAYS,
    WITHHELD,
    Found,
    Result,
    Standing,
    fit_for_all,
    following,
)
from ippgateway.privacy.trustfile import Posted

AT = datetime(2026, 3, 4, 14, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def found(standing: Standing = Standing.KEPT, evidence: str = "12 of 12 fields") -> Found:
    return Found(id="CARD-3", standing=standing, evidence=evidence, surfaces=("logs",))


def lived(*standings: Standing) -> Result:
    """A check a day."""
    result = None
    for number, standing in enumerate(standings):
        result = following(result, [found(standing)], at=AT + number * DAY, every_s=3_600)
    assert result is not None
    return result


def test_a_standing_is_since_the_first_check_of_those_that_found_the_same() -> None:
    kept, broken = Standing.KEPT, Standing.BROKEN
    assert lived(kept, kept, kept).lines[0].since == AT
    assert lived(kept, broken, kept, kept).lines[0].since == AT + 2 * DAY


def test_a_check_that_could_not_look_leaves_the_moment_when_it_last_could() -> None:
    kept, unchecked = Standing.KEPT, Standing.UNCHECKED
    line = lived(kept, kept, unchecked, unchecked).lines[0]
    assert (line.since, line.checked_at) == (AT + 2 * DAY, AT + DAY)
    assert lived(unchecked).lines[0].checked_at is None
    assert lived(kept, unchecked, kept).lines[0].since == AT + 2 * DAY


def test_a_day_is_told_by_its_last_result_and_the_oldest_days_are_forgotten() -> None:
    twice = following(lived(Standing.BROKEN), [found()], at=AT + timedelta(hours=1), every_s=3_600)
    assert [(day.kept, day.broken) for day in twice.days] == [(1, 0)]
    long = lived(*[Standing.KEPT] * (MOST_DAYS + 3))
    assert len(long.days) == MOST_DAYS
    assert long.days[0].day == (AT + 3 * DAY).date()


@pytest.mark.parametrize(("every_s", "term_s"), [(3_600, 3_600), (0, BY_HAND_S)])
def test_a_result_is_late_after_twice_the_time_between_two(every_s: int, term_s: int, tmp_path: Path) -> None:
    path, clock = tmp_path / "promises.json", ManualClock(AT)
    posted = Posted(path, clock)
    trustfile.post(path, [found()], at=AT, every_s=every_s)
    clock.advance(2 * term_s - 1)
    assert posted.now().is_kept("CARD-3")
    clock.advance(1)
    assert posted.now().late
    assert not posted.now().is_kept("CARD-3")


# --- the file ---


def test_the_same_object_is_given_until_something_changes(tmp_path: Path) -> None:
    path = tmp_path / "promises.json"
    posted = Posted(path, ManualClock(AT))
    assert posted.now() is posted.now()
    assert posted.now().result is None
    trustfile.post(path, [found()], at=AT, every_s=3_600)
    seen = posted.now()
    assert seen is posted.now()
    assert seen.is_kept("CARD-3")
    path.unlink()
    assert posted.now().result is None
    assert Posted().now().result is None


class _Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("at", ["os.fsync", "pathlib.Path.rename", "msgspec.json.encode", "os.fdopen"])
def test_wherever_posting_ends_the_last_whole_result_stays(
    at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "promises.json"
    trustfile.post(path, [found()], at=AT, every_s=3_600)

    def killed(*_: object, **__: object) -> None:
        raise _Killed

    with monkeypatch.context() as patched:
        patched.setattr(at, killed)
        with pytest.raises(_Killed):
            trustfile.post(path, [found(Standing.BROKEN)], at=AT + DAY, every_s=3_600)
    assert trustfile.read(path).lines[0].standing is Standing.KEPT
    trustfile.post(path, [found(Standing.BROKEN)], at=AT + DAY, every_s=3_600)
    assert [day.broken for day in trustfile.read(path).days] == [0, 1]


def _post(path: Path, number: int) -> None:
    trustfile.post(path, [found()], at=AT + number * DAY, every_s=3_600)


def test_two_who_post_at_once_both_leave_their_day(tmp_path: Path) -> None:
    path, spawned = tmp_path / "promises.json", multiprocessing.get_context("fork")
    posting = [spawned.Process(target=_post, args=(path, number)) for number in range(6)]
    for each in posting:
        each.start()
    for each in posting:
        each.join()
    assert len(trustfile.read(path).days) == len(posting)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_result_is_followed_by_a_new_beginning(tmp_path: Path) -> None:
    path = tmp_path / "promises.json"
    path.write_text('{"at": 1}')
    with pytest.raises(trustfile.Unreadable):
        trustfile.read(path)
    assert Posted(path).now().unreadable
    trustfile.post(path, [found()], at=AT, every_s=3_600)
    assert Posted(path, ManualClock(AT)).now().is_kept("CARD-3")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "promises.json"
    with path.open("wb") as file:
        os.truncate(file.fileno(), trustfile.LARGEST + 1)
    with pytest.raises(trustfile.Unreadable):
        trustfile.read(path)


def test_the_largest_result_that_can_be_posted_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, longest = tmp_path / "promises.json", "æ" * 2 * LONGEST_EVIDENCE
    every = [Found(id=f"CARD-{n}", standing=Standing.KEPT, evidence=longest, surfaces=("logs",) * 9)
             for n in range(110)]  # fmt: skip
    days = lived(*[Standing.KEPT] * MOST_DAYS)
    monkeypatch.setattr(trustfile, "read", lambda _: days)
    result = trustfile.post(path, every, at=AT + MOST_DAYS * DAY, every_s=3_600)
    monkeypatch.undo()
    assert (len(result.lines), len(result.days)) == (len(every), MOST_DAYS)
    assert trustfile.read(path) == result


# --- nothing about anybody ---

CANARIES = (
    "one of them is jens.hansen@example.org", "the number 4000056655665556 was found", "4000 0566 5566 5556 was found",
    "3782-822463-10005 was found",
    "the address 192.0.2.17 asked twice", "asked from 2001:db8:0:1::17 twice", "CPR 010190-1234 lay open",
    "called +45 12 34 56 78", "payment 1a2b-3c4d-5e6f is unknown", "kept for 0z9y-8x7w-6v5u and others",
)  # fmt: skip
FACTS: tuple[str, ...] = (
    "the vault's newest is of 2026-11-30, and 5 of 5 hold", "with the version 2026-11-24-1b83c9f4",
    "whoever signs up is shown the version 2026-11-30-56896123, and can't with another", "2026-11-30 12 of 1234",
    "1234567 of 1234567 rows, in 2,500 ms", "AES-256-GCM with TLS 1.2 or 1.3", "checked 2026-11-30 14:02:33",
    "key files of master-keys-here are closed", "(doors:61, SQL state 42501)", "the 3-D Secure link and ISO 8583",
)  # fmt: skip


@pytest.mark.parametrize("evidence", CANARIES)
def test_a_sentence_that_looks_personal_is_withheld(evidence: str, tmp_path: Path) -> None:
    path = tmp_path / "promises.json"
    result = trustfile.post(path, [found(evidence=f"0 faults; {evidence}; and more")], at=AT, every_s=3_600)
    assert result.lines[0].evidence == WITHHELD
    assert result.lines[0].standing is Standing.KEPT
    assert not [word for word in evidence.split() if len(word) > 8 and word in path.read_text()]


@pytest.mark.parametrize("evidence", FACTS)
def test_facts_and_counts_are_published(evidence: str) -> None:
    assert fit_for_all(evidence) == evidence


def test_a_sentence_without_an_end_is_cut() -> None:
    assert len(fit_for_all("many faults " * 1_000)) == LONGEST_EVIDENCE
