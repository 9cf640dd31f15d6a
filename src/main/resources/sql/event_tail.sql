-- Events in the order in which whoever follows them reads them: by the transaction that stored them,
-- and within one by id. Transactions end in any order, but of those below the snapshot's xmin none is
-- under way any more, and what they stored is visible to the snapshot. Whoever reads no further than
-- that therefore passes no event that may still come (is_settled).
--
-- They are run like those of event.sql, with one plan for all parameters that follows the index: each
-- partition by organization and transaction, merged; only the events of one transaction at a time are
-- sorted.

-- To be run before anything is stored by a server that starts: begins a new era if there are events of
-- transactions that have not begun in this cluster, which only a logical restore brings. They would
-- count as not settled until the cluster has counted that far, and events from then on as stored
-- before them. One node does so; another that starts at the same time waits for it, and then finds no
-- such event behind the new era's first id. $1 an id that is above all there are.
-- name: eventEraBegin
update event_era set first_id = $1
where exists (
  select from organization o
  where exists (
    select from event e
    where e.organization_id = o.id and e.id >= event_era.first_id and e.xid > '0'
      and e.xid >= pg_snapshot_xmax(pg_current_snapshot())));

-- name: eventEra
select first_id from event_era;

-- Where a follower begins. $1 organization, $2 the event after which, null to begin with what is
-- committed from now on; $3 what is hidden from the reader, null when nothing is; $4 ids from this one
-- on, which are those that are still there.
-- name: eventTailStart
select
  pg_current_snapshot()::text as snapshot,
  (select xid::text from event
    where organization_id = $1 and id = $2 and id >= $4
      and ($3::text[] is null or not event_is_hidden($3, $1, id, event_name, event_type, resource_id,
        account_id, event.new, event.old))) as xid;

-- $1 organization, $2 transaction and $3 id after which, $4 ids from this one on, $5 rows. Of what is
-- not settled it is only told that it is there.
-- name: eventTailRead
select
  id, event_name, event_type, event_time, resource_id, account_id, dt_actioned, xid::text as xid,
  is_settled, case when is_settled then new::text end as new,
  case when is_settled then old::text end as old
from (
  select *, xid < pg_snapshot_xmin(pg_current_snapshot()) as is_settled
  from event
  where organization_id = $1 and (xid, id) > ($2::text::xid8, $3::uuid) and id >= $4 and xid > '0'
  order by xid, id
  limit $5) e
order by e.xid, e.id;

-- Which of these events are not hidden. $1 organization, $2 ids, $3 what is hidden from the reader;
-- null when nothing is; $4 ids from this one on.
-- name: eventTailVisible
select id from event
where organization_id = $1 and id = any ($2::uuid[]) and id >= $4
  and ($3::text[] is null or not event_is_hidden($3, $1, id, event_name, event_type, resource_id,
    account_id, event.new, event.old));
