-- Scheduled event configurations. Those that change one answer the row only if they changed it. They
-- change the catalog and the rule set, and with the due times begin to arm what is stored
-- (scheduled_arming_begin), from the first entity.

-- name: scheduledEventList
select id, name, entity, field, offset_days, declared, version, dt_created, dt_last_modified, created_by,
  last_modified_by
from scheduled_event_configuration
where organization_id = $1 and id < $2 and ($4::uuid[] is null or id = any ($4))
order by id desc
limit $3;

-- name: scheduledEventFind
select id, name, entity, field, offset_days, declared, version, dt_created, dt_last_modified, created_by,
  last_modified_by
from scheduled_event_configuration
where organization_id = $1 and id = $2;

-- name: scheduledEventCreate
insert into scheduled_event_configuration (organization_id, id, name, entity, field, offset_days,
  version, dt_created, dt_last_modified, created_by, last_modified_by)
values ($1, $3, $4, $5, $6, $7, 1, $9, $9, $8, $8)
returning id, name, entity, field, offset_days, declared, version, dt_created, dt_last_modified,
  created_by, last_modified_by, custom_entities_hold(organization_id, $11),
  catalog_change(organization_id, scheduled_max => $10) as catalog_version,
  rule_set_change(organization_id, $2, array[]::uuid[], null, true) as rule_set_version,
  scheduled_arming_begin(organization_id, array[id], array[arming], $9);

-- name: scheduledEventUpdate
update scheduled_event_configuration
set name = $4, entity = $5, field = $6, offset_days = $7, version = version + 1,
  arming = arming
    + case when (entity, field, offset_days) is distinct from ($5, $6, $7::int) then 1 else 0 end,
  last_modified_by = $8, dt_last_modified = $9
where organization_id = $1 and id = $3 and version = $10 and not declared
returning id, name, entity, field, offset_days, declared, version, dt_created, dt_last_modified,
  created_by, last_modified_by, custom_entities_hold(organization_id, $11),
  catalog_change(organization_id) as catalog_version,
  rule_set_change(organization_id, $2, array[]::uuid[], null, true) as rule_set_version,
  scheduled_arming_begin(organization_id, array[id], array[arming], $9);

-- name: scheduledEventDelete
delete from scheduled_event_configuration
where organization_id = $1 and id = $3 and not declared
returning id, name, entity, field, offset_days, declared, version, dt_created, dt_last_modified,
  created_by, last_modified_by, catalog_change(organization_id) as catalog_version,
  rule_set_change(organization_id, $2, array[]::uuid[], null, true) as rule_set_version,
  scheduled_arming_begin(organization_id, array[id], array[arming + 1], $4);
