-- Scheduled event configurations. Those that change one answer the row only if they changed it; the
-- rule set's version is that of the moment, since they change no rule.

-- name: scheduledEventList
select id, name, entity, field, offset_days, version, dt_created, dt_last_modified, created_by,
  last_modified_by
from scheduled_event_configuration
where organization_id = $1 and id < $2 and ($4::uuid[] is null or id = any ($4))
order by id desc
limit $3;

-- name: scheduledEventFind
select id, name, entity, field, offset_days, version, dt_created, dt_last_modified, created_by,
  last_modified_by
from scheduled_event_configuration
where organization_id = $1 and id = $2;

-- name: scheduledEventCreate
insert into scheduled_event_configuration (organization_id, id, name, entity, field, offset_days,
  version, dt_created, dt_last_modified, created_by, last_modified_by)
values ($1, $2, $3, $4, $5, $6, 1, $8, $8, $7, $7)
returning id, name, entity, field, offset_days, version, dt_created, dt_last_modified, created_by,
  last_modified_by, custom_entities_hold(organization_id, $10),
  catalog_change(organization_id, scheduled_max => $9) as catalog_version,
  (select r.version from rule_set r where r.organization_id = $1) as rule_set_version;

-- name: scheduledEventUpdate
update scheduled_event_configuration
set name = $3, entity = $4, field = $5, offset_days = $6, version = version + 1,
  last_modified_by = $7, dt_last_modified = $8
where organization_id = $1 and id = $2 and version = $9
returning id, name, entity, field, offset_days, version, dt_created, dt_last_modified, created_by,
  last_modified_by, custom_entities_hold(organization_id, $10),
  catalog_change(organization_id) as catalog_version,
  (select r.version from rule_set r where r.organization_id = $1) as rule_set_version;

-- name: scheduledEventDelete
delete from scheduled_event_configuration
where organization_id = $1 and id = $2
returning id, name, entity, field, offset_days, version, dt_created, dt_last_modified, created_by,
  last_modified_by, catalog_change(organization_id) as catalog_version,
  (select r.version from rule_set r where r.organization_id = $1) as rule_set_version;
