-- Events as they are read. The day partitions are in the order of their ids, so a list reads the
-- newest first and stops where the page is full. There is one statement for each way to find the
-- rows, since a filter that may be null is no way; and they are run with one plan for all
-- parameters that follows the indexes and sorts nothing: of filters that may be null the planner
-- believes that hardly any row passes, and would sort all there are.
--
-- What a filter keeps may be rare, and then most of what there is would be read for one page. So a
-- list that has a filter walks only so far (eventWalk), and finds what is further back by its keys
-- (eventListByKey; the index event_by_key).
--
-- $1 organization, $2 ids below this one, $3 rows, $4 event name, $5 category, $6 account,
-- $7 resource, $8 whether those that were dealt with are wanted too, $9 ids from this one on, $10 what
-- is hidden from the reader; null when nothing is. Of a rule that is hidden, nobody learns on what it
-- fired. The lowest id wanted is never below the horizon: what is older is there for nobody.

-- name: eventList
select
  id, event_name, event_type, event_time, resource_id, account_id, new::text as new,
  old::text as old, dt_actioned
from event
where organization_id = $1 and id < $2 and id >= $9
  and ($4::text is null or event_name = $4)
  and ($5::text is null or event_type = $5)
  and ($6::text is null or account_id = $6)
  and ($7::text is null or resource_id = $7)
  and ($8::boolean or dt_actioned is null)
  and ($10::text[] is null or not event_is_hidden($10, $1, id, event_name, event_type, resource_id,
    account_id, new, old))
order by id desc
limit $3;

-- The same, of which a rule fired: $11 its id, $12 its code; one of them may be null. That is asked
-- last, of those that pass everything else.
-- name: eventListTriggered
select
  id, event_name, event_type, event_time, resource_id, account_id, new::text as new,
  old::text as old, dt_actioned
from event
where organization_id = $1 and id < $2 and id >= $9
  and ($4::text is null or event_name = $4)
  and ($5::text is null or event_type = $5)
  and ($6::text is null or account_id = $6)
  and ($7::text is null or resource_id = $7)
  and ($8::boolean or dt_actioned is null)
  and ($10::text[] is null or not event_is_hidden($10, $1, id, event_name, event_type, resource_id,
    account_id, new, old))
  and exists (
    select from notification n
    where n.organization_id = $1 and n.cause_event_id = event.id
      and n.notification_configuration_id = (select rule_or_null($10, $1, $11, $12)))
order by id desc
limit $3;

-- $11 ids; $12 the rule that must have fired, $13 its code: both may be null.
-- name: eventListOfIds
select
  e.id, e.event_name, e.event_type, e.event_time, e.resource_id, e.account_id,
  e.new::text as new, e.old::text as old, e.dt_actioned
from event e
where e.organization_id = $1 and e.id < $2 and e.id >= $9 and e.id = any ($11::uuid[])
  and ($4::text is null or e.event_name = $4)
  and ($5::text is null or e.event_type = $5)
  and ($6::text is null or e.account_id = $6)
  and ($7::text is null or e.resource_id = $7)
  and ($8::boolean or e.dt_actioned is null)
  and ($10::text[] is null or not event_is_hidden($10, $1, e.id, e.event_name, e.event_type,
    e.resource_id, e.account_id, e.new, e.old))
  and ($12::uuid is null and $13::text is null or event_triggered($10, $1, e.id, $12, $13))
order by e.id desc
limit $3;

-- $11 the rule that fired, $12 its code: one of them may be null. A rule fires once on an event, so
-- no event comes twice. The limit of one keeps the planner from beginning with the events.
-- name: eventListOfRule
select
  e.id, e.event_name, e.event_type, e.event_time, e.resource_id, e.account_id, e.new, e.old,
  e.dt_actioned
from notification n
cross join lateral (
  select
    id, event_name, event_type, event_time, resource_id, account_id, new::text as new,
    old::text as old, dt_actioned
  from event
  where organization_id = $1 and id = n.cause_event_id
    and ($4::text is null or event_name = $4)
    and ($5::text is null or event_type = $5)
    and ($6::text is null or account_id = $6)
    and ($7::text is null or resource_id = $7)
    and ($8::boolean or dt_actioned is null)
    and ($10::text[] is null or not event_is_hidden($10, $1, id, event_name, event_type, resource_id,
      account_id, event.new, event.old))
  limit 1) e
