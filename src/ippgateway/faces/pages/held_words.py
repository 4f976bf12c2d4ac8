"""What pages that tell what is held say, in English and Danish."""

from ippgateway.privacy.papers import common
from ippgateway.privacy.rights.held import Shown
from ippgateway.privacy.vocabulary import Source, Words

MORE = Words(en="Not every row of this is shown; there are too many:", da="Ikke alle rækker vises; der er for mange:")
WHY = Words(en="Why", da="Hvorfor")
BASIS = Words(en="Legal basis", da="Retsgrundlag")
HOW_LONG = Words(en="How long", da="Hvor længe")
RECEIVES = Words(en="Who gets it, and where", da="Hvem får det, og hvor")
UNTIL = Words(en="until", da="til og med")
NOBODY = Words(en="nobody", da="ingen")
GROUND = Words(en="Kept on the ground", da="Gemmes på grund af")
STATUTE = Words(en="under", da="jf.")

SOURCE = Words(en="Where it comes from", da="Hvor det kommer fra")
SOURCES: dict[Source, Words] = {
    Source.PERSON: Words(en="you", da="dig selv"),
    Source.SHOP: Words(en="the shop", da="butikken"),
    Source.BANK: Words(en="your bank, or the card scheme", da="din bank eller kortselskabet"),
    Source.OBSERVED: Words(en="noted while you used our pages", da="noteret, mens du brugte vores sider"),
    Source.DERIVED: Words(en="made from the rest", da="dannet ud fra resten"),
    Source.STAFF: Words(en="our staff", da="vores medarbejdere"),
}
RECEIVED = Words(en="Who was given what", da="Hvem der har fået hvad")
RECEIVED_NOBODY = Words(
    en="Nobody outside was given anything about you.", da="Ingen uden for os har fået noget om dig."
)
LOOKS = Words(en="When our staff looked", da="Hvornår vores medarbejdere har set på det")
LOOKS_LEAD = Words(
    en="Whoever of us looks at your data must say why, before anything is shown. Each time stands here.",
    da="Den af os, der ser på dine data, skal sige hvorfor, før noget vises. Hver gang står her.",
)
LOOKS_NONE = Words(en="Nobody of us has looked at your data.", da="Ingen af os har set på dine data.")
LOOKED_WHY = Words(en="Why", da="Hvorfor")
EMERGENCY = Words(
    en="in an emergency, which somebody else has to review", da="i et nødstilfælde, som en anden skal gennemgå"
)
WHEN, WHO, WHAT = (
    Words(en="When", da="Hvornår"), Words(en="Who", da="Hvem"), Words(en="What", da="Hvad")
)  # fmt: skip

SHOWN: dict[Shown, Words] = {
    Shown.CODE: Words(en="stored as a code, which says nothing to anybody", da="gemt som en kode, der intet siger"),
    Shown.NEVER: Words(en="stored and locked; it is never shown", da="gemt og låst; det vises aldrig"),
    Shown.RESTRICTED: Words(
        en="kept and locked; only its ground may open it", da="gemt og låst; kun grunden herfor må åbne det"
    ),
    Shown.TOLD: Words(en="what it says is not shown here", da="hvad der står, vises ikke her"),
    Shown.UNREADABLE: Words(
        en="its key is destroyed; nobody can read it", da="nøglen er destrueret; ingen kan læse det"
    ),
}

_VISITS = Words(en="visits to our pages", da="besøg på vores sider")
RECORDS: dict[str, Words] = {"visit": _VISITS, "visit_page": _VISITS}
"""The title of what is told record by record, by its table, where several tables make one record."""

