-- The tables of the main road: organizations and who may call for them, rules and where they are
-- sent, events and what they set off. Locks: none worth naming, the schema is empty. Duration: well
-- under a second.
--
-- The organization comes first in every key of every table that holds its data, so that the schema
-- can be distributed by organization. Ids are version 7 UUIDs: they sort by creation, and tables
-- partitioned by day are partitioned on them, so that a look-up by id touches one partition.

-- catalog_version is that of the organization's event types (see custom_entity), open_catalog
-- whether events of any other name are accepted too. retention_days is for how long its events are
-- kept if that is shorter than the server keeps them, else null.
create table organization (
  id               uuid primary key,
  name             text not null,
  time_zone        text not null,
  dt_created       timestamptz not null,
  catalog_version  bigint not null default 1,
  open_catalog     boolean not null default false,
  retention_days   int,
  constraint organization_name_is_set check (name <> ''),
  constraint organization_keeps_events_for_a_day check (retention_days > 0)
);
-- Few have one of their own, and every node asks for those every other second.
create index organization_by_retention on organization (id) where retention_days is not null;

-- Organizations that were erased: from the moment the row is there nothing of them is served, stored or
-- sent. What they had is deleted bit by bit, until dt_erased. The row stays, so that no file makes
-- the organization again; it has nothing of what the organization had.
create table organization_erasure (
  organization_id  uuid primary key,
  dt_requested     timestamptz not null,
  dt_erased        timestamptz
);

-- One row per organization: the version of everything that decides what an event sets off (rules,
-- webhooks and the links between them; which dates scheduled events wait for). Whoever changes one of
-- those increases it in the same transaction; whoever stores an event verifies it in the same
-- transaction. Kept apart from organization so that share-locking it for every commit touches one
-- small page that is always in memory, and so that updates stay in that page.
create table rule_set (
  organization_id  uuid primary key references organization (id) on delete cascade,
  version          bigint not null,
  constraint rule_set_version_is_positive check (version > 0)
) with (fillfactor = 50);

-- What the last thousand changes of each organization touched, by the version they made: whoever has
-- the rules of an earlier version reads the touched ones again instead of all. A change of webhooks
-- names the webhooks, for there may be very many rules that are sent to it. dates tells whether it
-- touched what scheduled events wait for, which is then all read again.
create table rule_set_change_log (
  organization_id  uuid not null references organization (id) on delete cascade,
  version          bigint not null,
  rule_ids         uuid[] not null,
  webhook_ids      uuid[] not null,
  dates            boolean not null,
  primary key (organization_id, version)
);

-- What every statement that changes a rule, a webhook or a link calls in its RETURNING: makes the
-- transaction wait in line for the commits of events that are under way (see ledger.sql for the
-- gate they take shared), increases the version, notes what was touched, and answers the version.
--
-- Being in RETURNING, it is called once the row is changed and not at all if none is, so a change
-- that is refused neither waits nor blocks anybody. The order of locks, row of the resource before
-- gate before row of rule_set, is the same for every change; commits take the last two only. The
-- function is volatile, so what it reads after the wait is what is committed by then.
create function rule_set_change(organization uuid, stripe int, rule_ids uuid[], webhook_ids uuid[],
    dates boolean default false)
  returns bigint language plpgsql volatile as $$
declare
  increased bigint;
begin
  perform pg_advisory_xact_lock(461905, stripe);
  update rule_set set version = version + 1 where organization_id = organization
    returning version into strict increased;
  insert into rule_set_change_log (organization_id, version, rule_ids, webhook_ids, dates)
    values (organization, increased, array_remove(rule_ids, null), coalesce(webhook_ids, '{}'), dates);
  delete from rule_set_change_log l
    where l.organization_id = organization and l.version <= increased - 1000;
  return increased;
end $$;

-- Who may call, and what they may do. What is managed is declared by configuration files (or built
-- in): its name is how the files know it, and the API shows it and does not change it.
create table service_user (
  organization_id   uuid not null references organization (id) on delete cascade,
  id                uuid not null,
  name              text not null,
  managed           boolean not null,
  version           bigint not null,
  dt_created        timestamptz not null,
  dt_last_modified  timestamptz not null,
  created_by        text not null,
  last_modified_by  text not null,
  primary key (organization_id, id),
  constraint service_user_version_is_positive check (version > 0)
);
create unique index service_user_managed_name on service_user (organization_id, name) where managed;

-- Looked up before the organization is known, so the key stands alone; every access key names
-- exactly one service user. The secret itself is not kept, only its keyed hash.
create table access_key (
  access_key       text primary key,
  organization_id  uuid not null,
  service_user_id  uuid not null,
  secret_hash      bytea not null,
  dt_created       timestamptz not null,
  created_by       text not null,
  foreign key (organization_id, service_user_id)
    references service_user (organization_id, id) on delete cascade
);
create index access_key_by_user on access_key (organization_id, service_user_id);

-- statements are json, not jsonb: an array of {effect, action, resource} as its author spelled it.
create table permission_policy (
  organization_id   uuid not null references organization (id) on delete cascade,
  id                uuid not null,
  name              text not null,
  statements        json not null,
  managed           boolean not null,
  version           bigint not null,
  dt_created        timestamptz not null,
  dt_last_modified  timestamptz not null,
  created_by        text not null,
  last_modified_by  text not null,
  primary key (organization_id, id),
  constraint permission_policy_version_is_positive check (version > 0)
);
create unique index permission_policy_managed_name
  on permission_policy (organization_id, name) where managed;

-- Which service user has which policy. The id is for the API alone.
create table permission_policy_assignment (
  organization_id       uuid not null,
  permission_policy_id  uuid not null,
  service_user_id       uuid not null,
  id                    uuid not null,
  dt_created            timestamptz not null,
  created_by            text not null,
  primary key (organization_id, service_user_id, permission_policy_id),
  foreign key (organization_id, service_user_id)
    references service_user (organization_id, id) on delete cascade,
  foreign key (organization_id, permission_policy_id)
    references permission_policy (organization_id, id) on delete cascade
);
create index permission_policy_assignment_by_policy
  on permission_policy_assignment (organization_id, permission_policy_id);

-- One row: something only the server's secret key could have made, so that a node that was given
-- another key finds out when it starts.
create table server_key (
  is_the_only_row  boolean primary key default true,
  check_value      bytea not null,
  constraint server_key_is_the_only_row check (is_the_only_row)
);

