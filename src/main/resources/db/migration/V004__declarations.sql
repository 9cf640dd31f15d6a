-- How an entity is made, and how all of an organization is made what its file says. Locks: none worth
-- naming, nothing has rows yet. Duration: milliseconds.

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
