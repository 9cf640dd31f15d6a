-- Appointments of scheduled events. They are written by the commits of the states that make them
-- (scheduled_due_arm). Run on sessions that look everything up by index, one after the other; and without
-- bitmaps, which have no order: for the first thousand that are due, all that are would be read with
-- their states and sorted, each time.

-- Takes what is due of configurations, the first of each organization, and leases it.
--   asked   are these, an organization in each row.
--   turns   of as many organizations as are wanted that have something which can be taken now: it is
--           locked. Nothing fires of one that is erased.
--   taken   begins with the configuration whose first that can be taken is due longest; when it has not
--           enough, the next goes on. So of two that are due at different times, one may be taken
--           before the other at most by as many as are taken together. Passes over what another node
--           is taking at this moment. Those of an earlier arming are not fired, but replaced or removed
--           by whoever walks through the states; those of entities that are gone are none either.
--   fitting the first of each organization whose states are not too large together. The others' are
--           not read: a state that is large lies elsewhere, and how large it is stands in its row.
--   came    says which organization was the last of as many as were wanted; null when there were fewer.
--
-- There is always one row; its keys are null when nothing was taken.
--
-- $1-$2 organizations and configurations; $3 most organizations; $4 most of each; $5 most bytes of the
-- states of each; $6 the moment; $7 until when nobody else takes them.
-- name: scheduledDueClaim
with asked as (
  select organization_id, array_agg(configuration_id) as configurations
  from unnest($1::uuid[], $2::uuid[]) as a (organization_id, configuration_id)
  group by organization_id
),
turns as materialized (
  select o.*
  from (select * from asked order by organization_id) o
  cross join lateral (
    select from unnest(o.configurations) as a (id)
    join scheduled_event_configuration c on c.organization_id = o.organization_id and c.id = a.id
    cross join lateral (
      select from scheduled_due s
      join entity_state e on e.organization_id = s.organization_id and e.entity = c.entity
        and e.entity_id = s.entity_id and e.state is not null
      where s.organization_id = c.organization_id and s.configuration_id = c.id
        and s.arming = c.arming and s.outcome is null and s.due_at <= $6
        and (s.leased_until is null or s.leased_until <= $6)
      order by s.due_at, s.dt_armed
      limit 1
      for update of s skip locked) first_of_it
    where not exists (
      select from organization_erasure x where x.organization_id = o.organization_id)
    limit 1) any_of_it
  limit $3::int
),
taken as materialized (
  select d.* from turns t cross join lateral (
    select s.*, c.name, c.entity, c.field, c.offset_days
    from (
      select c.* from unnest(t.configurations) as a (id)
      join scheduled_event_configuration c on c.organization_id = t.organization_id and c.id = a.id
      cross join lateral (
        select s.due_at from scheduled_due s
        join entity_state e on e.organization_id = s.organization_id and e.entity = c.entity
          and e.entity_id = s.entity_id and e.state is not null
        where s.organization_id = c.organization_id and s.configuration_id = c.id
          and s.arming = c.arming and s.outcome is null and s.due_at <= $6
          and (s.leased_until is null or s.leased_until <= $6)
        order by s.due_at, s.dt_armed
        limit 1) first_of_it
      order by first_of_it.due_at, c.id) c
    cross join lateral (
      select s.organization_id, s.configuration_id, s.entity_id, s.due_at, s.dt_armed, s.value,
        e.state, e.state_bytes
      from scheduled_due s
      join entity_state e on e.organization_id = s.organization_id and e.entity = c.entity
        and e.entity_id = s.entity_id and e.state is not null
      where s.organization_id = c.organization_id and s.configuration_id = c.id
        and s.arming = c.arming and s.outcome is null and s.due_at <= $6
        and (s.leased_until is null or s.leased_until <= $6)
      order by s.due_at, s.dt_armed
      limit $4::int
      for update of s skip locked) s
    limit $4::int) d
),
fitting as materialized (
  select * from (
    select *, sum(state_bytes) over (
        partition by organization_id order by due_at, configuration_id, entity_id) - state_bytes
        as bytes_before
    from taken) s
  where bytes_before < $5::bigint
),
leased as (
  update scheduled_due s set leased_until = $7
  from fitting f
  where s.organization_id = f.organization_id and s.configuration_id = f.configuration_id
    and s.entity_id = f.entity_id and s.due_at = f.due_at
  returning f.organization_id, f.configuration_id, f.entity_id, f.due_at, f.dt_armed, f.value, f.name,
    f.entity, f.field, f.offset_days, f.state::text as state
),
came as materialized (
  select case when (select count(*) from turns) = $3::int
      then (select organization_id from turns order by organization_id desc limit 1) end as came_to,
    (select count(*) from taken) > (select count(*) from fitting)
      or exists (select from taken group by organization_id having count(*) = $4::int) as is_more
)
select c.came_to, c.is_more, l.* from came c left join leased l on true;

