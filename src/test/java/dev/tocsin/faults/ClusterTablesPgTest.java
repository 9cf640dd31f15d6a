package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.store.PostgresFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is noticed of an organization with two updates of one entity, of which a rule fired. */
class ClusterTablesPgTest {
  private static final String ORGANIZATION = "01932f00-0000-7000-8000-000000000001";
  private static final String FIRST = "01a207d9-2100-7000-8000-00000000000a";
  private static final String SECOND = "01a207d9-2100-7000-8000-00000000000b";
  private static final String RULE = "01a207d9-2100-7000-8000-00000000000c";

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private ClusterTables tables() {
    return new ClusterTables(postgres, ORGANIZATION);
  }

  @BeforeEach
  void all_is_in_order() {
    postgres.createOrganization(ORGANIZATION);
    postgres.execute(
        """
        insert into event (organization_id, id, event_name, event_type, event_time, resource_id, new,
            fired)
          values ('%1$s', '%2$s', 'billing.bill.updated', 'BillingEvent', '2026-11-27 10:00Z', 'b',
              '{"n": 1}', null),
            ('%1$s', '%3$s', 'billing.bill.updated', 'BillingEvent', '2026-11-27 10:01Z', 'b',
              '{"n": 2}', array['%4$s'::uuid]);
        insert into notification values ('%1$s', '%3$s', '%4$s', '%4$s', 'code', 'name', 1);
        insert into entity_state
          values ('%1$s', 'Bill', 'b', '%3$s', '2026-11-27 10:01Z', '{"n": 2}');
        """
            .formatted(ORGANIZATION, FIRST, SECOND, RULE));
  }

  @Test
  void nothing_is_said_of_what_is_in_order() {
    assertThat(tables().firedOtherwise()).isEmpty();
    assertThat(tables().statesOtherwise()).isEmpty();
    assertThat(tables().lastEvents()).containsOnlyKeys("bill/b").containsValue(SECOND);
    assertThat(tables().waiting()).isEmpty();
  }

  @Test
  void an_event_that_names_no_rule_or_one_too_many() {
    postgres.execute("update event set fired = null");
    assertThat(tables().firedOtherwise()).hasSize(1);
    postgres.execute("update event set fired = array['" + RULE + "'::uuid]");
    assertThat(tables().firedOtherwise()).hasSize(1);
    postgres.execute("delete from event");
    assertThat(tables().firedOtherwise()).hasSize(1);
  }

  @Test
  void a_state_that_a_later_event_did_not_overwrite() {
    postgres.execute(
        "update entity_state set state = '{\"n\": 1}', event_time = '2026-11-27 10:00Z',"
            + " event_id = '"
            + FIRST
            + "'");
    assertThat(tables().statesOtherwise()).hasSize(1);
  }

  @Test
  void a_state_that_is_not_what_its_event_has_or_that_is_missing() {
    postgres.execute("update entity_state set state = '{\"n\": 3}'");
    assertThat(tables().statesOtherwise()).hasSize(1);
    postgres.execute("delete from entity_state");
    assertThat(tables().statesOtherwise()).hasSize(1);
  }
}
