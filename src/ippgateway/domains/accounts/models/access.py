"""Who may do what with the tables of this room, said once.

Every table says twice what may be done with it: for the users of customers and partners and for members of the public
(`authenticate`, `account`), and for our staff (`staff_account`), whose rows no other process sees.
"""

from sqlalchemy import DateTime

from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE, ERASURE, OWN_DATA, STAFF_ACCOUNT, SUPPORT
from ippgateway.privacy.declare import Access
from ippgateway.privacy.zones import PLATFORM

AT = DateTime(timezone=True)
LOOKS_UP = {AUTHENTICATE, STAFF_ACCOUNT}
KEEPS = {ACCOUNT, STAFF_ACCOUNT}
HELPS = {*KEEPS, SUPPORT}
BOTH = {AUTHENTICATE, ACCOUNT, STAFF_ACCOUNT}


def kept(*, update: tuple[str, ...] = (), delete: bool = False) -> tuple[Access, ...]:
    """Whoever runs an account, of whichever kind: adds rows, and changes what is named. Answering people about
    themselves, and erasing them, is the console's work, which never sees our staff."""
    return (
        Access(OWN_DATA, never_of=PLATFORM),
        Access(ERASURE, never_of=PLATFORM),
        Access(ACCOUNT, insert=True, update=update, delete=delete, never_of=PLATFORM),
        Access(STAFF_ACCOUNT, insert=True, update=update, delete=delete, only_of=PLATFORM),
    )