-- Rules. What a file declares, here and in the tables below, is known to the file by its code, and
-- changed by that file alone.
create table notification_configuration (
  organization_id    uuid not null references organization (id) on delete cascade,
  id                 uuid not null,
  code               text not null,
  name               text not null,
  description        text not null,
  event_name         text not null,
  active             boolean not null,
  always_fire_event  boolean not null,
  calculation        text,
  version            bigint not null,
  dt_created         timestamptz not null,
  dt_last_modified   timestamptz not null,
  created_by         text not null,
  last_modified_by   text not null,
  declared           boolean not null default false,
  primary key (organization_id, id),
  constraint notification_configuration_code_is_unique unique (organization_id, code),
  constraint notification_configuration_decides check (always_fire_event or calculation is not null),
  constraint notification_configuration_version_is_positive check (version > 0)
);

-- What a rule did on a day (UTC's). Nodes add to it every second or so, of the rules that did
-- anything; the key and the index never change, so an update stays in its page. Goes with its rule.
create table rule_day (
  organization_id                uuid not null,
  notification_configuration_id  uuid not null,
  day                            date not null,
  evaluated                      bigint not null,
  fired                          bigint not null,
  errors                         bigint not null,
  last_error                     text,
  last_error_event_id            uuid,
  dt_last_error                  timestamptz,
  primary key (organization_id, notification_configuration_id, day),
  foreign key (organization_id, notification_configuration_id)
    references notification_configuration (organization_id, id) on delete cascade,
  constraint rule_day_tells_its_error check ((errors = 0) = (dt_last_error is null))
) with (fillfactor = 70);
create index rule_day_by_day on rule_day (day);

-- credentials_sealed is the api key and the secrets, encrypted by the server before they get here.
-- failing_since is when the first attempt was made since which every attempt has failed; deliveries
-- keep it, and it decides over no event.
create table webhook (
  organization_id     uuid not null references organization (id) on delete cascade,
  id                  uuid not null,
  code                text,
  name                text not null,
  description         text not null,
  url                 text not null,
  active              boolean not null,
  credentials_id      uuid not null,
  credentials_name    text,
  credentials_empty   boolean not null,
  credentials_sealed  bytea not null,
  version             bigint not null,
  dt_created          timestamptz not null,
  dt_last_modified    timestamptz not null,
  created_by          text not null,
  last_modified_by    text not null,
  failing_since       timestamptz,
  declared            boolean not null default false,
  primary key (organization_id, id),
  constraint webhook_code_is_unique unique (organization_id, code),
  constraint webhook_version_is_positive check (version > 0)
);

-- The id that a text spells, or null if it spells none.
create function uuid_or_null(text) returns uuid
  language sql immutable strict parallel safe
  return case when $1 ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then $1::uuid end;

-- The mappings of accounts that a link's configuration data has, if it demands to have each.
create function account_mappings(config_data json) returns json
  language sql immutable strict parallel safe
  return case when config_data ->> 'accountMappingRequired' = 'true'
    then coalesce(config_data -> 'accountMappings', '{}') end;

-- What is off on the way over a link to its webhook, each null where it does not exist; null when
-- nothing is.
create function delivery_reason_off(webhook_active boolean, link_enabled boolean) returns text
  language sql immutable parallel safe
  return case
    when webhook_active and link_enabled then null
    when webhook_active is null then 'the webhook does not exist any more'
    when link_enabled is null then 'the integration does not exist any more'
    when link_enabled then 'the webhook is not active'
    when webhook_active then 'the integration is disabled'
    else 'the integration is disabled, and the webhook is not active' end;

-- Links an entity, for us a notification configuration, to a destination, for us a webhook. Both
-- ends are texts without foreign keys, as in the API: a link may be made before its ends and stays
-- when one goes; it then sends nothing. rule_id and webhook_id are what the texts mean to us, if
-- anything; they are what is joined by. disabled_by_run_id is the run that found that the link leads
-- nowhere, until somebody enables the link again.
create table integration_configuration (
  organization_id             uuid not null references organization (id) on delete cascade,
  id                          uuid not null,
  entity_type                 text not null,
  entity_id                   text,
  destination                 text not null,
  destination_id              text,
  config_data                 json not null,
  name                        text,
  integration_credentials_id  text,
  enabled                     boolean not null,
  version                     bigint not null,
  dt_created                  timestamptz not null,
  dt_last_modified            timestamptz not null,
  created_by                  text not null,
  last_modified_by            text not null,
  rule_id                     uuid generated always as (
    case when lower(entity_type) = 'notification' then uuid_or_null(entity_id) end) stored,
  webhook_id                  uuid generated always as (
    case when lower(destination) = 'webhook' then uuid_or_null(destination_id) end) stored,
  disabled_by_run_id          uuid,
  declared                    boolean not null default false,
  primary key (organization_id, id),
  constraint integration_configuration_version_is_positive check (version > 0)
);
create index integration_configuration_by_webhook
  on integration_configuration (organization_id, webhook_id);
create index integration_configuration_by_rule
  on integration_configuration (organization_id, rule_id);
create unique index integration_configuration_declared_link
  on integration_configuration (organization_id, rule_id, webhook_id) where declared;

-- Entities that an organization has besides those of the system: each makes three event types. Names
-- are ASCII; two that differ in capitals only would have the same event types. One that a file
-- declares is changed by that file alone.
create table custom_entity (
  organization_id   uuid not null references organization (id) on delete cascade,
  name_key          text not null generated always as (lower(name)) stored,
  name              text not null,
  family            text not null,
  date_fields       text[] not null,
  declared          boolean not null,
  version           bigint not null,
  dt_created        timestamptz not null,
  dt_last_modified  timestamptz not null,
  created_by        text not null,
  last_modified_by  text not null,
  primary key (organization_id, name_key),
  constraint custom_entity_version_is_positive check (version > 0)
);

-- Has entities that something is about to name stay as they are until the transaction ends. Each is
-- spelled as it was when that was checked (name, family, date fields), and has to be so still. Whoever
-- changes or deletes one locks its row before looking at what names it, so of the two the second sees
-- what the first did. Called in the RETURNING of what names them, before anything that others wait for.
create function custom_entities_hold(tenant uuid, as_read text[]) returns boolean
  language plpgsql volatile as $$
declare
  other record;
begin
  perform from custom_entity
    where organization_id = tenant
      and name in (select split_part(one, ' ', 1) from unnest(as_read) as one)
    order by name_key for share;
  select split_part(one, ' ', 1) as name, e.name is not null as is_there into other
    from unnest(as_read) as one
    left join custom_entity e on e.organization_id = tenant and e.name = split_part(one, ' ', 1)
    where one is distinct from
      e.name || ' ' || e.family || ' ' || array_to_string(e.date_fields, ',')
    order by is_there
    limit 1;
  if other.is_there then
    raise exception 'the entity was changed' using errcode = 'TC003', detail = other.name;
  elsif other.name is not null then
    raise exception 'the entity is gone' using errcode = 'TC002', detail = other.name;
  end if;
  return true;
end $$;

-- Each makes its name an event type, and has an appointment with each entity whose state has the date
-- (scheduled_due). entity and field are checked when it is written, and then kept though the entity may
-- go. arming grows with each change of what the due times depend on. What is declared is changed by its
-- file alone.
create table scheduled_event_configuration (
  organization_id   uuid not null references organization (id) on delete cascade,
  id                uuid not null,
  name              text not null,
  entity            text not null,
  field             text not null,
  offset_days       int not null,
  arming            bigint not null default 1,
  declared          boolean not null default false,
  version           bigint not null,
  dt_created        timestamptz not null,
  dt_last_modified  timestamptz not null,
  created_by        text not null,
  last_modified_by  text not null,
  primary key (organization_id, id),
  constraint scheduled_event_configuration_name_is_unique unique (organization_id, name),
  constraint scheduled_event_configuration_version_is_positive check (version > 0)
);

-- What every statement that changes an organization's event types calls in its RETURNING: makes
-- another version of its catalog, and answers it. Nodes ask for the version before they refuse a
-- name, so the name is known everywhere once the statement is committed. Changes of one organization
-- take turns by its row; so a statement that adds one, and says how many there may be, sees all there
-- are with the one it just wrote, and is refused if that is too many.
create function catalog_change(
    tenant uuid, entities_max int default null, scheduled_max int default null)
  returns bigint language plpgsql volatile as $$
declare
  increased bigint;
begin
  update organization set catalog_version = catalog_version + 1 where id = tenant
    returning catalog_version into strict increased;
  if (select count(*) from custom_entity where organization_id = tenant) > entities_max
    or (select count(*) from scheduled_event_configuration where organization_id = tenant)
      > scheduled_max then
    raise exception 'the catalog is full' using errcode = 'TC001';
  end if;
  return increased;
end $$;

-- Fields that events were seen to have. subject is the entity, or the event name, when the event
-- changes no entity. kinds has a bit for each kind of value that was seen: 1 text, 2 true or false,
-- 4 integers of 32 bits, 8 of 64, 16 other numbers, 32 object, 64 array. A page keeps room for
-- updates, since all there is to change is when a field was last seen.
create table learned_field (
  organization_id  uuid not null references organization (id) on delete cascade,
  subject          text not null,
  field            text not null,
  kinds            int not null,
  first_seen       timestamptz not null,
  last_seen        timestamptz not null,
  primary key (organization_id, subject, field),
  constraint learned_field_has_a_kind check (kinds between 1 and 127)
) with (fillfactor = 70);

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
-- One index is what is due first, whosever it is, so it does not begin with the organization: by one
-- that does, who looks for what is due would have to step over all organizations that have appointments,
-- however few are due. Its condition always holds; it keeps it from what asks for one organization's.
-- Another is what waits of each configuration, which lists and counts go by however many are due at the
-- same time, and whoever takes what an organization is owed. Each costs the commit that makes an
-- appointment, so there is none for what these two and the key can tell. A lease is in none, so that
-- taking one touches no index; and as neighbours are mostly taken together, a page has room for all of
-- its rows once more. The last is what ended, which the status of a configuration counts.
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
  constraint scheduled_due_outcome_is_known check (outcome in ('FIRED', 'SKIPPED')),
  constraint scheduled_due_ends_with_an_outcome check ((outcome is null) = (dt_ended is null))
) with (fillfactor = 45);
create index scheduled_due_first on scheduled_due (due_at)
  where outcome is null and due_at > '-infinity';
