"""The catalogue: every category, purpose, ground, term and recipient that a declaration may name."""

from ippgateway.privacy.categories import (
    ACCESS,
    AGREEMENT,
    CARD_AUTHENTICATION,
    CARD_DETAILS,
    CARD_NUMBER,
    CONTACT,
    CREDENTIAL,
    DEVICE,
    DISCLOSED,
    EMAIL,
    EMPLOYMENT,
    FREE_TEXT,
    IP_ADDRESS,
    LOOKED,
    NAME,
    PHONE,
    PSEUDONYM,
    PURCHASE,
    SIGN_IN,
)
from ippgateway.privacy.recipients import (
    ACQUIRER,
    ADVISER,
    ANALYTICS_PROVIDER,
    AUTHORITY,
    BY_LAW,
    DIRECTORY_SERVER,
    HOSTING_PROVIDER,
    INVESTIGATOR,
    MAIL_PROVIDER,
    OPPONENT,
    PAYMENT_RECIPIENTS,
    PURCHASER,
    RECIPIENTS,
    RECRUITMENT_PROVIDER,
    REGULATOR,
    RIGHTS_HOLDER,
    SECURITY_PROVIDER,
    SHOP,
    SUBSCRIPTION_PROVIDER,
    SUPPORT_PROVIDER,
)
from ippgateway.privacy.vocabulary import (
    Basis,
    Ground,
    Purpose,
    Term,
    Trigger,
    Words,
)

__all__ = [
    "ACCESS", "ACQUIRER", "ADVISER", "AGREEMENT", "ANALYTICS_PROVIDER", "AUTHORITY", "BY_LAW", "CARD_AUTHENTICATION",
    "CARD_DETAILS", "CARD_NUMBER", "CONTACT", "CREDENTIAL", "DEVICE", "DIRECTORY_SERVER", "DISCLOSED", "EMAIL",
    "EMPLOYMENT", "FREE_TEXT", "HOSTING_PROVIDER", "INVESTIGATOR", "IP_ADDRESS", "LOOKED", "MAIL_PROVIDER", "NAME",
    "OPPONENT", "PAYMENT_RECIPIENTS", "PHONE", "PSEUDONYM", "PURCHASE", "PURCHASER", "RECIPIENTS",
    "RECRUITMENT_PROVIDER", "REGULATOR", "RIGHTS_HOLDER", "SECURITY_PROVIDER", "SHOP", "SIGN_IN",
    "SUBSCRIPTION_PROVIDER", "SUPPORT_PROVIDER",
]  # fmt: skip
"""Categories and recipients stand in files of their own; whoever declares finds them here with everything else."""

# --- purposes: each is a database role ---

AUTHENTICATE = Purpose(
    key="authenticate", basis=Basis.LEGITIMATE_INTEREST, fideslang="essential.service.authentication",
    promise="BASIS-7",
    words=Words(en="find out who is calling, before anything else is read",
                da="finde ud af, hvem der kalder, før noget andet læses"),
)  # fmt: skip
PAYMENT = Purpose(
    key="payment", basis=Basis.CONTRACT, fideslang="essential.service.payment_processing", promise="CUST-3",
    words=Words(en="take a payment", da="gennemføre en betaling"),
)  # fmt: skip
PAYMENT_RECOVERY = Purpose(
    key="payment_recovery", basis=Basis.CONTRACT, fideslang="essential.service.payment_processing", promise="CUST-3",
    words=Words(en="clear up a payment whose outcome is unknown", da="opklare en betaling med ukendt udfald"),
)  # fmt: skip
PAYMENT_RECORDS = Purpose(
    key="payment_records", basis=Basis.CONTRACT, fideslang="essential.service.operations", promise="CUST-3",
    words=Words(en="show a shop its own payments", da="vise en butik dens egne betalinger"),
)  # fmt: skip
ACCOUNT = Purpose(
    key="account", basis=Basis.CONTRACT, fideslang="essential.service", promise="CUST-5",
    words=Words(en="run the account of a customer or partner", da="føre en kundes eller partners konto"),
)  # fmt: skip
STAFF_ACCOUNT = Purpose(
    key="staff_account", basis=Basis.LEGITIMATE_INTEREST, fideslang="essential.service.authentication",
    promise="DISC-1",
    words=Words(en="sign in our own staff, and run their accounts",
                da="logge vores egne medarbejdere ind og føre deres konti"),
)  # fmt: skip
"""For the desk alone: it sees the rows of our staff and of nobody else, and no other process sees those."""

