-- Integration runs from one claim to the next. Runs are many, each is updated a few times, and due_at
-- is indexed, so every update writes a new row version and new index entries; that is the price of
-- finding what is due without looking at anything else.
--
-- These statements are run with nested loops only and generic plans, so that every run is found by
-- its primary key, in the one partition that its id names, however many partitions there are and
-- whatever the statistics said: a hash or merge join would read every partition whole. Compiling
-- such a plan costs more than running it.
--
-- Runs whose time has come, whoever held them, leased to the caller.
--   due     is locked before it is limited, which only a materialized common table expression
--           promises, and passes over what another node is claiming at this moment.
--   told    adds what is sent and where. What has nowhere to go, or nothing to tell, ends here; of an
--           event that has expired, nothing is told though its row still stands.
--   owed    is what the customer is told of that: see integration_failure.sql. Deliveries of such
--           events owe none.
-- now() and not clock_timestamp() decides what is due, because only a stable function can be looked
-- up in an index; a lease counts from clock_timestamp(), so that a wait does not shorten it.
--
-- $1 most runs; $2 organizations and $3 webhooks that are not wanted; $4 node; $5 lease in
-- milliseconds; $6 the moment and $7 the days by which events expire.
-- name: integrationRunClaimDue
with due as materialized (
  select r.organization_id, r.id, r.cause_event_id, r.notification_event_id,
    r.notification_configuration_id, r.integration_configuration_id, r.webhook_id, r.attempts,
    r.cause_event_id < event_horizon(r.organization_id, $6, $7) as has_expired
  from integration_run r
  where r.due_at <= now() and r.organization_id <> all ($2::uuid[])
    and r.webhook_id <> all ($3::uuid[])
    and not exists (
      select from organization_erasure x where x.organization_id = r.organization_id)
  order by r.due_at
  limit $1::int
  for update of r skip locked
),
told as materialized (
  select d.*, w.url, w.credentials_sealed, n.code, n.name, n.version, e.event_name, e.event_type,
    e.event_time, e.resource_id, e.account_id, e.new::text as new, e.old::text as old, e.dt_actioned,
    coalesce(e.account_id is not null and account_mappings(i.config_data) is not null
      and account_mappings(i.config_data) -> e.account_id is null, false) as lacks_mapping,
    case
      when n.code is null or e.id is null then 'ERROR'
      when delivery_reason_off(w.active, i.enabled) is not null then 'DISABLED'
      else 'STARTED' end as status,
    case
      when n.code is null or e.id is null then 'the event expired before it was delivered'
      else delivery_reason_off(w.active, i.enabled) end as error
  from due d
  left join webhook w on w.organization_id = d.organization_id and w.id = d.webhook_id
  left join integration_configuration i
    on i.organization_id = d.organization_id and i.id = d.integration_configuration_id
  left join notification n
    on n.organization_id = d.organization_id and n.cause_event_id = d.cause_event_id
      and n.notification_configuration_id = d.notification_configuration_id
  left join event e
    on e.organization_id = d.organization_id and e.id = d.cause_event_id and not d.has_expired
),
owed as (
  insert into integration_failure (organization_id, run_id, outcome, attempt, status,
    response_status, error, dt_occurred, tell_at)
  select t.organization_id, t.id, 'perform', t.attempts, t.status, null, t.error, clock_timestamp(),
    clock_timestamp()
  from told t
  where t.status = 'ERROR' and exists (
    select from event e
    where e.organization_id = t.organization_id and e.id = t.cause_event_id
      and e.event_type <> 'IntegrationEvent')
  on conflict do nothing
)
update integration_run r
set status = t.status,
  fence = r.fence + 1,
  leased_by = case when t.status = 'STARTED' then $4::uuid end,
  due_at = case when t.status = 'STARTED'
    then clock_timestamp() + $5::bigint * interval '1 millisecond' end,
  dt_started = coalesce(r.dt_started, clock_timestamp()),
  dt_completed = case when t.status <> 'STARTED' then clock_timestamp() end,
  error = coalesce(t.error, r.error),
  dt_last_modified = clock_timestamp()
from told t
where r.organization_id = t.organization_id and r.id = t.id
returning r.fence, t.*;

-- Outcomes of attempts, each of which only counts while the run has the fence it was attempted
-- with. Writing one twice changes nothing but the moment that a retry counts from. Answers which
-- of them counted, by their places from 1 on.
--   failed  is what the customer is to be told, once a run for each: see integration_failure.sql.
--   noted   keeps since when a webhook fails, which seldom changes: webhooks mostly work, or mostly
--           do not.
--
-- $1 organizations; $2 runs; $3 fences; $4 attempts' numbers; $5 statuses; $6 milliseconds until the
-- retry, null when the run has ended; $7 errors; $8 when attempts started; $9 how many milliseconds
-- they took; $10 response statuses; $11 responses; $12 failures that the answer tells of, $13 and the
-- end, null for none.
-- name: integrationRunRecord
with outcome as materialized (
  select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::int[], $5::text[], $6::bigint[],
      $7::text[], $8::timestamptz[], $9::int[], $10::int[], $11::text[], $12::text[], $13::text[])
    with ordinality as o (organization_id, id, fence, attempt, status, retry_ms, error, dt_started, duration_ms,
      response_status, response, answered, ended, place)
),
written as (
  update integration_run r
  set status = o.status,
    attempts = o.attempt,
    due_at = case when o.retry_ms is not null
      then clock_timestamp() + o.retry_ms * interval '1 millisecond' end,
    dt_completed = case when o.retry_ms is null then clock_timestamp() end,
    leased_by = null,
    waits_as = case when o.retry_ms is not null then o.status end,
    error = o.error,
    dt_last_modified = clock_timestamp()
  from outcome o
  where r.organization_id = o.organization_id and r.id = o.id and r.fence = o.fence
  returning o.*, r.webhook_id
),
tried as (
  insert into integration_run_attempt (organization_id, run_id, attempt, dt_started, duration_ms,
    response_status, error, response)
  select organization_id, id, attempt, dt_started, duration_ms, response_status, error, response
  from written
  on conflict do nothing
),
failed as (
  insert into integration_failure (organization_id, run_id, outcome, attempt, status,
    response_status, error, dt_occurred, tell_at)
  select w.organization_id, w.id, f.outcome, w.attempt, w.status, w.response_status, w.error,
    clock_timestamp(), clock_timestamp()
  from written w cross join lateral (values (w.answered), (w.ended)) as f (outcome)
  where f.outcome is not null
  on conflict do nothing
),
health as materialized (
  select organization_id, webhook_id, bool_or(status = 'COMPLETE') as works, min(dt_started) as since
  from written where ended is distinct from 'missingaccountmapping'
  group by organization_id, webhook_id
),
noted as (
  update webhook w
  set failing_since = case when not h.works then h.since end
  from health h
  where w.organization_id = h.organization_id and w.id = h.webhook_id
    and h.works = (w.failing_since is not null)
)
select coalesce(array_agg(place), '{}') from written;

