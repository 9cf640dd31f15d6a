package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ApiClient.Answer;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** States of entities that come in at two servers at once, which share a database and no more. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WaysInOnTwoServersHttpTest {
  private static final Account ACME =
      new Account(new UUID(0, 1).toString(), "acme-key", "s:e:cret");
  private static final int ROUNDS = 40;

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final List<Server> servers = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private ApiClient one;
  private ApiClient two;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    WholeServers.declare(home, ACME, "");
    one = server(home);
    two = server(home);
    one.ruleThatAlwaysFires("every", "configuration.plan.updated");
  }

  private ApiClient server(Path home) throws IOException {
    Server server = WholeServers.start(postgres, home, Map.of("TOCSIN_POSTGRES_POOL_SIZE", "4"));
    servers.add(server);
    return WholeServers.client(server, ACME);
  }

  @AfterAll
  void stop() {
    threads.close();
    one.close();
    two.close();
    servers.forEach(Server::close);
  }

  @Test
  void the_same_state_at_both_is_one_creation() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String path = "/entities/Plan/same" + round;
      List<JsonObject> answers = both(() -> put(one, path, 1), () -> put(two, path, 1));

      assertThat(answers)
          .extracting(StateOutcome::of)
          .containsExactlyInAnyOrder("created", "unchanged");
      assertThat(history("same" + round)).containsExactly("created null>1");
    }
  }

  @Test
  void different_states_at_both_are_a_creation_and_an_update_of_it() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String path = "/entities/Plan/different" + round;
      List<JsonObject> answers = both(() -> put(one, path, 1), () -> put(two, path, 2));

      assertThat(answers)
          .extracting(StateOutcome::of)
          .containsExactlyInAnyOrder("created", "updated");
      assertThat(history("different" + round))
          .isIn(List.of("created null>1", "updated 1>2"), List.of("created null>2", "updated 2>1"));
    }
  }

  @Test
  void a_deletion_at_both_happens_once() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String path = "/entities/Plan/gone" + round;
      put(one, path, 1);
      List<JsonObject> answers = both(() -> one.delete(path).body(), () -> two.delete(path).body());

      assertThat(answers)
          .extracting(StateOutcome::of)
          .containsExactlyInAnyOrder("deleted", "not_found");
      assertThat(history("gone" + round)).containsExactly("created null>1", "deleted 1>null");
    }
  }

  /** Each old state is the new one before it: no change is told over a state that was not there. */
  @Test
  void whatever_comes_in_at_both_the_events_are_one_unbroken_life() throws Exception {
    List<Callable<JsonObject>> calls = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      ApiClient api = i % 2 == 0 ? one : two;
      int value = i % 5;
      calls.add(
          value == 0
              ? () -> api.delete("/entities/Plan/life").body()
              : () -> put(api, "/entities/Plan/life", value));
    }
    for (Future<JsonObject> answer : threads.invokeAll(calls)) {
      assertThat(StateOutcome.of(answer.get()))
          .isIn("created", "updated", "deleted", "unchanged", "not_found");
    }

    List<String> life = history("life");
    assertThat(life).hasSizeGreaterThan(1);
    String state = "null";
    for (String event : life) {
      String next = event.substring(event.indexOf('>') + 1);
      String change =
          state.equals("null") ? "created" : next.equals("null") ? "deleted" : "updated";
      assertThat(event).as("in " + life).isEqualTo(change + " " + state + ">" + next);
      assertThat(next).as(event + " in " + life).isNotEqualTo(state);
      state = next;
    }
  }

  @Test
  void a_cloud_event_is_recognised_at_the_other_by_source_and_id() throws Exception {
    String event =
        """
        {"specversion":"1.0","type":"configuration.plan.updated","source":"%s","id":"1",
          "data":{"new":{"id":"cloud","value":1.10}}}\
        """;
    String batch = "[" + event.formatted("/a") + "," + event.formatted("/b") + "]";

    List<ApiClient.Accepted> first = ApiClient.posted(one.cloudEvents(batch).ok()).accepted();
    List<ApiClient.Accepted> again = ApiClient.posted(two.cloudEvents(batch).ok()).accepted();

    assertThat(first).noneMatch(ApiClient.Accepted::isDuplicate);
    assertThat(first.getFirst().notifications()).hasSize(1);
    assertThat(again).allMatch(ApiClient.Accepted::isDuplicate);
    assertThat(again)
        .extracting(ApiClient.Accepted::id)
        .containsExactlyElementsOf(first.stream().map(ApiClient.Accepted::id).toList());
    assertThat(postgres.value("select new::text from event where resource_id = 'cloud' limit 1"))
        .isEqualTo("{\"id\":\"cloud\",\"value\":1.10}");
  }

  @Test
  void a_repetition_is_recognised_at_the_other_though_the_entity_is_gone_by_then()
      throws Exception {
    String path = "/entities/Plan/repeated";
    put(one, path, 1);
    JsonObject updated = put(one, path + "?id=u", 2);
    JsonObject deleted = one.delete(path + "?id=d").ok();

    assertThat(updated.getJsonArray("notifications")).hasSize(1);
    assertThat(put(two, path + "?id=u", 2)).isEqualTo(updated.copy().put("duplicate", true));
    assertThat(two.delete(path + "?id=d").ok()).isEqualTo(deleted.copy().put("duplicate", true));
    assertThat(history("repeated"))
        .containsExactly("created null>1", "updated 1>2", "deleted 2>null");
  }

  @Test
  void an_older_state_is_kept_and_overwrites_nothing() throws Exception {
    String path = "/entities/Plan/late";
    put(one, path + "?eventTime=2026-11-20T08:00:00Z", 2);
    JsonObject late = put(two, path + "?eventTime=2026-11-19T08:00:00Z", 1);

    assertThat(StateOutcome.of(late)).isEqualTo("updated");
    assertThat(put(one, path + "?eventTime=2026-11-20T08:00:00Z", 2).getBoolean("changed"))
        .isFalse();
    assertThat(put(one, path, 3).getBoolean("changed")).isTrue();
    assertThat(history("late")).containsExactly("created null>2", "updated null>1", "updated 2>3");
  }

  private static JsonObject put(ApiClient api, String path, int value)
      throws IOException, InterruptedException {
    Answer answer = api.put(path, new JsonObject().put("value", value));
    return answer.ok();
  }

  /** Both calls at the same time, and what they were answered. */
  private List<JsonObject> both(Callable<JsonObject> first, Callable<JsonObject> second)
      throws Exception {
    List<JsonObject> answers = new ArrayList<>();
    for (Future<JsonObject> answer : threads.invokeAll(List.of(first, second))) {
      answers.add(answer.get());
    }
    return answers;
  }

  /** What happened to a plan, in order: the change, and its values before and after. */
  private static List<String> history(String plan) {
    String all =
        postgres.value(
            "select string_agg(split_part(event_name, '.', 3) || ' ' || coalesce(old->>'value', 'null')"
                + " || '>' || coalesce(new->>'value', 'null'), ',' order by xmin::text::bigint, id)"
                + " from event where resource_id = '"
                + plan
                + "'");
    return List.of(all.split(",", -1));
  }

  /** An answer in one word. */
  private static final class StateOutcome {
    private StateOutcome() {}

    static String of(JsonObject answer) {
      if (answer.getString("code") != null) {
        return answer.getString("code");
      }
      String name = answer.getString("eventName");
      return answer.getBoolean("changed") ? name.substring(name.lastIndexOf('.') + 1) : "unchanged";
    }
  }
}