LABELS: dict[str, Words] = {
    "accept_url": Words(en="the shop's page for afterwards", da="butikkens side bagefter"),
    "acs_transaction_id": Words(en="number at your bank", da="nummer hos din bank"),
    "acs_url": Words(en="where your bank asks", da="hvor din bank spørger"),
    "address": Words(en="IP address", da="IP-adresse"),
    "amount_minor": Words(en="amount", da="beløb"),
    "answer": Words(en="an answer to the shop", da="et svar til butikken"),
    "at": Words(en="opened", da="åbnet"),
    "began_at": Words(en="began", da="begyndt"),
    "body_code": Words(en="code of the shop's request", da="kode for butikkens forespørgsel"),
    "captured_minor": Words(en="taken from the card", da="hævet på kortet"),
    "channel": Words(en="by which way", da="ad hvilken vej"),
    "shown": Words(en="what our staff saw", da="hvad vores medarbejdere så"),
    "reason": Words(en="why our staff looked", da="hvorfor vores medarbejdere så på det"),
    "how": Words(en="how it was said", da="hvordan det blev sagt"),
    "link_digest": Words(en="key to stopping it", da="nøgle til at stoppe det"),
    "purpose": Words(en="what for", da="til hvad"),
    "said": Words(en="what you said", da="hvad du sagde"),
    "version": Words(en="version", da="udgave"),
    "who_code": Words(en="code of the address", da="kode for adressen"),
    "brand": Words(en="kind of card", da="korttype"),
    "browser": Words(en="browser", da="browser"),
    "challenge_digest": Words(en="key to the bank's question", da="nøgle til bankens spørgsmål"),
    "comment": Words(en="the shop's comment", da="butikkens bemærkning"),
    "created_at": Words(en="when", da="hvornår"),
    "contents": Words(en="what it is about", da="hvad det drejer sig om"),
    "credential_id": Words(en="the passkey's number", da="adgangsnøglens nummer"),
    "cryptogram_digest": Words(en="second key to the payment page", da="anden nøgle til betalingssiden"),
    "digest": Words(en="key to the payment page", da="nøgle til betalingssiden"),
    "ds_transaction_id": Words(en="number at the card scheme", da="nummer hos kortselskabet"),
    "email": Words(en="e-mail", da="e-mail"),
    "email_code": Words(en="code of the e-mail", da="kode for e-mailen"),
    "employment": Words(en="where you work", da="hvor du arbejder"),
    "ended_at": Words(en="ended", da="slut"),
    "expiry_month": Words(en="expires, month", da="udløber, måned"),
    "expiry_year": Words(en="expires, year", da="udløber, år"),
    "extra": Words(en="what else the shop sent", da="andet, butikken sendte"),
    "export": Words(en="what was put together for it", da="hvad der blev samlet til det"),
    "finding": Words(en="what the review found", da="hvad gennemgangen viste"),
    "fingerprint": Words(en="code of the card", da="kode for kortet"),
    "fields": Words(en="passed on", da="givet videre"),
    "first6": Words(en="first digits", da="første cifre"),
    "hash": Words(en="password", da="adgangskode"),
    "holder": Words(en="name on the card", da="navn på kortet"),
    "key1": Words(en="first key", da="første nøgle"),
    "key1_digest": Words(en="code of the first key", da="kode for første nøgle"),
    "key2": Words(en="second key", da="anden nøgle"),
    "key2_digest": Words(en="code of the second key", da="kode for anden nøgle"),
    "key_code": Words(en="code of the request's name", da="kode for forespørgslens navn"),
    "label": Words(en="what you call it", da="hvad du kalder den"),
    "last4": Words(en="last digits", da="sidste cifre"),
    "known_by": Words(en="numbers by which a recipient knows it", da="numre, som en modtager kender det på"),
    "last_at": Words(en="last seen", da="sidst set"),
    "merchant_key": Words(en="key at the acquirer", da="nøgle hos indløseren"),
    "meta": Words(en="details", da="oplysninger"),
    "name": Words(en="name", da="navn"),
    "new_value": Words(en="what you say is right", da="hvad du siger, der er rigtigt"),
    "notify_url": Words(en="where the shop is told", da="hvor butikken får besked"),
    "number": Words(en="card number", da="kortnummer"),
    "old_value": Words(en="what was stored when you asked", da="hvad der var gemt, da du bad om det"),
    "order_id": Words(en="order", da="ordre"),
    "page": Words(en="page", da="side"),
    "payers_contact": Words(en="where payers reach the shop", da="hvor kunder får fat i butikken"),
    "phone": Words(en="telephone", da="telefon"),
    "refunded_minor": Words(en="paid back", da="betalt tilbage"),
    "requests": Words(en="requests", da="forespørgsler"),
    "seconds": Words(en="seconds on view", da="sekunder fremme"),
    "secret": Words(en="what your app or passkey goes by", da="det, din app eller adgangsnøgle bygger på"),
    "seen_at": Words(en="last used", da="sidst brugt"),
    "settings": Words(en="settings at the acquirer", da="indstillinger hos indløseren"),
    "state": Words(en="how it went", da="hvordan det gik"),
    "statement": Words(en="what you asked, in your words", da="hvad du bad om, med dine ord"),
    "subjects": Words(en="who is searched for", da="hvem der søges efter"),
    "surface": Words(en="where", da="hvor"),
    "system": Words(en="system", da="system"),
    "told": Words(en="what it says", da="hvad der står"),
    "transaction_id": Words(en="number with us", da="nummer hos os"),
    "url": Words(en="where the shop was told", da="hvor butikken fik besked"),
    "username_code": Words(en="code of the user name", da="kode for brugernavnet"),
    "value": Words(en="the bank's proof", da="bankens bevis"),
}
"""What a column is called, for whoever it is about; the names of tables and columns stand below it."""

