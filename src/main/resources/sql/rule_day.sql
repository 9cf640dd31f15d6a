-- What rules did, by day.

-- Adds to what is kept. Rows are locked in one order, or two nodes could wait for each other. A rule
-- that is deleted at this moment breaks the foreign key, and the statement with it; the next try no
-- longer sees the rule.
--
-- $1 organizations; $2 rules; $3 days; $4 evaluated; $5 fired; $6 errors; $7 last errors; $8 their
-- events; $9 when they were.
-- name: ruleDayAdd
insert into rule_day as d (organization_id, notification_configuration_id, day, evaluated, fired,
  errors, last_error, last_error_event_id, dt_last_error)
select a.organization_id, a.rule_id, a.day, a.evaluated, a.fired, a.errors, a.last_error, a.event_id,
  a.dt_last_error
from unnest($1::uuid[], $2::uuid[], $3::date[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[],
    $8::uuid[], $9::timestamptz[])
  as a (organization_id, rule_id, day, evaluated, fired, errors, last_error, event_id, dt_last_error)
where exists (
  select from notification_configuration c
  where c.organization_id = a.organization_id and c.id = a.rule_id)
order by a.organization_id, a.rule_id, a.day
on conflict (organization_id, notification_configuration_id, day) do update
  set evaluated = d.evaluated + excluded.evaluated,
    fired = d.fired + excluded.fired,
    errors = d.errors + excluded.errors,
    last_error = case when excluded.dt_last_error >= coalesce(d.dt_last_error, '-infinity')
      then excluded.last_error else d.last_error end,
    last_error_event_id = case when excluded.dt_last_error >= coalesce(d.dt_last_error, '-infinity')
      then excluded.last_error_event_id else d.last_error_event_id end,
    dt_last_error = greatest(d.dt_last_error, excluded.dt_last_error);

-- The days of one rule from a day on, newest first; a row without a day if it has none, and no row if
-- there is no such rule. An error on an event that is hidden is left out, and so is one whose event
-- is gone, from somebody from whom anything is hidden.
--
-- $4 what is hidden from the reader, null when nothing is; $5 the lowest id of an event that is still
-- there.
-- name: ruleDayList
select d.day, d.evaluated, d.fired, d.errors,
  case when told.is_visible then d.last_error end as last_error,
  case when told.is_visible then d.last_error_event_id end as last_error_event_id,
  case when told.is_visible then d.dt_last_error end as dt_last_error
from notification_configuration c
left join rule_day d
  on d.organization_id = c.organization_id and d.notification_configuration_id = c.id
    and d.day >= $3
cross join lateral (
  select d.last_error_event_id >= $5 and ($4::text[] is null or not coalesce(
    (select event_is_hidden($4, $1, e.id, e.event_name, e.event_type, e.resource_id, e.account_id,
        e.new, e.old)
      from event e where e.organization_id = $1 and e.id = d.last_error_event_id),
    true)) as is_visible) told
where c.organization_id = $1 and c.id = $2
order by d.day desc;

-- So many, the oldest first.
-- name: ruleDayExpire
delete from rule_day
where ctid = any (array(select ctid from rule_day where day < $1 order by day limit $2::int));
