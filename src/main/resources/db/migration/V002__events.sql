-- Events and what they set off: notifications, runs and their attempts; and how lists find them.
-- Locks: none worth naming, nothing has rows yet. Duration: milliseconds.

-- Partitioned by day of creation, which is in the id. new and old are json, not jsonb: kept as
-- received, and written at half the cost. fired has the rules that notified of it, of which the table
-- of notifications says more: they are here so that lists find events by them. xid is the transaction
-- that stored the event: transactions end in another order than that of the ids they store, and which
-- of them have ended PostgreSQL knows, so it is by xid that whoever follows events can tell what is yet
-- to come (see event_tail.sql). All events of a commit have the same, which keeps its index small.
create table event (
  organization_id  uuid not null,
  id               uuid not null,
  event_name       text not null,
  event_type       text not null,
  event_time       timestamptz not null,
  resource_id      text,
  account_id       text,
  new              json,
  old              json,
  dt_actioned      timestamptz,
  xid              xid8 not null default pg_current_xact_id(),
  fired            uuid[],
  primary key (organization_id, id),
  constraint event_fired_names_rules check (cardinality(fired) > 0)
) partition by range (id);
-- The condition always holds. It keeps the index from statements that do not repeat it: in a partition
-- that was not analyzed yet, the planner takes this index to be as good as the key for finding ids.
create index event_by_transaction on event (organization_id, xid) where xid > '0';

-- One row: events with lower ids came with a logical restore from another cluster, whose transactions
-- had other numbers. They are read like any other, but not followed (eventEraBegin).
create table event_era (
  is_the_only_row  boolean primary key default true,
  first_id         uuid not null,
  constraint event_era_is_the_only_row check (is_the_only_row)
);
insert into event_era (first_id) values ('00000000-0000-0000-0000-000000000000');

-- The stretch of about 70 minutes (2^22 ms) in which an id was made.
create function event_period(id uuid) returns int
  language sql immutable strict parallel safe
  return (get_byte(uuid_send(id), 0) << 18) + (get_byte(uuid_send(id), 1) << 10)
    + (get_byte(uuid_send(id), 2) << 2) + (get_byte(uuid_send(id), 3) >> 6);

-- What an event is found by in the index below: a value it has, of a kind (1 entity's id, 2 account,
-- 3 rule that fired, 4 event name, 5 category), in the period of its id, or in four of them for the
-- first three: there are more of those, so each has fewer events, and is asked for at fewer places.
create function event_key(kind int, value text, organization uuid, period int) returns bigint
  language sql immutable parallel safe
  return hashtextextended(value, hashint4extended(period, uuid_hash_extended(organization, kind)));

create function event_rule_keys(organization uuid, id uuid, fired uuid[]) returns bigint[]
  language sql immutable parallel safe
  return (
    select array_agg(event_key(3, rule::text, organization, event_period(id) >> 2))
    from unnest(fired) as rule);

-- An expression that becomes part of whatever asks for it; only rules, which few events have, cost a
-- call.
create function event_keys(organization uuid, id uuid, resource_id text, account_id text, fired uuid[],
    event_name text, event_type text) returns bigint[]
  language sql immutable parallel safe
  return array[
      event_key(1, resource_id, organization, event_period(id) >> 2),
      event_key(2, account_id, organization, event_period(id) >> 2),
      event_key(4, event_name, organization, event_period(id)),
      event_key(5, event_type, organization, event_period(id))]
    || case when fired is not null then event_rule_keys(organization, id, fired) end;

-- One inverted index for all filters of lists, instead of a B-tree for each, which would more than
-- double what an insert costs. New keys are appended to a list that is read with the index; the server
-- merges it now and then (eventIndexMerge), so that commits hardly ever have to: at 16 MiB they do.
-- Keys are of a period each, since this index knows no order: what is looked for is looked for in one
-- stretch of time after the other, and found newest first all the same.
create index event_by_key
  on event using gin (
    event_keys(organization_id, id, resource_id, account_id, fired, event_name, event_type))
  with (fastupdate = on, gin_pending_list_limit = 16384);

-- Whether an item was in an account that is hidden by this state, which is shown beside its present
-- one; a state that cannot be read may have been of any.
create function event_was_in_hidden_account(hidden text[], before json) returns boolean
  language plpgsql stable as $$
begin
  return coalesce('account/' || (before ->> 'accountId') = any (hidden), false);
