-- Links from rules to webhooks. config_data is kept as it was written.

-- name: integrationConfigurationList
select
  id, entity_type, entity_id, destination, destination_id, config_data::text as config_data,
  name, integration_credentials_id, enabled, declared, version, dt_created, dt_last_modified, created_by,
  last_modified_by
from integration_configuration
where organization_id = $1 and id < $2
  and ($4::text is null or lower(entity_type) = lower($4))
  and ($5::text is null or lower(entity_id) = lower($5))
  and ($6::text is null or lower(destination) = lower($6))
  and ($7::text is null or lower(destination_id) = lower($7))
order by id desc
limit $3;

-- Those that send the same to the same.
-- name: integrationConfigurationLinking
select id
from integration_configuration
where organization_id = $1 and rule_id = $2 and webhook_id = $3
order by id desc
limit $4;

-- name: integrationConfigurationFind
select
  id, entity_type, entity_id, destination, destination_id, config_data::text as config_data,
  name, integration_credentials_id, enabled, declared, version, dt_created, dt_last_modified, created_by,
  last_modified_by,
  (select r.version from rule_set r where r.organization_id = $1) as rule_set_version
from integration_configuration
where organization_id = $1 and id = $2;

-- name: integrationConfigurationCreate
insert into integration_configuration (organization_id,
  id, entity_type, entity_id, destination, destination_id, config_data, name,
  integration_credentials_id, enabled, declared, version, dt_created, dt_last_modified, created_by,
  last_modified_by)
values ($1, $3, $4, $5, $6, $7, $8::text::json, $9, $10, $13::boolean, false, 1, $12, $12, $11, $11)
returning
  id, entity_type, entity_id, destination, destination_id, config_data::text as config_data,
  name, integration_credentials_id, enabled, declared, version, dt_created, dt_last_modified, created_by,
  last_modified_by, rule_set_change(organization_id, $2, array[rule_id], null) as rule_set_version;

-- A link that is moved to another rule touches both. $14 whether it is to send; null as it is.
-- That the version is the expected one says that
-- the row was not changed since it was looked at.
-- name: integrationConfigurationUpdate
with before as (
  select rule_id from integration_configuration where organization_id = $1 and id = $3
)
update integration_configuration
set entity_type = $4, entity_id = $5, destination = $6, destination_id = $7,
  config_data = $8::text::json, name = $9, integration_credentials_id = $10,
  enabled = coalesce($14::boolean, enabled),
  disabled_by_run_id = case when $14 then null else disabled_by_run_id end,
  version = version + 1, last_modified_by = $11, dt_last_modified = $12
where organization_id = $1 and id = $3 and version = $13 and not declared
returning
  id, entity_type, entity_id, destination, destination_id, config_data::text as config_data,
  name, integration_credentials_id, enabled, declared, version, dt_created, dt_last_modified, created_by,
  last_modified_by, rule_set_change(organization_id, $2,
    array[rule_id, (select rule_id from before)], null) as rule_set_version;

-- A declared one too: its file says that it sends, and only a delivery that failed says otherwise.
-- name: integrationConfigurationEnable
update integration_configuration
set enabled = true, disabled_by_run_id = null, version = version + 1, last_modified_by = $4, dt_last_modified = $5
where organization_id = $1 and id = $3 and not enabled
returning
  id, entity_type, entity_id, destination, destination_id, config_data::text as config_data,
  name, integration_credentials_id, enabled, declared, version, dt_created, dt_last_modified, created_by,
  last_modified_by, rule_set_change(organization_id, $2, array[rule_id], null) as rule_set_version;

-- Disables a link that leads nowhere on account of a run, unless somebody changed it since.
--
-- $4 the run; $5 when it failed.
-- name: integrationConfigurationDisable
update integration_configuration
set enabled = false, disabled_by_run_id = $4, version = version + 1, last_modified_by = 'system',
  dt_last_modified = clock_timestamp()
where organization_id = $1 and id = $3 and enabled and dt_last_modified <= $5
returning rule_set_change(organization_id, $2, array[rule_id], null) as rule_set_version;

-- name: integrationConfigurationDisabledBy
select disabled_by_run_id from integration_configuration where organization_id = $1 and id = $2;

-- name: integrationConfigurationDelete
delete from integration_configuration
where organization_id = $1 and id = $3 and not declared
returning
  id, entity_type, entity_id, destination, destination_id, config_data::text as config_data,
  name, integration_credentials_id, enabled, declared, version, dt_created, dt_last_modified, created_by,
  last_modified_by, rule_set_change(organization_id, $2, array[rule_id], null) as rule_set_version;
