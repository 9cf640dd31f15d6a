-- Walks through stored states that arm a configuration, and through what is left of earlier armings.
-- A step is stored with how far it came (place), and does nothing where the walk is not any more where
-- it was taken: taken over, begun anew or through. What a commit of events has locked, a step does not
-- wait for: it ends there, and the next begins there. A commit locks an entity's state before its
-- appointments, and so does a step. Run on sessions that look everything up by index, one after the
-- other.

-- Takes a walk of each organization.
--   owing   steps from one organization that has one to the next, by the index, as far as it is asked
--           for.
--   taken   passes over what another node has or is taking at this moment. Organizations that have
--           nothing else do not count: the end of all is come to when there are fewer than wanted.
--           Nothing is armed of one that is erased.
--
-- $1 the organization to begin after; $2 most organizations; $3 now; $4 until when nobody else takes
-- them.
-- name: scheduledArmingClaim
with recursive owing as (
  (select organization_id from scheduled_arming
    where dt_completed is null and organization_id > $1
    order by organization_id limit 1)
  union all
  select n.organization_id
  from owing o cross join lateral (
    select organization_id from scheduled_arming
    where dt_completed is null and organization_id > o.organization_id
    order by organization_id limit 1) n
),
taken as materialized (
  select a.* from owing o cross join lateral (
    select organization_id, configuration_id from scheduled_arming
    where organization_id = o.organization_id and dt_completed is null
      and (leased_until is null or leased_until <= $3)
      and not exists (
        select from organization_erasure x where x.organization_id = o.organization_id)
    order by configuration_id
    limit 1
    for update skip locked) a
  limit $2::int
)
update scheduled_arming a
set leased_until = $4
from taken t
where a.organization_id = t.organization_id and a.configuration_id = t.configuration_id
returning a.organization_id, a.configuration_id, a.arming, a.after_entity_id, a.walked, a.scanned,
  a.armed, a.skipped, a.dt_started;

-- name: scheduledArmingWanted
select c.entity, c.field, c.offset_days, c.arming, o.time_zone
from scheduled_event_configuration c
join organization o on o.id = c.organization_id
where c.organization_id = $1 and c.id = $2;

-- What an organization's own entity was before it was declared anew counts as deleted (entityStateRead).
--
-- The next states, as many as may be, in all not much larger than $5 bytes; and how many there were
-- before these were left out that are too large together.
-- $2 the entity; $3 the id to begin after; $4 most states.
-- name: scheduledArmingStates
with next as materialized (
  select entity_id, sum(state_bytes) over (order by entity_id rows between unbounded preceding
    and 1 preceding) as bytes_before
  from (
    select entity_id, state_bytes
    from entity_state
    where organization_id = $1 and entity = $2 and entity_id > $3
    order by entity_id
    limit $4::int) sized
)
select n.entity_id, s.event_id,
  case when s.event_id >= coalesce((
      select id_floor(c.dt_created) from custom_entity c
      where c.organization_id = $1 and c.name_key = lower($2)),
    '00000000-0000-0000-0000-000000000000') then s.state::text end as state,
  (select count(*) from next) as found
from next n
join entity_state s on s.organization_id = $1 and s.entity = $2 and s.entity_id = n.entity_id
where coalesce(n.bytes_before, 0) < $5::bigint
order by n.entity_id;

-- Arms the states that are still those which were read.
--   held      locks them for as long as this takes; null where a commit holds one.
--   reached   those before the first that a commit holds.
--   still     those of them that did not change; what did was armed by the commit that changed it.
--   locked    locks all that the configuration has with these entities, in the order of the keys, as
--             whoever changes several; what is removed and what is updated are two turns through them.
--   gone      removes what the configuration had with these entities, but for the same date, and for
--             what is owed: an appointment of this arming that is due and has not fired.
--
-- $1-$3 organization, configuration and arming; $4 after which entity the walk is; $5 the entity;
-- $6-$9 entity ids, writers of the states, due times and values of the dates, in the order of the
-- ids; $10 whether no more states follow; $11 now; $12 what is due before this is over already.
-- name: scheduledArmingWalk
with input as materialized (
  select entity_id, event_id, due_at, value, position
  from unnest($6::text[], $7::uuid[], $8::timestamptz[], $9::text[])
    with ordinality as i (entity_id, event_id, due_at, value, position)
),
place as materialized (
  select arming from scheduled_arming
  where organization_id = $1 and configuration_id = $2 and arming = $3 and not walked
    and dt_completed is null and after_entity_id is not distinct from $4
  for update
),
held as materialized (
  select i.*,
    (select s.event_id from entity_state s
      where s.organization_id = $1 and s.entity = $5 and s.entity_id = i.entity_id
      for share skip locked) as actual
  from (select input.* from place cross join input order by position) i
),
reached as materialized (
  select * from held
  where position < coalesce((select min(position) from held where actual is null), position + 1)
),
still as materialized (
  select * from reached where actual = event_id
),
locked as materialized (
  select d.entity_id from still s
  join scheduled_due d on d.organization_id = $1 and d.configuration_id = $2
    and d.entity_id = s.entity_id
  order by d.entity_id, d.due_at
  for update of d
),
gone as (
  delete from scheduled_due d
  using still s
  where (select count(*) from locked) >= 0
    and d.organization_id = $1 and d.configuration_id = $2 and d.entity_id = s.entity_id
    and d.due_at is distinct from s.due_at
    and not (d.outcome is null and d.due_at <= $11 and d.arming = $3)
  returning d.entity_id
),
armed as (
  insert into scheduled_due as d (organization_id, configuration_id, entity_id, due_at, arming, value,
    dt_armed, outcome, dt_ended)
  select $1, $2, entity_id, due_at, $3, value, $11, case when due_at < $12 then 'SKIPPED' end,
    case when due_at < $12 then $11::timestamptz end
  from still where (select count(*) from locked) >= 0 and due_at is not null
  order by entity_id
  on conflict (organization_id, configuration_id, entity_id, due_at) do update
    set arming = excluded.arming, value = excluded.value
    where d.arming < excluded.arming
  returning d.outcome, d.dt_armed = $11 as is_new
),
counted as materialized (
  select count(*)::int as scanned, max(position) as to_position,
    count(*) = (select count(*) from input) and $10::boolean as walked,
    (select count(*) from armed where outcome is null)::int as armed,
    (select count(*) from armed where outcome = 'SKIPPED' and is_new)::int as skipped,
    (select count(*) from gone)::int as removed
  from reached
)
update scheduled_arming a
set after_entity_id = case when not c.walked
      then coalesce((select entity_id from input where position = c.to_position), $4) end,
  scanned = a.scanned + c.scanned, armed = a.armed + c.armed, skipped = a.skipped + c.skipped,
  walked = c.walked, leased_until = null,
  -- Before the first arming there is nothing to remove.
  dt_completed = case when c.walked and a.arming = 1 then $11::timestamptz end
