-- Organizations as configuration files declare them; see service_user.sql and access_key.sql for
-- who may call for them. Nothing is written where nothing differs.

-- Nodes that start at once take turns.
-- name: organizationsTurn
select pg_advisory_xact_lock(461907, 0);

-- Locks nothing where there is one already.
-- name: organizationMake
insert into organization (id, name, time_zone, dt_created, retention_days)
values ($1, $2, $3, $4, $5)
on conflict (id) do nothing;

-- Whoever changes what an organization has locks its row last, so this comes after everything else in
-- its transaction; a row that does not differ is not locked.
-- name: organizationDeclare
update organization set name = $2, retention_days = $3
where id = $1 and (name, retention_days) is distinct from ($2, $3::int);

-- name: organizationMove
select organization_move($1, $2, $3, $4);

-- name: organizationBegin
insert into rule_set (organization_id, version) values ($1, 1) on conflict do nothing;

-- Those whose events are kept for less than the server's $1 days; of those that are being erased,
-- nothing is kept.
-- name: organizationRetentions
select id, min(days) as retention_days
from (
  select id, retention_days as days from organization where retention_days < $1
  union all
  select organization_id, 0 from organization_erasure where dt_erased is null) o
group by id;

-- The smallest id that is still there, as statements over all organizations find it.
-- name: eventHorizon
select event_horizon($1, $2, $3);

-- The same, so many after one, in the order of their ids.
-- name: organizationRetentionsAfter
select id, retention_days from organization
where retention_days < $1 and id > $2
order by id
limit $3::int;

-- Those of some that were erased.
-- name: organizationsErased
select organization_id, dt_requested from organization_erasure where organization_id = any ($1::uuid[]);

-- $2 the stripe; $3 what it is named; $4 the moment.
-- name: organizationErase
select organization_erase($1, $2, $3, $4) as outcome;

-- name: organizationsErasing
select organization_id from organization_erasure where dt_erased is null order by dt_requested;

-- name: organizationRowsDelete
select organization_rows_delete($1, $2, $3) as deleted;

-- The last of an organization, and all that was added to it by somebody who had not heard of its end.
-- name: organizationErased
with gone as (
  delete from organization where id = $1
)
update organization_erasure set dt_erased = $2 where organization_id = $1 and dt_erased is null;
