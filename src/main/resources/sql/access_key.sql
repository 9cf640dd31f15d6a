-- What service users ask for tokens with.

-- name: accessKeyFind
select organization_id, service_user_id, secret_hash from access_key where access_key = $1;

-- name: accessKeysRemoveOthers
delete from access_key where organization_id = $1 and access_key <> all ($2::text[]);

-- Answers the keys that belong to another organization, which stay as they are.
-- name: accessKeysDeclare
with declared as materialized (
  select d.access_key, d.secret_hash, u.id as service_user_id
  from unnest($2::text[], $3::text[], $4::bytea[]) as d (access_key, user_name, secret_hash)
  join service_user u on u.organization_id = $1 and u.name = d.user_name
),
written as (
  insert into access_key as k (access_key, organization_id, service_user_id, secret_hash, dt_created)
  select access_key, $1, service_user_id, secret_hash, $5 from declared
  on conflict (access_key) do update
    set service_user_id = excluded.service_user_id, secret_hash = excluded.secret_hash
    where k.organization_id = excluded.organization_id
      and (k.service_user_id, k.secret_hash)
        is distinct from (excluded.service_user_id, excluded.secret_hash)
)
select d.access_key, o.id as organization_id, o.name as organization_name
from declared d
join access_key k on k.access_key = d.access_key and k.organization_id <> $1
join organization o on o.id = k.organization_id
order by d.access_key;