-- In the order of their keys, as whoever else changes several. By key and not by lease: whoever fired
-- them, they were.
--
-- $1-$4 organizations, configurations, entities, due times; $5 when each was fired.
-- name: scheduledDueFired
with fired as materialized (
  select s.organization_id, s.configuration_id, s.entity_id, s.due_at, u.fired_at
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[])
    as u (organization_id, configuration_id, entity_id, due_at, fired_at)
  join scheduled_due s on s.organization_id = u.organization_id
    and s.configuration_id = u.configuration_id and s.entity_id = u.entity_id and s.due_at = u.due_at
  where s.outcome is null
  order by s.organization_id, s.configuration_id, s.entity_id, s.due_at
  for update of s
)
update scheduled_due s set outcome = 'FIRED', dt_ended = f.fired_at, leased_until = null
from fired f
where s.organization_id = f.organization_id and s.configuration_id = f.configuration_id
  and s.entity_id = f.entity_id and s.due_at = f.due_at;

-- $1-$4 as above; $5 when they may be taken again.
-- name: scheduledDueGiveBack
with given as materialized (
  select s.organization_id, s.configuration_id, s.entity_id, s.due_at
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[])
    as u (organization_id, configuration_id, entity_id, due_at)
  join scheduled_due s on s.organization_id = u.organization_id
    and s.configuration_id = u.configuration_id and s.entity_id = u.entity_id and s.due_at = u.due_at
  where s.outcome is null
  order by s.organization_id, s.configuration_id, s.entity_id, s.due_at
  for update of s
)
update scheduled_due s set leased_until = $5
from given g
where s.organization_id = g.organization_id and s.configuration_id = g.configuration_id
  and s.entity_id = g.entity_id and s.due_at = g.due_at;

-- $1-$2 organizations and configurations; $3 the moment.
-- name: scheduledDueAgenda
select organization_id, configuration_id, is_owed, next_due from scheduled_due_agenda($1, $2, $3);

-- The next configurations, whosever they are. $1-$2 organization and configuration to begin after; $3
-- how many.
-- name: scheduledDueConfigurations
select organization_id, id as configuration_id from scheduled_event_configuration
where (organization_id, id) > ($1, $2)
order by organization_id, id
limit $3::int;

-- Whose is the first of what is due and was armed less than two days before, and how much of it is each
-- one's. $1 the moment; $2 how many appointments.
-- name: scheduledDueSoon
select organization_id, configuration_id, count(*)::int as appointments
from (
  select organization_id, configuration_id from scheduled_due
  where outcome is null and due_at - dt_armed < interval '48 hours' and due_at <= $1
  order by due_at
  limit $2::int) first
group by organization_id, configuration_id;

-- When the next is due after a moment, of what was armed less than two days before. $1 the moment.
-- name: scheduledDueSoonNext
select due_at from scheduled_due
where outcome is null and due_at - dt_armed < interval '48 hours' and due_at > $1
order by due_at
limit 1;

-- Since when the one that is overdue longest waits to be fired, of the first of each configuration: since
-- it is due, or was made; null when there is none. $1-$2 organizations and configurations; $3 the moment.
-- name: scheduledDueOverdue
select min(greatest(s.due_at, s.dt_armed)) as since
from unnest($1::uuid[], $2::uuid[]) as a (organization_id, configuration_id)
join scheduled_event_configuration c
  on c.organization_id = a.organization_id and c.id = a.configuration_id
cross join lateral (
  select s.due_at, s.dt_armed from scheduled_due s
  join entity_state e on e.organization_id = s.organization_id and e.entity = c.entity
    and e.entity_id = s.entity_id and e.state is not null
  where s.organization_id = c.organization_id and s.configuration_id = c.id
    and s.arming = c.arming and s.outcome is null and s.due_at <= $3
  order by s.due_at, s.dt_armed
  limit 1) s
where not exists (select from organization_erasure x where x.organization_id = a.organization_id);
