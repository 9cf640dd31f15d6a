-- The states of entities, and what is due for which of them when. Locks: none worth naming, nothing
-- has rows yet. Duration: milliseconds.

-- The last known state of each entity: where a missing "old" comes from. state is null once the
-- entity is deleted; the row stays, so that a change older than the deletion does not bring the
-- entity back. event_id is the event that wrote the state; it is also the version by which a commit
-- verifies that the "old" it used was still the latest. state_bytes says how large it is to whoever
-- only wants to know that.
--
-- A page keeps little room for updates: states are about a kilobyte, and what an update needs is the
-- room its predecessor in the page left behind. Vacuuming for the sake of new rows alone waits until
-- they have doubled, so that a row is visited twice at most, on average, before it changes.
create table entity_state (
  organization_id  uuid not null,
  entity           text not null,
  entity_id        text not null,
  event_id         uuid not null,
  event_time       timestamptz not null,
  state            json,
  state_bytes      int not null generated always as (coalesce(octet_length(state::text), 0)) stored,
  primary key (organization_id, entity, entity_id)
) with (fillfactor = 90, autovacuum_vacuum_insert_scale_factor = 1,
  autovacuum_analyze_scale_factor = 0.5);

-- When which scheduled event is due for which entity. value is the date as the entity's state has it.
-- A row waits while outcome is null; leased_until keeps it from other nodes while one fires it. One
-- that ended stays as long as it is the entity's last. No foreign key: a configuration may have very
-- many rows, which are removed in batches after it (scheduled_arming).
--
-- One index is what waits of each configuration: lists and counts go by it, however many are due at the
-- same time, and whoever takes what is due; and by it a node learns when each configuration's next is due,
-- and asks again now and then (PgAgenda). What was armed together stands side by side in it: by the ids of
-- entities, which come in no order, each row would have a page of its own to be found and written.
--
-- What is armed after a node has asked, and due before it asks again, it would miss. So another index is
-- what is due within two days of being armed, whosever it is; most is not, and costs nothing there.
--
-- Each index costs the commit that arms, so there is none for what these two and the key can tell. The
-- last is what ended, which the status of a configuration counts. A lease is in none of them, so that
-- taking one touches no index; and as neighbours are mostly taken together, a page has room for all of
-- its rows once more.
create table scheduled_due (
  organization_id   uuid not null,
  configuration_id  uuid not null,
  entity_id         text not null,
  due_at            timestamptz not null,
  arming            bigint not null,
  value             text not null,
  dt_armed          timestamptz not null,
  leased_until      timestamptz,
  outcome           text,
  dt_ended          timestamptz,
  primary key (organization_id, configuration_id, entity_id, due_at),
  -- One instead of two, as each is a quarter of a microsecond of every appointment.
  constraint scheduled_due_ends_with_a_known_outcome check (
    case when outcome is null then dt_ended is null
      else outcome in ('FIRED', 'SKIPPED') and dt_ended is not null end)
) with (fillfactor = 45);
create index scheduled_due_waiting
  on scheduled_due (organization_id, configuration_id, arming, due_at, dt_armed) where outcome is null;
create index scheduled_due_soon on scheduled_due (due_at)
  where outcome is null and due_at - dt_armed < interval '48 hours';
create index scheduled_due_ended
  on scheduled_due (organization_id, configuration_id, outcome, dt_ended) where outcome is not null;

-- How far the states of an entity were walked through to arm a configuration as of this arming, by
-- entity_id, and what came of it. What waits has no dt_completed. When the walk is through, rows of
-- earlier armings are removed, and when the configuration is deleted, all rows and then this one.
create table scheduled_arming (
  organization_id   uuid not null references organization (id) on delete cascade,
  configuration_id  uuid not null,
  arming            bigint not null,
  after_entity_id   text,
  scanned           bigint not null default 0,
  armed             bigint not null default 0,
  skipped           bigint not null default 0,
  walked            boolean not null default false,
  leased_until      timestamptz,
  dt_started        timestamptz not null,
  dt_completed      timestamptz,
  primary key (organization_id, configuration_id)
);
create index scheduled_arming_owed on scheduled_arming (organization_id, configuration_id)
  where dt_completed is null;

-- Begins to arm configurations, as of the arming they have now or, of deleted ones, after it.
create function scheduled_arming_begin(tenant uuid, configurations uuid[], armings bigint[],
    now timestamptz) returns void
  language sql volatile as $$
  insert into scheduled_arming as a (organization_id, configuration_id, arming, dt_started)
    select tenant, c.id, c.arming, now
    from unnest(configurations, armings) as c (id, arming)
    on conflict (organization_id, configuration_id) do update
      set arming = excluded.arming, after_entity_id = null, scanned = 0, armed = 0, skipped = 0,
        walked = false, leased_until = null, dt_started = excluded.dt_started, dt_completed = null
      where a.arming < excluded.arming;
$$;

