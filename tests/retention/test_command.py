"""`ippgateway retention` tells what is due and why, removes it when told to, and lists the holds."""

import json

from ippgateway.privacy.rights.endings import endings
from running import Running


def test_every_term_is_told_and_nothing_goes_without_being_asked_to(running: Running) -> None:
    told = running.command("retention", "--json")
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout)
    assert [each["part"] for each in answer["due"]] == [ending.part for ending in endings()]
    assert answer["run"] is None


def test_a_run_says_what_it_removed_and_what_it_left(running: Running) -> None:
    told = running.command("retention", "--run")
    assert told.returncode == 0, told.stderr
    first, *_, last = told.stdout.strip().splitlines()
    assert f"{len(endings())} terms were looked at" in first
    assert last.endswith("0 rows left behind")
    assert max(map(len, told.stdout.splitlines())) <= 100


def test_the_holds_are_listed(running: Running) -> None:
    told = running.command("retention", "--holds")
    assert told.returncode == 0, told.stderr
    assert "hold" in told.stdout or "stands" in told.stdout
