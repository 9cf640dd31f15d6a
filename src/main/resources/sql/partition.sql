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