create index scheduled_due_waiting
  on scheduled_due (organization_id, configuration_id, arming, due_at, entity_id) where outcome is null;
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

-- Makes an entity of an organization, and answers the version of the rule set then; no row if there is
-- one of the name, whatever its capitals. Configurations that name it, since a file may take an entity
-- away under them, begin to be armed anew.
create function custom_entity_create(tenant uuid, stripe int, entity_name text, entity_family text,
    dates text[], author text, now timestamptz, entities_max int)
  returns table (made custom_entity, rule_set_version bigint) language plpgsql volatile as $$
declare
  begun uuid[];
  armings bigint[];
begin
  perform from scheduled_event_configuration c
    where c.organization_id = tenant and lower(c.entity) = lower(entity_name)
    order by c.id for no key update;
  insert into custom_entity as e (organization_id, name, family, date_fields, declared, version,
    dt_created, dt_last_modified, created_by, last_modified_by)
  values (tenant, entity_name, entity_family, dates, false, 1, now, now, author, author)
  on conflict do nothing
  returning e.* into made;
  if not found then
    return;
  end if;
  perform catalog_change(tenant, entities_max => entities_max);
  with named as (
    update scheduled_event_configuration c set arming = arming + 1
    where c.organization_id = tenant and lower(c.entity) = lower(entity_name)
    returning c.id, c.arming
  )
  select array_agg(n.id), array_agg(n.arming) from named n into begun, armings;
  if begun is null then
    select r.version from rule_set r where r.organization_id = tenant into rule_set_version;
  else
    rule_set_version := rule_set_change(tenant, stripe, array[]::uuid[], null, true);
    perform scheduled_arming_begin(tenant, begun, armings, now);
  end if;
  return next;
end $$;

-- Something that a declaration made, changed or removed.
create type declared_item as (section text, name text, what text);

-- What declaring does to an organization, as the functions below hand it on: what was made, changed and
-- removed; what of its rules was touched (rule_set_change); whether its event types are others; and which
-- scheduled events have to be armed anew, and which to be removed, with the arming they had last.
create type organization_change as (
  organization_id  uuid,
  items            declared_item[],
  rule_ids         uuid[],
  webhook_ids      uuid[],
  dates            boolean,
  catalog          boolean,
  begun            uuid[],
  ended            uuid[],
  endings          bigint[]
);

