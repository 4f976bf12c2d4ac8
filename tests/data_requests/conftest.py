"""People with accounts, on the installation of the tests of accounts, and payers of a shop in the running Platform."""

from accounts.conftest import clock, desk, door, home, p, pay, post, staff_door, zones
from rights.conftest import console, gateway, payer, shop

__all__ = [
    "clock", "console", "desk", "door", "gateway", "home", "p", "pay", "payer", "post", "shop", "staff_door", "zones",
]  # fmt: skip
