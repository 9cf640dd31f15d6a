-- Organizations and who may call for them, what they are told of and where it is sent. Locks: none
-- worth naming, the schema is empty. Duration: milliseconds.
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
