-- Programs that call the API for an organization.

-- A user keeps its id for as long as its name is declared.
-- name: serviceUsersDeclare
insert into service_user (organization_id, id, name, dt_created)
select $1, u.id, u.name, $4
from unnest($2::uuid[], $3::text[]) as u (id, name)
on conflict (organization_id, name) do nothing;

-- name: serviceUsersRemoveOthers
delete from service_user where organization_id = $1 and name <> all ($2::text[]);