AUDIT_REVIEW = Purpose(
    key="audit_review", basis=Basis.LEGITIMATE_INTEREST, fideslang="essential.service.security", promise="DISC-1",
    words=Words(en="check what staff and the system did", da="efterse, hvad medarbejdere og systemet har gjort"),
)  # fmt: skip
SUPPORT_SEARCH = Purpose(
    key="support_search", basis=Basis.CONTRACT, fideslang="essential.service.operations.support", promise="DISC-1",
    words=Words(en="find whoever asks our support, by a code of their address or an id",
                da="finde den, der spørger vores support, ud fra en kode for adressen eller et id"),
)  # fmt: skip
"""It sees codes, ids and states of all customers, and nothing that says who somebody is."""

SUPPORT = Purpose(
    key="support", basis=Basis.CONTRACT, fideslang="essential.service.operations.support", promise="DISC-1",
    words=Words(en="help a customer, a partner or a user who asks us",
                da="hjælpe en kunde, en partner eller en bruger, der spørger os"),
)  # fmt: skip
"""It reads through `privacy.looks` alone, which notes each look for the person to see, before anything is shown."""

MAIL = Purpose(
    key="mail", basis=Basis.CONTRACT, fideslang="essential.service.notifications.email", promise="BASIS-7",
    words=Words(en="send the e-mail that somebody asked for or must have",
                da="sende den e-mail, nogen bad om eller skal have"),
)  # fmt: skip
NOTIFY = Purpose(
    key="notify", basis=Basis.CONTRACT, fideslang="essential.service.notifications", promise="CUST-3",
    words=Words(en="tell a shop that a payment is final", da="fortælle en butik, at en betaling er afgjort"),
)  # fmt: skip
NEWS = Purpose(
    key="news", basis=Basis.CONSENT, fideslang="marketing.communications.email", promise="CHOICE-1",
    words=Words(en="send our news to whoever said yes to it", da="sende vores nyheder til den, der har sagt ja"),
)  # fmt: skip
"""For whoever is about to send marketing: it sees whether a consent stands, and nothing else."""

CONSENT = Purpose(
    key="consent", basis=Basis.LEGAL_OBLIGATION, fideslang="essential.legal_obligation", promise="BASIS-3",
    words=Words(en="be able to show what somebody said yes or no to",
                da="kunne vise, hvad nogen har sagt ja eller nej til"),
)  # fmt: skip
"""It adds to what was agreed and looks it up; nobody changes a line of it (GDPR Article 7(1))."""

ACCESS_RECORDING = Purpose(
    key="access_recording", basis=Basis.LEGITIMATE_INTEREST, fideslang="essential.service.security",
    promise="COLLECT-6",
    words=Words(en="write down who comes by, without reading it", da="notere, hvem der kommer forbi, uden at læse det"),
)  # fmt: skip
"""For whoever answers requests: it adds to the records, and can neither read nor remove one."""

ACCESS_RECORDS = Purpose(
    key="access_records", basis=Basis.LEGITIMATE_INTEREST, fideslang="essential.service.security",
    promise="COLLECT-6",
    words=Words(en="look into attacks and faults: who was here, and when",
                da="undersøge angreb og fejl: hvem var her, og hvornår"),
)  # fmt: skip
OWN_DATA = Purpose(
    key="own_data", basis=Basis.LEGAL_OBLIGATION, fideslang="essential.legal_obligation", promise="CONTACT-1",
    words=Words(en="show you what is stored about you", da="vise dig, hvad der er gemt om dig"),
)  # fmt: skip
ERASURE = Purpose(
    key="erasure", basis=Basis.LEGAL_OBLIGATION, fideslang="essential.legal_obligation", promise="RETAIN-2",
    words=Words(en="erase what is stored about somebody", da="slette, hvad der er gemt om nogen"),
)  # fmt: skip
REQUESTS = Purpose(
    key="requests", basis=Basis.LEGAL_OBLIGATION, fideslang="essential.legal_obligation", promise="CONTACT-1",
    words=Words(en="decide what you asked of us about your data", da="afgøre, hvad du har bedt om med dine data"),
)  # fmt: skip
"""For the desk: it reads what was asked and writes what was decided; the console's process carries it out."""

DISCLOSURE = Purpose(
    key="disclosure", basis=Basis.LEGAL_OBLIGATION, fideslang="essential.legal_obligation", promise="DISC-9",
    words=Words(en="decide who outside may receive data, and keep the record of it",
                da="afgøre, hvem uden for os der må få oplysninger, og føre fortegnelsen over det"),
)  # fmt: skip
"""For the desk: the register of recipients and the cases. It reads nobody's data but what a case lists."""

