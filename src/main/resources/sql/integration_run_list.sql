-- Integration runs as they are read, newest first: like events (event.sql), with one statement for
-- each way to find the rows, run with one plan for all parameters that follows an index and sorts
-- nothing.
--
-- $1 organization, $2 ids below this one, $3 rows, $4 ids from this one on; then, each of them null
-- where it does not matter: $5 status, $6 webhook, $7 rule, $8 event; $9 what is hidden from the
-- reader, null when nothing is; $10 the lowest id of an event that is still there. A run is there as
-- long as the event that caused it, however much later it was made.

-- name: integrationRunList
select r.id, r.cause_event_id, r.notification_event_id, r.notification_configuration_id,
  r.integration_configuration_id, r.webhook_id, r.status, r.attempts, r.due_at, r.fence, r.error,
  r.dt_started, r.dt_completed, r.parent_run_id, r.dt_last_modified,
  (select w.url from webhook w where w.organization_id = $1 and w.id = r.webhook_id) as url
from integration_run r
where r.organization_id = $1 and r.id < $2 and r.id >= $4 and r.cause_event_id >= $10
  and ($5::text is null or r.status = $5)
  and ($6::uuid is null or r.webhook_id = $6)
  and ($7::uuid is null or r.notification_configuration_id = $7)
  and ($8::uuid is null or r.cause_event_id = $8)
  and ($9::text[] is null or not integration_run_is_hidden($9, r))
order by r.id desc
limit $3;

-- The event may be the one that the rule fired on, or the one that tells of it, which names the
-- other.
-- name: integrationRunListOfEvent
select r.id, r.cause_event_id, r.notification_event_id, r.notification_configuration_id,
  r.integration_configuration_id, r.webhook_id, r.status, r.attempts, r.due_at, r.fence, r.error,
  r.dt_started, r.dt_completed, r.parent_run_id, r.dt_last_modified,
  (select w.url from webhook w where w.organization_id = $1 and w.id = r.webhook_id) as url
from integration_run r
where r.organization_id = $1 and r.id < $2 and r.id >= $4 and r.cause_event_id >= $10
  and r.cause_event_id = coalesce(
    (select (e.new ->> 'causeEventId')::uuid from event e
      where e.organization_id = $1 and e.id = $8 and e.id >= $10 and e.event_type = 'Notification'),
    $8::uuid)
  and $8::uuid in (r.cause_event_id, r.notification_event_id)
  and ($5::text is null or r.status = $5)
  and ($6::uuid is null or r.webhook_id = $6)
  and ($7::uuid is null or r.notification_configuration_id = $7)
  and ($9::text[] is null or not integration_run_is_hidden($9, r))
order by r.id desc
limit $3;

-- A status other than COMPLETE, as the index has them.
-- name: integrationRunListOfStatus
select r.id, r.cause_event_id, r.notification_event_id, r.notification_configuration_id,
  r.integration_configuration_id, r.webhook_id, r.status, r.attempts, r.due_at, r.fence, r.error,
  r.dt_started, r.dt_completed, r.parent_run_id, r.dt_last_modified,
  (select w.url from webhook w where w.organization_id = $1 and w.id = r.webhook_id) as url
from integration_run r
where r.organization_id = $1 and r.id < $2 and r.id >= $4 and r.cause_event_id >= $10
  and r.status = $5 and r.status <> 'COMPLETE'
  and ($6::uuid is null or r.webhook_id = $6)
  and ($7::uuid is null or r.notification_configuration_id = $7)
  and ($8::uuid is null or r.cause_event_id = $8)
  and ($9::text[] is null or not integration_run_is_hidden($9, r))
order by r.id desc
limit $3;

-- name: integrationRunListOfWebhook
select r.id, r.cause_event_id, r.notification_event_id, r.notification_configuration_id,
  r.integration_configuration_id, r.webhook_id, r.status, r.attempts, r.due_at, r.fence, r.error,
  r.dt_started, r.dt_completed, r.parent_run_id, r.dt_last_modified,
  (select w.url from webhook w where w.organization_id = $1 and w.id = r.webhook_id) as url
from integration_run r
where r.organization_id = $1 and r.id < $2 and r.id >= $4 and r.cause_event_id >= $10
  and r.webhook_id = $6
  and ($5::text is null or r.status = $5)
  and ($7::uuid is null or r.notification_configuration_id = $7)
  and ($8::uuid is null or r.cause_event_id = $8)
  and ($9::text[] is null or not integration_run_is_hidden($9, r))
order by r.id desc
limit $3;

