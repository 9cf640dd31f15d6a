-- Failures of deliveries of which the customer is still to be told. They are written with the outcome
-- of the attempt (integrationRunRecord); tell_at is when any node may take one to tell it, and null
-- once it is told. Run on the sessions of deliveries, see integration_run.sql.

-- Takes the oldest of each organization.
--   owing   steps from one organization that is owed something to the next, by the index, as far as it
--           is asked for.
--   turns   of those, as many as are wanted that have something which can be taken now: it is locked.
--           Organizations that have nothing else do not count: the end of all is come to when there are
--           fewer than wanted. Nothing is told to one that is erased.
--   taken   passes over what another node is taking at this moment.
--
-- $1 the organization to begin after; $2 most organizations; $3 most of each; $4 for how many
-- milliseconds nobody else takes them; $5 the moment and $6 the days by which events expire. Of an event
-- that has expired only its category is told, which decides whether there is anything to tell.
-- name: integrationFailureClaim
with recursive owing as (
  (select organization_id from integration_failure
    where tell_at is not null and organization_id > $1
    order by organization_id limit 1)
  union all
  select n.organization_id
  from owing o cross join lateral (
    select organization_id from integration_failure
    where tell_at is not null and organization_id > o.organization_id
    order by organization_id limit 1) n
),
turns as materialized (
  select o.organization_id
  from owing o cross join lateral (
    select from integration_failure f
    join integration_run r on r.organization_id = f.organization_id and r.id = f.run_id
    where f.organization_id = o.organization_id and f.tell_at <= now()
      and not exists (
        select from organization_erasure x where x.organization_id = o.organization_id)
    order by f.tell_at
    limit 1
    for update of f skip locked) first
  limit $2::int
),
taken as materialized (
  select f.* from turns t cross join lateral (
    select organization_id, run_id, outcome from integration_failure
    where organization_id = t.organization_id and tell_at <= now()
    order by tell_at
    limit $3::int
    for update skip locked) f
),
told as materialized (
  select t.*, r.cause_event_id, r.notification_event_id, r.notification_configuration_id,
    r.integration_configuration_id, r.webhook_id, n.code, e.event_type,
    case when x.is_there then e.event_name end as event_name,
    case when x.is_there then e.account_id end as account_id,
    w.failing_since
  from taken t
  join integration_run r on r.organization_id = t.organization_id and r.id = t.run_id
  cross join lateral (
    select r.cause_event_id >= event_horizon(r.organization_id, $5, $6) as is_there) x
  left join notification n
    on n.organization_id = r.organization_id and n.cause_event_id = r.cause_event_id
      and n.notification_configuration_id = r.notification_configuration_id
  left join event e on e.organization_id = r.organization_id and e.id = r.cause_event_id
  left join webhook w on w.organization_id = r.organization_id and w.id = r.webhook_id
)
update integration_failure f
set tell_at = clock_timestamp() + $4::bigint * interval '1 millisecond'
from told t
where f.organization_id = t.organization_id and f.run_id = t.run_id and f.outcome = t.outcome
returning f.attempt, f.status, f.response_status, f.error, f.dt_occurred, t.*;

-- $1 organizations; $2 runs; $3 outcomes.
-- name: integrationFailureTold
update integration_failure f
set tell_at = null
from unnest($1::uuid[], $2::uuid[], $3::text[]) as u (organization_id, run_id, outcome)
where f.organization_id = u.organization_id and f.run_id = u.run_id and f.outcome = u.outcome;
