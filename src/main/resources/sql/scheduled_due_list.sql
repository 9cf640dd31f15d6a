-- What is read of appointments: those of a configuration's present arming, which are all that fire. Run
-- on sessions that look everything up by index, in its order, whatever was counted.

-- Each is counted to a bound, by an index that has nothing else: the order is one that no other has.
-- $1-$2 organization and configuration; $3 now; $4 how far to count.
-- name: scheduledDueStatus
select a.scanned, a.armed, a.skipped, a.dt_started, a.dt_completed,
  (select count(*) from (
    select from scheduled_due d
    where d.organization_id = $1 and d.configuration_id = c.id and d.arming = c.arming
      and d.outcome is null
    order by d.due_at, d.dt_armed limit $4::int) w) as waiting,
  (select count(*) from (
    select from scheduled_due d
    where d.organization_id = $1 and d.configuration_id = c.id and d.arming = c.arming
      and d.outcome is null and d.due_at <= $3
    order by d.due_at, d.dt_armed limit $4::int) w) as overdue,
  (select count(*) from (
    select from scheduled_due d
    where d.organization_id = $1 and d.configuration_id = c.id
      and d.outcome = 'FIRED'
    order by d.dt_ended limit $4::int) f) as fired,
  (select count(*) from (
    select from scheduled_due d
    where d.organization_id = $1 and d.configuration_id = c.id
      and d.outcome = 'SKIPPED'
    order by d.dt_ended limit $4::int) s) as passed,
  (select d.due_at from scheduled_due d
    where d.organization_id = $1 and d.configuration_id = c.id and d.arming = c.arming
      and d.outcome is null
    order by d.due_at, d.dt_armed limit 1) as next_due,
  (select d.dt_ended from scheduled_due d
    where d.organization_id = $1 and d.configuration_id = c.id and d.outcome = 'FIRED'
    order by d.dt_ended desc limit 1) as last_fired
from scheduled_event_configuration c
join scheduled_arming a on a.organization_id = c.organization_id and a.configuration_id = c.id
where c.organization_id = $1 and c.id = $2;

-- Those that wait: of each configuration as many as the page may have, in their order, and of these the
-- first. So many may be due at the same time that they are found by configuration and when they were
-- armed too; of those that were armed together, which are no more than a commit has, or a step of a walk,
-- the order is that of their entities. A page begins after one of these: of the configurations that come
-- before its own in the order of ids, those due at that time are past. The state of an entity tells whose
-- account it is in.
-- $1 organization; $2-$5 due time, configuration, when armed and entity id to begin after; $6 due before,
-- null for no bound; $7 the configuration, null for any; $8 what is hidden, null when nothing is; $9 most
-- rows.
-- name: scheduledDueList
select d.configuration_id, d.entity_id, d.due_at, d.value, d.dt_armed, d.outcome, d.dt_ended, c.name,
  c.entity, c.field, c.offset_days, o.time_zone
from scheduled_event_configuration c
join organization o on o.id = $1
cross join lateral (
  select w.* from scheduled_due w
  where w.organization_id = $1 and w.configuration_id = c.id and w.arming = c.arming
    and w.outcome is null
    and (w.due_at, w.dt_armed, w.entity_id) > (
      case when c.id < $3 then $2::timestamptz + interval '1 microsecond' else $2 end,
      case when c.id = $3 then $4::timestamptz else '-infinity' end,
      case when c.id = $3 then $5 else '' end)
    and w.due_at < coalesce($6::timestamptz, 'infinity')
    and ($8::text[] is null or not (
      coalesce(array['scheduledeventconfiguration/' || c.id] && $8, false)
      or event_is_hidden($8, c.organization_id, c.id, c.name, 'ScheduledEvent', w.entity_id, null, null, (
          select s.state from entity_state s
          where s.organization_id = $1 and s.entity = c.entity
            and s.entity_id = w.entity_id))))
  order by w.due_at, w.dt_armed, w.entity_id
  limit $9::int) d
where c.organization_id = $1 and ($7::uuid is null or c.id = $7)
order by d.due_at, d.configuration_id, d.dt_armed, d.entity_id
limit $9::int;

-- Those of one entity id, also what ended: a few of each configuration.
-- $10 the entity id; $11 whether what ended counts; the others as above.
-- name: scheduledDueListOfEntity
select d.configuration_id, d.entity_id, d.due_at, d.value, d.dt_armed, d.outcome, d.dt_ended, c.name,
  c.entity, c.field, c.offset_days, o.time_zone
from scheduled_event_configuration c
join organization o on o.id = $1
cross join lateral (
  select * from scheduled_due
  where organization_id = $1 and configuration_id = c.id and entity_id = $10
    and arming = c.arming and ($11::boolean or outcome is null)
    and due_at < coalesce($6::timestamptz, 'infinity')
    and (due_at, configuration_id, dt_armed, entity_id) > ($2, $3, $4, $5)
  -- Keeps the planner from turning the look-ups into a join, for which it may read all of them.
  offset 0) d
where c.organization_id = $1 and ($7::uuid is null or c.id = $7)
  and ($8::text[] is null or not (
    coalesce(array['scheduledeventconfiguration/' || d.configuration_id] && $8, false)
    or event_is_hidden($8, d.organization_id, d.configuration_id, c.name, 'ScheduledEvent',
      d.entity_id, null, null, (
        select s.state from entity_state s
        where s.organization_id = $1 and s.entity = c.entity
          and s.entity_id = d.entity_id))))
order by d.due_at, d.configuration_id, d.dt_armed, d.entity_id
limit $9::int;

-- name: scheduledDueZone
select time_zone from organization where id = $1;
