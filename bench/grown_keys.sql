-- The keys of the payers of `grown.sql`, in the key database.

insert into ipp.person_key (controller, person_id, ground, epoch, wrapped, created_at)
select company_id, person_id, ground, (select max(epoch) from ipp.person_key), pg_temp.sealed(61), at
from past, (select distinct ground from ipp.person_key) as grounds where first;