-- JSON may have texts that PostgreSQL's cannot be.
exception when data_exception then
  return true;
end $$;

-- The entities whose events may be so named, as statements call them: the second part of the three
-- that all names of entities' events have. Of names of another form, which are those of open catalogs,
-- nobody said what they are about, so it may be any part. Letters are made small as Java makes them,
-- whatever the database's language. HiddenEvents says the same.
create function event_entities(event_name text) returns text[]
  language sql immutable parallel safe
  return case cardinality(string_to_array(event_name, '.'))
    when 3 then (string_to_array(lower(event_name collate "C"), '.'))[2:2]
    else string_to_array(lower(event_name collate "C"), '.')
    end;

-- Whether an event that was made of an entity's date is hidden with that entity, which its payload says:
-- its name may say another one. What cannot be read may be of any.
create function scheduled_event_is_hidden(hidden text[], resource_id text, payload json)
  returns boolean language plpgsql stable as $$
declare
  entity text;
begin
  entity := lower((payload -> 'scheduled' ->> 'entity') collate "C");
  return coalesce(array[entity, entity || '/' || resource_id] && hidden, false);
-- JSON may have texts that PostgreSQL's cannot be.
exception when data_exception then
  return true;
end $$;

-- Whether an event is hidden that tells of something else than an entity's change: a notification and
-- the failure of a delivery are hidden with the event that caused them, and when that one cannot be
-- found any more, a failure also with the rule, the link, the webhook or the notification it names; the
-- failure of an item is hidden as the item would be, and, from whoever has anything hidden, when it
-- cannot be read or its event name is none.
create function event_about_others_is_hidden(hidden text[], organization uuid, event_id uuid,
    event_type text, resource_id text, account_id text, payload json)
  returns boolean language plpgsql stable as $$
declare
  original json;
  entities text[];
  subject json;
  cause uuid;
  is_hidden boolean;
begin
  if event_type = 'IngestValidationFailure' then
    original := payload -> 'original';
    -- Of an event name that there is not, and of what is no CloudEvent, nobody can say which entity was
    -- meant.
    if json_typeof(original) is distinct from 'object'
        or payload ->> 'code' in ('unknown_event_name', 'bad_cloud_event') then
      return true;
    end if;
    -- A CloudEvent, which has a specversion, is named by its type and has the states in its data.
    if original -> 'specversion' is null then
      entities := event_entities(original ->> 'eventName');
    else
      entities := event_entities(original ->> 'type');
      original := original -> 'data';
    end if;
    subject := case when json_typeof(original -> 'new') = 'object'
      then original -> 'new' else original -> 'old' end;
    if json_typeof(subject) = 'object' then
      resource_id := subject ->> 'id';
      entities := array_remove(
        entities || lower((subject -> 'scheduled' ->> 'entity') collate "C"), null);
      account_id := case entities when array['account'] then resource_id
        else subject ->> 'accountId' end;
    end if;
    if 'account/' || (original -> 'old' ->> 'accountId') = any (hidden) then
      return true;
    end if;
  elsif event_type = 'Notification' then
    entities := array['notificationconfiguration'];
    cause := uuid_or_null(payload ->> 'causeEventId');
  else
    entities := array['integrationconfiguration'];
    resource_id := payload ->> 'integrationConfigId';
    cause := uuid_or_null(payload ->> 'eventId');
    if array['notificationconfiguration', 'notificationconfiguration/' || (payload ->> 'notificationId'),
        'webhook', 'webhook/' || (payload ->> 'destinationId'),
        'event/' || (payload ->> 'notificationEventId')] && hidden then
      return true;
    end if;
  end if;
  if (array['*', 'event/' || event_id, 'account/' || account_id] || entities) && hidden
      or exists (
        select from unnest(entities) as entity where entity || '/' || resource_id = any (hidden)) then
    return true;
  end if;
  if cause is null then
    return false;
  end if;
  select event_is_hidden(hidden, organization, e.id, e.event_name, e.event_type, e.resource_id,
      e.account_id, e.new, e.old)
    into is_hidden
    from event e where e.organization_id = organization and e.id = cause;
  return coalesce(is_hidden, true);
-- JSON may have texts that PostgreSQL's cannot be.
exception when data_exception then
  return true;
end $$;

