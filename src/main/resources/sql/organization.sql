-- Organizations as configuration files declare them; see service_user.sql and access_key.sql for
-- who may call for them. Nothing is written where nothing differs.

-- Nodes that start at once take turns.
-- name: organizationsTurn
select pg_advisory_xact_lock(461907, 0);

-- name: organizationDeclare
insert into organization as o (id, name, time_zone, dt_created)
values ($1, $2, $3, $4)
on conflict (id) do update set name = excluded.name where o.name <> excluded.name;

-- After everything else: until the transaction ends, commits of these organizations wait. In the order
-- of their stripes, in which commits take them.
-- name: organizationMove
select organization_move($1, $2, $3, $4);

-- name: organizationBegin
insert into rule_set (organization_id, version) values ($1, 1) on conflict do nothing;