where n.organization_id = $1 and n.cause_event_id < $2 and n.cause_event_id >= $9
  and not coalesce(array['notificationconfiguration',
    'notificationconfiguration/' || n.notification_configuration_id] && $10, false)
  and n.notification_configuration_id = (
    select coalesce($11::uuid, c.id)
    from (select 1) one
    left join notification_configuration c on c.organization_id = $1 and c.code = $12::text
    where $11::uuid is null or $12::text is null or c.id = $11)
order by n.cause_event_id desc
limit $3;

-- Where a walk ends that goes on from $2 for $4 steps and not below $3, null if it comes to its end
-- earlier; the oldest event; and whether the rule with the id $5, the code $6 or both fired on no more
-- than $7 events there, so that these are all to be looked at. Without a rule it is not rare.
-- name: eventWalk
select
  (select id from event where organization_id = $1 and id < $2 and id >= $3
    order by id desc offset $4::bigint limit 1) as lowest,
  (select id from event where organization_id = $1 and id >= $3 order by id limit 1) as oldest,
  ($5::uuid is not null or $6::text is not null) and not exists (
    select from notification n
    where n.organization_id = $1 and n.cause_event_id < $2 and n.cause_event_id >= $3
      and n.notification_configuration_id = (select rule_or_null(null, $1, $5, $6))
    offset $7::bigint limit 1) as rule_is_rare;

-- $1 organization, $2 kind and $3 value of the key, $4 and $5 stretches of ids, the newest first: the
-- lowest of each, and what its ids are below; $6 rows, $7 event name, $8 category, $9 account,
-- $10 resource, $11 whether those that were dealt with are wanted too, $12 what is hidden, $13 the rule
-- that must have fired, $14 its code.
-- name: eventListByKey
select
  id, event_name, event_type, event_time, resource_id, account_id, new::text as new,
  old::text as old, dt_actioned
from event_page_by_key($2::int, $3::text, $1::uuid, $4::uuid[], $5::uuid[], $6::bigint, $7::text,
  $8::text, $9::text, $10::text, $11::boolean, $12::text[], $13::uuid, $14::text);

-- Merges what commits appended to the index of keys; how many pages that were.
-- name: eventIndexMerge
select coalesce(sum(gin_clean_pending_list(i.inhrelid::regclass)), 0)::bigint
from pg_inherits i
where i.inhparent = 'event_by_key'::regclass;

-- $3 what is hidden from the reader, null when nothing is; $4 ids from this one on.
-- name: eventFind
select
  id, event_name, event_type, event_time, resource_id, account_id, new::text as new,
  old::text as old, dt_actioned
from event
where organization_id = $1 and id = $2 and id >= $4
  and ($3::text[] is null or not event_is_hidden($3, $1, id, event_name, event_type, resource_id,
    account_id, event.new, event.old));

-- $2 ids, $3 whether they were dealt with, $4 when, $5 what is hidden from the reader, null when
-- nothing is; $6 ids from this one on.
-- name: eventAction
with marked as (
  update event
  set dt_actioned = case when $3::boolean then coalesce(dt_actioned, $4::timestamptz) end
  where organization_id = $1 and id = any ($2::uuid[]) and id >= $6
    and ($5::text[] is null or not event_is_hidden($5, $1, id, event_name, event_type, resource_id,
      account_id, event.new, event.old))
  returning
    id, event_name, event_type, event_time, resource_id, account_id, new::text as new,
    old::text as old, dt_actioned
)
select * from marked order by id desc;

-- Deletes the oldest events of an organization that are below an id, and with the next their
-- notifications: where they are gone for everybody before their day is dropped. As many as wanted, by
-- the range of their ids, so that the partitions of later days are left out.
--
-- $1 organization, $2 ids below this one, $3 rows.
-- name: eventDeleteOld
delete from event
where organization_id = $1 and id < $2
  and id <= coalesce(
    (select id from event where organization_id = $1 and id < $2
      order by id offset $3::int - 1 limit 1),
    $2);

-- All that one event set off, so it may be some more.
-- name: notificationDeleteOld
delete from notification
where organization_id = $1 and cause_event_id < $2
  and cause_event_id <= coalesce(
    (select cause_event_id from notification where organization_id = $1 and cause_event_id < $2
      order by cause_event_id offset $3::int - 1 limit 1),
    $2);
