-- Organizations, as configuration files declare them.

-- Whoever declares and whoever erases take turns.
-- name: organizationsTurn
select pg_advisory_xact_lock(461907, 0);

-- Makes the database say what files say, but for organizations that something stands in the way of; see
-- the function.
--
-- $1 organizations, each with the stripe of its gate: {id, stripe, name, time_zone, retention_days,
-- open_catalog, policies: [{id, name, statements}], users: [{id, name}], keys: [{access_key, user_name,
-- secret_hash}], assignments: [{id, user_name, policy_name}], webhooks: [{id, before, code, name,
-- description, url, active, credentials_id, credentials_name, credentials_empty, sealed}], rules: [{id,
-- code, name, description, event_name, active, always_fire_event, calculation}], links: [{id, rule,
-- webhook}], scheduled: [{id, name, entity, field, offset_days}], entities: [{name, family,
-- date_fields}]}, where ids are for those that are new, but for webhooks'; $2 who; $3 when.
-- name: organizationsDeclare
select organization_id, kind, section, name, other_id, other_name, at, version
from organizations_declare($1::text::jsonb, $2, $3);

-- The webhooks that files have declared for some organizations by now.
-- name: webhooksDeclared
select organization_id, id, code, version, credentials_sealed
from webhook
where organization_id = any ($1::uuid[]) and declared;

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
