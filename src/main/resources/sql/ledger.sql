-- The commit of events with everything they set off: one statement, so one round trip and one
-- transaction. It is run with nested loops and sequential scans disabled and a generic plan: the
-- joins between its own inputs then hash, whatever the planner thinks of the size of an array, and
-- every look-up in a table is a subquery over the primary key, whatever the statistics said when the
-- plan was made.
--
-- How an event is verified:
--   gate      takes the shared lock of each organization's stripe. Whoever changes rules takes the
--             same lock exclusively, and waits in line for it; row locks alone have no line, and a
--             steady stream of commits would keep a rule change waiting for ever.
--             Not where the node holds the rules already (ruleSetHold): the changes that wait for
--             that stand in line before this.
--   used      tells which rule set versions are still current. FOR SHARE re-reads the row after a
--             wait, so a change that committed after this statement began is seen. An organization
--             without a version has no current one.
--   known     finds the first events of keys that were used before, by a look-up of each. One scan for all
--             keys of an organization is 3 us an event cheaper, but until PostgreSQL 17 a plan that was
--             made while there were few keys reads all that the organization ever had.
--   head      finds the state that each chain (events of one entity in this commit, some of which
--             took their old state from the store) really begins with, and locks its row until the
--             commit ends.
--   fit       puts these together: the key unused, the rules current, and the assumed old state the
--             one there is.
--   shaken    are events that took their old state from an event before them in this commit which is
--             itself not stored.
--   made      are the appointments of entities that had no state, and so none of their own. An entity of
--             another kind may have left one under the same id, if the configuration was about that
--             before: then this is a violation of the key, and all is done once more with $44.
--   armed     makes those of the other entities what the state says that became the stored one. By a
--             function, since it has to see what others committed while the state was waited for, and
--             is done once the states are written.
-- A key that another transaction uses at the same moment, or an entity it brings into being, is a
-- unique violation: everything rolls back and is tried again.
--
-- $1-$13 events: organization, id, name, type, time, resource, account, new, old, key, entity,
-- chain, whether the old state is from the store; $14 stripes; $15-$16 rule set versions;
-- $17-$18 generations of keys to search and to write; $19-$22 chains: organization, entity, id,
-- writer of the state that was assumed; $23-$28 notifications: event, id, rule, code, name, version;
-- $29 their payloads; $30-$34 runs: notification, id, integration, webhook, and why it ends at once,
-- null for one that is delivered; $35 node; $36 lease in milliseconds; $37-$41 appointments: event,
-- configuration, its arming, when due and the date, both null where the state makes none; $42 before
-- when one that is due is skipped; $43 the moment; $44 whether an appointment is there that an entity of
-- another kind left: then all are made by the function, which takes over what it meets. Positions count
-- from 1.
-- name: ledgerCommit
with input as materialized (
  select organization_id, id, event_name, event_type, event_time, resource_id, account_id,
    new::json as new, old::json as old, key_digest, entity, chain, derived, position
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[],
      $7::text[], $8::text[], $9::text[], $10::uuid[], $11::text[], $12::int[], $13::bool[])
    with ordinality as e (organization_id, id, event_name, event_type, event_time, resource_id,
      account_id, new, old, key_digest, entity, chain, derived, position)
),
gate as materialized (
  select pg_advisory_xact_lock_shared(461905, stripe) from unnest($14::int[]) as stripe
),
used as materialized (
  select u.organization_id,
    (select true from rule_set r
      where r.organization_id = u.organization_id and r.version = u.version for share) as current
  from unnest($15::uuid[], $16::bigint[]) as u (organization_id, version)
  where (select count(*) from gate) >= 0
),
known as materialized (
  select i.position,
    (select k.event_id from idempotency_key k
      where k.organization_id = i.organization_id and k.key_digest = i.key_digest
        and k.generation = any ($17::int[]) limit 1) as first_id
  from input i where i.key_digest is not null
),
head as materialized (
  select h.*,
    (select s.event_id from entity_state s
      where s.organization_id = h.organization_id and s.entity = h.entity
        and s.entity_id = h.entity_id for update) as actual
  from (select * from unnest($19::uuid[], $20::text[], $21::text[], $22::uuid[])
    with ordinality as c (organization_id, entity, entity_id, assumed, chain)
    order by organization_id, entity, entity_id) h
),
fit as materialized (
  select i.*, k.first_id, coalesce(u.current, false) as rules_current,
    k.first_id is null and coalesce(u.current, false)
      and not (i.derived and h.actual is distinct from h.assumed) as fits
  from input i
  left join used u on u.organization_id = i.organization_id
  left join known k on k.position = i.position
  left join head h on h.chain = i.chain
),
shaken as materialized (
  select position from (
    select position, derived, bool_and(fits) over (partition by chain order by position
      rows between unbounded preceding and 1 preceding) as founded
    from fit where chain is not null) c
  where derived and not founded
),
kept as materialized (
  select * from fit where fits and position not in (select position from shaken)
),
keys as (
  insert into idempotency_key (organization_id, key_digest, generation, event_id)
  select k.organization_id, k.key_digest, g.generation, k.id
  from kept k join unnest($18::int[]) as g (generation) on true
  where k.key_digest is not null
  order by k.organization_id, k.key_digest, g.generation
),
fired as materialized (
  select n.*, k.organization_id, k.id as cause_id, k.event_time as cause_time, k.account_id
  from unnest($23::bigint[], $24::uuid[], $25::uuid[], $26::text[], $27::text[], $28::bigint[],
      $29::text[])
    with ordinality as n (event, id, rule_id, code, name, version, new, position)
  join kept k on k.position = n.event
),
events as (
  insert into event (organization_id, id, event_name, event_type, event_time, resource_id,
    account_id, new, old, fired)
  select k.organization_id, k.id, k.event_name, k.event_type, k.event_time, k.resource_id,
    k.account_id, k.new, k.old, f.rules
  from kept k
  left join (select event, array_agg(rule_id) as rules from fired group by event) f
    on f.event = k.position
  union all
  select organization_id, id, 'notification.' || code, 'Notification', cause_time, rule_id::text,
    account_id, new::json, null, null
  from fired
),
notifications as (
  insert into notification (organization_id, cause_event_id, notification_configuration_id,
    notification_event_id, code, name, version)
  select organization_id, cause_id, rule_id, id, code, name, version from fired
),
runs as (
  insert into integration_run (organization_id, id, cause_event_id, notification_event_id,
    notification_configuration_id, integration_configuration_id, webhook_id, status, attempts, due_at,
    fence, leased_by, dt_started, dt_completed, error)
  select f.organization_id, r.id, f.cause_id, f.id, f.rule_id, r.integration_id, r.webhook_id,
    case when r.off is null then 'STARTED' else 'DISABLED' end, 0,
    case when r.off is null then clock_timestamp() + $36::bigint * interval '1 millisecond' end,
    case when r.off is null then 1 else 0 end, case when r.off is null then $35::uuid end,
    case when r.off is null then clock_timestamp() end,
    case when r.off is not null then clock_timestamp() end, r.off
  from unnest($30::bigint[], $31::uuid[], $32::uuid[], $33::uuid[], $34::text[])
    as r (notification, id, integration_id, webhook_id, off)
  join fired f on f.position = r.notification
),
latest as materialized (
  select distinct on (k.organization_id, k.entity, k.resource_id) k.organization_id, k.entity,
    k.resource_id as entity_id, k.id, k.event_time, k.new, k.position,
    h.chain is not null and h.assumed is null and h.actual is null as is_born
  from kept k left join head h on h.chain = k.chain
  where k.entity is not null
  order by k.organization_id, k.entity, k.resource_id, k.event_time desc, k.position desc
),
born as (
  insert into entity_state (organization_id, entity, entity_id, event_id, event_time, state)
  select organization_id, entity, entity_id, id, event_time, new from latest where is_born
  returning event_id
),
changed as (
  insert into entity_state as s (organization_id, entity, entity_id, event_id, event_time, state)
  select organization_id, entity, entity_id, id, event_time, new from latest where not is_born
  on conflict (organization_id, entity, entity_id) do update
    set event_id = excluded.event_id, event_time = excluded.event_time, state = excluded.state
    where s.event_time <= excluded.event_time
  -- A row that was there has been locked by this transaction before it was updated; a new one has not.
  returning s.event_id, s.xmax = 0 as is_fresh
),
made as (
  insert into scheduled_due (organization_id, configuration_id, entity_id, due_at, arming, value,
    dt_armed, outcome, dt_ended)
  select l.organization_id, a.configuration_id, l.entity_id, a.due_at, a.arming, a.value,
    $43::timestamptz, case when a.due_at < $42::timestamptz then 'SKIPPED' end,
    case when a.due_at < $42::timestamptz then $43::timestamptz end
  from unnest($37::bigint[], $38::uuid[], $39::bigint[], $40::timestamptz[], $41::text[])
    as a (event, configuration_id, arming, due_at, value)
  join latest l on l.position = a.event and l.is_born
  where a.due_at is not null and not $44::bool
    -- States are written first: two that bring the same entities into being then meet at the states.
    and (select count(*) from born) + (select count(*) from changed) >= 0
  order by l.organization_id, a.configuration_id, l.entity_id
),
armed as materialized (
  select a.positions[scheduled_due_arm(a.organizations, a.configurations, a.entities, a.armings,
    a.due_ats, a.due_values, a.gone, a.fresh, $42::timestamptz, $43::timestamptz)] as skipped
  from (
    -- All in the order in which the rows come, whichever it is.
    select array_agg(k.organization_id) as organizations, array_agg(a.configuration_id) as configurations,
      array_agg(k.resource_id) as entities, array_agg(a.arming) as armings,
      array_agg(a.due_at) as due_ats, array_agg(a.value) as due_values,
      array_agg(k.new is null) as gone, array_agg(c.is_fresh) as fresh, array_agg(a.position) as positions
    from unnest($37::bigint[], $38::uuid[], $39::bigint[], $40::timestamptz[], $41::text[])
      with ordinality as a (event, configuration_id, arming, due_at, value, position)
    join kept k on k.position = a.event
    join (
      select event_id, is_fresh from changed
      union all
      select event_id, true from born where $44::bool) c on c.event_id = k.id
    where $44::bool or exists (select from changed)
    having count(*) > 0) a
)
select position, first_id, rules_current, null::bigint as skipped from fit
where position not in (select position from kept)
union all
select null, null, null, skipped from armed
union all
select null, null, null, a.position
from unnest($37::bigint[], $40::timestamptz[]) with ordinality as a (event, due_at, position)
join latest l on l.position = a.event and l.is_born
where a.due_at < $42::timestamptz and not $44::bool;

-- name: ledgerStored
select id from event where organization_id = $1 and id = any ($2::uuid[]);

-- name: ledgerFirsts
select key_digest, event_id from idempotency_key
where organization_id = $1 and key_digest = any ($2::uuid[]) and generation = any ($3::int[]);

-- What is told of events that were stored before, as long as they are there: $3 ids from this one on.
-- name: ledgerNames
select id, event_name from event
where organization_id = $1 and id = any ($2::uuid[]) and id >= $3;

-- name: ledgerNotifications
select cause_event_id, notification_event_id, notification_configuration_id, code from notification
where organization_id = $1 and cause_event_id = any ($2::uuid[]) and cause_event_id >= $3
order by cause_event_id, notification_event_id;

-- The clock that ids, deadlines and idempotency go by.
-- name: databaseClock
select clock_timestamp();