-- The functions that declare take what a file says in the form that declarations have (see
-- organization.sql), and write nothing and lock nothing where nothing differs. None waits for a gate:
-- organizations_declare takes those last, for all at once.
--
-- The order of locks is that of every change: webhooks, rules, links, configurations, entities,
-- organization, gates, rule sets, armings.

-- Fails as what lost a conflict does, so that it is tried again by what is there by now.
create function declared_meanwhile(what text) returns void
  language plpgsql volatile as $$
begin
  raise exception 'made or changed meanwhile' using errcode = '40001', detail = what;
end $$;

-- Makes the declared webhooks those of a file, by their codes. sealed is null where the credentials are
-- those that are there already; what was there when that was found has the version before.
create function webhooks_declare(change organization_change, wanted jsonb, author text, now timestamptz)
  returns organization_change language plpgsql volatile as $$
declare
  tenant uuid := change.organization_id;
begin
  perform from (
      select * from webhook
      where organization_id = tenant and webhook.declared) w
    full join jsonb_to_recordset(wanted) as d (id uuid, before bigint, code text, name text,
        description text, url text, active boolean, credentials_name text, credentials_empty boolean,
        sealed bytea)
      on d.code = w.code
    where d.sealed is not null or d.before is distinct from w.version or d.id is distinct from w.id
      or (d.name, d.description, d.url, d.active, d.credentials_name, d.credentials_empty)
        is distinct from
        (w.name, w.description, w.url, w.active, w.credentials_name, w.credentials_empty);
  if not found then
    return change;
  end if;
  perform from webhook where organization_id = tenant and declared order by id for update;
  perform declared_meanwhile('webhook ' || d.code)
    from jsonb_to_recordset(wanted) as d (id uuid, before bigint, code text)
    left join webhook w on w.organization_id = tenant and w.code = d.code
    where d.before is distinct from w.version or w.id <> d.id;
  with gone as (
    delete from webhook w
    where w.organization_id = tenant and w.declared and not exists (
      select from jsonb_to_recordset(wanted) as d (code text) where d.code = w.code)
    returning id, code
  )
  select change.webhook_ids || array_agg(id),
      change.items || array_agg(('webhooks', code, 'REMOVED')::declared_item order by code)
    from gone into change.webhook_ids, change.items;
  with changed as (
    update webhook w
    set name = d.name, description = d.description, url = d.url, active = d.active,
      credentials_name = d.credentials_name, credentials_empty = d.credentials_empty,
      credentials_sealed = coalesce(d.sealed, w.credentials_sealed), version = w.version + 1,
      last_modified_by = author, dt_last_modified = now
    from jsonb_to_recordset(wanted) as d (code text, name text, description text, url text,
      active boolean, credentials_name text, credentials_empty boolean, sealed bytea)
    join webhook b on b.organization_id = tenant and b.code = d.code
    where w.organization_id = tenant and w.id = b.id
      and (d.sealed is not null
        or (d.name, d.description, d.url, d.active, d.credentials_name) is distinct from
          (b.name, b.description, b.url, b.active, b.credentials_name))
    returning w.id, w.code,
      d.sealed is not null or (d.url, d.active) is distinct from (b.url, b.active) as is_sent_otherwise
  )
  select change.webhook_ids || array_agg(id) filter (where is_sent_otherwise),
      change.items || array_agg(('webhooks', code, 'CHANGED')::declared_item order by code)
    from changed into change.webhook_ids, change.items;
  with made as (
    insert into webhook (organization_id, id, code, name, description, url, active, credentials_id,
      credentials_name, credentials_empty, credentials_sealed, declared, version, dt_created,
      dt_last_modified, created_by, last_modified_by)
    select tenant, d.id, d.code, d.name, d.description, d.url, d.active, d.credentials_id,
      d.credentials_name, d.credentials_empty, d.sealed, true, 1, now, now, author, author
    from jsonb_to_recordset(wanted) as d (id uuid, before bigint, code text, name text,
      description text, url text, active boolean, credentials_id uuid, credentials_name text,
      credentials_empty boolean, sealed bytea)
    where d.before is null
    on conflict do nothing
    returning code
  )
  select change.items || array_agg(('webhooks', code, 'MADE')::declared_item order by code)
    from made into change.items;
  perform declared_meanwhile('webhook ' || d.code)
    from jsonb_to_recordset(wanted) as d (id uuid, code text)
    where not exists (select from webhook w where w.organization_id = tenant and w.id = d.id);
  return change;
end $$;

-- Makes the declared rules those of a file, by their codes. No event is judged by one that is not active.
create function rules_declare(change organization_change, wanted jsonb, author text, now timestamptz)
  returns organization_change language plpgsql volatile as $$
declare
  tenant uuid := change.organization_id;
begin
  perform from (
      select * from notification_configuration
      where organization_id = tenant and notification_configuration.declared) n
    full join jsonb_to_recordset(wanted) as d (code text, name text, description text,
        event_name text, active boolean, always_fire_event boolean, calculation text)
      on d.code = n.code
    where (d.code, d.name, d.description, d.event_name, d.active, d.always_fire_event, d.calculation)
      is distinct from
      (n.code, n.name, n.description, n.event_name, n.active, n.always_fire_event, n.calculation);
  if not found then
    return change;
  end if;
  perform from notification_configuration where organization_id = tenant and declared order by id
    for update;
  with gone as (
    delete from notification_configuration n
    where n.organization_id = tenant and n.declared and not exists (
      select from jsonb_to_recordset(wanted) as d (code text) where d.code = n.code)
    returning id, code, active
  )
  select change.rule_ids || array_agg(id) filter (where active),
      change.items || array_agg(('notifications', code, 'REMOVED')::declared_item order by code)
    from gone into change.rule_ids, change.items;
  with changed as (
    update notification_configuration n
    set name = d.name, description = d.description, event_name = d.event_name, active = d.active,
      always_fire_event = d.always_fire_event, calculation = d.calculation, version = n.version + 1,
      last_modified_by = author, dt_last_modified = now
    from jsonb_to_recordset(wanted) as d (code text, name text, description text,
      event_name text, active boolean, always_fire_event boolean, calculation text)
    join notification_configuration b on b.organization_id = tenant and b.code = d.code
    where n.organization_id = tenant and n.declared and n.id = b.id
      and (d.name, d.description, d.event_name, d.active, d.always_fire_event, d.calculation)
        is distinct from
        (b.name, b.description, b.event_name, b.active, b.always_fire_event, b.calculation)
    returning n.id, n.code, n.active or b.active as is_judged_by
  )
  select change.rule_ids || array_agg(id) filter (where is_judged_by),
      change.items || array_agg(('notifications', code, 'CHANGED')::declared_item order by code)
    from changed into change.rule_ids, change.items;
  with made as (
    insert into notification_configuration (organization_id, id, code, name, description, event_name,
      active, always_fire_event, calculation, declared, version, dt_created, dt_last_modified,
      created_by, last_modified_by)
    select tenant, d.id, d.code, d.name, d.description, d.event_name, d.active, d.always_fire_event,
      d.calculation, true, 1, now, now, author, author
    from jsonb_to_recordset(wanted) as d (id uuid, code text, name text, description text,
      event_name text, active boolean, always_fire_event boolean, calculation text)
    where not exists (
      select from notification_configuration n
      where n.organization_id = tenant and n.declared and n.code = d.code)
    on conflict do nothing
    returning id, code, active
  )
  select change.rule_ids || array_agg(id) filter (where active),
      change.items || array_agg(('notifications', code, 'MADE')::declared_item order by code)
    from made into change.rule_ids, change.items;
  perform declared_meanwhile('notification configuration ' || d.code)
    from jsonb_to_recordset(wanted) as d (code text)
    where not exists (
      select from notification_configuration n
      where n.organization_id = tenant and n.declared and n.code = d.code);
  return change;
