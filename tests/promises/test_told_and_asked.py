"""What is no fault: a letter that went before the no, and a version whose users were told ahead of it."""

from pathlib import Path

import pytest

from ippgateway.promises.checks import CHECKS
from ippgateway.promises.finding import Status
from ippgateway.promises.report import find

from .bench import COMPANY, PAYER, Bench
from .switches import Tools
from .switches.agreeing import with_a_second_version
from .switches.base import UNGUARDED


async def test_a_no_that_came_after_a_letter_makes_no_fault_of_it(bench: Bench) -> None:
    await bench.run(
        "insert into ipp.consent (tenant_id, id, person_id, created_at, said, purpose, channel, how, who_code, "
        f"link_digest) values ('{COMPANY}', 'later', '{PAYER}', now(), 'withdrawn', 'news', 'email', 'link', '', '')"
    )
    try:
        finding = await find(bench.context, CHECKS["CHOICE-1"])
    finally:
        await bench.run(f"{UNGUARDED}; delete from ipp.consent where id = 'later'", admin=True)
    assert finding.status is Status.KEPT, finding.evidence


async def test_users_who_were_told_ahead_of_a_new_version_are_enough(bench: Bench, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        context, second = with_a_second_version(Tools(bench, monkeypatch, tmp_path))
        await bench.run(
            "insert into ipp.acceptance (tenant_id, id, user_id, created_at, paper, what, version, language, how) "
            f"select tenant_id, left('told' || id, 14), id, now(), 'terms', 'told', '{second.name}', 'en', 'letter' "
            "from ipp.app_user where audience <> 'staff'"
        )
        try:
            finding = await find(context, CHECKS["CHANGE-1"])
        finally:
            await bench.run(f"{UNGUARDED}; delete from ipp.acceptance where what = 'told'", admin=True)
    assert "not told" not in finding.evidence
