-- Rules. Those that change one name the organization and the stripe of its gate first, and answer the
-- row only if they changed it. Columns are listed, never *, so that a prepared statement outlives a
-- column added by the migration of a newer node.

-- name: notificationConfigurationList
select
  id, code, name, description, event_name, active, always_fire_event, calculation, declared, version,
  dt_created, dt_last_modified, created_by, last_modified_by
from notification_configuration
where organization_id = $1 and id < $2
  and ($4::boolean is null or active = $4)
  and ($5::text is null or event_name = $5)
  and ($6::uuid[] is null or id = any ($6))
order by id desc
limit $3;

-- name: notificationConfigurationFind
select
  id, code, name, description, event_name, active, always_fire_event, calculation, declared, version,
  dt_created, dt_last_modified, created_by, last_modified_by
from notification_configuration
where organization_id = $1 and id = $2;

-- name: notificationConfigurationCreate
insert into notification_configuration (organization_id,
  id, code, name, description, event_name, active, always_fire_event, calculation, declared, version,
  dt_created, dt_last_modified, created_by, last_modified_by)
values ($1, $3, $4, $5, $6, $7, $8, $9, $10, false, 1, $12, $12, $11, $11)
returning
  id, code, name, description, event_name, active, always_fire_event, calculation, declared, version,
  dt_created, dt_last_modified, created_by, last_modified_by,
  custom_entities_hold(organization_id, $13),
  rule_set_change(organization_id, $2, array[id], null) as rule_set_version;

-- name: notificationConfigurationUpdate
update notification_configuration
set code = $4, name = $5, description = $6, event_name = $7, active = $8, always_fire_event = $9,
  calculation = $10, version = version + 1, last_modified_by = $11, dt_last_modified = $12
where organization_id = $1 and id = $3 and version = $13 and not declared
returning
  id, code, name, description, event_name, active, always_fire_event, calculation, declared, version,
  dt_created, dt_last_modified, created_by, last_modified_by,
  custom_entities_hold(organization_id, $14),
  rule_set_change(organization_id, $2, array[id], null) as rule_set_version;

-- name: notificationConfigurationDelete
delete from notification_configuration
where organization_id = $1 and id = $3 and not declared
returning
  id, code, name, description, event_name, active, always_fire_event, calculation, declared, version,
  dt_created, dt_last_modified, created_by, last_modified_by,
  rule_set_change(organization_id, $2, array[id], null) as rule_set_version;
