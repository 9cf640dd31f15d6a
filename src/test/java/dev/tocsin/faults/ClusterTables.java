package dev.tocsin.faults;

import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the tables of an organization say beside the API. */
final class ClusterTables {
  private final PostgresFixture postgres;
  private final String organization;

  ClusterTables(PostgresFixture postgres, String organization) {
    this.postgres = postgres;
    this.organization = organization;
  }

  /** What waits or is leased; empty when nothing is. */
  String waiting() {
    return postgres.value(
        """
        select concat(
          (select ' ' || count(*) || ' runs, the first due at ' || min(due_at) || ' after '
            || max(attempts) || ' attempts, ' || coalesce(max(error), 'no error')
            from integration_run where organization_id = o.id and due_at is not null
            having count(*) > 0),
          (select ' ' || count(*) || ' appointments, the first due at ' || min(due_at)
            from scheduled_due where organization_id = o.id and outcome is null
            having count(*) > 0),
          (select ' ' || count(*) || ' armings' from scheduled_arming
            where organization_id = o.id and dt_completed is null having count(*) > 0),
          (select ' ' || count(*) || ' failures to be told' from integration_failure
            where organization_id = o.id and tell_at is not null having count(*) > 0))
        from (select '%s'::uuid as id) o
        """
            .formatted(organization));
  }

  /** Events that name other rules, for lists to be found by, than notified of them. */
  List<String> firedOtherwise() {
    return postgres.texts(
        """
        select concat(coalesce(e.id, n.cause_event_id), ' names ', e.fired, ', and there are ',
          n.rules)
        from (
          select id, (select array_agg(rule order by rule) from unnest(fired) as rule) as fired
          from event where organization_id = '%1$s') e
        full join (
          select cause_event_id, array_agg(notification_configuration_id
            order by notification_configuration_id) as rules
          from notification where organization_id = '%1$s'
          group by cause_event_id) n on n.cause_event_id = e.id
        where e.fired is distinct from n.rules
        """
            .formatted(organization));
  }

  /** States that are not what the latest event of their entity has, or that are missing. */
  List<String> statesOtherwise() {
    return postgres.texts(
        """
        select concat(l.entity, ' ', l.resource_id, ' changed last at ', l.latest,
          ', and its state is of ', s.event_time, ' by ', s.event_id)
        from (
          select (event_entities(event_name))[1] as entity, resource_id, max(event_time) as latest
          from event
          where organization_id = '%1$s' and event_type not in ('ScheduledEvent', 'Notification',
            'IntegrationEvent', 'IngestValidationFailure')
          group by 1, 2) l
        full join (
          select s.*, e.id as found, e.event_time as found_time, e.new as found_new
          from entity_state s
          left join event e on e.organization_id = s.organization_id and e.id = s.event_id
          where s.organization_id = '%1$s') s
          on lower(s.entity) = l.entity and s.entity_id = l.resource_id
        where l.entity is null or s.found is null or s.event_time <> l.latest
          or s.event_time <> s.found_time or s.state::text is distinct from s.found_new::text
        """
            .formatted(organization));
  }

  /** Every delivery, with how often it was claimed and attempted. */
  List<Deliveries.Run> runs() {
    return postgres
        .texts(
            """
            select row_to_json(run)::text from (
              select r.id, r.notification_event_id as notification,
                r.notification_configuration_id as rule, r.integration_configuration_id as link,
                r.webhook_id as webhook, r.status, r.fence as claims,
                coalesce(extract(epoch from r.dt_started) * 1000, 0)::bigint as claimed,
                coalesce(extract(epoch from coalesce(r.dt_completed, clock_timestamp())
                  - r.dt_started) * 1000, 0)::bigint as millis, a.recorded, a.refused, a.goes_on as "goesOn"
              from integration_run r
              cross join lateral (
                select count(*) as recorded, count(*) filter (where response_status = 500) as refused,
                  coalesce(max(attempt) > min(attempt) filter (
                    where response_status between 200 and 299), false) as goes_on
                from integration_run_attempt
                where organization_id = r.organization_id and run_id = r.id) a
              where r.organization_id = '%s') run
            """
                .formatted(organization))
        .stream()
        .map(row -> Deliveries.Run.of(new JsonObject(row)))
        .toList();
  }

  /** The event that each state is of, by entity and id; without those of deleted entities. */
  Map<String, String> lastEvents() {
    Map<String, String> last = new HashMap<>();
    for (String row :
        postgres.texts(
            """
            select concat_ws(' ', lower(entity) || '/' || entity_id, event_id)
            from entity_state where organization_id = '%s' and state is not null
            """
                .formatted(organization))) {
      int space = row.lastIndexOf(' ');
      last.put(row.substring(0, space), row.substring(space + 1));
    }
    return last;
  }
}
