"""A first payment from a terminal. The README tells the same steps; a test holds the two together."""

from collections.abc import Mapping
from dataclasses import dataclass

from ippgateway.privacy.vocabulary import Words

FIRST_CARD = "approve_visa"

_PICK = (
    "pick() { python3 -c 'import functools, json, sys\n"
    'print(functools.reduce(dict.get, sys.argv[1:], json.load(sys.stdin)))\' "$@"; }'
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step: what it does, and the command for a POSIX shell in the project's folder."""

    words: Words
    command: str


def steps(api_url: str, cards: Mapping[str, str]) -> tuple[Step, ...]:
    """The walk from nothing to an approved payment. Raises KeyError without the card that approves.

    No credential stands in it: the shell reads the demo shop's from this machine.
    """
    return (
        Step(
            words=Words(
                en="In the project's folder, let the shell read the demo shop's id and payment key.",
                da="Stå i projektets mappe, og lad skallen hente demobutikkens id og betalingsnøgle.",
            ),
            command=f"api={api_url}\n{_PICK}\n"
            "id=$(.venv/bin/ippgateway demo --json | pick company id)\n"
            "key=$(.venv/bin/ippgateway demo --json | pick company key2)",
        ),
        Step(
            words=Words(
                en="The shop asks for a checkout: 125.00 Danish kroner.",
                da="Butikken beder om en betaling på 125,00 kroner.",
            ),
            command="checkout=$(curl -s $api/payments/checkout_id -d id=$id -d key2=$key \\\n"
            "  -d amount=12500 -d currency=DKK -d order_id=1001 | pick content checkout_id)",
        ),
        Step(
            words=Words(
                en="The card's bank is asked whether this is the cardholder (3-D Secure).",
                da="Kortets bank bliver spurgt, om det er kortholderen (3-D Secure).",
            ),
            command=f'card="holder=Test+Payer&cardno={cards[FIRST_CARD]}&expmonth=04&expyear=2030&cvv=123"\n'
            'curl -s $api/payments/secure -d checkout_id=$checkout -d "$card"; echo',
        ),
        Step(
            words=Words(
                en="The acquirer is asked for the money. `ACK` means approved.",
                da="Indløseren bliver bedt om pengene. `ACK` betyder godkendt.",
            ),
            command='curl -s $api/payments/authorize -d checkout_id=$checkout -d "$card"; echo',
        ),
    )