-- Leased runs that were not attempted, due at once for anybody, and waiting as they did before.
--
-- $1 organizations; $2 runs; $3 fences.
-- name: integrationRunRelease
update integration_run r
set status = coalesce(r.waits_as, 'WAITING'),
  due_at = clock_timestamp(),
  leased_by = null,
  dt_last_modified = clock_timestamp()
from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as u (organization_id, id, fence)
where r.organization_id = u.organization_id and r.id = u.id and r.fence = u.fence
  and r.due_at is not null;

-- Ends runs that wait for a later attempt though their event has expired, as a claim does with those
-- that are due. What somebody works on is left to him: he does not begin to send it either.
--   early    are those that were made with their event, or at most a day later: by the partial index
--            of what waits, in one or two old partitions. Of one that was not counted yet, the planner
--            would rather read the whole index by events, from which "is true" keeps the condition.
--   earlier  the same of organizations whose events are kept for fewer days.
--   replays  may have been made whenever; few wait, and they have an index of their own.
--
-- $1 the moment and $2 the days by which events expire; $3 most runs.
-- name: integrationRunExpire
with early as (
  select organization_id, id from integration_run
  where due_at < 'infinity' and (leased_by is null or due_at <= now())
    and id < id_floor($1::timestamptz - ($2::int - 1) * interval '24 hours')
    and (cause_event_id < id_floor($1::timestamptz - $2::int * interval '24 hours')) is true
  limit $3::int
),
earlier as (
  select r.organization_id, r.id
  from organization o
  cross join lateral (
    select organization_id, id from integration_run
    where organization_id = o.id and due_at is not null and (leased_by is null or due_at <= now())
      and status in ('WAITING', 'STARTED', 'AWAITING_RETRY', 'AUTH_FAILED',
        'TIMEOUT_LIMIT_EXCEEDED', 'RATE_LIMIT_RETRY')
      and id < id_floor($1::timestamptz - (o.retention_days - 1) * interval '24 hours')
      and cause_event_id < id_floor($1::timestamptz - o.retention_days * interval '24 hours')
    limit $3::int) r
  where o.retention_days < $2::int
  limit $3::int
),
replays as (
  select organization_id, id from integration_run
  where due_at is not null and parent_run_id is not null
    and (leased_by is null or due_at <= now())
    and cause_event_id < event_horizon(organization_id, $1, $2)
  limit $3::int
),
expired as materialized (
  select r.organization_id, r.id, r.cause_event_id, r.attempts
  from (
    select * from early union select * from earlier union select * from replays limit $3::int) c
  join integration_run r on r.organization_id = c.organization_id and r.id = c.id
  where r.due_at is not null
  for update of r skip locked
),
owed as (
  insert into integration_failure (organization_id, run_id, outcome, attempt, status,
    response_status, error, dt_occurred, tell_at)
  select x.organization_id, x.id, 'perform', x.attempts, 'ERROR', null,
    'the event expired before it was delivered', clock_timestamp(), clock_timestamp()
  from expired x
  where exists (
    select from event e
    where e.organization_id = x.organization_id and e.id = x.cause_event_id
      and e.event_type <> 'IntegrationEvent')
  on conflict do nothing
)
update integration_run r
set status = 'ERROR',
  fence = r.fence + 1,
  leased_by = null,
  due_at = null,
  dt_completed = clock_timestamp(),
  error = 'the event expired before it was delivered',
  dt_last_modified = clock_timestamp()
from expired x
where r.organization_id = x.organization_id and r.id = x.id
returning r.organization_id, r.id;

-- Deletes runs of an organization, with all that belongs to them, whose events are below an id: where
-- they are gone for everybody before their day is dropped. What waits ends first, and what its customer
-- is owed is told first.
--
-- $1 organization, $2 events below this id, $3 most runs.
-- name: integrationRunDeleteOld
with old as materialized (
  select id from integration_run r
  where r.organization_id = $1 and r.cause_event_id < $2 and r.due_at is null
    and not exists (
      select from integration_failure f
      where f.organization_id = $1 and f.run_id = r.id and f.tell_at is not null)
  limit $3::int
),
attempts as (
  delete from integration_run_attempt a using old
  where a.organization_id = $1 and a.run_id = old.id
),
failures as (
  delete from integration_failure f using old where f.organization_id = $1 and f.run_id = old.id
)
delete from integration_run r using old where r.organization_id = $1 and r.id = old.id;
