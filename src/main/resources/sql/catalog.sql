-- The event types that organizations have besides those of the system.

-- Those of the organizations whose catalog has another version than the one that is held, as of one
-- snapshot: a row for each entity and each scheduled name, or one row if there is none.
-- name: catalogChanged
select o.id, o.catalog_version, o.open_catalog, a.name, a.family, a.date_fields, a.entity, a.field
from unnest($1::uuid[], $2::bigint[]) as held (id, version)
join organization o on o.id = held.id and o.catalog_version <> held.version
left join lateral (
  select e.name, e.family, e.date_fields, null::text as entity, null::text as field
  from custom_entity e where e.organization_id = o.id
  union all
  select s.name, null, null, s.entity, s.field
  from scheduled_event_configuration s where s.organization_id = o.id) a on true
order by o.id, a.name;
