-- Makes the partitions that are missing from one day to another and from one generation of
-- idempotency keys to another. Two nodes that do so at once take turns, so that neither fails on
-- what the other just made.
-- name: partitionsEnsure
with turn as materialized (
  select pg_advisory_xact_lock(461906, 0)
),
made as materialized (
  select partition_ensure_day(t.parent, d::date) as done
  from turn
  cross join unnest(array['event', 'notification', 'integration_run', 'integration_run_attempt',
      'integration_failure'])
    as t (parent)
  cross join generate_series($1::date, $2::date, interval '1 day') as d
  union all
  select partition_ensure_generation('idempotency_key', g)
  from turn cross join generate_series($3::int, $4::int) as g
)
select count(*) filter (where done)::int from made;

-- Until which day there is room: the first day from one to another that has no partition in some table,
-- or for which a generation of idempotency keys is missing; null when there is none.
-- name: partitionsLacking
select min(d.day) as day
from (select day::date from generate_series($1::date, $2::date, interval '1 day') as day) d
cross join lateral (
  select t.parent, t.parent || '_' || to_char(d.day, 'YYYYMMDD') as partition
  from unnest(array['event', 'notification', 'integration_run', 'integration_run_attempt',
    'integration_failure']) as t (parent)
  union all
  select 'idempotency_key', 'idempotency_key_' || g
  from generate_series((d.day - date '1970-01-01') / 7, (d.day + 1 - date '1970-01-01') / 7) as g) n
where not exists (
  select from pg_inherits i
  where i.inhrelid = to_regclass(n.partition) and i.inhparent = to_regclass(n.parent)
    and not i.inhdetachpending);

-- What is to be dropped, and by which commands: those partitions first whose detaching was interrupted,
-- for there can be one of a table at a time. What is detached already is a table like any other, and
-- known by its name.
--
-- Detaching takes no lock that a reader or a writer would wait for, but cannot be done in a
-- transaction, and so by no function. It waits for the transactions that may still use the partition,
-- no longer than the session's lock_timeout; what it began is then finished by the next round.
--
-- Runs and what belongs to them stay for another day if any of them waits, or failed and is yet to be
-- told.
--
-- $1 the first day that is kept; $2 the first day whose runs are kept whatever they wait for; $3 the
-- first generation of idempotency keys that is kept; $4 most partitions.
-- name: partitionsExpired
with named as (
  select p.relname::text as parent, c.relname::text as partition,
    i.inhparent is not null as is_attached,
    coalesce(i.inhdetachpending, false) as is_detaching,
    substr(c.relname, length(p.relname) + 2) as part
  from pg_class p
  join pg_class c
    on c.relnamespace = p.relnamespace and c.relkind = 'r' and c.relname ~ ('^' || p.relname || '_\d{1,8}$')
  left join pg_inherits i on i.inhrelid = c.oid and i.inhparent = p.oid
  where p.relnamespace = to_regnamespace(current_schema()) and p.relkind = 'p'
    and p.relname in ('event', 'notification', 'integration_run', 'integration_run_attempt',
      'integration_failure', 'idempotency_key')
),
dated as (
  select *,
    case when parent <> 'idempotency_key' and length(part) = 8 then to_date(part, 'YYYYMMDD') end as day,
    case when parent = 'idempotency_key' then part::int end as generation
  from named
)
select partition,
  case
    when is_detaching
      then format('alter table %I detach partition %I finalize', parent, partition)
    when is_attached
      then format('alter table %I detach partition %I concurrently', parent, partition) end as detach,
  format('drop table %I', partition) as remove
from dated
where (generation < $3::int or day < $1::date)
  and (parent not like 'integration%' or day < $2::date
    or not exists (
        select from integration_run r
        where r.due_at is not null
          and r.id >= id_floor(day::timestamp at time zone 'UTC')
          and r.id < id_floor((day + 1)::timestamp at time zone 'UTC'))
      and not exists (
        select from integration_failure f
        where f.tell_at is not null
          and f.run_id >= id_floor(day::timestamp at time zone 'UTC')
          and f.run_id < id_floor((day + 1)::timestamp at time zone 'UTC')))
order by is_detaching desc, day, generation, partition
limit $4::int;

-- Whether this session is the one that drops and deletes from now on, on any node.
-- name: expiryTurnTake
select pg_try_advisory_lock(461906, 1) as taken;

-- Fails when the session is gone, and the turn with it.
-- name: expiryTurnKeep
select 1;

-- name: expiryTurnEnd
select pg_advisory_unlock(461906, 1);
