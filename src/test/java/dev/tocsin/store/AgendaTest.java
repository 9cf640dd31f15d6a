package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgendaTest {
  private static final Instant NOW = Instant.parse("2026-11-27T08:00:00Z");
  private static final ConfigurationKey ACME = key(1, 1);
  private static final ConfigurationKey ACME_OTHER = key(1, 2);
  private static final ConfigurationKey BOLT = key(2, 1);
  private static final ConfigurationKey LAST =
      new ConfigurationKey(new OrganizationId(new UUID(-1, 1)), new UUID(-1, -1));

  private final Agenda agenda = new Agenda();

  @BeforeEach
  void begin() {
    agenda.advance(NOW);
  }

  @Test
  void what_is_due_next_is_owed_when_its_time_has_come() {
    agenda.put(ACME, false, NOW.plusSeconds(1));
    agenda.put(BOLT, false, NOW.plusSeconds(2));

    agenda.advance(NOW.plusMillis(999));
    assertThat(owed()).isEmpty();
    agenda.advance(NOW.plusSeconds(1));
    assertThat(owed()).containsExactly(ACME);
    agenda.advance(NOW.plusSeconds(9));
    assertThat(owed()).containsExactly(ACME, BOLT);
  }

  @Test
  void it_is_owed_until_it_is_noted_that_it_is_not() {
    agenda.put(ACME, true, NOW.plusSeconds(5));
    assertThat(owed()).containsExactly(ACME);

    agenda.put(ACME, false, NOW.plusSeconds(5));
    assertThat(owed()).isEmpty();
    agenda.owe(ACME);
    assertThat(owed()).containsExactly(ACME);
    assertThat(agenda.nextDue(NOW)).isEqualTo(NOW.plusSeconds(5));
  }

  @Test
  void what_is_noted_takes_the_place_of_what_was() {
    agenda.put(ACME, false, NOW.plusSeconds(1));
    agenda.put(BOLT, false, NOW.plusSeconds(1));
    agenda.put(ACME, false, NOW.plusSeconds(7));
    agenda.put(BOLT, false, null);

    agenda.advance(NOW.plusSeconds(6));
    assertThat(owed()).isEmpty();
    assertThat(agenda.nextDue(NOW)).isEqualTo(NOW.plusSeconds(7));
  }

  @Test
  void a_clock_that_was_set_back_loses_nothing() {
    agenda.advance(NOW.plus(Duration.ofDays(1)));
    agenda.advance(NOW);
    agenda.put(ACME, false, NOW.plusSeconds(1));

    agenda.advance(NOW.plusSeconds(1));
    assertThat(owed()).containsExactly(ACME);
  }

  @Test
  void the_next_is_after_a_moment_though_it_is_owed_by_now() {
    agenda.put(ACME, false, NOW.plusSeconds(1));
    agenda.put(ACME_OTHER, false, NOW.plusSeconds(1));
    agenda.put(BOLT, false, NOW.plusSeconds(3));
    agenda.advance(NOW.plusSeconds(2));

    assertThat(agenda.nextDue(NOW)).isEqualTo(NOW.plusSeconds(1));
    assertThat(agenda.nextDue(NOW.plusSeconds(1))).isEqualTo(NOW.plusSeconds(3));
    assertThat(agenda.nextDue(NOW.plusSeconds(3))).isNull();
  }

  @Test
  void organizations_come_in_the_order_of_the_database_each_with_all_it_has() {
    List.of(LAST, BOLT, ACME_OTHER, ACME).forEach(agenda::owe);

    assertThat(agenda.owed(null, Set.of(), 1))
        .isEqualTo(new Agenda.Owed(List.of(ACME, ACME_OTHER), false));
    assertThat(agenda.owed(ACME.organization(), Set.of(), 1))
        .isEqualTo(new Agenda.Owed(List.of(BOLT), false));
    assertThat(agenda.owed(BOLT.organization(), Set.of(), 1))
        .isEqualTo(new Agenda.Owed(List.of(LAST), true));
    assertThat(agenda.owed(LAST.organization(), Set.of(), 1))
        .isEqualTo(new Agenda.Owed(List.of(), true));
  }

  @Test
  void organizations_that_are_left_out_do_not_count() {
    List.of(ACME, ACME_OTHER, BOLT).forEach(agenda::owe);

    assertThat(agenda.owed(null, Set.of(ACME.organization()), 1))
        .isEqualTo(new Agenda.Owed(List.of(BOLT), true));
    assertThat(agenda.owed(null, Set.of(BOLT.organization()), 2))
        .isEqualTo(new Agenda.Owed(List.of(ACME, ACME_OTHER), true));
  }

  private List<ConfigurationKey> owed() {
    return agenda.owed(null, Set.of(), 99).keys();
  }

  private static ConfigurationKey key(int organization, int configuration) {
    return new ConfigurationKey(
        new OrganizationId(new UUID(0, organization)), new UUID(7, configuration));
  }
}