end $$;

-- Makes the declared links those of a file, by the codes of the declared rule and the declared webhook
-- that each has. One that was disabled because its webhook failed stays so while the webhook is what it
-- was: else every start would send again to who is gone.
create function links_declare(change organization_change, wanted jsonb, author text, now timestamptz)
  returns organization_change language plpgsql volatile as $$
declare
  tenant uuid := change.organization_id;
  touched uuid[];
begin
  perform from (
      select i.rule_id, i.webhook_id, i.enabled from integration_configuration i
      where i.organization_id = tenant and i.declared) i
    full join (
      select n.id as rule_id, w.id as webhook_id
      from jsonb_to_recordset(wanted) as d (rule text, webhook text)
      join notification_configuration n on n.organization_id = tenant and n.code = d.rule
      join webhook w on w.organization_id = tenant and w.code = d.webhook) d
      on d.rule_id = i.rule_id and d.webhook_id = i.webhook_id
    where d.rule_id is null or i.rule_id is null
      or not i.enabled and i.webhook_id = any (change.webhook_ids);
  if not found then
    return change;
  end if;
  perform from integration_configuration where organization_id = tenant and declared order by id
    for update;
  with gone as (
    delete from integration_configuration i
    where i.organization_id = tenant and i.declared and not exists (
      select from jsonb_to_recordset(wanted) as d (rule text, webhook text)
      join notification_configuration n on n.organization_id = tenant and n.code = d.rule
      join webhook w on w.organization_id = tenant and w.code = d.webhook
      where n.id = i.rule_id and w.id = i.webhook_id)
    returning rule_id
  )
  select array_agg(rule_id) from gone into touched;
  with enabled as (
    update integration_configuration i
    set enabled = true, disabled_by_run_id = null, version = version + 1, last_modified_by = author,
      dt_last_modified = now
    where i.organization_id = tenant and i.declared and not i.enabled
      and i.webhook_id = any (change.webhook_ids)
    returning rule_id
  )
  select touched || array_agg(rule_id) from enabled into touched;
  with made as (
    insert into integration_configuration (organization_id, id, entity_type, entity_id, destination,
      destination_id, config_data, enabled, declared, version, dt_created, dt_last_modified, created_by,
      last_modified_by)
    select tenant, d.id, 'Notification', n.id::text, 'Webhook', w.id::text, '{}', true, true, 1, now,
      now, author, author
    from jsonb_to_recordset(wanted) as d (id uuid, rule text, webhook text)
    join notification_configuration n on n.organization_id = tenant and n.code = d.rule
    join webhook w on w.organization_id = tenant and w.code = d.webhook
    where not exists (
      select from integration_configuration i
      where i.organization_id = tenant and i.declared and i.rule_id = n.id and i.webhook_id = w.id)
    returning rule_id
  )
  select touched || array_agg(rule_id) from made into touched;
  -- A link has no name of its own: it is its rule that is sent to others now.
  select change.rule_ids || array_agg(n.id) filter (where n.active),
      change.items || array_agg(('notifications', n.code, 'CHANGED')::declared_item order by n.code)
        filter (where not exists (
          select from unnest(change.items) as i
          where i.section = 'notifications' and i.name = n.code))
    from notification_configuration n
    where n.organization_id = tenant and n.id = any (touched)
    into change.rule_ids, change.items;
  return change;
end $$;

-- Makes the declared scheduled event configurations those of a file, by their names. What a file
-- declares takes the place of one that was made by the API.
create function scheduled_events_declare(
    change organization_change, wanted jsonb, author text, now timestamptz)
  returns organization_change language plpgsql volatile as $$
declare
  tenant uuid := change.organization_id;
begin
  perform from (
      select * from scheduled_event_configuration s
      where s.organization_id = tenant and (s.declared
        or s.name in (select name from jsonb_to_recordset(wanted) as d (name text)))) c
    full join jsonb_to_recordset(wanted) as d (name text, entity text, field text, offset_days int)
      on d.name = c.name
    where (d.name, d.entity, d.field, d.offset_days, true)
      is distinct from (c.name, c.entity, c.field, c.offset_days, c.declared);
  if not found then
    return change;
  end if;
  perform from scheduled_event_configuration where organization_id = tenant order by id for update;
  with gone as (
    delete from scheduled_event_configuration s
    where s.organization_id = tenant and s.declared
      and s.name not in (select name from jsonb_to_recordset(wanted) as d (name text))
    returning id, arming, name
  )
  select array_agg(id), array_agg(arming + 1),
      change.items || array_agg(('scheduledEvents', name, 'REMOVED')::declared_item order by name)
    from gone into change.ended, change.endings, change.items;
  with written as (
    insert into scheduled_event_configuration as c (organization_id, id, name, entity, field,
      offset_days, declared, version, dt_created, dt_last_modified, created_by, last_modified_by)
    select tenant, d.id, d.name, d.entity, d.field, d.offset_days, true, 1, now, now, author, author
    from jsonb_to_recordset(wanted)
      as d (id uuid, name text, entity text, field text, offset_days int)
    on conflict (organization_id, name) do update
      set entity = excluded.entity, field = excluded.field, offset_days = excluded.offset_days,
        declared = true, version = c.version + 1, last_modified_by = excluded.last_modified_by,
        dt_last_modified = excluded.dt_last_modified,
        arming = c.arming + case when (c.entity, c.field, c.offset_days)
          is distinct from (excluded.entity, excluded.field, excluded.offset_days) then 1 else 0 end
      where (c.entity, c.field, c.offset_days, c.declared)
        is distinct from (excluded.entity, excluded.field, excluded.offset_days, true)
    returning id, name, version
  )
  select change.begun || array_agg(id),
      change.items || array_agg(('scheduledEvents', name,
        case version when 1 then 'MADE' else 'CHANGED' end)::declared_item order by name)
    from written into change.begun, change.items;
  change.catalog := true;
  change.dates := true;
  return change;
