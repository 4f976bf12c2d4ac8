"""The register: every promise by its id, which never changes, with a title of our own, in the policy's order."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise."""

    id: str
    title: str


_LINES = """
SCOPE-1 one policy, one inventory, every surface
SCOPE-2 customers, resellers, partners, visitors each as a kind of account
SCOPE-3 leaving the Platform is marked
SCOPE-4 every stored field is classified
COLLECT-1 downloads
COLLECT-2 forms
COLLECT-3 orders of plans
COLLECT-4 writing and calling
COLLECT-5 categories with purpose, basis, recipients and term
COLLECT-6 records of access
COLLECT-7 customer accounts
COLLECT-8 anonymous usage figures
VISIT-1 information only with consent
VISIT-2 page reports and training without identities
VISIT-3 optional fields are optional
VISIT-4 interest from aggregates
VISIT-5 content by past visits, with consent
VISIT-6 diagnostics by IP address
VISIT-7 recognition cookie
VISIT-8 house advertisements
VISIT-9 no endless repetition
VISIT-10 statistics without persons
CUST-1 service requests
CUST-2 orders and delivery
CUST-3 payments
CUST-4 mail about orders and renewals
CUST-5 secure areas
CUST-6 product metrics from aggregates
CUST-7 fraud and abuse
CUST-8 one gate for every hand-over
CARD-1 card payments over a real acquirer protocol
CARD-2 nothing below TLS 1.2
CARD-3 card numbers for payments alone
CARD-4 no card number to others without consent
CARD-5 confidentiality at rest and in logs
SUPP-1 one inbox
SUPP-2 the order form makes the account
SUPP-3 written exchanges are archived
SUPP-4 visits beside a case, where allowed
SUPP-5 calls recorded with consent only
SUPP-6 notes from the telephone
BASIS-1 uses under a contract
BASIS-2 legitimate interests, weighed and open to objection
BASIS-3 consent for marketing
BASIS-4 consent per cookie category
BASIS-5 duties by statute
BASIS-6 requests of authorities
BASIS-7 proof of identity at sign-in
BASIS-8 operational news
BASIS-9 surveys
BASIS-10 job applications
BASIS-11 interest: running the sites
BASIS-12 interest: providing the services
BASIS-13 interest: support and disputes
BASIS-14 interest: technical analysis
BASIS-15 interest: watching for fraud
BASIS-16 interest: the relationship
BASIS-17 interest: legal and operational affairs
BASIS-18 interest: training
BASIS-19 interest: better products
BASIS-20 interest: administration
DISC-1 staff see by role and purpose
DISC-2 processors by category and place
DISC-3 advisers
DISC-4 regulators
DISC-5 buyers of the business
DISC-6 suspected illegal activity
DISC-7 rights and risks
DISC-8 rights holders
DISC-9 government and courts
DISC-10 other recipients by law
DISC-11 never sold
PLACE-1 places shown and agreed
PLACE-2 transfers protected
SEC-1 hardened servers, known places
SEC-2 paper files
SEC-3 user name and password
SEC-4 second factor
SEC-5 sealed per person and ground
CHOICE-1 marketing mail with consent
CHOICE-2 one-click unsubscribe
CHOICE-3 accept all cookies
CHOICE-4 told of each cookie
CHOICE-5 reject all cookies
CHOICE-6 the browser's own preferences
STAT-1 addresses shortened
STAT-2 domain asked for
STAT-3 internet provider
STAT-4 date and time
STAT-5 length of the session
STAT-6 pages
STAT-7 visits within a month
STAT-8 files
STAT-9 referring site
STAT-10 operating system
PUBLIC-1 forum and messages
PUBLIC-2 authors edit and remove
PUBLIC-3 sharing and relayed contact
RETAIN-1 terms and their scheduler
RETAIN-2 erasure and closure on request
RETAIN-3 grounds for keeping
RETAIN-4 what is kept is restricted
LAW-1 law and terms of use
LIMIT-1 breaches
CHANGE-1 versions of the policy
CONTACT-1 questions answered
START-1 started within minutes
BRAND-1 white label
"""

REGISTER: tuple[Promise, ...] = tuple(Promise(*line.split(" ", 1)) for line in _LINES.strip().splitlines())
"""All of them."""
