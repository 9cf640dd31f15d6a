-- Programs that call the API for an organization.

-- name: serviceUserList
select id, name, managed, version, dt_created, dt_last_modified, created_by, last_modified_by
from service_user
where organization_id = $1 and id < $2 and ($4::uuid[] is null or id = any ($4))
order by id desc
limit $3;

-- name: serviceUserFind
select id, name, managed, version, dt_created, dt_last_modified, created_by, last_modified_by
from service_user
where organization_id = $1 and id = $2;

-- name: serviceUserCreate
insert into service_user (organization_id,
  id, name, managed, version, dt_created, dt_last_modified, created_by, last_modified_by)
values ($1, $2, $3, false, 1, $5, $5, $4, $4)
returning id, name, managed, version, dt_created, dt_last_modified, created_by, last_modified_by;

-- name: serviceUserUpdate
update service_user
set name = $3, version = version + 1, last_modified_by = $4, dt_last_modified = $5
where organization_id = $1 and id = $2 and version = $6 and not managed
returning id, name, managed, version, dt_created, dt_last_modified, created_by, last_modified_by;

-- His access keys go with him.
-- name: serviceUserDelete
delete from service_user
where organization_id = $1 and id = $2 and not managed
returning id, name, managed, version, dt_created, dt_last_modified, created_by, last_modified_by;

-- Has those who change what belongs to him take turns, until the transaction ends.
-- name: serviceUserLock
select managed from service_user where organization_id = $1 and id = $2 for update;

-- What a call has to know of its caller: a row for each of his policies, one without statements
-- when he has none, no row when he is gone.
-- name: serviceUserHolder
select p.statements::text as statements,
  array(select k.access_key from access_key k
    where k.organization_id = $1 and k.service_user_id = $2) as access_keys
from service_user u
left join permission_policy_assignment a
  on a.organization_id = u.organization_id and a.service_user_id = u.id
left join permission_policy p
  on p.organization_id = a.organization_id and p.id = a.permission_policy_id
where u.organization_id = $1 and u.id = $2
  and not exists (select from organization_erasure x where x.organization_id = $1);