end $$;

-- Makes the declared entities those of a file, by their names whatever their capitals. What a file
-- declares takes the place of one that was made by the API. What was learned of one that goes, goes with
-- it. Configurations that name one that was not there begin to be armed anew: the states of a former life
-- count no more, so appointments that were made for them go.
create function custom_entities_declare(
    change organization_change, wanted jsonb, author text, now timestamptz)
  returns organization_change language plpgsql volatile as $$
declare
  tenant uuid := change.organization_id;
  born text[];
begin
  perform from (
      select * from custom_entity c
      where c.organization_id = tenant and (c.declared
        or c.name_key in (select lower(name) from jsonb_to_recordset(wanted) as d (name text)))) e
    full join jsonb_to_recordset(wanted) as d (name text, family text, date_fields text[])
      on lower(d.name) = e.name_key
    where (d.name, d.family, d.date_fields, true)
      is distinct from (e.name, e.family, e.date_fields, e.declared);
  if not found then
    return change;
  end if;
  perform from scheduled_event_configuration where organization_id = tenant order by id
    for no key update;
  perform from custom_entity where organization_id = tenant order by name_key for update;
  with gone as (
    delete from custom_entity c
    where c.organization_id = tenant and c.declared
      and c.name_key not in (select lower(name) from jsonb_to_recordset(wanted) as d (name text))
    returning name
  ),
  forgotten as (
    delete from learned_field
    where organization_id = tenant and subject in (select name from gone)
  )
  select change.items || array_agg(('entities', name, 'REMOVED')::declared_item order by name)
    from gone into change.items;
  with written as (
    insert into custom_entity as e (organization_id, name, family, date_fields, declared, version,
      dt_created, dt_last_modified, created_by, last_modified_by)
    select tenant, d.name, d.family, d.date_fields, true, 1, now, now, author, author
    from jsonb_to_recordset(wanted) as d (name text, family text, date_fields text[])
    on conflict (organization_id, name_key) do update
      set name = excluded.name, family = excluded.family, date_fields = excluded.date_fields,
        declared = true, version = e.version + 1, last_modified_by = excluded.last_modified_by,
        dt_last_modified = excluded.dt_last_modified
      where (e.name, e.family, e.date_fields, e.declared)
        is distinct from (excluded.name, excluded.family, excluded.date_fields, true)
    returning name, name_key, version
  )
  select array_agg(name_key) filter (where version = 1),
      change.items || array_agg(('entities', name,
        case version when 1 then 'MADE' else 'CHANGED' end)::declared_item order by name)
    from written into born, change.items;
  with named as (
    update scheduled_event_configuration set arming = arming + 1
    where organization_id = tenant and lower(entity) = any (born)
    returning id
  )
  select change.begun || array_agg(id) from named into change.begun;
  change.catalog := true;
  change.dates := change.dates or cardinality(change.begun) > 0;
  return change;
end $$;

-- Makes permission policies, service users and their access keys, of what is managed, those of a file.
-- Keys that are declared no more are gone by then (organizations_declare), and those that are belong to
-- nobody else. Each keeps its id for as long as its name is declared.
create function callers_declare(change organization_change, wanted jsonb, author text, now timestamptz)
  returns organization_change language plpgsql volatile as $$
declare
  tenant uuid := change.organization_id;
  touched text[];
