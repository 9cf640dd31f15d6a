-- Fields that events were seen to have.

-- name: learnedFieldList
select subject, field, kinds, first_seen, last_seen
from learned_field
where organization_id = $1 and ($2::text[] is null or subject = any ($2))
order by subject, field;

-- Nodes take turns, so that each sees how many there are, and none meets another's rows.
-- name: learnedFieldsTurn
select pg_advisory_xact_lock(461908, 0);

-- $1-$5 organization, subject, field, kinds, when: one may come more than once. $6 most fields of an
-- organization, $7 of a subject. Answers how many there was no room for.
-- name: learnedFieldsNote
with seen as materialized (
  select s.organization_id, s.subject, s.field, bit_or(s.kinds) as kinds,
    min(s.seen_at) as first_seen, max(s.seen_at) as last_seen
  from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::timestamptz[])
    as s (organization_id, subject, field, kinds, seen_at)
  join organization o on o.id = s.organization_id
  group by s.organization_id, s.subject, s.field
),
known as (
  update learned_field f
  set kinds = f.kinds | s.kinds, first_seen = least(f.first_seen, s.first_seen),
    last_seen = greatest(f.last_seen, s.last_seen)
  from seen s
  where f.organization_id = s.organization_id and f.subject = s.subject and f.field = s.field
  returning f.organization_id, f.subject, f.field
),
room as materialized (
  select s.organization_id, s.subject,
    (select count(*) from learned_field l where l.organization_id = s.organization_id)
      as of_organization,
    (select count(*) from learned_field l
      where l.organization_id = s.organization_id and l.subject = s.subject) as of_subject
  from seen s
  group by s.organization_id, s.subject
),
fresh as materialized (
  select s.*,
    r.of_organization
      + row_number() over (partition by s.organization_id order by s.subject, s.field)
      as of_organization,
    r.of_subject
      + row_number() over (partition by s.organization_id, s.subject order by s.field)
      as of_subject
  from seen s
  join room r on r.organization_id = s.organization_id and r.subject = s.subject
  where not exists (
    select from known k
    where k.organization_id = s.organization_id and k.subject = s.subject and k.field = s.field)
),
made as (
  insert into learned_field (organization_id, subject, field, kinds, first_seen, last_seen)
  select organization_id, subject, field, kinds, first_seen, last_seen
  from fresh where of_organization <= $6::int and of_subject <= $7::int
  returning 1
)
select ((select count(*) from fresh) - (select count(*) from made))::int as refused;
