-- What decides over organizations' events, and the version that changes with it.

-- Everything that decides over organizations' events, as of one snapshot. A change of any of it
-- commits together with the increased version, so version and contents always fit.
-- name: ruleSetLoad
select s.organization_id, s.version as rule_set_version, n.id, n.code, n.name, n.version,
  n.event_name, n.always_fire_event, n.calculation, t.integration_id, t.webhook_id, t.url,
  t.credentials_sealed
from rule_set s
left join notification_configuration n on n.organization_id = s.organization_id and n.active
left join lateral (
  select i.id as integration_id, w.id as webhook_id, w.url, w.credentials_sealed
  from integration_configuration i
  join webhook w
    on w.organization_id = i.organization_id and w.id::text = lower(i.destination_id) and w.active
  where i.organization_id = n.organization_id and i.entity_type = 'Notification'
    and i.entity_id = n.id::text and lower(i.destination) = 'webhook' and i.enabled) t on true
where s.organization_id = any ($1::uuid[])
order by s.organization_id, n.id, t.integration_id;
