"""The date on a certificate is one by which nothing is left, whatever the terms are."""

from datetime import UTC, datetime, timedelta

import pytest

from ippgateway.privacy.lifetimes import Lifetimes

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(("epoch", "backup"), [(30, 30), (1, 90), (90, 1)])
def test_a_destroyed_key_outlives_neither_its_epoch_nor_the_last_backup_from_before(epoch: int, backup: int) -> None:
    terms = Lifetimes(epoch_days=epoch, backup_days=backup)
    assert terms.dies_by(AT) >= AT + timedelta(days=epoch)
    assert terms.dies_by(AT) >= AT + timedelta(days=backup)
    assert terms.dies_by(AT) <= AT + timedelta(days=max(epoch, backup) + 1)


def test_where_data_and_keys_share_a_server_a_backup_of_its_files_has_the_epoch_too() -> None:
    terms = Lifetimes(epoch_days=10, backup_days=20, apart=False)
    assert terms.dies_by(AT) >= AT + timedelta(days=30)
