"""The categories of personal data (COLLECT-5, COLLECT-7), and where each comes from unless a column says otherwise."""

from ippgateway.privacy.vocabulary import Category, Identifies, Source, Words

CARD_NUMBER = Category(
    key="card_number", fideslang="user.financial.account_number", identifies=Identifies.INDIRECTLY,
    source=Source.PERSON,
    words=Words(en="card number", da="kortnummer"),
)  # fmt: skip
CARD_DETAILS = Category(
    key="card_details", fideslang="user.payment", identifies=Identifies.INDIRECTLY, source=Source.PERSON,
    words=Words(en="card: first and last digits, brand, expiry", da="kort: første og sidste cifre, korttype, udløb"),
)  # fmt: skip
CARD_AUTHENTICATION = Category(
    key="card_authentication", fideslang="user.payment", identifies=Identifies.INDIRECTLY, source=Source.BANK,
    words=Words(en="result of the bank's check of the cardholder", da="resultat af bankens kontrol af kortholderen"),
)  # fmt: skip
NAME = Category(
    key="name", fideslang="user.name", identifies=Identifies.DIRECTLY, source=Source.PERSON,
    words=Words(en="name", da="navn"),
)  # fmt: skip
EMAIL = Category(
    key="email", fideslang="user.contact.email", identifies=Identifies.DIRECTLY, source=Source.PERSON,
    words=Words(en="e-mail address", da="e-mailadresse"),
)  # fmt: skip
PHONE = Category(
    key="phone", fideslang="user.contact.phone_number", identifies=Identifies.DIRECTLY, source=Source.PERSON,
    words=Words(en="telephone number", da="telefonnummer"),
)  # fmt: skip
CONTACT = Category(
    key="contact", fideslang="user.contact", identifies=Identifies.DIRECTLY, source=Source.PERSON,
    words=Words(en="contact and company details", da="kontakt- og virksomhedsoplysninger"),
)  # fmt: skip
PURCHASE = Category(
    key="purchase", fideslang="user.behavior.purchase_history", identifies=Identifies.INDIRECTLY, source=Source.SHOP,
    words=Words(en="what was bought, for how much", da="hvad der blev købt, og for hvor meget"),
)  # fmt: skip
FREE_TEXT = Category(
    key="free_text", fideslang="user.content.private", identifies=Identifies.INDIRECTLY, source=Source.SHOP,
    words=Words(en="text and addresses a shop sends along", da="tekst og adresser, som en butik sender med"),
)  # fmt: skip
PSEUDONYM = Category(
    key="pseudonym", fideslang="user.id.pseudonymous", identifies=Identifies.INDIRECTLY, source=Source.DERIVED,
    words=Words(en="a keyed code in place of a name, address or card",
                da="en nøglekode i stedet for navn, adresse eller kort"),
)  # fmt: skip
CREDENTIAL = Category(
    key="credential", fideslang="user.credentials.password", identifies=Identifies.INDIRECTLY, source=Source.PERSON,
    words=Words(en="sign-in secrets, hashed or sealed", da="adgangsoplysninger, hashede eller forseglede"),
)  # fmt: skip
SIGN_IN = Category(
    key="sign_in", fideslang="user.account", identifies=Identifies.INDIRECTLY, source=Source.OBSERVED,
    words=Words(en="when and how somebody signed in", da="hvornår og hvordan nogen loggede ind"),
)  # fmt: skip
IP_ADDRESS = Category(
    key="ip_address", fideslang="user.device.ip_address", identifies=Identifies.INDIRECTLY, source=Source.OBSERVED,
    words=Words(en="IP address", da="IP-adresse"),
)  # fmt: skip
DEVICE = Category(
    key="device", fideslang="user.device", identifies=Identifies.INDIRECTLY, source=Source.OBSERVED,
    words=Words(en="kind of browser and operating system", da="browsertype og styresystem"),
)  # fmt: skip
ACCESS = Category(
    key="access", fideslang="user.behavior.browsing_history", identifies=Identifies.INDIRECTLY, source=Source.OBSERVED,
    words=Words(en="when and how long somebody was here, on which pages",
                da="hvornår og hvor længe nogen var her, på hvilke sider"),
)  # fmt: skip
EMPLOYMENT = Category(
    key="employment", fideslang="user.workplace", identifies=Identifies.INDIRECTLY, source=Source.STAFF,
    words=Words(en="employer, country and role of our staff", da="arbejdsgiver, land og rolle for vores medarbejdere"),
)  # fmt: skip

DISCLOSED = Category(
    key="disclosed", fideslang="user.account", identifies=Identifies.INDIRECTLY, source=Source.OBSERVED,
    words=Words(en="what was passed on, to whom and when", da="hvad der er givet videre, til hvem og hvornår"),
)  # fmt: skip
LOOKED = Category(
    key="looked", fideslang="user.account", identifies=Identifies.INDIRECTLY, source=Source.OBSERVED,
    words=Words(en="what our staff looked at, and when", da="hvad vores medarbejdere har set på, og hvornår"),
)  # fmt: skip
AGREEMENT = Category(
    key="agreement", fideslang="user.account.preferences", identifies=Identifies.INDIRECTLY, source=Source.PERSON,
    words=Words(en="what somebody agreed to or said no to, and when",
                da="hvad nogen har sagt ja eller nej til, og hvornår"),
)  # fmt: skip