-- Whether an event is hidden from somebody from whom these names are: an entity (product), one of its
-- items (product/p-1), an account with all that is its (account/a-1), an event (event/…), or * for
-- everything. What an update says of an item is about the account that it was in before, too; an old
-- state is read for those only from whom some account is hidden. A plain expression, so that it becomes
-- part of the statement that asks.
create function event_is_hidden(hidden text[], organization uuid, event_id uuid, event_name text,
    event_type text, resource_id text, account_id text, payload json, before json)
  returns boolean language sql stable
  return case
    when event_type in ('Notification', 'IntegrationEvent', 'IngestValidationFailure')
      then event_about_others_is_hidden(hidden, organization, event_id, event_type, resource_id,
        account_id, payload)
    else (array['*', 'event/' || event_id::text, 'account/' || account_id,
          (event_entities(event_name))[1] || '/' || resource_id] || event_entities(event_name)) && hidden
      or event_type = 'ScheduledEvent' and scheduled_event_is_hidden(hidden, resource_id, payload)
      or before is not null and ' ' || array_to_string(hidden, ' ') like '% account/%'
        and event_was_in_hidden_account(hidden, before)
    end;

-- What fired: the key is the promise that a rule notifies at most once of an event. Partitioned
-- with the event that caused it, because a unique key of a partitioned table must contain the
-- partition key. notification_event_id is the event of category Notification that tells of it.
create table notification (
  organization_id                uuid not null,
  cause_event_id                 uuid not null,
  notification_configuration_id  uuid not null,
  notification_event_id          uuid not null,
  code                           text not null,
  name                           text not null,
  version                        bigint not null,
  primary key (organization_id, cause_event_id, notification_configuration_id)
) partition by range (cause_event_id);

-- The newest events that have one value and another (event_key; the same twice where there is but one),
-- and of these those that pass every filter that is not null, stretch by stretch of time as they are
-- given, until there are as many as wanted.
--
-- The planner must find them by the index above, one partition after the other, whatever it believes
-- the stretch of ids to select: so there are two keys always, which look rarer than any stretch, entries
-- of other indexes are made dear, and the organization, which is part of the key, is kept from the
-- primary key. Ids stay plain, for they leave out the partitions of other days. Of two keys the index
-- compares the places it has for each, so that no event is read that has only one of them.
--
-- Nothing sorts the whole, so that it can stop early: it is a nested loop, the only join that there is
-- to a lateral query, over the stretches in the order in which unnest gives them (EventListsPgTest).
create function event_page_by_keys(one_kind int, one_value text, other_kind int, other_value text,
    organization uuid, floors uuid[], ceilings uuid[], wanted bigint, name text, category text,
    account text, resource text, rule uuid, with_actioned boolean, hidden text[])
  returns setof event language plpgsql stable
  set plan_cache_mode = force_generic_plan
  set cpu_index_tuple_cost = 1000
  set enable_indexscan = off
  set enable_indexonlyscan = off
  set enable_bitmapscan = on
  set enable_sort = on
  set max_parallel_workers_per_gather = 0 as $$
declare
  one_coarser int := case when one_kind <= 3 then 2 else 0 end;
  other_coarser int := case when other_kind <= 3 then 2 else 0 end;
begin
  return query
    select e.*
    from unnest(floors, ceilings) as stretch (floor, ceiling)
    cross join lateral (
      select e.*
      from event e
      where event_keys(e.organization_id, e.id, e.resource_id, e.account_id, e.fired, e.event_name,
            e.event_type) && array(
          select event_key(one_kind, one_value, organization, period)
          from generate_series(event_period(stretch.floor) >> one_coarser,
            event_period(stretch.ceiling) >> one_coarser) as period)
        and event_keys(e.organization_id, e.id, e.resource_id, e.account_id, e.fired, e.event_name,
            e.event_type) && array(
          select event_key(other_kind, other_value, organization, period)
          from generate_series(event_period(stretch.floor) >> other_coarser,
            event_period(stretch.ceiling) >> other_coarser) as period)
        and e.id >= stretch.floor and e.id < stretch.ceiling
        and (e.organization_id = organization) is true
        and (name is null or e.event_name = name)
        and (category is null or e.event_type = category)
        and (account is null or e.account_id = account)
        and (resource is null or e.resource_id = resource)
        and (rule is null or e.fired @> array[rule])
        and (with_actioned or e.dt_actioned is null)
        and (hidden is null or not event_is_hidden(hidden, organization, e.id, e.event_name,
          e.event_type, e.resource_id, e.account_id, e.new, e.old))
      order by e.id desc
      limit wanted) e
    limit wanted;
end $$;

