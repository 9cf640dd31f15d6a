package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one database, each of which watches the files of one directory. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FilesOnTwoServersHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "secret");
  private static final String EVENT = SwappedRules.EVENT;
  private static final int SWAPS = 10;

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  @TempDir private Path home;

  /** Each event is judged by the rules of one file, whichever comes first, on either server. */
  @Test
  void a_file_that_is_exchanged_under_load_is_taken_by_itself_and_never_mixed() throws Exception {
    WholeServers.declare(home, ACME, SwappedRules.file("a"));
    try (Server first = start();
        Server second = start();
        ApiClient one = WholeServers.client(first, ACME);
        ApiClient two = WholeServers.client(second, ACME);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicBoolean over = new AtomicBoolean();
      List<Future<Set<String>>> senders = new ArrayList<>();
      for (ApiClient api : List.of(one, two, one, two)) {
        String id = "s" + senders.size();
        senders.add(threads.submit(() -> send(api, id, over)));
      }
      try {
        for (int i = 1; i <= SWAPS; i++) {
          String now = i % 2 == 0 ? "a" : "b";
          exchange(SwappedRules.file(now), i % 3 == 0);
          for (ApiClient api : List.of(one, two)) {
            awaitJudgedBy(now, api, i);
          }
        }
      } finally {
        over.set(true);
      }
      Set<String> seen = new TreeSet<>();
      for (Future<Set<String>> sender : senders) {
        seen.addAll(sender.get());
      }
      assertThat(seen)
          .containsExactly(SwappedRules.both("a").toString(), SwappedRules.both("b").toString());
    }
  }

  @Test
  void a_file_with_three_mistakes_reports_three_and_changes_nothing_until_it_is_mended()
      throws Exception {
    WholeServers.declare(home, ACME, SwappedRules.file("a"));
    try (Server first = start();
        Server second = start();
        ApiClient one = WholeServers.client(first, ACME);
        ApiClient two = WholeServers.client(second, ACME)) {
      WholeServers.declare(
          home,
          ACME,
          SwappedRules.file("b")
              + """
                - { code: c, name: C, eventName: configuration.comitment.updated, alwaysFireEvent: true }
                - { code: d, name: D, eventName: %1$s, calculation: "new.amount >" }
                - { code: e, name: E, eventName: %1$s, alwaysFireEvent: true, webhoks: [ops] }
              """
                  .formatted(EVENT));
      for (Server server : List.of(first, second)) {
        while (!get(server, "/health/ready").contains("3 problems in the organizations' files")) {
          Thread.onSpinWait();
        }
        assertThat(get(server, "/health/ready")).contains("\"status\":\"UP\"");
        assertThat(get(server, "/metrics")).contains("\ntocsin_files_problems 3.0\n");
      }
      assertThat(SwappedRules.fired(one, "c-1", 1)).isEqualTo(SwappedRules.both("a"));
      assertThat(SwappedRules.fired(two, "c-1", 2)).isEqualTo(SwappedRules.both("a"));

      exchange(SwappedRules.file("b"), true);
      awaitJudgedBy("b", two, 3);
      awaitJudgedBy("b", one, 3);
      for (Server server : List.of(first, second)) {
        while (!get(server, "/health/ready").equals("{\"status\":\"UP\"}")) {
          Thread.onSpinWait();
        }
        assertThat(get(server, "/metrics")).contains("\ntocsin_files_problems 0.0\n");
      }
    }
  }

  /** What both remember of the key is of no use, for longer than this test may take. */
  @Test
  void a_key_that_its_file_has_no_more_is_refused_on_both() throws Exception {
    WholeServers.declare(home, ACME, "");
    try (Server first = start();
        Server second = start();
        ApiClient one = WholeServers.client(first, ACME);
        ApiClient two = WholeServers.client(second, ACME)) {
      for (ApiClient api : List.of(one, two)) {
        assertThat(api.get("/events").status()).isEqualTo(200);
      }
      Files.writeString(
          home.resolve("organizations/acme-key.yaml"),
          "organization: { id: " + ACME.organization() + ", name: Acme }");
      for (ApiClient api : List.of(one, two)) {
        while (!isShutOut(api)) {
          Thread.onSpinWait();
        }
      }
    }
  }

  /** The client asks for another token when one is refused, and then there is none. */
  private static boolean isShutOut(ApiClient api) throws Exception {
    try {
      return api.get("/events").status() == 403;
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).contains("invalid_credentials");
    }
  }

  private Server start() throws Exception {
    return WholeServers.start(
        postgres,
        home,
        Map.of(
            "TOCSIN_POSTGRES_POOL_SIZE", "4",
            "TOCSIN_EVALUATE_INSTANCES", "1",
            "TOCSIN_ACCESS_REMEMBERED", "PT5M"));
  }

  private static Set<String> send(ApiClient api, String id, AtomicBoolean over) throws Exception {
    Set<String> seen = new TreeSet<>();
    for (int i = 0; !over.get(); i++) {
      seen.add(SwappedRules.fired(api, id, i).toString());
    }
    return seen;
  }

  private static void awaitJudgedBy(String version, ApiClient api, int spent) throws Exception {
    Set<String> judged = Set.of();
    while (!judged.equals(SwappedRules.both(version))) {
      judged = SwappedRules.fired(api, "after", spent);
      assertThat(judged).isIn(SwappedRules.both("a"), SwappedRules.both("b"));
    }
  }

  /** As editors do: the file is written over, or another takes its name. */
  private void exchange(String rules, boolean inPlace) throws Exception {
    if (inPlace) {
      WholeServers.declare(home, ACME, rules);
      return;
    }
    Path aside = home.resolve("aside");
    WholeServers.declare(aside, ACME, rules);
    String name = "organizations/" + ACME.accessKey() + ".yaml";
    Files.move(aside.resolve(name), home.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String get(Server server, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(WholeServers.address(server).resolve(path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
