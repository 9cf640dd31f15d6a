-- Organizations as configuration files declare them; see service_user.sql and access_key.sql for
-- who may call for them. Nothing is written where nothing differs.

-- Nodes that start at once take turns.
-- name: organizationsTurn
select pg_advisory_xact_lock(461907, 0);

-- name: organizationDeclare
insert into organization as o (id, name, time_zone, dt_created, retention_days)
values ($1, $2, $3, $4, $5)
on conflict (id) do update
  set name = excluded.name, time_zone = excluded.time_zone, retention_days = excluded.retention_days
  where (o.name, o.time_zone, o.retention_days)
    is distinct from (excluded.name, excluded.time_zone, excluded.retention_days);

-- name: organizationBegin
insert into rule_set (organization_id, version) values ($1, 1) on conflict do nothing;

-- Those whose events are kept for less than the server's $1 days.
-- name: organizationRetentions
select id, retention_days from organization where retention_days < $1;

-- The smallest id that is still there, as statements over all organizations find it.
-- name: eventHorizon
select event_horizon($1, $2, $3);

-- The same, so many after one, in the order of their ids.
-- name: organizationRetentionsAfter
select id, retention_days from organization
where retention_days < $1 and id > $2
order by id
limit $3::int;
