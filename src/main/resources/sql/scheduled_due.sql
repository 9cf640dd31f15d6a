-- Appointments of scheduled events. They are written by the commits of the states that make them
-- (scheduled_due_arm). Run on sessions that look everything up by index, one after the other; and without
-- bitmaps, which have no order: for the first thousand that are due, all that are would be read with
-- their states and sorted, each time.

-- Takes what is due, the first of each organization, and leases it.
--   first   is what is due first, whosever it is. All that is due, mostly, and then these organizations
--           are all that have something: a look costs what there is to do, however many organizations
--           have appointments for later.
--   owing   steps from what waits of one configuration to that of the next, by the index, as far as it
--           is asked for, where more is due than that: an organization with very many hides no other.
--           Each arming is a step of its own, however much is left of it.
--   turns   of their organizations, as many as are wanted that have something which can be taken now:
--           it is locked. Of the last that was stepped to, not all configurations may have been.
--           Nothing fires of one that is erased.
--   taken   begins with the configuration whose first that can be taken is due longest; when it has not
--           enough, the next goes on. So of two that are due at different times, one may be taken
--           before the other at most by as many as are taken together. Passes over what another node
--           is taking at this moment. Those of an earlier arming are not fired, but replaced or removed
--           by whoever walks through the states; those of entities that are gone are none either.
--   fitting the first of each organization whose states are not too large together. The others' are
--           not read: a state that is large lies elsewhere, and how large it is stands in its row.
--   came    says how far this looked; null when to the end of the organizations.
--
-- There is always one row; its keys are null when nothing was taken.
--
-- $1 the organization to begin after; $2 organizations to leave out; $3 most organizations; $4 most of
-- each; $5 most bytes of the states of each; $6 the moment; $7 until when nobody else takes them; $8 how
-- many that are due are looked at first, and how many configurations' armings are stepped over.
-- name: scheduledDueClaim
with recursive first as materialized (
  select organization_id, leased_until from scheduled_due
  where outcome is null and due_at > '-infinity' and due_at <= $6
  order by due_at
  limit $8::int
),
owing as (
  (select organization_id, configuration_id, arming, due_at, 1 as number from scheduled_due
    where outcome is null and organization_id > $1 and (select count(*) from first) = $8::int
    order by organization_id, configuration_id, arming, due_at, entity_id limit 1)
  union all
  select n.organization_id, n.configuration_id, n.arming, n.due_at, o.number + 1
  from owing o cross join lateral (
    select organization_id, configuration_id, arming, due_at from scheduled_due
    where outcome is null and (organization_id, configuration_id, arming)
      > (o.organization_id, o.configuration_id, o.arming)
    order by organization_id, configuration_id, arming, due_at, entity_id limit 1) n
  where o.number < $8::int
),
turns as materialized (
  select o.organization_id
  from (
    (select distinct organization_id from first
      where organization_id > $1 and (leased_until is null or leased_until <= $6)
        and (select count(*) from first) < $8::int
      order by organization_id)
    union all
    (select distinct organization_id from owing where due_at <= $6 or number = $8::int
      order by organization_id)) o
  cross join lateral (
    select from scheduled_event_configuration c
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
    where c.organization_id = o.organization_id
      and not exists (
        select from organization_erasure x where x.organization_id = o.organization_id)
    limit 1) any_of_it
  where o.organization_id <> all ($2::uuid[])
  limit $3::int
),
taken as materialized (
  select d.* from turns t cross join lateral (
    select s.*, c.name, c.entity, c.field, c.offset_days
    from (
      select c.* from scheduled_event_configuration c
      cross join lateral (
        select s.due_at from scheduled_due s
        join entity_state e on e.organization_id = s.organization_id and e.entity = c.entity
          and e.entity_id = s.entity_id and e.state is not null
        where s.organization_id = c.organization_id and s.configuration_id = c.id
          and s.arming = c.arming and s.outcome is null and s.due_at <= $6
          and (s.leased_until is null or s.leased_until <= $6)
        order by s.due_at, s.dt_armed
        limit 1) first_of_it
      where c.organization_id = t.organization_id
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
  select case
      when (select count(*) from turns) = $3::int
        then (select organization_id from turns order by organization_id desc limit 1)
      when (select count(*) from owing) = $8::int
        then (select organization_id from owing order by organization_id desc limit 1)
    end as came_to,
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

-- When the next is due after a moment; null when there is none. What was due by then, somebody has taken,
-- or it never fires, or it is found by looking again. $1 the moment.
-- name: scheduledDueNext
select due_at from scheduled_due
where outcome is null and due_at > '-infinity' and due_at > $1
order by due_at
limit 1;

-- Since when the one that is overdue longest waits to be fired: since it is due, or was made; null when
-- there is none. Of those that are due first, so many that are not to be fired may hide others.
-- $1 the moment; $2 how many are looked at.
-- name: scheduledDueOverdue
select min(greatest(s.due_at, s.dt_armed)) as since
from (
  select * from scheduled_due
  where outcome is null and due_at > '-infinity' and due_at <= $1
  order by due_at
  limit $2::int) s
join scheduled_event_configuration c
  on c.organization_id = s.organization_id and c.id = s.configuration_id and c.arming = s.arming
where exists (
    select from entity_state e
    where e.organization_id = s.organization_id and e.entity = c.entity
      and e.entity_id = s.entity_id and e.state is not null)
  and not exists (select from organization_erasure x where x.organization_id = s.organization_id);
