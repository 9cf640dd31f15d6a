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

-- Of managed service users.
-- name: accessKeysRemoveOthers
delete from access_key k
using service_user u
where k.organization_id = $1 and k.access_key <> all ($2::text[])
  and u.organization_id = $1 and u.id = k.service_user_id and u.managed;

-- Answers the keys that belong to another organization, or to a service user whom no file declares;
-- they stay as they are.
-- name: accessKeysDeclare
with declared as materialized (
  select d.access_key, d.secret_hash, u.id as service_user_id
  from unnest($2::text[], $3::text[], $4::bytea[]) as d (access_key, user_name, secret_hash)
  join service_user u on u.organization_id = $1 and u.name = d.user_name and u.managed
),
taken as materialized (
  select d.access_key, k.organization_id
  from declared d
  join access_key k on k.access_key = d.access_key
  join service_user u on u.organization_id = k.organization_id and u.id = k.service_user_id
  where k.organization_id <> $1 or not u.managed
),
written as (
  insert into access_key as k (access_key, organization_id, service_user_id, secret_hash, dt_created,
    created_by)
  select access_key, $1, service_user_id, secret_hash, $5, 'system' from declared
  where access_key not in (select access_key from taken)
  on conflict (access_key) do update
    set service_user_id = excluded.service_user_id, secret_hash = excluded.secret_hash
    where k.organization_id = excluded.organization_id
      and (k.service_user_id, k.secret_hash)
        is distinct from (excluded.service_user_id, excluded.secret_hash)
)
select t.access_key, o.id as organization_id, o.name as organization_name
from taken t
join organization o on o.id = t.organization_id
order by t.access_key;
