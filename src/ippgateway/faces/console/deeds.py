"""What can be done with a payment: what it is called, what it takes, and exactly what will happen."""

from collections.abc import Callable
from dataclasses import dataclass

from ippgateway.core.money import LARGEST, Money
from ippgateway.domains.accounts import rights
from ippgateway.domains.payments.schemas import Method, PaymentRow
from ippgateway.faces.console.telling import amount as readable
from ippgateway.privacy.vocabulary import Words

Happens = Callable[[PaymentRow, Money], tuple[Words, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """Something to be done with a payment. `open`: the most it can be about; `whole`: it is about all of that, always;
    `prefilled`: whether that stands in the field already; `happens`: sentences for the confirmation."""

    name: str
    path: str
    method: Method
    right: str
    label: Words
    title: Words
    does: Callable[[str, str], Words]
    open: Callable[[PaymentRow], Money]
    happens: Happens
    whole: bool = False
    prefilled: bool = True
    kind: str = "first"


def _less(of: Money, by: Money) -> Money:
    return Money(of.amount_minor - by.amount_minor, of.currency)


def _card(row: PaymentRow) -> tuple[str, str]:
    """The card in both languages, with its last digits where they are known."""
    if not row.last4:
        return "the card", "kortet"
    return f"the card ending {row.last4}", f"kortet, der ender på {row.last4}"


def _capture(row: PaymentRow, amount: Money) -> tuple[Words, ...]:
    (en, da), rest = readable(amount), _less(row.balances.held, amount)
    (rest_en, rest_da), (card_en, card_da) = readable(rest), _card(row)
    return (
        Words(en=f"{en} is taken from {card_en} and paid out to you.",
              da=f"{da} hæves på {card_da}{',' if row.last4 else ''} og udbetales til dig."),
        Words(en=f"{rest_en} stays held until you capture or release it.",
              da=f"{rest_da} holdes stadig, til du hæver eller frigiver det.") if rest.amount_minor else
        Words(en="Nothing stays held.", da="Der holdes ikke mere."),
        Words(en="You can refund it later. It can't be undone in any other way.",
              da="Du kan refundere det senere. Det kan ikke fortrydes på andre måder."),
    )  # fmt: skip


def _refund(row: PaymentRow, amount: Money) -> tuple[Words, ...]:
    (en, da), rest = readable(amount), _less(row.balances.taken, amount)
    (rest_en, rest_da), (card_en, card_da) = readable(rest), _card(row)
    return (
        Words(en=f"{en} goes back to {card_en}.", da=f"{da} går tilbage til {card_da}."),
        Words(en=f"{rest_en} of what you captured stays with you.",
              da=f"{rest_da} af det hævede bliver hos dig.") if rest.amount_minor else
        Words(en="Then everything you captured is given back.", da="Så er alt det hævede givet tilbage."),
        Words(en="A refund can't be taken back.", da="En refusion kan ikke tages tilbage."),
    )  # fmt: skip


def _void(row: PaymentRow, amount: Money) -> tuple[Words, ...]:
    (en, da), (taken_en, taken_da) = readable(amount), readable(row.balances.captured)
    return (
        Words(en=f"{en} is released to the cardholder, who can use it again.",
              da=f"{da} frigives til kortholderen, som kan bruge det igen."),
        Words(en=f"{taken_en} that you captured stays with you.",
              da=f"{taken_da}, som du har hævet, bliver hos dig.") if row.balances.captured.amount_minor else
        Words(en="Nothing can be captured from this payment any more.",
              da="Der kan ikke længere hæves noget på betalingen."),
        Words(en="It can't be undone. To be paid after all, you need a new payment.",
              da="Det kan ikke fortrydes. Vil du alligevel betales, skal der en ny betaling til."),
    )  # fmt: skip


def _raise(row: PaymentRow, amount: Money) -> tuple[Words, ...]:
    (en, da) = readable(amount)
    sum_ = Money(min(row.balances.held.amount_minor + amount.amount_minor, LARGEST), amount.currency)
    sum_en, sum_da = readable(sum_)
    return (
        Words(en=f"The cardholder's bank is asked to hold {en} more, {sum_en} in all.",
              da=f"Kortholderens bank bliver bedt om at holde {da} mere, {sum_da} i alt."),
        Words(en="The bank may say no. Then everything stays as it is.",
              da="Banken kan sige nej. Så bliver alt, som det er."),
        Words(en="Tell the shopper first: they see the new amount.", da="Sig det til kunden først: beløbet kan ses."),
    )  # fmt: skip


DEEDS: tuple[Deed, ...] = (
    Deed(
        name="capture", path="capture", method=Method.CAPTURE, right=rights.CAPTURE.key,
        label=Words(en="Capture", da="Hæv"), title=Words(en="Capture this payment?", da="Hæve betalingen?"),
        does=lambda en, da: Words(en=f"Capture {en}", da=f"Hæv {da}"), open=lambda row: row.balances.held,
        happens=_capture,
    ),
    Deed(
        name="refund", path="refund", method=Method.REFUND, right=rights.REFUND.key,
        label=Words(en="Refund", da="Refundér"), title=Words(en="Refund this payment?", da="Refundere betalingen?"),
        does=lambda en, da: Words(en=f"Refund {en}", da=f"Refundér {da}"), open=lambda row: row.balances.taken,
        happens=_refund, kind="danger",
    ),
    Deed(
        name="void", path="void", method=Method.VOID, right=rights.VOID.key,
        label=Words(en="Release", da="Frigiv"), title=Words(en="Release this payment?", da="Frigive betalingen?"),
        does=lambda en, da: Words(en=f"Release {en}", da=f"Frigiv {da}"), open=lambda row: row.balances.held,
        happens=_void, whole=True, kind="danger",
    ),
    Deed(
        name="increase", path="incremental", method=Method.INCREMENTAL, right=rights.CAPTURE.key,
        label=Words(en="Raise", da="Forhøj"), title=Words(en="Raise the amount held?", da="Forhøje det holdte beløb?"),
        does=lambda en, da: Words(en=f"Ask for {en} more", da=f"Bed om {da} mere"),
        open=lambda row: (
            Money(LARGEST - row.balances.authorised.amount_minor, row.amount.currency)
            if row.balances.held.amount_minor else row.balances.held
        ),
        happens=_raise, prefilled=False,
    ),
)  # fmt: skip