begin
  with differing as (
    select d.* from jsonb_to_recordset(wanted -> 'policies') as d (id uuid, name text, statements text)
    left join permission_policy p
      on p.organization_id = tenant and p.name = d.name and p.managed
    where p.statements::text is distinct from d.statements
  ),
  written as (
    insert into permission_policy as p (organization_id, id, name, statements, managed, version,
      dt_created, dt_last_modified, created_by, last_modified_by)
    select tenant, d.id, d.name, d.statements::json, true, 1, now, now, author, author
    from differing d
    on conflict (organization_id, name) where managed do update
      set statements = excluded.statements, version = p.version + 1,
        dt_last_modified = excluded.dt_last_modified
    returning name, version
  )
  select change.items || array_agg(('policies', name,
      case version when 1 then 'MADE' else 'CHANGED' end)::declared_item order by name)
    from written into change.items;
  with gone as (
    delete from permission_policy p
    where p.organization_id = tenant and p.managed and not exists (
      select from jsonb_to_recordset(wanted -> 'policies') as d (name text) where d.name = p.name)
    returning name
  )
  select change.items || array_agg(('policies', name, 'REMOVED')::declared_item order by name)
    from gone into change.items;
  with made as (
    insert into service_user (organization_id, id, name, managed, version, dt_created,
      dt_last_modified, created_by, last_modified_by)
    select tenant, d.id, d.name, true, 1, now, now, author, author
    from jsonb_to_recordset(wanted -> 'users') as d (id uuid, name text)
    on conflict (organization_id, name) where managed do nothing
    returning name
  )
  select change.items || array_agg(('serviceUsers', name, 'MADE')::declared_item order by name)
    from made into change.items;
  with written as (
    insert into access_key as k (access_key, organization_id, service_user_id, secret_hash, dt_created,
      created_by)
    select d.access_key, tenant, u.id, d.secret_hash, now, author
    from jsonb_to_recordset(wanted -> 'keys')
      as d (access_key text, user_name text, secret_hash bytea)
    join service_user u on u.organization_id = tenant and u.name = d.user_name and u.managed
    left join access_key b on b.access_key = d.access_key
    where (b.service_user_id, b.secret_hash) is distinct from (u.id, d.secret_hash)
    on conflict (access_key) do update
      set service_user_id = excluded.service_user_id, secret_hash = excluded.secret_hash
      where k.organization_id = excluded.organization_id
    returning service_user_id
  )
  select array_agg(distinct u.name)
    from written w join service_user u on u.organization_id = tenant and u.id = w.service_user_id
    into touched;
  perform declared_meanwhile('access key ' || d.access_key)
    from jsonb_to_recordset(wanted -> 'keys') as d (access_key text)
    where not exists (
      select from access_key k
      where k.access_key = d.access_key and k.organization_id = tenant);
  with gone as (
    delete from service_user u
    where u.organization_id = tenant and u.managed and not exists (
      select from jsonb_to_recordset(wanted -> 'users') as d (name text) where d.name = u.name)
    returning name
  )
  select change.items || array_agg(('serviceUsers', name, 'REMOVED')::declared_item order by name)
    from gone into change.items;
  with wanted_ones as materialized (
    select distinct on (p.id, u.id) p.id as policy_id, u.id as user_id, d.id, u.name
    from jsonb_to_recordset(wanted -> 'assignments') as d (id uuid, user_name text, policy_name text)
    join service_user u on u.organization_id = tenant and u.name = d.user_name and u.managed
    join permission_policy p on p.organization_id = tenant and p.name = d.policy_name and p.managed
  ),
  removed as (
    delete from permission_policy_assignment a
    using service_user u
    where a.organization_id = tenant and u.organization_id = tenant and u.id = a.service_user_id
      and u.managed
      and (a.permission_policy_id, a.service_user_id)
        not in (select policy_id, user_id from wanted_ones)
    returning u.name
  ),
  made as (
    insert into permission_policy_assignment (organization_id, permission_policy_id, service_user_id,
      id, dt_created, created_by)
    select tenant, policy_id, user_id, id, now, author from wanted_ones
    on conflict do nothing
    returning service_user_id
  )
  select touched || array_agg(o.name)
    from (
      select name from removed
      union
      select name from wanted_ones where user_id in (select service_user_id from made)) o
    into touched;
  select change.items || array_agg(('serviceUsers', t.name, 'CHANGED')::declared_item order by t.name)
    from (select distinct unnest(touched) as name) t
    where not exists (
      select from unnest(change.items) as i where i.section = 'serviceUsers' and i.name = t.name)
    into change.items;
  return change;
end $$;

-- Makes an organization's own row what a file says: last of what others wait for before the gates. With
-- another time zone every appointment it has is due at another time.
create function organization_declare(change organization_change, wanted jsonb)
  returns organization_change language plpgsql volatile as $$
declare
  tenant uuid := change.organization_id;
  zone text := wanted ->> 'time_zone';
  has_moved boolean := exists (
    select from organization where id = tenant and time_zone <> zone);
  differs boolean := exists (
    select from organization where id = tenant
      and (name, time_zone, retention_days, open_catalog) is distinct from
        (wanted ->> 'name', zone, (wanted ->> 'retention_days')::int,
          (wanted ->> 'open_catalog')::boolean));
begin
  if has_moved then
    perform from scheduled_event_configuration where organization_id = tenant order by id
      for no key update;
  end if;
  if differs or change.catalog then
    update organization
      set name = wanted ->> 'name', time_zone = zone,
        retention_days = (wanted ->> 'retention_days')::int,
        catalog_version = catalog_version + case
          when change.catalog or open_catalog <> (wanted ->> 'open_catalog')::boolean then 1 else 0 end,
        open_catalog = (wanted ->> 'open_catalog')::boolean
      where id = tenant;
  end if;
  if differs then
    change.items := change.items || ('organization', wanted ->> 'name', 'CHANGED')::declared_item;
  end if;
  if has_moved then
    change.dates := true;
    with moved as (
      update scheduled_event_configuration set arming = arming + 1 where organization_id = tenant
      returning id
    )
    select change.begun || array_agg(id) from moved into change.begun;
  end if;
  return change;
end $$;

-- What stands in the way of declarations: an access key that somebody else has, the code of a webhook or
-- of a rule that was made through the API, a webhook that is declared no more while a rule that was made
-- through the API is sent to it.
create function declaration_conflicts(wanted jsonb)
  returns table (organization_id uuid, kind text, name text, other_id uuid, other_name text)
  language sql stable as $$
  with asked as materialized (
    select (one ->> 'id')::uuid as id, one from jsonb_array_elements(wanted) as one
  )
  select a.id, 'ACCESS_KEY', d.access_key, o.id, o.name
  from asked a
  cross join jsonb_to_recordset(a.one -> 'keys') as d (access_key text)
  join access_key k on k.access_key = d.access_key
  join service_user u on u.organization_id = k.organization_id and u.id = k.service_user_id
  join organization o on o.id = k.organization_id
  where not u.managed or k.organization_id not in (select id from asked)
  union all
  select a.id, 'WEBHOOK', d.code, w.id, w.name
  from asked a
  cross join jsonb_to_recordset(a.one -> 'webhooks') as d (code text)
  join webhook w on w.organization_id = a.id and w.code = d.code
  where not w.declared
  union all
  select a.id, 'NOTIFICATION', d.code, n.id, n.name
  from asked a
  cross join jsonb_to_recordset(a.one -> 'rules') as d (code text)
  join notification_configuration n on n.organization_id = a.id and n.code = d.code
  where not n.declared
  union all
  select distinct a.id, 'WEBHOOK_IN_USE', w.code, n.id, n.code
  from asked a
  join webhook w on w.organization_id = a.id and w.declared
  join integration_configuration i on i.organization_id = a.id and i.webhook_id = w.id
  join notification_configuration n on n.organization_id = a.id and n.id = i.rule_id
  where not n.declared
    and not exists (
      select from jsonb_to_recordset(a.one -> 'webhooks') as d (code text) where d.code = w.code)
  order by 1, 2, 3, 5;
$$;

-- Takes the gates of several stripes. Whoever waits for one while he holds others keeps those waiting
-- who have nothing to do with it, and may wait for somebody who waits for him in a way that the database
-- cannot see (ruleSetHold). So one that is not free is waited for without any other, and then the others
-- are tried; where all are busy all the time that comes to no end, and they are waited for in their
-- order.
create function gates_take(stripes int[]) returns void
  language plpgsql volatile as $$
declare
  busy int;
