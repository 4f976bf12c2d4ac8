"""Charging a stored card for a fresh checkout, without the payer: a renewal (wire contract 8.5).

Card and name stay with the person who stored them, whomever the shop made the checkout for.
"""

from ippgateway.core.secret import Secret
from ippgateway.domains.cards.vault import number_place
from ippgateway.domains.checkouts.errors import CheckoutNotFound
from ippgateway.domains.checkouts.schemas import CheckoutRef
from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.models import Payment
from ippgateway.domains.payments.ports import CardData, ChargesStored
from ippgateway.domains.payments.schemas import AuthoriseResult, CardEntry
from ippgateway.domains.payments.service.authorise import Ready, attempt_once, check_declines, earlier, wrong_mode
from ippgateway.domains.payments.service.gateway import Gateway, merchant_for
from ippgateway.domains.payments.service.known import known, never_again
from ippgateway.privacy.catalogue import PAYMENT


async def rebill(g: Gateway, *, checkout: CheckoutRef, reference_id: str) -> AuthoriseResult:
    """The outcome for this checkout, as of an authorisation. `reference_id`: the payment that stored the card.

    Raises PaymentNotFound when the company has no approved payment of that id that stored one, or whoever stored it has
    their data restricted, and CheckoutNotFound.
    """

    async def prepared() -> Ready | AuthoriseResult:
        return await _prepare(g, checkout, reference_id)

    return await attempt_once(g, checkout, prepared)


async def _prepare(g: Gateway, checkout: CheckoutRef, reference_id: str) -> Ready | AuthoriseResult:
    p, company_id = g.platform, checkout.company_id
    found = await known(g, checkout, None, Secret(""))
    first = await earlier(g, found)
    if first is not None:
        return first
    opened, contract = found.opened, found.contract
    async with p.db.begin(PAYMENT, tenants=[company_id]) as tx:
        row = await tx.row(
            "select p.person_id, p.holder, p.card_id, c.number, c.number_key, c.expiry_month, c.expiry_year, a.rrn "
            "from ipp.payment p join ipp.card c on c.company_id = p.company_id and c.id = p.card_id "
            "join ipp.payment_action a on a.company_id = p.company_id and a.payment_id = p.id "
            "and a.method in ('AUTH', 'SALE') "
            "where p.company_id = $1 and p.id = $2 and p.state = 'APPROVED' and p.stores_card "
            "and c.number is not null and p.test = $3 order by a.id limit 1",
            company_id, reference_id, opened.test,
        )  # fmt: skip
        if row is None:
            raise PaymentNotFound
        number = await g.vault.open(
            PAYMENT, row["number"], row["number_key"], place=number_place(company_id, row["card_id"])
        )
        data = CardData(pan=number, expiry_month=row["expiry_month"], expiry_year=row["expiry_year"])
        never = await never_again(tx, g, company_id, data)
    check_declines(g, found)
    payer = await p.persons.open(PAYMENT, company_id, row["person_id"])
    if not payer.has(Payment.holder):  # the card has the vault's key, which no restriction hides
        raise PaymentNotFound
    checkout_box = await p.persons.open(PAYMENT, company_id, opened.person_id)
    if not checkout_box.has(Payment.holder):
        raise CheckoutNotFound
    holder = payer.open(Payment.holder, row["holder"])
    entry = CardEntry(holder=holder, number=Secret(number.open()), month=data.expiry_month, year=data.expiry_year,
                      security_code=None)  # fmt: skip
    return Ready(
        opened=opened, contract=contract, card=entry, data=data, card_id=None, proof=None, number=found.number,
        refusal=never or wrong_mode(opened, contract), merchant=await merchant_for(g, PAYMENT, contract), box=payer,
        checkout_box=checkout_box,
        stored=ChargesStored(reference_rrn=row["rrn"]),
        recurring_of=reference_id,
    )  # fmt: skip