-- name: integrationRunListOfRule
select r.id, r.cause_event_id, r.notification_event_id, r.notification_configuration_id,
  r.integration_configuration_id, r.webhook_id, r.status, r.attempts, r.due_at, r.fence, r.error,
  r.dt_started, r.dt_completed, r.parent_run_id, r.dt_last_modified,
  (select w.url from webhook w where w.organization_id = $1 and w.id = r.webhook_id) as url
from integration_run r
where r.organization_id = $1 and r.id < $2 and r.id >= $4 and r.cause_event_id >= $10
  and r.notification_configuration_id = $7
  and ($5::text is null or r.status = $5)
  and ($6::uuid is null or r.webhook_id = $6)
  and ($8::uuid is null or r.cause_event_id = $8)
  and ($9::text[] is null or not integration_run_is_hidden($9, r))
order by r.id desc
limit $3;

-- The oldest first: $2 ids below this one, $4 ids above this one.
-- name: integrationRunListOfRuleOldestFirst
select r.id, r.cause_event_id, r.notification_event_id, r.notification_configuration_id,
  r.integration_configuration_id, r.webhook_id, r.status, r.attempts, r.due_at, r.fence, r.error,
  r.dt_started, r.dt_completed, r.parent_run_id, r.dt_last_modified,
  (select w.url from webhook w where w.organization_id = $1 and w.id = r.webhook_id) as url
from integration_run r
where r.organization_id = $1 and r.id < $2 and r.id > $4 and r.cause_event_id >= $10
  and r.notification_configuration_id = $7
  and ($5::text is null or r.status = $5)
  and ($6::uuid is null or r.webhook_id = $6)
  and ($8::uuid is null or r.cause_event_id = $8)
  and ($9::text[] is null or not integration_run_is_hidden($9, r))
order by r.id
limit $3;

-- $3 what is hidden from the reader, null when nothing is; $4 the lowest id of an event that is still
-- there.
-- name: integrationRunFind
select r.id, r.cause_event_id, r.notification_event_id, r.notification_configuration_id,
  r.integration_configuration_id, r.webhook_id, r.status, r.attempts, r.due_at, r.fence, r.error,
  r.dt_started, r.dt_completed, r.parent_run_id, r.dt_last_modified,
  (select w.url from webhook w where w.organization_id = $1 and w.id = r.webhook_id) as url
from integration_run r
where r.organization_id = $1 and r.id = $2 and r.cause_event_id >= $4
  and ($3::text[] is null or not integration_run_is_hidden($3, r));

-- name: integrationRunAttempts
select attempt, dt_started, duration_ms, response_status, error, response
from integration_run_attempt
where organization_id = $1 and run_id = $2
order by attempt;

-- Lets others who want to replay the same run wait, so that they see the replay that is made now.
--
-- $3 what is hidden from whoever asks, null when nothing is; $4 the lowest id of an event that is
-- still there.
-- name: integrationRunLock
select status, due_at is null as has_ended from integration_run r
where organization_id = $1 and id = $2 and cause_event_id >= $4
  and ($3::text[] is null or not integration_run_is_hidden($3, r))
for update;

-- Replays a run that has ended and is locked, unless a replay is there already: with a key the one
-- with that key, without one a replay that has not ended. It waits, due at once, until a sweep
-- claims it. Where it would not be sent, because something is off, none is made, and that is said.
--
-- $1 organization, $2 the run, $3 the new run's id, $4 its key.
-- name: integrationRunReplay
with parent as materialized (
  select * from integration_run where organization_id = $1 and id = $2
),
earlier as materialized (
  select r.id from parent p
  join integration_run r
    on r.organization_id = $1 and r.cause_event_id = p.cause_event_id and r.parent_run_id = p.id
  where case when $4::text is null then r.due_at is not null else r.replay_key = $4 end
  order by r.id desc
  limit 1
),
way as materialized (
  select delivery_reason_off(
    (select w.active from webhook w where w.organization_id = $1 and w.id = p.webhook_id),
    (select i.enabled from integration_configuration i
      where i.organization_id = $1 and i.id = p.integration_configuration_id)) as reason_off
  from parent p where not exists (select from earlier)
),
made as (
  insert into integration_run (organization_id, id, cause_event_id, notification_event_id,
    notification_configuration_id, integration_configuration_id, webhook_id, status, attempts,
    due_at, fence, parent_run_id, replay_key)
  select organization_id, $3, cause_event_id, notification_event_id, notification_configuration_id,
    integration_configuration_id, webhook_id, 'WAITING', 0, clock_timestamp(), 0, id, $4
  from parent where exists (select from way where reason_off is null)
  returning id
)
select id, null as reason_off from earlier
union all select id, null from made
union all select null, reason_off from way where reason_off is not null;
