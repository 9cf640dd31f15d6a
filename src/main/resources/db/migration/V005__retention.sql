-- What is there for a time: keys of senders, partitions by days and generations, and organizations
-- that are erased. Locks: none worth naming, nothing has rows yet. Duration: milliseconds.

-- Idempotency keys, digested to 16 bytes. Partitioned by generation, seven days each; a key is
-- looked up in every generation that its window reaches, and around the turn of a generation it is
-- written to both, so that the unique key holds across the turn.
create table idempotency_key (
  organization_id  uuid not null,
  key_digest       uuid not null,
  generation       int not null,
  event_id         uuid not null,
  primary key (organization_id, key_digest, generation)
) partition by list (generation);

-- The smallest id that an event created at this moment can have.
create function id_floor(moment timestamptz) returns uuid
  language sql immutable strict parallel safe
  return (lpad(to_hex(floor(extract(epoch from moment) * 1000)::bigint), 12, '0')
          || '00000000000000000000')::uuid;

-- The smallest id of an organization's events that is still there at a moment, on a server that keeps
-- events for so many days. A day is 24 hours: an interval of days would be an hour longer or shorter
-- where the session's time zone saves daylight.
create function event_horizon(organization uuid, moment timestamptz, days int) returns uuid
  language sql stable
  return id_floor(moment - least(days,
    (select o.retention_days from organization o where o.id = organization)) * interval '24 hours');

-- Makes the partition of a table for one UTC day; answers whether it had to. The partition is made
-- apart and then attached: attaching only takes SHARE UPDATE EXCLUSIVE on the parent, which blocks
-- neither reads nor writes, where CREATE TABLE … PARTITION OF would take ACCESS EXCLUSIVE.
--
-- A partition grows for a day, and is dropped as it is. Vacuuming it again and again only because it
-- grew, as it is done by default, costs a tenth of the processor under load and gains nothing: rows
-- that die are still swept, and what has to be frozen is frozen once, when the day is over.
create function partition_ensure_day(parent text, day date) returns boolean
  language plpgsql as $$
declare
  partition text := parent || '_' || to_char(day, 'YYYYMMDD');
begin
  if to_regclass(partition) is not null then
    return false;
  end if;
  execute format('create table %I (like %I including all) with
    (autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0.5)',
    partition, parent);
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, partition,
    id_floor(day::timestamp at time zone 'UTC'), id_floor((day + 1)::timestamp at time zone 'UTC'));
  return true;
end $$;

-- The same for a generation of idempotency keys.
create function partition_ensure_generation(parent text, generation int) returns boolean
  language plpgsql as $$
declare
  partition text := parent || '_' || generation;
begin
  if to_regclass(partition) is not null then
    return false;
  end if;
  execute format('create table %I (like %I including all) with
    (autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0.5)',
    partition, parent);
  execute format('alter table %I attach partition %I for values in (%L)', parent, partition, generation);
  return true;
end $$;

-- Deletes some rows of an organization from a table; answers how many. Of a partitioned table one
-- partition after the other, for the place of a row, by which it is told from others here, is one
-- within its partition only. Rows are found by the organization, which is first in some key of every
-- table: never by reading others', whatever was counted of them when it had more.
create function organization_rows_delete(relation text, organization uuid, wanted int) returns int
  language plpgsql volatile
  set enable_seqscan = off as $$
declare
  part regclass;
  deleted int;
  total int := 0;
begin
  for part in
    select c.oid::regclass from pg_class c where c.oid = to_regclass(relation) and c.relkind = 'r'
    union all
    select i.inhrelid::regclass from pg_inherits i
      where i.inhparent = to_regclass(relation) and not i.inhdetachpending
  loop
    execute format('delete from %1$s where ctid = any (array(
      select ctid from %1$s where organization_id = $1 limit $2))', part)
      using organization, wanted - total;
    get diagnostics deleted = row_count;
    total := total + deleted;
    exit when total >= wanted;
  end loop;
  return total;
end $$;

-- Begins to erase an organization, if it is named so: from when this is committed, it has no rules that
-- a commit of events could verify, and no key that is known. It waits in line for the commits of events
-- that are under way, as every change of rules does, and being one statement, keeps none waiting for
-- the way to its client and back. Whoever declares what files say takes turns with it.
create function organization_erase(tenant uuid, stripe int, named text, moment timestamptz) returns text
  language plpgsql volatile as $$
declare
  known text;
begin
  perform pg_advisory_xact_lock(461907, 0);
  if not exists (select from rule_set where organization_id = tenant) then
    return 'MISSING';
  end if;
  select o.name from organization o where o.id = tenant for no key update into known;
  if not found then
    return 'MISSING';
  elsif known <> named then
    return 'MISNAMED';
  end if;
  perform pg_advisory_xact_lock(461905, stripe);
  insert into organization_erasure (organization_id, dt_requested) values (tenant, moment);
  delete from access_key where organization_id = tenant;
  delete from rule_set where organization_id = tenant;
  return 'BEGUN';
end $$;