-- Makes the appointments of entities what their new states say, which this transaction has just
-- written: so nobody else writes those of the same entities before it ends, and as each statement in
-- here sees what was committed by now, nothing is missed that was written while the state was waited
-- for. Each position of the arrays is an entity and a configuration; due_ats has null where there is
-- no date, gone is true where there is no entity any more, fresh where there was no state of it before,
-- and so no appointment either. Answers the positions that are new and were
-- due before skip_before, and are thereby skipped.
--
-- Other appointments of the same go, unless they are due and nobody fired them yet: those stay and fire
-- late, while there is an entity. One that is there already is not touched. Rows are locked in the order
-- of their keys, as by all who change several. The plans look each one up
-- by its key, however few there were when they were made; most entities have none of another time, so
-- that is looked at first.
create function scheduled_due_arm(organizations uuid[], configurations uuid[], entities text[],
    armings bigint[], due_ats timestamptz[], due_values text[], gone boolean[], fresh boolean[],
    skip_before timestamptz, now timestamptz)
  returns setof bigint language plpgsql volatile
  set enable_nestloop = on
  set enable_hashjoin = off
  set enable_mergejoin = off
  set enable_seqscan = off as $$
declare
  moved bigint[];
  wanted bigint[];
  skipped bigint[];
  are_known boolean;
begin
  select array_agg(a.position order by a.organization_id, a.configuration_id, a.entity_id)
      filter (where s.are_others),
    array_agg(a.position order by a.organization_id, a.configuration_id, a.entity_id)
      filter (where a.due_at is not null and s.is_right is not true),
    array_agg(a.position) filter (where a.due_at < skip_before and s.is_known is not true),
    bool_or(s.is_known and not s.is_right)
    into moved, wanted, skipped, are_known
    from unnest(organizations, configurations, entities, armings, due_ats, due_values, fresh)
      with ordinality
      as a (organization_id, configuration_id, entity_id, arming, due_at, value, is_fresh, position)
    cross join lateral (
      select bool_or(s.due_at is distinct from a.due_at) as are_others,
        bool_or(s.due_at = a.due_at) as is_known,
        bool_or(s.due_at = a.due_at and s.arming >= a.arming and s.value = a.value) as is_right
      from scheduled_due s
      where s.organization_id = a.organization_id and s.configuration_id = a.configuration_id
        and s.entity_id = a.entity_id and not a.is_fresh) s;
  -- What is deleted and what is updated are two turns through the keys; who fires them has one.
  if moved is not null and are_known then
    perform from unnest(moved || wanted) as m (i)
      join scheduled_due s on s.organization_id = organizations[m.i]
        and s.configuration_id = configurations[m.i] and s.entity_id = entities[m.i]
      order by s.organization_id, s.configuration_id, s.entity_id, s.due_at
      for update of s;
  end if;
  if moved is not null then
    delete from scheduled_due s
      using unnest(moved) as m (i)
      where s.organization_id = organizations[m.i] and s.configuration_id = configurations[m.i]
        and s.entity_id = entities[m.i] and s.due_at is distinct from due_ats[m.i]
        and (gone[m.i] or s.outcome is not null or s.due_at > now or s.arming < armings[m.i]);
  end if;
  if wanted is not null then
    insert into scheduled_due as s (organization_id, configuration_id, entity_id, due_at, arming,
      value, dt_armed, outcome, dt_ended)
    select organizations[i], configurations[i], entities[i], due_ats[i], armings[i], due_values[i],
      now, case when due_ats[i] < skip_before then 'SKIPPED' end,
      case when due_ats[i] < skip_before then now end
    from unnest(wanted) as w (i)
    on conflict (organization_id, configuration_id, entity_id, due_at) do update
      set arming = greatest(s.arming, excluded.arming), value = excluded.value;
  end if;
  return query select unnest(skipped);
end $$;

-- What configurations have by a moment: whether something of theirs is owed, and when the next is due
-- after it. One whose states are being walked through counts as one that owes something, as the walk may
-- bring under the present arming what was there under an earlier one. Of a configuration that is gone
-- there is neither.
--
-- By the index that has what waits in order, however little of it the planner expects: of one that has
-- millions, all would be read by the key and sorted.
create function scheduled_due_agenda(organizations uuid[], configurations uuid[], now timestamptz)
  returns table (organization_id uuid, configuration_id uuid, is_owed boolean, next_due timestamptz)
  language plpgsql stable
  set enable_sort = off
  set enable_bitmapscan = off
  set enable_seqscan = off as $$
begin
  return query
  select a.organization_id, a.configuration_id,
    coalesce((
      select s.due_at <= now from scheduled_due s
      where s.organization_id = c.organization_id and s.configuration_id = c.id
        and s.arming = c.arming and s.outcome is null
      order by s.due_at, s.dt_armed
      limit 1), false)
    or exists (
      select from scheduled_arming w
      where w.organization_id = c.organization_id and w.configuration_id = c.id
        and w.dt_completed is null),
    (select s.due_at from scheduled_due s
      where s.organization_id = c.organization_id and s.configuration_id = c.id
        and s.arming = c.arming and s.outcome is null and s.due_at > now
      order by s.due_at, s.dt_armed
      limit 1)
  from unnest(organizations, configurations) as a (organization_id, configuration_id)
  left join scheduled_event_configuration c
    on c.organization_id = a.organization_id and c.id = a.configuration_id;
end $$;
