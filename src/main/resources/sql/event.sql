-- Events as they are read. The day partitions are in the order of their ids, so a list reads the
-- newest first and stops where the page is full. There is one statement for each way to find the
-- rows, since a filter that may be null is no way; and they are run with one plan for all
-- parameters that follows the indexes and sorts nothing: of filters that may be null the planner
-- believes that hardly any row passes, and would sort all there are.
--
-- What a filter keeps may be rare, and then most of what there is would be read for one page. So a
-- list that has a filter walks only so far (eventWalk), and finds what is further back by its keys
-- (eventListByKeys; the index event_by_key).
--
-- $1 organization, $2 ids below this one, $3 rows, $4 event name, $5 category, $6 account,
-- $7 resource, $8 rule that fired, $9 whether those that were dealt with are wanted too, $10 ids from
-- this one on, $11 what is hidden from the reader; null when nothing is. The lowest id wanted is never
-- below the horizon: what is older is there for nobody.

-- name: eventList
select
  id, event_name, event_type, event_time, resource_id, account_id, new::text as new,
  old::text as old, dt_actioned
from event
where organization_id = $1 and id < $2 and id >= $10
  and ($4::text is null or event_name = $4)
  and ($5::text is null or event_type = $5)
  and ($6::text is null or account_id = $6)
  and ($7::text is null or resource_id = $7)
  and ($8::uuid is null or fired @> array[$8])
  and ($9::boolean or dt_actioned is null)
  and ($11::text[] is null or not event_is_hidden($11, $1, id, event_name, event_type, resource_id,
    account_id, new, old))
order by id desc
limit $3;

-- $12 ids.
-- name: eventListOfIds
select
  e.id, e.event_name, e.event_type, e.event_time, e.resource_id, e.account_id,
  e.new::text as new, e.old::text as old, e.dt_actioned
from event e
where e.organization_id = $1 and e.id < $2 and e.id >= $10 and e.id = any ($12::uuid[])
  and ($4::text is null or e.event_name = $4)
  and ($5::text is null or e.event_type = $5)
  and ($6::text is null or e.account_id = $6)
  and ($7::text is null or e.resource_id = $7)
  and ($8::uuid is null or e.fired @> array[$8])
  and ($9::boolean or e.dt_actioned is null)
  and ($11::text[] is null or not event_is_hidden($11, $1, e.id, e.event_name, e.event_type,
    e.resource_id, e.account_id, e.new, e.old))
order by e.id desc
limit $3;

-- The rule that is given by its id $2, its code $3, or both; none when there is none, or it is among
-- what is hidden ($4): of such a rule nobody learns on what it fired. One that is deleted is still
-- known by its id.
-- name: eventRule
select found.id
from (
  select coalesce($2::uuid, c.id) as id
  from (select 1) one
  left join notification_configuration c on c.organization_id = $1 and c.code = $3::text
  where $2::uuid is null or $3::text is null or c.id = $2) found
where found.id is not null
  and not coalesce(
    array['notificationconfiguration', 'notificationconfiguration/' || found.id] && $4::text[], false);

-- Where a walk ends that goes on from $2 for $4 steps and not below $3, null if it comes to its end
-- earlier; and the oldest event.
-- name: eventWalk
select
  (select id from event where organization_id = $1 and id < $2 and id >= $3
    order by id desc offset $4::bigint limit 1) as lowest,
  (select id from event where organization_id = $1 and id >= $3 order by id limit 1) as oldest;

-- $1 organization, $2 kind and $3 value of a key, $4 and $5 of another or the same, $6 and $7 stretches
-- of ids, the newest first: the lowest of each, and what its ids are below; $8 rows, $9 event name,
-- $10 category, $11 account, $12 resource, $13 rule that fired, $14 whether those that were dealt with
-- are wanted too, $15 what is hidden.
-- name: eventListByKeys
select
  id, event_name, event_type, event_time, resource_id, account_id, new::text as new,
  old::text as old, dt_actioned
from event_page_by_keys($2::int, $3::text, $4::int, $5::text, $1::uuid, $6::uuid[], $7::uuid[],
  $8::bigint, $9::text, $10::text, $11::text, $12::text, $13::uuid, $14::boolean, $15::text[]);

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
