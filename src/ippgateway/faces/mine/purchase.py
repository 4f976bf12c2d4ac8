"""What the Platform holds about whoever paid, and erasing it: `/pay/mine`, for the holder of a payment's key.

The shop holds that key too, by contract, and may keep it in its logs. So values are shown of test payments alone, and
of no other purchase than the key's own. The key stands in the address, so nothing is kept or referred.
"""

from starlette.responses import Response

from ippgateway.core.secret import Secret
from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.service import people
from ippgateway.domains.payments.service.people import Payer
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.schemas import BY_ITSELF, Identity, Kind, New
from ippgateway.faces.mine import words
from ippgateway.faces.mine.asked import Asked, Here
from ippgateway.faces.mine.paper import Paper, plan_for_reading, see_other, told_of
from ippgateway.faces.mine.paths import PURCHASE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.held import held_of_purchase
from ippgateway.privacy.vocabulary import Words


class Purchase:
    """The page of one purchase."""

    def __init__(self, platform: Platform, paper: Paper) -> None:
        self._p = platform
        self._paper = paper

    async def __call__(self, it: Asked) -> Response:
        """Answer one request."""
        if not it.posted and set(it.fields) <= {"lang"}:  # somebody without a receipt
            return see_other(f"/?lang={it.language}")
        names = ("transaction_id", "transaction_key")
        here = Here(path=f"/{PURCHASE}", fields={name: it.fields.get(name, "") for name in names})
        try:
            payer = await people.payer_by_key(
                self._p, payment_id=here.fields["transaction_id"], payment_key=here.fields["transaction_key"]
            )
        except PaymentNotFound:
            return self._paper.page("missing_purchase.html", words.NOT_FOUND, it, here, status=404)
        return await (self._posted if it.posted else self._shown)(it, here, payer)

    async def _shown(
        self, it: Asked, here: Here, payer: Payer, *, notice: Words | None = None, status: int = 200
    ) -> Response:
        found = await held_of_purchase(self._p, payer.person, of=payer.of, values=payer.only_tests)
        shop = await people.shop(self._p, payer.person.controller)
        given = await people.received_of(self._p, payer)
        facts = {**told_of(found, shop, only_tests=payer.only_tests, received=given), "notice": notice}
        return self._paper.page("purchase.html", words.TITLE, it, here, facts, status=status)

    async def _posted(self, it: Asked, here: Here, payer: Payer) -> Response:
        """The plan, or what it says. Only what was never live goes by this way; the rest is the shop's to decide."""
        if not payer.only_tests:
            return await self._shown(it, here, payer, notice=words.ERASE_LIVE, status=403)
        if it.one("do") == "erase":
            request = await requests.at_once(self._p, ROOMS, New(
                person=payer.person, kind=Kind.ERASURE, identity=Identity.RECEIPT, language=it.language.value,
                reply_to=Secret(""), decided_by=BY_ITSELF,
            ))  # fmt: skip
            if (why := words.NOT_YET.get(request.waits_for or "")) is not None:
                return await self._shown(it, here, payer, notice=why, status=409)
            return see_other(f"{here.address}lang={it.language}")
        found = await held_of_purchase(self._p, payer.person, of=payer.of, values=payer.only_tests)
        return self._paper.page(
            "plan.html", words.PLANNED, it, here, {"plan": plan_for_reading(found), "whole": words.ALL_OF_IT}
        )
