package dev.tocsin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.OrganizationId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final OrganizationId ACME = new OrganizationId(new UUID(0, 1));
  private static final OrganizationId BOLT = new OrganizationId(new UUID(0, 2));
  private static final OrganizationId CRUX = new OrganizationId(new UUID(0, 3));

  private final Threads threads = new Threads();
  private final List<String> done = new ArrayList<>();

  @Test
  void organizations_take_turns_each_in_its_own_order() {
    Turns turns = new Turns(threads, 1);
    take(turns, ACME, "a1", "a2", "a3");
    take(turns, BOLT, "b1", "b2");
    take(turns, CRUX, "c1");
    threads.runAll();

    assertThat(done).containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
  }

  @Test
  void an_organization_has_one_turn_at_a_time_and_all_have_so_many() {
    Turns turns = new Turns(threads, 2);
    take(turns, ACME, "a1", "a2", "a3");
    threads.runWaiting();
    assertThat(done).containsExactly("a1");

    take(turns, BOLT, "b1");
    take(turns, CRUX, "c1");
    threads.runWaiting();
    assertThat(done).containsExactly("a1", "a2", "b1");
    threads.runWaiting();
    assertThat(done).containsExactly("a1", "a2", "b1", "c1", "a3");
  }

  @Test
  void a_turn_that_fails_is_over() {
    Turns turns =
        new Turns(
            work -> {
              try {
                work.run();
              } catch (AssertionError e) {
                done.add(String.valueOf(e.getMessage()));
              }
            },
            1);
    turns.take(
        ACME,
        () -> {
          throw new AssertionError("a mistake");
        });
    take(turns, ACME, "a2");

    assertThat(done).containsExactly("a mistake", "a2");
  }

  private void take(Turns turns, OrganizationId organization, String... pieces) {
    for (String piece : pieces) {
      turns.take(organization, () -> done.add(piece));
    }
  }
}
