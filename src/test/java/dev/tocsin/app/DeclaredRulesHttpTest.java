package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.Applied;
import dev.tocsin.config.DeclaredFiles;
import dev.tocsin.config.OrganizationFiles;
import dev.tocsin.config.Settings;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.Ids;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ApiClient.Answer;
import dev.tocsin.process.Receiver;
import dev.tocsin.process.Receiver.Inbox;
import dev.tocsin.process.Receiver.Request;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.store.CredentialsSeal;
import dev.tocsin.store.PgOrganizations;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
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

/** Whole servers whose organization's file declares webhooks and rules. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DeclaredRulesHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "secret");
  private static final String EVENT = SwappedRules.EVENT;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SWAPS = 30;

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private final Ids ids = Samples.ids();

  @TempDir private Path home;

  /** Where no server looks. */
  @TempDir private Path elsewhere;

  @Test
  void a_declared_rule_fires_and_its_webhook_is_sent_signed() throws Exception {
    Inbox inbox = new Inbox();
    try (Receiver receiver = Receiver.start("the webhook's secret", inbox)) {
      WholeServers.declare(
          home,
          ACME,
          """
          webhooks:
            - code: ops
              name: Operations
              url: %s
              credentials: { apiKey: k, secret: "the webhook's secret" }
          notifications:
            - code: commitment_90
              name: Nearly spent
              eventName: configuration.commitment.updated
              calculation: |
                new.amountSpent >= new.amount * 90 / 100
              webhooks: [ops]
          """
              .formatted(receiver.url("/hook")));
      try (Server server =
              WholeServers.start(
                  postgres, home, Map.of("TOCSIN_DELIVERY_ALLOWED_NETWORKS", "127.0.0.0/8"));
          ApiClient api = WholeServers.client(server, ACME)) {
        assertThat(SwappedRules.fired(api, "c-1", 80)).isEmpty();
        assertThat(SwappedRules.fired(api, "c-2", 90)).containsExactly("commitment_90");

        Request request = inbox.next(PATIENCE).orElseThrow();
        assertThat(request.isGenuine()).isTrue();
        assertThat(request.path()).isEqualTo("/hook");
        assertThat(
                new JsonObject(request.body())
                    .getJsonObject("data")
                    .getJsonObject("notification")
                    .getString("code"))
            .isEqualTo("commitment_90");
        assertThat(inbox.all()).hasSize(1);
      }
    }
  }

  @Test
  void what_is_declared_is_marked_and_refused_and_may_be_linked_through_the_api() throws Exception {
    WholeServers.declare(home, ACME, SwappedRules.file("a"));
    try (Server server = WholeServers.start(postgres, home, Map.of());
        ApiClient api = WholeServers.client(server, ACME)) {
      for (String path :
          List.of(
              "/integrationdestinations/webhooks",
              "/notifications/configurations",
              "/integrationconfigs")) {
        JsonObject there = api.list(path).getFirst();
        String one = path + "/" + there.getString("id");

        assertThat(there.getBoolean("declaredInFile")).as(path).isTrue();
        assertThat(List.of(api.put(one, there), api.delete(one)))
            .as(path)
            .allSatisfy(DeclaredRulesHttpTest::isRefused);
      }
      JsonObject webhook = api.list("/integrationdestinations/webhooks").getFirst();
      JsonObject link = api.list("/integrationconfigs").getFirst();
      isRefused(
          api.put(
              "/integrationdestinations/webhooks/"
                  + webhook.getString("id")
                  + "/active?active=false",
              new JsonObject()));
      String enable = "/integrationconfigs/" + link.getString("id") + "/enable";
      assertThat(api.post(enable, new JsonObject()).ok().getBoolean("enabled")).isTrue();

      String rule = api.ruleThatAlwaysFires("own", EVENT);
      String own = api.link(rule, webhook.getString("id"));
      assertThat(api.get("/integrationconfigs/" + own).ok().getBoolean("declaredInFile")).isFalse();
      api.delete("/integrationconfigs/" + own).ok();
    }
  }

  private static void isRefused(Answer answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().getString("code")).isEqualTo("declared_in_file");
  }

  /** What its files said before goes on. */
  @Test
  void a_server_starts_though_its_files_are_in_conflict_with_the_database() throws Exception {
    WholeServers.declare(home, ACME, "");
    try (Server server = WholeServers.start(postgres, home, Map.of());
        ApiClient api = WholeServers.client(server, ACME)) {
      api.ruleThatAlwaysFires("a1", EVENT);
      assertThat(ready(server)).isEqualTo("{\"status\":\"UP\"}");
    }
    WholeServers.declare(home, ACME, SwappedRules.file("a"));
    try (Server server = WholeServers.start(postgres, home, Map.of());
        ApiClient api = WholeServers.client(server, ACME)) {
      assertThat(ready(server))
          .startsWith("{\"status\":\"UP\",\"degraded\":[\"the files of 1 organization are not");
      assertThat(SwappedRules.fired(api, "c-1", 1)).containsExactly("a1");
      assertThat(api.list("/integrationdestinations/webhooks")).isEmpty();

      String own = api.list("/notifications/configurations").getFirst().getString("id");
      api.delete("/notifications/configurations/" + own).ok();
      WholeServers.declare(home, ACME, SwappedRules.file("a") + "# looked at again\n");
      while (!ready(server).equals("{\"status\":\"UP\"}")) {
        Thread.onSpinWait();
      }
      assertThat(SwappedRules.fired(api, "c-1", 2)).isEqualTo(SwappedRules.both("a"));
    }
  }

  /** Each event is judged by the rules of one file, whichever comes first. */
  @Test
  void files_that_change_under_load_are_never_mixed() throws Exception {
    WholeServers.declare(home, ACME, SwappedRules.file("a"));
    try (Server server = WholeServers.start(postgres, home, Map.of());
        ApiClient api = WholeServers.client(server, ACME);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicBoolean over = new AtomicBoolean();
      List<Future<Set<String>>> senders =
          List.of(
              threads.submit(() -> send(api, "one", over)),
              threads.submit(() -> send(api, "two", over)),
              threads.submit(() -> send(api, "three", over)));
      try {
        for (int i = 1; i <= SWAPS; i++) {
          String now = i % 2 == 0 ? "a" : "b";
          declare(now);
          assertThat(SwappedRules.fired(api, "after", i))
              .as("in force at once")
              .isEqualTo(SwappedRules.both(now));
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

  private static Set<String> send(ApiClient api, String id, AtomicBoolean over) throws Exception {
    Set<String> seen = new TreeSet<>();
    for (int i = 0; !over.get(); i++) {
      seen.add(SwappedRules.fired(api, id, i).toString());
    }
    return seen;
  }

  private void declare(String version) throws Exception {
    WholeServers.declare(elsewhere, ACME, SwappedRules.file(version));
    DeclaredFiles files =
        OrganizationFiles.read(
            elsewhere.resolve("organizations"),
            Map.of(),
            new OrganizationFiles.Limits(28, CalculationLimits.DEFAULTS));
    assertThat(files.problems()).isEmpty();
    ServerKeys keys =
        ServerKeys.of(
            new Settings.Secrets(WholeServers.SECRET, home.resolve("none"), List.of()),
            new SecureRandom());
    PgOrganizations organizations =
        new PgOrganizations(
            postgres.database(),
            ids,
            InstantSource.system(),
            keys.accessKeys(),
            new CredentialsSeal(keys.credentials(), new SecureRandom()));
    assertThat(organizations.declare(files.organizations()).changes())
        .extracting(Applied.Change::organization)
        .containsExactly(new OrganizationId(UUID.fromString(ACME.organization())));
  }

  private static String ready(Server server) throws Exception {
    URI ready = WholeServers.address(server).resolve("/health/ready");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
