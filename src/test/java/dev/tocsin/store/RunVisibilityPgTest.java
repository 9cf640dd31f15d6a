package dev.tocsin.store;

import static dev.tocsin.deliver.Samples.ACME;
import static dev.tocsin.deliver.Samples.RULE;
import static dev.tocsin.deliver.Samples.run;
import static dev.tocsin.deliver.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.api.Events.Period;
import dev.tocsin.api.IntegrationRun;
import dev.tocsin.api.IntegrationRunStatus;
import dev.tocsin.api.IntegrationRuns.Filter;
import dev.tocsin.api.IntegrationRuns.Replay;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Viewer;
import dev.tocsin.deliver.Samples;
import dev.tocsin.event.EventId;
import dev.tocsin.flow.RunId;
import dev.tocsin.webhook.WebhookId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who does not see an event, does not see what became of its notifications. */
class RunVisibilityPgTest {
  private static final WebhookId HOOK = webhook(1);
  private static final int RUNS = 8;

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private DeliveryRows rows;
  private Database reads;
  private PgIntegrationRuns runs;

  @BeforeEach
  void open() {
    rows = new DeliveryRows(postgres);
    reads = postgres.open("events", PgEvents.SESSION);
    runs = new PgIntegrationRuns(reads, postgres.database(), StoreSamples.EVERYTHING);
    rows.addWebhook(ACME, Samples.destination(HOOK));
    for (int number = 1; number <= RUNS; number++) {
      rows.addRun(ACME, number, HOOK, Duration.ofSeconds(1));
    }
    // Every other one is of a product.
    for (int number = 2; number <= RUNS; number += 2) {
      rename(number, "configuration.product.created");
    }
  }

  @AfterEach
  void close() throws SQLException {
    reads.close();
    rows.close();
  }

  private void rename(int number, String name) {
    rows.run("update event set event_name = ? where id = ?", name, cause(number).value());
  }

  private static EventId cause(int number) {
    return Samples.message(ACME, number).cause().id();
  }

  @ParameterizedTest
  @EnumSource
  void pages_stay_full_without_the_runs_of_hidden_events(Way way) {
    assertThat(pages(way, null)).containsExactlyInAnyOrder(numbers(1, 2, 3, 4, 5, 6, 7, 8));
    assertThat(pages(way, "bill")).containsExactlyInAnyOrder(numbers(1, 2, 3, 4, 5, 6, 7, 8));
    assertThat(pages(way, "product")).containsExactlyInAnyOrder(numbers(1, 3, 5, 7));
    assertThat(pages(way, "event/" + cause(3)))
        .containsExactlyInAnyOrder(numbers(1, 2, 4, 5, 6, 7, 8));
    assertThat(pages(way, "integrationrun/" + run(5)))
        .containsExactlyInAnyOrder(numbers(1, 2, 3, 4, 6, 7, 8));
    for (String all : List.of("*", "webhook/" + HOOK, "notificationconfiguration/" + RULE)) {
      assertThat(pages(way, all)).as(all).isEmpty();
    }
  }

  private static RunId[] numbers(int... numbers) {
    return Arrays.stream(numbers).mapToObj(Samples::run).toArray(RunId[]::new);
  }

  /** How a list finds its rows. */
  enum Way {
    ALL,
    OF_STATUS,
    OF_WEBHOOK,
    OF_RULE,
    OLDEST_FIRST;

    Filter filter() {
      return new Filter(
          this == OF_STATUS ? IntegrationRunStatus.STARTED : null,
          this == OF_WEBHOOK ? HOOK : null,
          this == OF_RULE || this == OLDEST_FIRST ? RULE : null,
          null,
          Period.ALWAYS);
    }
  }

  private List<RunId> pages(Way way, @Nullable String hidden) {
    return StoreSamples.pages(
            2,
            (PageRequest page) ->
                way == Way.OLDEST_FIRST
                    ? runs.listOldestFirst(viewer(hidden), RULE, way.filter(), page)
                    : runs.list(viewer(hidden), way.filter(), page),
            (IntegrationRun run) -> run.id().value())
        .stream()
        .flatMap(List::stream)
        .map(IntegrationRun::id)
        .toList();
  }

  private static Viewer viewer(@Nullable String hidden) {
    return new Viewer(ACME, hidden == null ? HiddenEvents.NONE : new HiddenEvents(Set.of(hidden)));
  }

  @Test
  void a_run_of_a_hidden_event_is_neither_listed_by_it_nor_found_nor_replayed() {
    rows.run("update integration_run set due_at = null, dt_completed = now()");
    Filter ofEvent = new Filter(null, null, null, cause(2), Period.ALWAYS);
    Viewer denied = viewer("product");
    Viewer other = viewer("bill");
    RunId replay = new RunId(StoreSamples.id());

    assertThat(runs.list(denied, ofEvent, new PageRequest(10, null)).items()).isEmpty();
    assertThat(runs.list(other, ofEvent, new PageRequest(10, null)).items()).hasSize(1);
    assertThat(runs.find(denied, run(2))).isEmpty();
    assertThat(runs.find(denied, run(1))).isPresent();
    assertThat(runs.find(other, run(2))).isPresent();
    assertThat(runs.replay(denied, run(2), replay, null)).isEqualTo(new Replay.Missing());
    assertThat(runs.replay(other, run(2), replay, null)).isInstanceOf(Replay.Made.class);
    assertThat(runs.find(denied, replay)).isEmpty();
  }

  @Test
  void a_run_whose_event_is_gone_is_hidden_from_whom_anything_is() {
    rows.run("delete from event where id = ?", cause(1).value());
    List<Boolean> found = new ArrayList<>();
    for (Viewer viewer : List.of(viewer(null), viewer("bill"))) {
      found.add(runs.find(viewer, run(1)).isPresent());
    }

    assertThat(found).containsExactly(true, false);
  }
}
