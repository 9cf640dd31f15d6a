-- Webhooks. What was sealed is written here and read by those who deliver only.

-- name: webhookList
select
  id, code, name, description, url, active, credentials_id, credentials_name,
  credentials_empty, declared, version, dt_created, dt_last_modified, created_by, last_modified_by
from webhook
where organization_id = $1 and id < $2 and ($4::uuid[] is null or id = any ($4))
order by id desc
limit $3;

-- name: webhookFind
select
  id, code, name, description, url, active, credentials_id, credentials_name,
  credentials_empty, declared, version, dt_created, dt_last_modified, created_by, last_modified_by,
  (select r.version from rule_set r where r.organization_id = $1) as rule_set_version
from webhook
where organization_id = $1 and id = $2;

-- name: webhookCreate
insert into webhook (organization_id,
  id, code, name, description, url, active, credentials_id, credentials_name,
  credentials_empty, declared, version, dt_created, dt_last_modified, created_by, last_modified_by,
  credentials_sealed)
values ($1, $3, $4, $5, $6, $7, $8, $14, $9, $10, false, 1, $13, $13, $12, $12, $11)
returning
  id, code, name, description, url, active, credentials_id, credentials_name,
  credentials_empty, declared, version, dt_created, dt_last_modified, created_by, last_modified_by,
  rule_set_change(organization_id, $2, array[]::uuid[], array[id]) as rule_set_version;

-- Credentials that are null stay as they are.
-- name: webhookUpdate
update webhook
set code = $4, name = $5, description = $6, url = $7, active = $8, credentials_name = $9,
  credentials_empty = coalesce($10, credentials_empty),
  credentials_sealed = coalesce($11, credentials_sealed),
  version = version + 1, last_modified_by = $12, dt_last_modified = $13
where organization_id = $1 and id = $3 and version = $14 and not declared
returning
  id, code, name, description, url, active, credentials_id, credentials_name,
  credentials_empty, declared, version, dt_created, dt_last_modified, created_by, last_modified_by,
  rule_set_change(organization_id, $2, array[]::uuid[], array[id]) as rule_set_version;

-- name: webhookSetActive
update webhook
set active = $4, version = version + 1, last_modified_by = $5, dt_last_modified = $6
where organization_id = $1 and id = $3 and active <> $4 and not declared
returning
  id, code, name, description, url, active, credentials_id, credentials_name,
  credentials_empty, declared, version, dt_created, dt_last_modified, created_by, last_modified_by,
  rule_set_change(organization_id, $2, array[]::uuid[], array[id]) as rule_set_version;

-- name: webhookDelete
delete from webhook
where organization_id = $1 and id = $3 and not declared
returning
  id, code, name, description, url, active, credentials_id, credentials_name,
  credentials_empty, declared, version, dt_created, dt_last_modified, created_by, last_modified_by,
  rule_set_change(organization_id, $2, array[]::uuid[], array[id]) as rule_set_version;
