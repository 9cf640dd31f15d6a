-- The states that fill a missing "old". They are written by the ledger's commit.

-- What an organization's own entity was before it was declared anew counts as deleted: so its states go
-- with a declaration that is deleted, though they stay where they are, and that takes no time. Ids of
-- events and declarations tell the time by the same clocks.
-- name: entityStateRead
select e.organization_id, e.entity, e.entity_id, s.event_id, s.event_time, s.state
from unnest($1::uuid[], $2::text[], $3::text[]) as e (organization_id, entity, entity_id)
cross join lateral (
  select event_id, event_time,
    case when event_id < (
        select id_floor(c.dt_created) from custom_entity c
        where c.organization_id = e.organization_id and c.name_key = lower(e.entity))
      then null else state::text end as state
  from entity_state
  where organization_id = e.organization_id and entity = e.entity and entity_id = e.entity_id
  -- Keeps the planner from turning the look-ups into a join, for which it may read all states.
  offset 0) s;