from place p cross join counted c
where a.organization_id = $1 and a.configuration_id = $2
returning c.scanned, c.armed, c.skipped, c.removed, c.scanned > 0 or c.walked as moved,
  a.dt_completed is not null as completed;

-- Removes appointments of earlier armings than $3, of some entities further.
--   passed    the next rows, those of an entity together.
--   held      whether each that is to be removed could be locked.
--   reached   those of the entities before the first that could not.
--
-- $1-$2 organization and configuration; $3 the arming; $4 after which entity it is; $5 most rows, give
-- or take an entity's; $6 now.
-- name: scheduledArmingRemoveEarlier
with place as materialized (
  select after_entity_id from scheduled_arming
  where organization_id = $1 and configuration_id = $2 and arming = $3 and walked
    and dt_completed is null and after_entity_id is not distinct from $4
  for update
),
passed as materialized (
  select d.* from place p cross join lateral (
    select entity_id, due_at, arming from scheduled_due
    where organization_id = $1 and configuration_id = $2 and entity_id > coalesce($4, '')
    order by entity_id
    fetch first ($5::int) rows with ties) d
),
held as materialized (
  select p.*, p.arming >= $3 or coalesce(
    (select true from scheduled_due d
      where d.organization_id = $1 and d.configuration_id = $2 and d.entity_id = p.entity_id
        and d.due_at = p.due_at and d.arming < $3
      for update skip locked), false) as is_held
  from passed p
),
reached as materialized (
  select * from held
  where (select min(entity_id) from held where not is_held) is null
    or entity_id < (select min(entity_id) from held where not is_held)
),
gone as (
  delete from scheduled_due d
  using reached r
  where d.organization_id = $1 and d.configuration_id = $2 and d.entity_id = r.entity_id
    and d.due_at = r.due_at and r.arming < $3
  returning d.entity_id
),
counted as materialized (
  select max(entity_id) as to_entity, (select count(*) from gone)::int as removed,
    count(*) = (select count(*) from passed) and count(*) < $5::int as completed
  from reached
)
update scheduled_arming a
set after_entity_id = case when not c.completed then coalesce(c.to_entity, $4) end,
  leased_until = null, dt_completed = case when c.completed then $6::timestamptz end
from place p cross join counted c
where a.organization_id = $1 and a.configuration_id = $2
returning 0 as scanned, 0 as armed, 0 as skipped, c.removed,
  c.to_entity is not null or c.completed as moved, c.completed;

-- Removes appointments of a configuration that is deleted, and then the walk. Nothing can be added any
-- more, so that what is left is found from the beginning every time; what somebody else has locked is
-- left for the next.
-- $1-$2 organization and configuration; $3 the arming; $4 most rows.
-- name: scheduledArmingRemoveAll
with place as materialized (
  select organization_id from scheduled_arming
  where organization_id = $1 and configuration_id = $2 and arming = $3
    and not exists (select from scheduled_event_configuration where organization_id = $1 and id = $2)
  for update
),
held as materialized (
  select d.* from place p cross join lateral (
    select entity_id, due_at from scheduled_due
    where organization_id = $1 and configuration_id = $2
    order by entity_id, due_at
    limit $4::int
    for update skip locked) d
),
gone as (
  delete from scheduled_due d
  using held h
  where d.organization_id = $1 and d.configuration_id = $2 and d.entity_id = h.entity_id
    and d.due_at = h.due_at
  returning d.entity_id
),
counted as materialized (
  select (select count(*) from gone)::int as removed,
    -- As this statement found them, with those that it removes.
    (select count(*) from (select from scheduled_due
      where organization_id = $1 and configuration_id = $2 limit $4::int) there)
      = (select count(*) from held) and (select count(*) from held) < $4::int as completed
),
finished as (
  delete from scheduled_arming a
  using place p, counted c
  where a.organization_id = $1 and a.configuration_id = $2 and c.completed
  returning a.arming
),
released as (
  update scheduled_arming a
  set leased_until = null
  from place p cross join counted c
  where a.organization_id = $1 and a.configuration_id = $2 and not c.completed
  returning a.arming
)
select 0 as scanned, 0 as armed, 0 as skipped, removed, removed > 0 or completed as moved, completed
from counted
where exists (select from finished) or exists (select from released);
