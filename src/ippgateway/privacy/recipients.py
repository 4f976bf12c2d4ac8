"""The kinds of recipients (section 8 of the promises), each with the places where it may be."""

from ippgateway.privacy.vocabulary import Place, Recipient, Words

SHOP = Recipient(
    key="shop", dpv="dpv:DataController", promise="CUST-3", places=frozenset({Place.EU}),
    words=Words(en="the shop that was paid", da="butikken, der blev betalt"),
)  # fmt: skip
ACQUIRER = Recipient(
    key="acquirer", dpv="dpv:DataProcessor", promise="CARD-4", places=frozenset({Place.EU, Place.US}),
    words=Words(en="the acquirer, who carries the payment to the card's bank",
                da="indløseren, som fører betalingen til kortets bank"),
)  # fmt: skip
DIRECTORY_SERVER = Recipient(
    key="directory_server", dpv="dpv:DataProcessor", promise="CARD-4", places=frozenset({Place.EU, Place.US}),
    words=Words(en="the card scheme's 3-D Secure directory server", da="kortselskabets 3-D Secure-server"),
)  # fmt: skip
MAIL_PROVIDER = Recipient(
    key="mail_provider", dpv="dpv:DataProcessor", promise="DISC-2", places=frozenset({Place.EU}),
    words=Words(en="the provider that carries our e-mail", da="udbyderen, der bringer vores e-mail ud"),
)  # fmt: skip

# Processors of DISC-2. An entry of the register says who it is; none of them is there before it is entered.
HOSTING_PROVIDER = Recipient(
    key="hosting_provider", dpv="dpv:DataProcessor", promise="DISC-2", places=frozenset({Place.EU}),
    words=Words(en="the provider that runs our servers", da="udbyderen, der driver vores servere"),
)  # fmt: skip
SUPPORT_PROVIDER = Recipient(
    key="support_provider", dpv="dpv:DataProcessor", promise="DISC-2", places=frozenset({Place.EU}),
    words=Words(en="a provider of technical and customer support",
                da="en leverandør af teknisk support og kundesupport"),
)  # fmt: skip
RECRUITMENT_PROVIDER = Recipient(
    key="recruitment_provider", dpv="dpv:DataProcessor", promise="DISC-2", places=frozenset({Place.EU}),
    words=Words(en="a provider that helps us to recruit", da="en leverandør, der hjælper os med at ansætte"),
)  # fmt: skip
ANALYTICS_PROVIDER = Recipient(
    key="analytics_provider", dpv="dpv:DataProcessor", promise="DISC-2", places=frozenset({Place.EU}),
    words=Words(en="a provider of marketing or analytics", da="en leverandør af markedsføring eller analyse"),
)  # fmt: skip
SECURITY_PROVIDER = Recipient(
    key="security_provider", dpv="dpv:DataProcessor", promise="DISC-2", places=frozenset({Place.EU}),
    words=Words(en="a provider of security or fraud prevention",
                da="en leverandør af sikkerhed eller svindelbekæmpelse"),
)  # fmt: skip
SUBSCRIPTION_PROVIDER = Recipient(
    key="subscription_provider", dpv="dpv:DataProcessor", promise="DISC-2", places=frozenset({Place.EU}),
    words=Words(en="a provider that manages subscriptions", da="en leverandør, der styrer abonnementer"),
)  # fmt: skip

# Whoever gets something in a single case, after two people have approved it (DISC-3 to DISC-10).
_ANYWHERE = frozenset(Place)
ADVISER = Recipient(
    key="adviser", dpv="dpv:ThirdParty", promise="DISC-3", places=frozenset({Place.EU}), by_case=True,
    words=Words(en="a professional adviser", da="en professionel rådgiver"),
)  # fmt: skip
REGULATOR = Recipient(
    key="regulator", dpv="dpv:Authority", promise="DISC-4", places=frozenset({Place.EU}), by_case=True,
    words=Words(en="a regulator or supervisory authority", da="en tilsynsmyndighed"),
)  # fmt: skip
PURCHASER = Recipient(
    key="purchaser", dpv="dpv:ThirdParty", promise="DISC-5", places=_ANYWHERE, by_case=True,
    words=Words(en="a purchaser of the business, and their advisers",
                da="en køber af virksomheden og dennes rådgivere"),
)  # fmt: skip
INVESTIGATOR = Recipient(
    key="investigator", dpv="dpv:ThirdParty", promise="DISC-6", places=frozenset({Place.EU}), by_case=True,
    words=Words(en="somebody who looks into a suspected crime", da="nogen, der undersøger en mulig forbrydelse"),
)  # fmt: skip
OPPONENT = Recipient(
    key="opponent", dpv="dpv:ThirdParty", promise="DISC-7", places=_ANYWHERE, by_case=True,
    words=Words(en="a court, a counterparty or an insurer, where we defend a right",
                da="en domstol, en modpart eller et forsikringsselskab, når vi forsvarer en ret"),
)  # fmt: skip
RIGHTS_HOLDER = Recipient(
    key="rights_holder", dpv="dpv:ThirdParty", promise="DISC-8", places=_ANYWHERE, by_case=True,
    words=Words(en="a holder of rights who alleges an infringement", da="en rettighedshaver, der hævder en krænkelse"),
)  # fmt: skip
AUTHORITY = Recipient(
    key="authority", dpv="dpv:Authority", promise="DISC-9", places=frozenset({Place.EU}), by_case=True,
    words=Words(en="a court, the police or another public authority",
                da="en domstol, politiet eller en anden offentlig myndighed"),
)  # fmt: skip
BY_LAW = Recipient(
    key="by_law", dpv="dpv:ThirdParty", promise="DISC-10", places=frozenset({Place.EU}), by_case=True,
    words=Words(en="somebody whom a named law gives it", da="nogen, som en bestemt lov giver det"),
)  # fmt: skip

RECIPIENTS: tuple[Recipient, ...] = (
    SHOP, ACQUIRER, DIRECTORY_SERVER, MAIL_PROVIDER, HOSTING_PROVIDER, SUPPORT_PROVIDER, RECRUITMENT_PROVIDER,
    ANALYTICS_PROVIDER, SECURITY_PROVIDER, SUBSCRIPTION_PROVIDER, ADVISER, REGULATOR, PURCHASER, INVESTIGATOR,
    OPPONENT, RIGHTS_HOLDER, AUTHORITY, BY_LAW,
)  # fmt: skip
"""Every kind that there is."""

# The only ways out for a card number (CARD-4): whoever else wants one needs the payer's recorded consent.
PAYMENT_RECIPIENTS = frozenset({ACQUIRER, DIRECTORY_SERVER})
