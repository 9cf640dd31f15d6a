-- What service users ask for tokens with.

-- name: accessKeyFind
select organization_id, service_user_id, secret_hash from access_key
where access_key = $1 and not exists (
  select from organization_erasure x where x.organization_id = access_key.organization_id);

-- A service user with his keys; one row without key when he has none, no row when he is gone.
-- name: accessKeyList
select k.access_key, k.dt_created, k.created_by
from service_user u
left join access_key k on k.organization_id = u.organization_id and k.service_user_id = u.id
where u.organization_id = $1 and u.id = $2
order by k.dt_created desc, k.access_key;

-- Adds a key to a service user whose row is locked, if he has fewer than $7.
-- name: accessKeyCreate
insert into access_key (access_key, organization_id, service_user_id, secret_hash, dt_created,
  created_by)
select $3, $1, $2, $4, $6, $5
where (select count(*) from access_key where organization_id = $1 and service_user_id = $2) < $7::int
returning access_key, dt_created, created_by;

-- name: accessKeyDelete
delete from access_key k
using service_user u
where k.access_key = $3 and k.organization_id = $1 and k.service_user_id = $2
  and u.organization_id = $1 and u.id = $2 and not u.managed
returning k.access_key, k.dt_created, k.created_by;
