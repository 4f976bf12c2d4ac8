"""No way out is open while a transaction is."""

import pytest

from gates import way
from ippgateway.connectors.notify.sender import HttpSender
from ippgateway.core.database import NetworkInsideTransaction
from ippgateway.core.secret import Secret
from ippgateway.domains.notifications.ports import Failure
from ippgateway.privacy.catalogue import ACCOUNT, NOTIFY, SHOP
from ippgateway.privacy.platform import Platform


async def test_a_call_is_refused_until_the_transaction_has_ended(console: Platform) -> None:
    sender, nowhere = HttpSender(way(SHOP, NOTIFY), allow_private=True, timeout_s=5), Secret("http://127.0.0.1:9/")
    async with console.db.begin(ACCOUNT):
        with pytest.raises(NetworkInsideTransaction):
            await sender.get(nowhere, allow_plain=True)
    assert (await sender.get(nowhere, allow_plain=True)).failure is Failure.NO_CONNECTION
