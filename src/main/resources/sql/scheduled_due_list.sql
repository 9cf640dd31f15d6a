-- What is read of appointments: those of a configuration's present arming, which are all that fire.

-- $1-$2 organization and configuration; $3 now.
-- name: scheduledDueStatus
select a.scanned, a.armed, a.skipped, a.dt_started, a.dt_completed, d.waiting, d.overdue, d.fired,
  d.passed, d.next_due, d.last_fired
from scheduled_event_configuration c
join scheduled_arming a on a.organization_id = c.organization_id and a.configuration_id = c.id
cross join lateral (
  select count(*) filter (where outcome is null and arming = c.arming) as waiting,
    count(*) filter (where outcome is null and arming = c.arming and due_at <= $3) as overdue,
    count(*) filter (where outcome = 'FIRED') as fired,
    count(*) filter (where outcome = 'SKIPPED') as passed,
    min(due_at) filter (where outcome is null and arming = c.arming) as next_due,
    max(dt_ended) filter (where outcome = 'FIRED') as last_fired
  from scheduled_due
  where organization_id = c.organization_id and configuration_id = c.id) d
where c.organization_id = $1 and c.id = $2;

-- Those that wait, by the index of what is owed. The state of the entity tells whose account it is in.
-- $1 organization; $2 due then or later; $3 due before, null for no bound; $4-$6 due time, configuration
-- and entity id to begin after; $7 the configuration, null for any; $8 what is hidden, null when nothing
-- is; $9 most rows.
-- name: scheduledDueList
select d.configuration_id, d.entity_id, d.due_at, d.value, d.dt_armed, d.outcome, d.dt_ended, c.name,
  c.entity, c.field, c.offset_days, o.time_zone
from scheduled_due d
join organization o on o.id = d.organization_id
join scheduled_event_configuration c
  on c.organization_id = d.organization_id and c.id = d.configuration_id and c.arming = d.arming
where d.organization_id = $1 and d.outcome is null and d.due_at >= $2
  and ($3::timestamptz is null or d.due_at < $3)
  and (d.due_at, d.configuration_id, d.entity_id) > ($4, $5, $6)
  and ($7::uuid is null or d.configuration_id = $7)
  and ($8::text[] is null or not (
    coalesce(array['scheduledeventconfiguration/' || d.configuration_id] && $8, false)
    or event_is_hidden($8, d.organization_id, d.configuration_id, c.name, 'ScheduledEvent',
      d.entity_id, null, null, (
        select s.state from entity_state s
        where s.organization_id = d.organization_id and s.entity = c.entity
          and s.entity_id = d.entity_id))))
order by d.due_at, d.configuration_id, d.entity_id
limit $9;

-- Those of one entity id, also what ended: a few of each configuration.
-- $10 the entity id; $11 whether what ended counts; the others as above.
-- name: scheduledDueListOfEntity
select d.configuration_id, d.entity_id, d.due_at, d.value, d.dt_armed, d.outcome, d.dt_ended, c.name,
  c.entity, c.field, c.offset_days, o.time_zone
from scheduled_event_configuration c
join organization o on o.id = c.organization_id
cross join lateral (
  select * from scheduled_due
  where organization_id = c.organization_id and configuration_id = c.id and entity_id = $10
    and arming = c.arming and ($11::boolean or outcome is null)
    and due_at >= $2 and ($3::timestamptz is null or due_at < $3)
    and (due_at, configuration_id, entity_id) > ($4, $5, $6)
  -- Keeps the planner from turning the look-ups into a join, for which it may read all of them.
  offset 0) d
where c.organization_id = $1 and ($7::uuid is null or c.id = $7)
  and ($8::text[] is null or not (
    coalesce(array['scheduledeventconfiguration/' || d.configuration_id] && $8, false)
    or event_is_hidden($8, d.organization_id, d.configuration_id, c.name, 'ScheduledEvent',
      d.entity_id, null, null, (
        select s.state from entity_state s
        where s.organization_id = d.organization_id and s.entity = c.entity
          and s.entity_id = d.entity_id))))
order by d.due_at, d.configuration_id, d.entity_id
limit $9;

-- name: scheduledDueZone
select time_zone from organization where id = $1;
