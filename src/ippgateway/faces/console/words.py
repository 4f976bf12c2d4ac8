"""What the consoles' frame says."""

from ippgateway.privacy.vocabulary import Words

NAME = Words(en="{operator} console", da="{operator}-konsol")
OVERVIEW = Words(en="Overview", da="Overblik")
PAYMENTS = Words(en="Payments", da="Betalinger")
CUSTOMERS = Words(en="Customers", da="Kunder")
USERS = Words(en="People", da="Brugere")
POLICIES = Words(en="Access policies", da="Adgangspolitikker")
KEYS = Words(en="Keys", da="Nøgler")
PARTNER_ACCESS = Words(en="Partner access", da="Partnerens adgang")
SETTINGS = Words(en="Settings", da="Indstillinger")
FIND_PAYMENT = Words(en="Order, id, last four, name or amount", da="Ordre, id, sidste fire cifre, navn eller beløb")
FIND_CUSTOMER = Words(en="Customer's name or id", da="Kundens navn eller id")