-- One delivery of a notification to a webhook. due_at is the earliest moment at which any node may
-- claim the run: while a node holds a lease it is the lease's end, while a retry waits it is the
-- retry's time, and when the run has ended it is null, which takes it out of the index. fence grows
-- with every claim; an outcome is only written with the fence it was claimed with, so that a worker
-- that comes late cannot finish a lease it lost. waits_as is the status that a retry waits with, for
-- a run that is claimed for it and then given back. A replay names its parent, and the key by which
-- whoever asked for it recognises it. All times are the database's.
create table integration_run (
  organization_id                uuid not null,
  id                             uuid not null,
  cause_event_id                 uuid not null,
  notification_event_id          uuid not null,
  notification_configuration_id  uuid not null,
  integration_configuration_id   uuid not null,
  webhook_id                     uuid not null,
  status                         text not null,
  attempts                       int not null,
  due_at                         timestamptz,
  fence                          bigint not null,
  leased_by                      uuid,
  error                          text,
  dt_started                     timestamptz,
  dt_completed                   timestamptz,
  parent_run_id                  uuid,
  waits_as                       text,
  replay_key                     text,
  dt_last_modified               timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  constraint integration_run_ends_or_is_due check ((due_at is null) = (dt_completed is not null)),
  constraint integration_run_status_is_known check (status in ('WAITING', 'STARTED', 'COMPLETE',
    'ERROR', 'AWAITING_RETRY', 'AUTH_FAILED', 'ACCOUNTING_PERIOD_CLOSED', 'INVOICE_ALREADY_PAID',
    'DISABLED', 'TIMEOUT_LIMIT_EXCEEDED', 'RATE_LIMIT_RETRY'))
) partition by range (id);
create index integration_run_due on integration_run (due_at) where due_at is not null;
-- Replays that wait, of which there are few: only they can wait long after their event's day.
create index integration_run_replay_due on integration_run (parent_run_id)
  where due_at is not null and parent_run_id is not null;
-- The ways to find runs, newest first. Most runs complete, so listing those needs no index, and those
-- that do not keep theirs small.
create index integration_run_by_event on integration_run (organization_id, cause_event_id, id);
create index integration_run_by_webhook on integration_run (organization_id, webhook_id, id);
create index integration_run_by_rule
  on integration_run (organization_id, notification_configuration_id, id);
create index integration_run_by_status on integration_run (organization_id, status, id)
  where status <> 'COMPLETE';

-- Whether a run is hidden from somebody from whom these names are (event_is_hidden): with the event
-- that caused it, and by whatever else it names. When its cause cannot be found any more, nobody can
-- say whose it was.
create function integration_run_is_hidden(hidden text[], run integration_run) returns boolean
  language sql stable
  return array['*', 'integrationrun', 'integrationrun/' || (run).id,
      'notificationconfiguration', 'notificationconfiguration/' || (run).notification_configuration_id,
      'integrationconfiguration', 'integrationconfiguration/' || (run).integration_configuration_id,
      'webhook', 'webhook/' || (run).webhook_id, 'event/' || (run).notification_event_id] && hidden
    or coalesce((
      select event_is_hidden(hidden, e.organization_id, e.id, e.event_name, e.event_type,
        e.resource_id, e.account_id, e.new, e.old)
      from event e where e.organization_id = (run).organization_id and e.id = (run).cause_event_id),
      true);

create table integration_run_attempt (
  organization_id  uuid not null,
  run_id           uuid not null,
  attempt          int not null,
  dt_started       timestamptz not null,
  duration_ms      int not null,
  response_status  int,
  error            text,
  response         text,
  primary key (organization_id, run_id, attempt)
) partition by range (run_id);

-- A failure of a run, once for each outcome, of which the customer is told by an event. It is written
-- with the run's own outcome; tell_at is when any node may take it to tell it, and null once it is
-- told.
create table integration_failure (
  organization_id  uuid not null,
  run_id           uuid not null,
  outcome          text not null,
  attempt          int not null,
  status           text not null,
  response_status  int,
  error            text,
  dt_occurred      timestamptz not null,
  tell_at          timestamptz,
  primary key (organization_id, run_id, outcome),
  constraint integration_failure_outcome_is_known check (outcome in ('authentication', 'validation',
    'perform', 'disabled', 'missingaccountmapping'))
) partition by range (run_id);
create index integration_failure_owed on integration_failure (organization_id, tell_at)
  where tell_at is not null;
