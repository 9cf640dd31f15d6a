-- The states that fill a missing "old". They are written by the ledger's commit.

-- name: entityStateRead
select s.organization_id, s.entity, s.entity_id, s.event_id, s.event_time,
  s.state::text as state
from unnest($1::uuid[], $2::text[], $3::text[]) as e (organization_id, entity, entity_id)
join entity_state s using (organization_id, entity, entity_id);
