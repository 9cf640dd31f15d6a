-- Entities that organizations have besides those of the system. Statements that change one answer
-- the row only if they changed it; the rule set's version is that of the moment, since they change no
-- rule, unless an entity is made that scheduled event configurations name.

-- name: customEntityList
select name, family, date_fields, declared, version, dt_created, dt_last_modified, created_by,
  last_modified_by
from custom_entity
where organization_id = $1
order by name_key;

-- $2 the name, whatever its capitals.
-- name: customEntityFind
select name, family, date_fields, declared, version, dt_created, dt_last_modified, created_by,
  last_modified_by
from custom_entity
where organization_id = $1 and name_key = lower($2);

-- $2 the stripe; $3-$5 name, family and date fields; $6 who, $7 when; $8 how many there may be.
-- name: customEntityCreate
select (made).name, (made).family, (made).date_fields, (made).declared, (made).version,
  (made).dt_created, (made).dt_last_modified, (made).created_by, (made).last_modified_by,
  rule_set_version
from custom_entity_create($1, $2, $3, $4, $5::text[], $6, $7, $8);

-- name: customEntityUpdate
update custom_entity
set family = $3, date_fields = $4, version = version + 1, last_modified_by = $5,
  dt_last_modified = $6
where organization_id = $1 and name = $2 and version = $7 and not declared
returning name, family, date_fields, declared, version, dt_created, dt_last_modified, created_by,
  last_modified_by, catalog_change(organization_id) as catalog_version,
  (select r.version from rule_set r where r.organization_id = $1) as rule_set_version;

-- Lets those wait who are about to name it, and waits for those who did.
-- name: customEntityLock
select version, declared from custom_entity where organization_id = $1 and name = $2 for update;

-- What names an entity whose row is locked, and could not go on doing so after a change; of each kind
-- a few. Files may do as they like, so what they declare does not count.
-- $3 the family and $4 the date fields that it is to have; null when it is to go.
-- name: customEntityUses
(select 'NOTIFICATION_CONFIGURATION' as kind, n.id, n.code as name
  from custom_entity e
  join notification_configuration n on n.organization_id = e.organization_id and n.event_name in (
    e.family || '.' || e.name_key || '.created', e.family || '.' || e.name_key || '.updated',
    e.family || '.' || e.name_key || '.deleted')
  where e.organization_id = $1 and e.name = $2 and e.family is distinct from $3::text
  order by n.code limit 4)
union all
(select 'SCHEDULED_EVENT_CONFIGURATION', id, name
  from scheduled_event_configuration
  where organization_id = $1 and entity = $2 and ($4::text[] is null or field <> all ($4::text[]))
  order by name limit 4)
union all
(select 'PERMISSION_POLICY', p.id, p.name
  from permission_policy p
  where p.organization_id = $1 and $3::text is null and not p.managed and exists (
    select from json_array_elements(p.statements) as statement,
      json_array_elements_text(statement -> 'resource') as resource
    where split_part(split_part(lower(resource), ':', 2), '/', 1) = lower($2))
  order by p.name limit 4);

-- What was learned of it goes with it.
-- name: customEntityDelete
with gone as (
  delete from custom_entity
  where organization_id = $1 and name = $2 and not declared
  returning name, family, date_fields, declared, version, dt_created, dt_last_modified, created_by,
    last_modified_by, catalog_change(organization_id) as catalog_version,
    (select r.version from rule_set r where r.organization_id = $1) as rule_set_version
),
forgotten as (
  delete from learned_field
  where organization_id = $1 and subject in (select name from gone)
)
select * from gone;
