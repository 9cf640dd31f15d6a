package dev.tocsin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.bus.Ring;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.EventsStored;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.RulesChanged;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DoorbellsTest {
  private static final UUID ACME = new UUID(0, 1);
  private static final UUID BOLT = new UUID(0, 2);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<String> wanted = new ArrayList<>();
  private final Doorbells doorbells = new Doorbells("n1", 3, () -> wanted.add("wanted"), meters);

  @Test
  void the_first_ring_wants_to_be_told_and_those_after_it_wait_until_that_is_done() {
    rules(ACME, 1);
    rules(BOLT, 1);
    assertThat(wanted).hasSize(1);

    assertThat(doorbells.take()).hasSize(1);
    rules(ACME, 2);
    assertThat(wanted).hasSize(1);
    assertThat(doorbells.take()).hasSize(1);
    assertThat(doorbells.take()).isEmpty();
    rules(ACME, 3);
    assertThat(wanted).hasSize(2);
  }

  @Test
  void rings_of_one_organization_are_told_as_one_with_the_highest_number() {
    rules(ACME, 7);
    rules(ACME, 9);
    rules(ACME, 8);
    stored(ACME);
    stored(ACME);

    List<Envelope> told = doorbells.take();
    assertThat(told)
        .containsExactly(
            new Envelope(
                "n1",
                List.of(
                    new Envelope.Bell("rules.changed", 1, List.of(new Ring(ACME, 9))),
                    new Envelope.Bell("events.stored", 1, List.of(new Ring(ACME, 0))))));
    assertThat(meters.counter("tocsin.cluster.doorbells.sent").count()).isEqualTo(2);
  }

  @Test
  void what_there_is_no_room_for_is_counted_and_not_told() {
    for (int i = 0; i < 5; i++) {
      stored(new UUID(1, i));
    }
    stored(new UUID(1, 0));

    assertThat(doorbells.take().getFirst().bells().getFirst().rings()).hasSize(3);
    assertThat(meters.counter("tocsin.cluster.doorbells.dropped").count()).isEqualTo(2);
    stored(ACME);
    assertThat(doorbells.take()).hasSize(1);
  }

  @Test
  void very_many_are_told_in_messages_of_a_thousand() {
    Doorbells many = new Doorbells("n1", 10_000, () -> {}, meters);
    List<Ring> rings = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      rings.add(new Ring(new UUID(1, i), 0));
    }
    many.ring(Flow.EVENTS_STORED, rings);

    assertThat(many.take())
        .extracting(envelope -> envelope.bells().getFirst().rings().size())
        .containsExactly(1_000, 1_000, 500);
  }

  private void rules(UUID organization, long version) {
    RulesChanged changed = new RulesChanged(new OrganizationId(organization), version);
    doorbells.ring(Flow.RULES_CHANGED, Flow.RULES_CHANGED.rings().apply(changed));
  }

  private void stored(UUID organization) {
    EventsStored stored = new EventsStored(Set.of(new OrganizationId(organization)));
    doorbells.ring(Flow.EVENTS_STORED, Flow.EVENTS_STORED.rings().apply(stored));
  }
}
