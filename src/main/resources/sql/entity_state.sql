-- The states that fill a missing "old". They are written by the ledger's commit.

-- name: entityStateRead
select e.organization_id, e.entity, e.entity_id, s.event_id, s.event_time, s.state
from unnest($1::uuid[], $2::text[], $3::text[]) as e (organization_id, entity, entity_id)
cross join lateral (
  select event_id, event_time, state::text as state from entity_state
  where organization_id = e.organization_id and entity = e.entity and entity_id = e.entity_id
  -- Keeps the planner from turning the look-ups into a join, for which it may read all states.
  offset 0) s;
