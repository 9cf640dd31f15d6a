-- Permission policies, and which service user has which.

-- name: permissionPolicyList
select id, name, statements::text as statements, managed, version, dt_created, dt_last_modified,
  created_by, last_modified_by
from permission_policy
where organization_id = $1 and id < $2 and ($4::uuid[] is null or id = any ($4))
order by id desc
limit $3;

-- name: permissionPolicyFind
select id, name, statements::text as statements, managed, version, dt_created, dt_last_modified,
  created_by, last_modified_by
from permission_policy
where organization_id = $1 and id = $2;

-- name: permissionPolicyCreate
insert into permission_policy (organization_id,
  id, name, statements, managed, version, dt_created, dt_last_modified, created_by, last_modified_by)
values ($1, $2, $3, $4::text::json, false, 1, $6, $6, $5, $5)
returning id, name, statements::text as statements, managed, version, dt_created, dt_last_modified,
  created_by, last_modified_by, custom_entities_hold(organization_id, $7);

-- name: permissionPolicyUpdate
update permission_policy
set name = $3, statements = $4::text::json, version = version + 1, last_modified_by = $5,
  dt_last_modified = $6
where organization_id = $1 and id = $2 and version = $7 and not managed
returning id, name, statements::text as statements, managed, version, dt_created, dt_last_modified,
  created_by, last_modified_by, custom_entities_hold(organization_id, $8);

-- Whoever has it loses it.
-- name: permissionPolicyDelete
delete from permission_policy
where organization_id = $1 and id = $2 and not managed
returning id, name, statements::text as statements, managed, version, dt_created, dt_last_modified,
  created_by, last_modified_by;

-- name: permissionPolicyListOfServiceUser
select p.id, p.name, p.statements::text as statements, p.managed, p.version, p.dt_created,
  p.dt_last_modified, p.created_by, p.last_modified_by
from permission_policy_assignment a
join permission_policy p on p.organization_id = a.organization_id and p.id = a.permission_policy_id
where a.organization_id = $1 and a.service_user_id = $4 and p.id < $2
order by p.id desc
limit $3;

-- name: permissionPolicyAssignmentFind
select id, dt_created, created_by
from permission_policy_assignment
where organization_id = $1 and permission_policy_id = $2 and service_user_id = $3;

-- Gives a policy to a service user whose row is locked, if he has fewer than $7.
-- name: permissionPolicyAssign
insert into permission_policy_assignment (organization_id, permission_policy_id, service_user_id, id,
  dt_created, created_by)
select $1, id, $3, $4, $6, $5
from permission_policy
where organization_id = $1 and id = $2
  and (select count(*) from permission_policy_assignment
    where organization_id = $1 and service_user_id = $3) < $7::int
returning id, dt_created, created_by;

-- name: permissionPolicyUnassign
delete from permission_policy_assignment a
using service_user u
where a.organization_id = $1 and a.permission_policy_id = $2 and a.service_user_id = $3
  and u.organization_id = $1 and u.id = $3 and not u.managed
returning a.id, a.dt_created, a.created_by;
