package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Caller;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Tokens;
import dev.tocsin.api.BadInput;
import dev.tocsin.api.ContractCheck;
import dev.tocsin.cluster.Node;
import dev.tocsin.config.Configuration;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the table of bad input against a whole server, and counts the rows of its database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputOnRealPartsHttpTest {
  private static final Account ACME =
      new Account(new UUID(0, 1).toString(), "acme-key", "s:e:cret");
  private static final Account BOLT =
      new Account(new UUID(0, 2).toString(), "bolt-key", "s:e:cret");
  private static final Duration VALIDITY = Duration.ofHours(5);

  /** Whatever a request can change, and with what. */
  private static final String CONTENTS =
      """
      select (select count(*) from event) || ' events, '
        || (select count(*) from notification) || ' notifications, '
        || (select count(*) from integration_run) || ' runs, '
        || (select count(*) from idempotency_key) || ' keys, '
        || (select count(*) from entity_state) || ' states, '
        || (select md5(coalesce(string_agg(t::text, '' order by id), '')) from notification_configuration t)
        || (select md5(coalesce(string_agg(t::text, '' order by id), '')) from webhook t)
        || (select md5(coalesce(string_agg(t::text, '' order by id), '')) from integration_configuration t)
        || (select md5(coalesce(string_agg(t::text, '' order by id), '')) from permission_policy t)
        || (select md5(coalesce(string_agg(t::text, '' order by id), '')) from permission_policy_assignment t)
        || (select md5(coalesce(string_agg(t::text, '' order by id), '')) from service_user t)
        || (select md5(coalesce(string_agg(t::text, '' order by access_key), '')) from access_key t)
        || (select string_agg(version::text, ',' order by organization_id) from rule_set)
        || (select string_agg(catalog_version::text, ',' order by id) from organization)
        || (select count(*) from custom_entity)
        || (select count(*) from scheduled_event_configuration)
      """;

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, String> placeholders = new HashMap<>();
  private @Nullable Server server;

  @BeforeAll
  void a_server_with_two_organizations_that_have_something_each(@TempDir Path home)
      throws Exception {
    WholeServers.declare(home, ACME, "");
    WholeServers.declare(home, BOLT, "");
    Configuration configuration =
        Configuration.read(
            vertx,
            home,
            Map.of(
                "TOCSIN_POSTGRES_URI",
                postgres.uri(),
                "TOCSIN_SECRETS_KEY",
                WholeServers.SECRET,
                "TOCSIN_HTTP_PORT",
                "0"));
    server = new Server(new Node.Alone(vertx), configuration);
    server.start();
    fill("", ACME);
    fill("other", BOLT);
    placeholders.put("org", ACME.organization());
    placeholders.put("otherOrg", BOLT.organization());
    placeholders.put("nobody", "01934567-89ab-7cde-8f01-23456789abcd");
    placeholders.put("key", ACME.accessKey());
    placeholders.put("secret", ACME.secret());
    makeTokens(ServerKeys.of(configuration.settings().secrets(), new SecureRandom()).tokens());
  }

  private void fill(String prefix, Account account) throws Exception {
    try (ApiClient api = new ApiClient(address(), account, ContractCheck::check)) {
      String rule = api.ruleThatAlwaysFires("taken", "configuration.commitment.updated");
      String webhook = api.webhook("taken", URI.create("https://example.com/hook"), "k", "s");
      put(prefix, "rule", rule);
      put(prefix, "webhook", webhook);
      put(prefix, "integration", api.link(new UUID(0, 9).toString(), webhook));
      JsonObject everything =
          new JsonObject()
              .put("effect", "allow")
              .put("action", List.of("all"))
              .put("resource", List.of("*"));
      JsonObject policy =
          new JsonObject().put("name", "Policy").put("permissionPolicy", List.of(everything));
      put(prefix, "policy", api.post("/permissionpolicies", policy).ok().getString("id"));
      JsonObject event =
          new JsonObject()
              .put("eventName", "configuration.commitment.created")
              .put("new", new JsonObject().put("id", "c1"));
      put(prefix, "event", api.events(event).accepted().getFirst().id());
    }
  }

  private void put(String prefix, String name, String id) {
    placeholders.put(
        prefix.isEmpty()
            ? name
            : prefix + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1),
        id);
  }

  private void makeTokens(List<SecretKey> keys) {
    Caller acme = caller(ACME);
    InstantSource now = Instant::now;
    String valid = new Tokens(keys, VALIDITY, now).issue(acme);
    placeholders.put("valid", valid);
    placeholders.put("foreign", new Tokens(keys, VALIDITY, now).issue(caller(BOLT)));
    placeholders.put(
        "expired", new Tokens(keys, VALIDITY, () -> Instant.now().minus(VALIDITY)).issue(acme));
    SecretKey guess = new SecretKeySpec("a guess".getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    placeholders.put("forged", new Tokens(List.of(guess), VALIDITY, now).issue(acme));
    String header = "{\"typ\":\"JWT\",\"alg\":\"none\"}";
    placeholders.put(
        "unsigned",
        Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(header.getBytes(StandardCharsets.UTF_8))
            + valid.substring(valid.indexOf('.'), valid.lastIndexOf('.') + 1));
  }

  private static Caller caller(Account account) {
    return new Caller(
        new OrganizationId(UUID.fromString(account.organization())),
        new ServiceUserId(
            UUID.fromString(
                postgres.value(
                    "select id from service_user where organization_id = '"
                        + account.organization()
                        + "'"))),
        account.accessKey());
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + Objects.requireNonNull(server).port());
  }

  @AfterAll
  void close() {
    Objects.requireNonNull(server).close();
  }

  static Stream<BadInput> rows() {
    return BadInput.all();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void gets_its_answer_and_stores_nothing(BadInput row) {
    String before = postgres.value(CONTENTS);

    row.check(postgres.vertx(), Objects.requireNonNull(server).port(), placeholders);

    assertThat(postgres.value(CONTENTS)).isEqualTo(before);
  }
}
