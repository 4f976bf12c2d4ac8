"""A shop whose payers come from anywhere, for tests of the payment zone in this process."""

from dataclasses import dataclass

from ippgateway.core.money import currency
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts import service as checkouts
from ippgateway.domains.checkouts.schemas import CheckoutRef, NewCheckout, TransactionType
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.schemas import AuthoriseResult, Browser, CardEntry

GOOD, BAD = "4111111111111111", "5555555555554444"


@dataclass(frozen=True)
class Shop:
    """One shop, as one payment zone's process sees it."""

    gateway: payments.Gateway
    company_id: str

    async def checkout(self) -> CheckoutRef:
        """A new checkout over 100.00 DKK."""
        order = NewCheckout(amount_text="10000", amount_hundredths=10_000, currency=currency("DKK"),
                            transaction_type=TransactionType.MOTO)  # fmt: skip
        made = await checkouts.create(self.gateway.platform, company_id=self.company_id, order=order)
        return await checkouts.find(self.gateway.platform, checkout_id=made.checkout_id.open(), cryptogram=None)

    async def paid(self, checkout: CheckoutRef, number: str = GOOD, address: str = "") -> AuthoriseResult:
        """What comes of paying it."""
        card = CardEntry(holder=Secret("T. Payer"), number=Secret(number), month=12, year=2031,
                         security_code=Secret("123"))  # fmt: skip
        browser = Browser(user_agent=Secret("t"), accept=Secret("*/*"), language="da", ip=Secret(address))
        return await payments.authorise(self.gateway, checkout=checkout, card=card, browser=browser)