HAND_OVER = Purpose(
    key="hand_over", basis=Basis.LEGAL_OBLIGATION, fideslang="essential.legal_obligation", promise="DISC-9",
    words=Words(en="put together what two people have approved for somebody outside",
                da="samle det, som to personer har godkendt til nogen uden for os"),
)  # fmt: skip
"""For the process that answers people: it reads what an approved case names, and nothing before it is approved."""

RETENTION = Purpose(
    key="retention", basis=Basis.LEGAL_OBLIGATION, fideslang="essential.legal_obligation", promise="RETAIN-1",
    words=Words(en="remove what has been kept long enough", da="fjerne, hvad der er gemt længe nok"),
)  # fmt: skip
"""It reads ids, states and moments, and none of what it removes."""

LEGAL_HOLD = Purpose(
    key="legal_hold", basis=Basis.LEGAL_OBLIGATION, fideslang="essential.legal_obligation", promise="RETAIN-3",
    words=Words(en="keep what is needed as evidence, and see what terms remove",
                da="bevare, hvad der skal bruges som bevis, og se, hvad fristerne fjerner"),
)  # fmt: skip
"""For the desk: it names what is to be kept by ids, and reads nobody's data."""

REGISTERS = Purpose(
    key="registers", basis=Basis.LEGAL_OBLIGATION, fideslang="essential.legal_obligation", promise="LIMIT-1",
    words=Words(en="keep the registers of breaches and of paper files, and count who a breach concerns",
                da="føre fortegnelserne over brud og papirmapper og tælle, hvem et brud angår"),
)  # fmt: skip
"""For the desk: of everybody's rows it reads ids and moments, to count them, and nothing else."""

BOOKS = Purpose(
    key="books", basis=Basis.LEGAL_OBLIGATION, fideslang="essential.legal_obligation", promise="RETAIN-4",
    words=Words(en="keep the books that the law asks for", da="føre de bøger, loven kræver"),
)  # fmt: skip

# --- grounds: a person has a key for each ---

SERVICE = Ground(key="service", words=Words(en="the service itself", da="selve tjenesten"))
BOOKKEEPING = Ground(
    key="bookkeeping", words=Words(en="bookkeeping and disputes", da="bogføring og indsigelser"),
    retained=Words(en="required by law: the books must be kept", da="påbudt ved lov: bøgerne skal gemmes"),
)  # fmt: skip

VAULT = Ground(key="vault", words=Words(en="the card vault's own keys", da="kortboksens egne nøgler"))
"""Not a person's key: card numbers have keys of their own, held by the payment zone alone."""

# --- terms (standards, A.8) ---

