"""What sign-up says, in English and Danish."""

from ippgateway.privacy.vocabulary import Words

TITLE = Words(en="Open an account", da="Opret en konto")
LEAD = Words(
    en="You land in the sandbox with keys in your hand. Nothing is real there, nothing costs anything, and no card is "
    "charged.",
    da="Du lander i sandkassen med nøgler i hånden. Intet er ægte der, intet koster noget, og intet kort bliver "
    "belastet.",
)
KINDS = Words(en="Who opens the account", da="Hvem opretter kontoen")
SHOP = Words(en="A shop", da="En butik")
PARTNER = Words(en="A partner", da="En partner")
RESELLER = Words(en="A reseller", da="En forhandler")
PERSON = Words(en="A person", da="En person")
SHOP_MORE = Words(en="Takes payments.", da="Tager imod betalinger.")
PARTNER_MORE = Words(
    en="Brings in shops, and helps inside their accounts when they allow it.",
    da="Bringer butikker ind og hjælper i deres konti, når de giver lov.",
)
RESELLER_MORE = Words(
    en="Sells our service to shops under an agreement of its own.",
    da="Sælger vores tjeneste til butikker efter sin egen aftale.",
)
PERSON_MORE = Words(
    en="For the forum, for orders, and for requests about your own data.",
    da="Til forummet, til bestillinger og til spørgsmål om dine egne data.",
)
COMPANY = Words(en="Company name", da="Virksomhedens navn")
COMPANY_BAD = Words(
    en="The company needs a name: between 1 and 100 characters, on one line.",
    da="Virksomheden skal have et navn: mellem 1 og 100 tegn på én linje.",
)
COUNTRY = Words(en="Country", da="Land")
COUNTRY_BAD = Words(
    en="We open accounts for companies in the countries of this list.",
    da="Vi opretter konti for virksomheder i listens lande.",
)
NUMBER = Words(en="Company number", da="CVR-nummer eller virksomhedens nummer")
NUMBER_HINT = Words(
    en="In Denmark the CVR number; elsewhere the VAT number with its country letters.",
    da="I Danmark CVR-nummeret; i andre lande momsnummeret med landebogstaver.",
)
NUMBER_BAD = Words(
    en="This can't be a company number of that country. A Danish one has eight digits and does not begin with 0; "
    "others begin with the country's letters.",
    da="Det kan ikke være et virksomhedsnummer fra det land. Et dansk har otte cifre og begynder ikke med 0; andre "
    "begynder med landets bogstaver.",
)
NUMBER_DOUBT = Words(
    en="The last digit of this CVR number does not fit the others, which mostly means a slip. If it is right as it "
    "stands, send the form once more; we take it.",
    da="Det sidste ciffer i CVR-nummeret passer ikke til de andre, og det er som regel en slåfejl. Er det rigtigt, som "
    "det står, så send formularen en gang til; så tager vi det.",
)
NAME_HINT = Words(en="Whom we address in letters.", da="Den, vi skriver til i breve.")
EMAIL_HINT = Words(
    en="You sign in with it. We send a letter to confirm it.",
    da="Du logger ind med den. Vi sender et brev for at bekræfte den.",
)
PASSWORD_AGAIN = Words(
    en="Choose the password once more; we never send one back to the page.",
    da="Vælg adgangskoden igen; vi sender den aldrig tilbage til siden.",
)
ACCEPTS = Words(en="Opening the account, you accept the", da="Når du opretter kontoen, godtager du")
TERMS = Words(en="terms of use", da="vilkårene")
PROCESSING = Words(en="with the agreement on processing", da="med aftalen om databehandling")
PLACES = Words(
    en="With them you agree to where data about you is handled:",
    da="Med dem godtager du, hvor data om dig behandles:",
)
PLACES_OF_PAYERS = Words(en="and where your payers' card payments are:", da="og hvor dine betaleres kortbetalinger er:")
SEE_POLICY = Words(en="What we do with your data stands in the", da="Hvad vi gør med dine data, står i")
TERMS_CHANGED = Words(
    en="New terms came into force while you were typing, so nothing was opened yet. They are named below; send the "
    "form again if you accept them.",
    da="Der er trådt nye vilkår i kraft, mens du skrev, så intet er oprettet endnu. De står nedenfor; send formularen "
    "igen, hvis du godtager dem.",
)
TERMS_MISSING = Words(
    en="The form did not say which terms you saw, so nothing was accepted. They are named here; send the form again if "
    "you accept them.",
    da="Formularen sagde ikke, hvilke vilkår du så, så intet er godtaget. De står her; send formularen igen, hvis du "
    "godtager dem.",
)
PRIVACY = Words(en="privacy policy", da="privatlivspolitikken")
GO = Words(en="Open the account", da="Opret kontoen")
HAVE_ONE = Words(en="Have one already?", da="Har du en i forvejen?")
SIGN_IN = Words(en="Sign in", da="Log ind")
POLICY = Words(
    en="What your payers are told before they pay, read from the same declarations:",
    da="Det, dine betalere får at vide, før de betaler, læst fra de samme erklæringer:",
)
POLICY_VERSION = Words(en="policy", da="politik")
CHECK_FORM = Words(
    en="The account is not open yet: something below needs another look. What you typed is still here, the password "
    "aside.",
    da="Kontoen er ikke oprettet endnu: noget nedenfor skal ses efter. Det, du skrev, er her stadig, bortset fra "
    "adgangskoden.",
)
