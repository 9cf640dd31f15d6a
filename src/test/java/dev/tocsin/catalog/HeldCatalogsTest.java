package dev.tocsin.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HeldCatalogsTest {
  private static final Catalog SYSTEM = Catalog.system();
  private static final EventName LEAD = new EventName("crm.lead.created");

  private final Map<OrganizationId, CatalogAdditions> stored = new HashMap<>();
  private final List<Map<OrganizationId, Long>> asked = new ArrayList<>();
  private final Queue<Runnable> work = new ArrayDeque<>();
  private HeldCatalogs catalogs = catalogs(2);
  private Runnable beforeAnswer = () -> {};

  private HeldCatalogs catalogs(int heldMax) {
    return new HeldCatalogs(SYSTEM, this::changed, work::add, heldMax, new SimpleMeterRegistry());
  }

  private Map<OrganizationId, CatalogAdditions> changed(Map<OrganizationId, Long> held) {
    asked.add(Map.copyOf(held));
    Map<OrganizationId, CatalogAdditions> answer = new HashMap<>();
    held.forEach((organization, version) -> {
      CatalogAdditions now = stored.get(organization);
      if (now != null && now.version() != version) {
        answer.put(organization, now);
      }
    });
    beforeAnswer.run();
    return answer;
  }

  private static OrganizationId organization(int number) {
    return new OrganizationId(new UUID(0, number));
  }

  private void store(int number, long version, CustomEntity... entities) {
    stored.put(
        organization(number), new CatalogAdditions(version, false, List.of(entities), List.of()));
  }

  private static CustomEntity lead() {
    return new CustomEntity("Lead", "crm", List.of());
  }

  private void hold(OrganizationId organization) {
    assertThat(catalogs.current(organization)).isNotDone();
    work();
  }

  private void work() {
    for (Runnable next = work.poll(); next != null; next = work.poll()) {
      next.run();
    }
  }

  @Test
  void nothing_is_asked_for_what_the_system_has() {
    assertThat(catalogs.held(organization(1))).isSameAs(SYSTEM);
    assertThat(work).isEmpty();
  }

  @Test
  void the_current_catalog_is_held_from_then_on_and_only_its_version_asked_for() {
    store(1, 7, lead());

    CompletableFuture<Catalog> first = catalogs.current(organization(1));
    work();
    CompletableFuture<Catalog> second = catalogs.current(organization(1));
    work();

    assertThat(first.join().find(LEAD)).isNotNull();
    assertThat(catalogs.held(organization(1))).isSameAs(first.join()).isSameAs(second.join());
    assertThat(asked).containsExactly(Map.of(organization(1), 0L), Map.of(organization(1), 7L));
  }

  /** What was acknowledged while a look-up was under way, that look-up may not have seen. */
  @Test
  void who_asks_while_a_look_up_is_under_way_gets_the_answer_of_the_next() {
    store(1, 1);
    List<CompletableFuture<Catalog>> late = new ArrayList<>();
    beforeAnswer =
        () -> {
          if (late.isEmpty()) {
            store(1, 2, lead());
            late.add(catalogs.current(organization(1)));
          }
        };

    CompletableFuture<Catalog> early = catalogs.current(organization(1));
    work();

    assertThat(early.join().find(LEAD)).isNull();
    assertThat(late.getFirst().join().find(LEAD)).isNotNull();
    assertThat(asked).hasSize(2);
  }

  @Test
  void however_many_ask_there_is_one_look_up_for_all() {
    store(1, 1);
    store(2, 1);
    List<CompletableFuture<Catalog>> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      all.add(catalogs.current(organization(1 + i % 3)));
    }
    assertThat(work).hasSize(1);
    work();

    assertThat(asked)
        .containsExactly(Map.of(organization(1), 0L, organization(2), 0L, organization(3), 0L));
    assertThat(all).allMatch(CompletableFuture::isDone);
    assertThat(all.get(2).join()).isSameAs(SYSTEM);
  }

  @Test
  void a_failure_is_everybodys_who_waits_and_the_next_look_up_is_made() {
    store(1, 1, lead());
    beforeAnswer =
        () -> {
          throw new IllegalStateException("away");
        };
    CompletableFuture<Catalog> failed = catalogs.current(organization(1));
    work();
    beforeAnswer = () -> {};
    CompletableFuture<Catalog> next = catalogs.current(organization(1));
    work();

    assertThat(failed).isCompletedExceptionally();
    assertThat(next.join().find(LEAD)).isNotNull();
  }

  @Test
  void a_refresh_follows_what_was_used_and_forgets_the_rest() {
    store(1, 1, lead());
    store(2, 1, lead());
    hold(organization(1));
    hold(organization(2));
    catalogs.refresh();
    work();
    store(1, 2);
    catalogs.held(organization(1));
    catalogs.refresh();
    work();

    assertThat(catalogs.held(organization(1)).find(LEAD)).isNull();
    assertThat(catalogs.held(organization(1)).version()).isEqualTo(2);
    assertThat(catalogs.held(organization(2))).isSameAs(SYSTEM);
  }

  @Test
  void those_for_which_there_is_no_room_are_answered_and_not_held() {
    catalogs = catalogs(1);
    store(1, 1, lead());
    store(2, 1, lead());
    hold(organization(1));
    CompletableFuture<Catalog> second = catalogs.current(organization(2));
    work();

    assertThat(second.join().find(LEAD)).isNotNull();
    assertThat(catalogs.held(organization(2))).isSameAs(SYSTEM);
    assertThat(catalogs.held(organization(1)).find(LEAD)).isNotNull();
  }
}
