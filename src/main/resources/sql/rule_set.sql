-- What decides over organizations' events, and the version that changes with it.

-- Everything that decides over organizations' events, as of one snapshot. A change of any of it
-- commits together with the increased version, so version and contents always fit. Run on the
-- ledger's sessions, where it hashes what the indexes find of the organizations named: the work
-- grows with those, whatever the statistics say and however much others have.
-- name: ruleSetLoad
select s.organization_id, s.version as rule_set_version, n.id, n.code, n.name, n.version,
  n.event_name, n.always_fire_event, n.calculation, t.integration_id, t.webhook_id, t.url,
  t.credentials_sealed, t.account_mappings, t.reason_off
from rule_set s
left join (
  select * from notification_configuration
  where organization_id = any ($1::uuid[]) and active) n
  on n.organization_id = s.organization_id
left join (
  select i.organization_id, i.rule_id, i.id as integration_id, w.id as webhook_id, w.url,
    w.credentials_sealed, account_mappings(i.config_data)::text as account_mappings,
    delivery_reason_off(w.active, i.enabled) as reason_off
  from integration_configuration i
  join webhook w on w.organization_id = i.organization_id and w.id = i.webhook_id
  where i.organization_id = any ($1::uuid[]) and w.organization_id = any ($1::uuid[])) t
  on t.organization_id = n.organization_id and t.rule_id = n.id
where s.organization_id = any ($1::uuid[])
order by s.organization_id, n.id, t.integration_id;

-- The dates that scheduled events of these organizations wait for, and their time zones. Read after a
-- version: if there is a later one by now, what was read is of that one, or of one in between; then the
-- commit finds the version overtaken.
-- name: ruleSetDates
select o.id as organization_id, o.time_zone, c.id, c.arming, c.entity, c.field, c.offset_days
from organization o
left join (
  select * from scheduled_event_configuration where organization_id = any ($1::uuid[])) c
  on c.organization_id = o.id
where o.id = any ($1::uuid[])
order by o.id, c.id;

-- What changed since a version, as of one snapshot: the current version, how many changes are noted
-- since (fewer than there were when the version is too old), whether one was of dates, and each touched
-- rule with its targets as it is now, or alone with its id if it is not active any more.
-- name: ruleSetChanges
with log as materialized (
  select rule_ids, webhook_ids, dates from rule_set_change_log
  where organization_id = $1 and version > $2
),
touched as materialized (
  select unnest(rule_ids) as id from log
  union
  select rule_id from integration_configuration
  where organization_id = $1 and rule_id is not null
    and webhook_id = any (array(select unnest(webhook_ids) from log))
)
select s.organization_id, s.version as rule_set_version, (select count(*) from log) as noted,
  (select bool_or(dates) from log) as dates, touched.id as touched_id, n.id, n.code, n.name,
  n.version, n.event_name, n.always_fire_event, n.calculation, t.integration_id, t.webhook_id, t.url,
  t.credentials_sealed, t.account_mappings, t.reason_off
from rule_set s
left join touched on true
left join (
  select * from notification_configuration
  where organization_id = $1 and id = any (array(select id from touched)) and active) n
  on n.id = touched.id
left join (
  select i.rule_id, i.id as integration_id, w.id as webhook_id, w.url, w.credentials_sealed,
    account_mappings(i.config_data)::text as account_mappings,
    delivery_reason_off(w.active, i.enabled) as reason_off
  from integration_configuration i
  join webhook w on w.organization_id = $1 and w.id = i.webhook_id
  where i.organization_id = $1 and i.rule_id = any (array(select id from touched))) t
  on t.rule_id = n.id
where s.organization_id = $1
order by touched.id, t.integration_id;

-- Keeps the rules of a stripe's organizations as they are until the transaction ends: the gate of
-- ledgerCommit, taken before the rules are read and judged by.
-- name: ruleSetHold
with gate as materialized (select pg_advisory_xact_lock_shared(461905, $1::int))
select count(*) from gate;
