-- What payments of some time ago left behind: one statement for each table, from the view `past` (company_id, id,
-- person_id, first of that person, n, at).

insert into ipp.payer (company_id, person_id, created_at, email, name)
select company_id, person_id, at, pg_temp.sealed(47), pg_temp.sealed(40) from past where first;

insert into ipp.checkout (company_id, id, person_id, amount_text, amount_hundredths, currency, transaction_type, test,
    store_card, authenticated, declines, created_at, expires_at, digest, cryptogram_digest, order_id, notify_url,
    accept_url, extra)
select company_id, id, person_id, '1200', 1200, 'DKK', 'MOTO', true, false, false, 0, at, at, sha256(n::text::bytea),
    sha256(n::text::bytea), pg_temp.sealed(39), pg_temp.sealed(92), pg_temp.sealed(56), pg_temp.sealed(67) from past;

insert into ipp.card (company_id, id, checkout_id, person_id, number, number_key, fingerprint, first6, last4, length,
    brand, expiry_month, expiry_year, created_at)
select company_id, id, id, person_id, pg_temp.sealed(45), 1, sha256(n::text::bytea), '492912', '1111', 16, 'VISA', 12, 2031, at
from past;

insert into ipp.payment (company_id, id, checkout_id, card_id, person_id, method, state, state_at, amount_minor,
    currency, authorised_minor, test, created_at, order_id, holder, purchases, seen_before)
select company_id, id, id, id, person_id, 'AUTH', 'APPROVED', at, 1200, 'DKK', 1200, true, at, pg_temp.sealed(39),
    pg_temp.sealed(40), 1, false from past;

insert into ipp.payment_action (company_id, id, payment_id, person_id, method, result, reason, again, amount_minor,
    currency, acquirer_id, terminal, stan, rrn, sent_at, response_code, auth_code, created_at, settled_at)
select company_id, id, id, person_id, 'AUTH', 'ACK', '', '', 1200, 'DKK', 'Te5t-Acqu-irer', 'IPP00000', '000001',
    '632800000001', at, '00', 'ABC123', at, at from past;

insert into ipp.ledger_line (company_id, entry_id, line, account, amount_minor, currency, action_id, at)
select company_id, id, line, account, amount_minor, 'DKK', id, at
from past, (values (1, 'holds_at_issuers', 1200), (2, 'authorised', -1200)) as lines (line, account, amount_minor);

insert into ipp.event (company_id, id, kind, subject_id, at)
select company_id, id, 'payment.approved', id, at from past;

insert into ipp.notification (company_id, id, payment_id, person_id, test, state, tries, created_at, last_at,
    last_status, url)
select company_id, id, id, person_id, true, 'DELIVERED', 1, at, at, 200, pg_temp.sealed(92) from past;

insert into ipp.disclosure (tenant_id, person_id, subject_id, recipient_id, recipient, purpose, at, fields)
select company_id, person_id, id, 'Te5t-Acqu-irer', 'acquirer', 'payment', at, 'card_details,card_number' from past;
