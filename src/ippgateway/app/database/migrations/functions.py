"""The database's own functions: the audit chain, the ledger's balance, the end of access records, what was agreed, the way
of a case.

A migration copies what it needs by name; a change of behaviour is a new constant and a new migration.
"""

AUDIT_APPEND = """
create function ipp.audit_append(p_actor text, p_act text, p_object text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    zone text := substring(session_user from '_z_([a-z]+)$');
    last_seq bigint;
    last_hash bytea;
    moment timestamptz;
    text_of_entry text;
begin
    if session_user <> current_user and (p_actor = zone or starts_with(p_actor, zone || '/')) is not true then
        raise exception 'a zone records its own acts only' using errcode = 'insufficient_privilege';
    end if;
    if (p_actor ~ '^[0-9A-Za-z_.:/-]{1,40}$' and p_act ~ '^[a-z_.]{1,60}$' and p_object ~ '^[0-9A-Za-z_.:/-]{1,60}$')
        is not true then
        raise exception 'the audit trail takes ids and words only' using errcode = 'invalid_parameter_value';
    end if;
    -- A lock that only the owner can take: nobody else can keep the trail from being written.
    lock table ipp.audit_entry in share row exclusive mode;
    select seq, hash into last_seq, last_hash from ipp.audit_entry order by seq desc limit 1;
    last_seq := coalesce(last_seq, 0) + 1;
    last_hash := coalesce(last_hash, decode(repeat('00', 32), 'hex'));
    moment := clock_timestamp();
    text_of_entry := concat_ws(chr(31), encode(last_hash, 'hex'), last_seq::text,
        (extract(epoch from moment) * 1000000)::bigint::text, p_actor, p_act, p_object);
    insert into ipp.audit_entry (seq, at, actor, act, object, previous, hash)
    values (last_seq, moment, p_actor, p_act, p_object, last_hash, sha256(convert_to(text_of_entry, 'UTF8')));
    return last_seq;
end $$
"""

LEDGER_BALANCE = """
create function ipp.ledger_balanced() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if exists (select 1 from added group by company_id, entry_id, currency having sum(amount_minor) <> 0) then
        raise exception 'an entry of the ledger does not balance' using errcode = 'check_violation';
    end if;
    return null;
end $$
"""

LEDGER_TRIGGER = """
create trigger ledger_balanced after insert on ipp.ledger_line
referencing new table as added for each statement execute function ipp.ledger_balanced()
"""

VISITS_FORGET = """
create function ipp.visits_forget() returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
    with old as (
        select tenant_id, id from ipp.visit where began_at < now() - interval '90 days' order by began_at limit 5000
    ), gone as (
        delete from ipp.visit v using old where v.tenant_id = old.tenant_id and v.id = old.id returning 1
    )
    select count(*) from gone
$$
"""
"""A function, so that whoever writes access records can remove those whose term has ended and no other."""

APPEND_ONLY = """
create function ipp.append_only() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'DELETE' and current_user ~ '_p_(erasure|retention)$' then
        return old;
    end if;
    raise exception 'what was agreed is added to and never changed' using errcode = 'insufficient_privilege';
end $$
"""
"""For the owner as well, whom no privilege stops: a row is never changed, and goes with its person or at the end of its
term alone."""

APPEND_ONLY_TRIGGERS = """
create trigger append_only before update or delete on ipp.{table} for each row execute function ipp.append_only();
create trigger not_truncated before truncate on ipp.{table} for each statement execute function ipp.append_only()
"""

CASE_WAY = """
create function ipp.case_way() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if (old.state, new.state) not in (
        ('OPEN', 'APPROVED'), ('APPROVED', 'READY'), ('READY', 'DONE'), ('READY', 'APPROVED'),
        ('OPEN', 'REFUSED'), ('APPROVED', 'REFUSED'), ('READY', 'REFUSED')
    ) then
        raise exception 'a case does not go from % to %', old.state, new.state using errcode = 'check_violation';
    end if;
    return new;
end $$
"""
"""What has ended stays so, and nothing is put together that was not approved. READY goes back to APPROVED when the file
has to be put together anew."""

CASE_WAY_TRIGGER = """
create trigger case_way before update on ipp.disclosure_case
for each row when (old.state is distinct from new.state) execute function ipp.case_way()
"""