UNTIL_ACCOUNT_ENDS = Term(
    key="account_end", dpv="dpv:UntilEventDuration", trigger="end of the account", days=0, statute="",
    words=Words(en="until the account is closed", da="til kontoen lukkes"), counted=Trigger.ACCOUNT_END,
)  # fmt: skip
UNTIL_SESSION_ENDS = Term(
    key="session_end", dpv="dpv:UntilEventDuration", trigger="end of the session", days=30, statute="",
    words=Words(en="thirty days after the session ended", da="tredive dage efter, at sessionen sluttede"),
    counted=Trigger.SESSION_END,
)  # fmt: skip
CHECKOUT_TERM = Term(
    key="checkout", dpv="dpv:TemporalDuration", trigger="the checkout's creation", days=540,
    statute="",
    words=Words(en="540 days, the longest time in which a payer may dispute",
                da="540 dage, den længste frist for en indsigelse"),
    counted=Trigger.DISPUTE_WINDOW,
)  # fmt: skip
PAYER_TERM = Term(
    key="payer", dpv="dpv:UntilEventDuration", trigger="the last checkout", days=540, statute="",
    words=Words(en="540 days after the last purchase, the longest time in which a payer may dispute",
                da="540 dage efter det seneste køb, den længste frist for en indsigelse"),
    counted=Trigger.LAST_ACTIVITY,
)  # fmt: skip
CONTRACT_TERM = Term(
    key="contract_end", dpv="dpv:UntilEventDuration", trigger="end of the contract", days=540, statute="",
    words=Words(en="540 days after the contract ended, while its last payers may still dispute",
                da="540 dage efter aftalens ophør, mens de sidste betalere stadig kan gøre indsigelse"),
    counted=Trigger.CONTRACT_END,
)  # fmt: skip
CARD_TERM = Term(
    key="card", dpv="dpv:TemporalDuration", trigger="the payment", days=540, statute="PCI DSS 3.2.1",
    words=Words(en="540 days after the payment", da="540 dage efter betalingen"), counted=Trigger.DISPUTE_WINDOW,
)  # fmt: skip
BOOKKEEPING_TERM = Term(
    key="bookkeeping", dpv="dpv:TemporalDuration", trigger="end of the financial year", days=5 * 365 + 2,
    statute="lov nr. 700 af 24. maj 2022 (bogføringsloven)",
    words=Words(en="five years from the end of the financial year", da="fem år fra udgangen af regnskabsåret"),
    financial_years=5, counted=Trigger.FINANCIAL_YEAR,
)  # fmt: skip
VISIT_TERM = Term(
    key="visit", dpv="dpv:TemporalDuration", trigger="the visit's beginning", days=90, statute="",
    words=Words(en="ninety days after the visit began", da="halvfems dage efter, at besøget begyndte"),
)  # fmt: skip
"""Attacks are often noticed weeks later, so the newest three months are what PCI DSS 10.5.1 wants at hand of a log; its
twelve months are for the audit trail, which names no visitor."""
SIGN_IN_TERM = Term(
    key="sign_in", dpv="dpv:TemporalDuration", trigger="the event", days=180, statute="",
    words=Words(en="180 days", da="180 dage"),
)  # fmt: skip
"""Long enough to find out, months later, who was in an account."""
MAIL_TERM = Term(
    key="mail", dpv="dpv:TemporalDuration", trigger="the e-mail", days=30, statute="",
    words=Words(en="thirty days after it was written; what it said goes when it is sent",
                da="tredive dage efter, at den blev skrevet; indholdet slettes, når den er sendt"),
)  # fmt: skip
CONSENT_TERM = Term(
    key="consent", dpv="dpv:TemporalDuration", trigger="the yes or the no", days=5 * 365 + 1,
    statute="",
    words=Words(en="five years: a yes counts for two, and three more a claim can be made",
                da="fem år: et ja gælder i to, og i tre til kan der rejses krav"),
)  # fmt: skip
"""Three years are the general limitation period (forældelsesloven § 3); the two are ours (`consents.schemas.LASTS`)."""
LINK_TERM = Term(
    key="link", dpv="dpv:TemporalDuration", trigger="the end of the link", days=1, statute="",
    words=Words(en="one day after the link stopped working", da="et døgn efter, at linket holdt op med at virke"),
)  # fmt: skip
REQUEST_TERM = Term(
    key="request", dpv="dpv:TemporalDuration", trigger="the request", days=1, statute="",
    words=Words(en="one day", da="et døgn"),
)  # fmt: skip
DATA_REQUEST_TERM = Term(
    key="data_request", dpv="dpv:TemporalDuration", trigger="the request", days=3 * 365 + 1,
    statute="forældelsesloven § 3",
    words=Words(en="three years after it was asked, as long as a claim can be made about it",
                da="tre år efter, at der blev bedt om det, så længe der kan rejses krav om det"),
)  # fmt: skip
REPLY_TERM = Term(
    key="reply", dpv="dpv:TemporalDuration", trigger="the request", days=180, statute="",
    words=Words(en="until the request is answered, and 180 days at most",
                da="til anmodningen er besvaret, og højst 180 dage"),
)  # fmt: skip
DISCLOSURE_TERM = Term(
    key="disclosure", dpv="dpv:TemporalDuration", trigger="the hand-over", days=5 * 365 + 2, statute="",
    words=Words(en="five years after it was passed on", da="fem år efter, at det blev givet videre"),
)  # fmt: skip
"""As long as the longest of what is passed on is kept: so long somebody may ask who got it (Article 15(1)(c))."""
LOOK_TERM = Term(
    key="look", dpv="dpv:TemporalDuration", trigger="the look", days=3 * 365 + 1, statute="",
    words=Words(en="three years after our staff looked, as long as a claim can be made",
                da="tre år efter, at vores medarbejdere så på det, så længe der kan rejses krav"),
)  # fmt: skip
"""The general limitation period (forældelsesloven § 3): so long somebody may ask who looked, and why."""
CASE_TERM = Term(
    key="case", dpv="dpv:TemporalDuration", trigger="the case", days=5 * 365 + 2, statute="",
    words=Words(en="five years after it was entered; what was handed over goes once it is handed over",
                da="fem år efter, at den blev oprettet; det udleverede slettes, når det er udleveret"),
)  # fmt: skip
BREACH_TERM = Term(
    key="breach", dpv="dpv:TemporalDuration", trigger="the entry", days=5 * 365 + 2, statute="",
    words=Words(en="five years after it was entered", da="fem år efter, at det blev noteret"),
)  # fmt: skip
FAILURES_TERM = Term(
    key="failures", dpv="dpv:TemporalDuration", trigger="the failed attempt", days=1, statute="",
    words=Words(en="one day", da="et døgn"),
)  # fmt: skip