LABELS_OF: dict[tuple[str, str], Words] = {
    ("sign_in_session", "digest"): Words(en="key of the sign-in", da="loginets nøgle"),
    ("known_device", "digest"): Words(en="key of the browser", da="browserens nøgle"),
    ("ticket", "digest"): Words(en="key of the link", da="linkets nøgle"),
    ("recovery_code", "digest"): Words(en="recovery code", da="genoprettelseskode"),
    ("acceptance", "what"): Words(en="what you did", da="hvad du gjorde"),
    ("correction", "said"): Words(en="what you say is right", da="hvad du siger, der er rigtigt"),
    ("data_request", "answer"): Words(en="the answer", da="svaret"),
    ("company_key", "digest"): Words(en="code of the key", da="kode for nøglen"),
}
"""Where the same column is something else in another table."""


VALUES: dict[tuple[str, str], Words] = {
    ("surface", "page"): Words(en="our payment page", da="vores betalingsside"),
    ("surface", "widget"): Words(en="the payment form in the shop's page", da="betalingsfeltet på butikkens side"),
    ("surface", "site"): Words(en="our site", da="vores websted"),
    ("surface", "console"): Words(en="the console of shops and partners", da="butikkernes og partnernes konsol"),
    ("surface", "desk"): Words(en="the desk of our staff", da="vores medarbejderes skrivebord"),
    ("surface", "api"): Words(en="a program that calls us", da="et program, der kalder os"),
    ("state", "SENT"): Words(en="under way", da="i gang"),
    ("state", "UNKNOWN"): Words(en="not known yet", da="ikke kendt endnu"),
    ("state", "APPROVED"): Words(en="approved", da="godkendt"),
    ("state", "DECLINED"): Words(en="declined", da="afvist"),
    ("state", "REVERSED"): Words(en="reversed", da="tilbageført"),
    ("what", "told"): Words(en="you were told", da="du fik besked"),
    ("what", "accepted"): Words(en="you accepted", da="du godtog"),
    ("page", "payment"): Words(en="payment", da="betaling"),
    ("page", "receipt"): Words(en="receipt", da="kvittering"),
    ("page", "challenge"): Words(en="the way to your bank", da="vejen til din bank"),
    ("page", "widget"): Words(en="the payment form", da="betalingsfeltet"),
    ("page", "other"): Words(en="another page", da="en anden side"),
}
"""Stored words of ours, by their column."""

BASES, PLACES = common.BASES, common.PLACES