begin
  if cardinality(stripes) = 0 then
    return;
  end if;
  for attempt in 1 .. 20 loop
    begin
      if busy is not null then
        perform pg_advisory_xact_lock(461905, busy);
      end if;
      busy := null;
      for i in 1 .. cardinality(stripes) loop
        if not pg_try_advisory_xact_lock(461905, stripes[i]) then
          busy := stripes[i];
          -- Ends the block, and with it gives back what was taken in it.
          raise exception 'a gate is busy' using errcode = 'TC004';
        end if;
      end loop;
      return;
    exception when sqlstate 'TC004' then
      null;
    end;
  end loop;
  perform pg_advisory_xact_lock(461905, stripe) from unnest(stripes) as stripe;
end $$;

-- Makes the database say what files say, of all the organizations that they declare, but for those that
-- something stands in the way of (declaration_conflicts), of which it is answered what that is. Of one
-- whose access keys somebody else has, nothing is changed; whoever is declared a key of one that stays as
-- it is has a conflict thereby. Where it is something that was made through the API, all stays but who may
-- call: its tenant can keep neither the files of others from being applied, nor access from being
-- revoked. An organization that was erased is not made again.
create function organizations_declare(wanted jsonb, author text, now timestamptz)
  returns table (organization_id uuid, kind text, section text, name text, other_id uuid,
    other_name text, at timestamptz, version bigint)
  language plpgsql volatile as $$
#variable_conflict use_column
declare
  changes organization_change[];
  change organization_change;
  conflict record;
  is_first boolean := true;
  standing uuid[];
  held uuid[] := '{}';
  one jsonb;
begin
  -- Nodes that start at once take turns, and so does whoever erases an organization.
  perform pg_advisory_xact_lock(461907, 0);
  return query
    select x.organization_id, 'ERASED', null::text, null::text, null::uuid, null::text,
      x.dt_requested, null::bigint
    from organization_erasure x
    where x.organization_id in (select (o ->> 'id')::uuid from jsonb_array_elements(wanted) as o);
  wanted := (
    select coalesce(jsonb_agg(o order by o ->> 'id'), '[]')
    from jsonb_array_elements(wanted) as o
    where (o ->> 'id')::uuid not in (select x.organization_id from organization_erasure x));
  loop
    standing := '{}';
    for conflict in select * from declaration_conflicts(wanted) loop
      if conflict.kind = 'ACCESS_KEY' then
        standing := standing || conflict.organization_id;
      elsif is_first then
        held := held || conflict.organization_id;
      else
        continue;
      end if;
      return query
        select conflict.organization_id, 'CONFLICT', conflict.kind, conflict.name, conflict.other_id,
          conflict.other_name, null::timestamptz, null::bigint;
    end loop;
    exit when cardinality(standing) = 0;
    is_first := false;
    wanted := (
      select coalesce(jsonb_agg(o order by o ->> 'id'), '[]')
      from jsonb_array_elements(wanted) as o
      where (o ->> 'id')::uuid <> all (standing));
  end loop;
  -- Keys go before any is added, so that one may move from an organization to another.
  for one in
    select w.element from jsonb_array_elements(wanted) with ordinality as w (element, place)
    order by place
  loop
    change := row((one ->> 'id')::uuid, '{}', '{}', '{}', false, false, '{}', '{}', '{}')
      ::organization_change;
    insert into organization (id, name, time_zone, dt_created, retention_days, open_catalog)
      values (change.organization_id, one ->> 'name', one ->> 'time_zone', now,
        (one ->> 'retention_days')::int, (one ->> 'open_catalog')::boolean)
      on conflict do nothing;
    if found then
      change.items := array[('organization', one ->> 'name', 'MADE')::declared_item];
      change.catalog := (one ->> 'open_catalog')::boolean;
      insert into rule_set (organization_id, version) values (change.organization_id, 1);
    end if;
    with gone as (
      delete from access_key k
      using service_user u
      where k.organization_id = change.organization_id and u.organization_id = change.organization_id
        and u.id = k.service_user_id and u.managed
        and not exists (
          select from jsonb_to_recordset(one -> 'keys') as d (access_key text)
          where d.access_key = k.access_key)
      returning u.name
    )
    select change.items || array_agg(distinct ('serviceUsers', g.name, 'CHANGED')::declared_item)
      from gone g
      where g.name in (select d.name from jsonb_to_recordset(one -> 'users') as d (name text))
      into change.items;
    changes := changes || change;
  end loop;
  for i in 1 .. coalesce(cardinality(changes), 0) loop
    one := wanted -> (i - 1);
    change := callers_declare(changes[i], one, author, now);
    if change.organization_id = any (held) then
      changes[i] := change;
      continue;
    end if;
    change := webhooks_declare(change, one -> 'webhooks', author, now);
    change := rules_declare(change, one -> 'rules', author, now);
    change := links_declare(change, one -> 'links', author, now);
    change := scheduled_events_declare(change, one -> 'scheduled', author, now);
    change := custom_entities_declare(change, one -> 'entities', author, now);
    changes[i] := organization_declare(change, one);
  end loop;
  perform gates_take(array(
    select distinct (o ->> 'stripe')::int as stripe
    from unnest(changes) with ordinality as c
    join jsonb_array_elements(wanted) as o on (o ->> 'id')::uuid = c.organization_id
    where c.dates or cardinality(c.rule_ids) > 0 or cardinality(c.webhook_ids) > 0
    order by stripe));
  for i in 1 .. coalesce(cardinality(changes), 0) loop
    change := changes[i];
    version := null;
    if change.dates or cardinality(change.rule_ids) > 0 or cardinality(change.webhook_ids) > 0 then
      version := rule_set_change(change.organization_id, (wanted -> (i - 1) ->> 'stripe')::int,
        array(select distinct unnest(change.rule_ids)), change.webhook_ids, change.dates);
    end if;
    return query
      select change.organization_id, c.what, c.section, c.name, null::uuid, null::text,
        null::timestamptz, version
      from unnest(change.items) as c;
  end loop;
  foreach change in array coalesce(changes, '{}') loop
    perform scheduled_arming_begin(change.organization_id, change.ended, change.endings, now);
    perform scheduled_arming_begin(change.organization_id, array_agg(c.id), array_agg(c.arming), now)
      from scheduled_event_configuration c
      where c.organization_id = change.organization_id and c.id = any (change.begun);
  end loop;
end $$;

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
