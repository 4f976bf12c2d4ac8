"""What a payer's browser gets: the payment page's policy, and its scripts against their inventory (PCI DSS 6.4.3 and
11.6.1). The tests compare the same inventory with what a real browser loaded."""

import base64
from hashlib import sha384

from ippgateway.promises.context import Context

_PAGE, _WIDGET, _INVENTORY = "?checkout_id=none", "pay.js", "pay/scripts.json"
_NO_CHECKOUT = 404
_MUST = ("default-src 'none'", "script-src 'self'", "connect-src 'self'", "form-action 'self'",
         "frame-ancestors 'none'", "base-uri 'none'")  # fmt: skip
_OTHER = {"referrer-policy": "no-referrer", "x-content-type-options": "nosniff", "cache-control": "no-store"}


async def payer_side(context: Context) -> tuple[list[str], int]:
    """What is wrong with what a payer's browser gets, and how many scripts were compared."""
    page = await context.ask(_PAGE, None)
    faults = [] if page.status == _NO_CHECKOUT else [f"the payment page answers {page.status} without a checkout"]
    rules = [rule.strip() for rule in page.headers.get("content-security-policy", "").split(";")]
    faults += [f"the payment page's policy lacks {rule}" for rule in _MUST if rule not in rules]
    faults += ["the payment page's policy allows something unsafe"] if any("unsafe" in rule for rule in rules) else []
    faults += [f"the payment page's {name} is another" for name, value in _OTHER.items()
               if page.headers.get(name) != value]  # fmt: skip
    faults += ["the payment page sets a cookie"] if "set-cookie" in page.headers else []
    if (status := (await context.ask(_WIDGET, None)).status) != 200:
        faults.append(f"the widget's script answers {status}")
    scripts = (await context.ask(_INVENTORY, None)).body.get("scripts", [])
    for script in scripts:
        faults += await _differs(context, script["path"], script["integrity"])
        faults += [f"nobody says what {script['name']} is for"] if not script["purpose"] else []
    if not scripts:
        faults.append("the payment page's scripts have no inventory")
    return faults, len(scripts)


async def _differs(context: Context, path: str, integrity: str) -> list[str]:
    if path == f"/{_WIDGET}":
        return []  # carries a checkout's values, so that each is another; it is compared before they are put in
    served = (await context.ask(path.lstrip("/"), None)).text
    found = f"sha384-{base64.b64encode(sha384(served.encode()).digest()).decode()}"
    return [] if found == integrity else [f"the script {path.rpartition('/')[2]} is not the one of the inventory"]
