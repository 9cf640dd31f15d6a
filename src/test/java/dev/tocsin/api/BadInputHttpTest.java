package dev.tocsin.api;

import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Caller;
import dev.tocsin.access.Tokens;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the table of bad input against stores in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputHttpTest {
  private final ApiFixture api = ApiFixture.start();
  private final Map<String, String> placeholders = new HashMap<>();

  @BeforeAll
  void two_organizations_have_something_each() {
    fill("", ACME);
    fill("other", BOLT);
    placeholders.put("org", ACME.organization().toString());
    placeholders.put("otherOrg", BOLT.organization().toString());
    placeholders.put("nobody", "01934567-89ab-7cde-8f01-23456789abcd");
    placeholders.put("key", "acme-key");
    placeholders.put("secret", ApiFixture.SECRET);
    String expired = api.token(ACME);
    api.advance(Duration.ofHours(5));
    String valid = api.token(ACME);
    String claims = valid.split("\\.", -1)[1];
    placeholders.put("valid", valid);
    placeholders.put("foreign", api.token(BOLT));
    placeholders.put("expired", expired);
    placeholders.put(
        "forged",
        new Tokens(
                List.of(
                    new SecretKeySpec("a guess".getBytes(StandardCharsets.UTF_8), "HmacSHA256")),
                Duration.ofHours(5),
                api::now)
            .issue(ACME));
    placeholders.put(
        "unsigned",
        Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                    "{\"typ\":\"JWT\",\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
            + "."
            + claims
            + ".");
  }

  @AfterAll
  void close() {
    api.close();
  }

  static Stream<BadInput> rows() {
    return BadInput.all();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void gets_its_answer_and_stores_nothing(BadInput row) {
    String before = api.contents();

    row.check(api.vertx, api.port(), placeholders);

    assertThat(api.contents()).isEqualTo(before);
    assertThat(api.rulesChanged).isEmpty();
  }

  private void fill(String prefix, Caller caller) {
    Author author = new Author(caller.organization(), caller.serviceUser().toString(), api.now());
    api.notifications.create(
        author,
        new RuleId(id(prefix, "rule")),
        new NotificationConfiguration.Content(
            "taken",
            "Rule",
            "A rule.",
            new EventName("configuration.commitment.updated"),
            true,
            true,
            null));
    api.webhooks.create(
        author,
        new WebhookId(id(prefix, "webhook")),
        api.ids.next(),
        new Webhook.Content(
            "taken", "Webhook", "A webhook.", URI.create("https://example.com/hook"), true, null),
        new Credentials.Unsigned());
    api.integrations.create(
        author,
        new IntegrationId(id(prefix, "integration")),
        new IntegrationConfiguration.Content(
            "Notification", null, "Webhook", null, "{}", null, null));
    api.access
        .policies()
        .create(
            author,
            id(prefix, "policy"),
            new PermissionPolicy.Content("Policy", List.of(ApiFixture.ADMINISTRATOR)));
    api.events.add(
        new StoredEvent(
            caller.organization(),
            new EventId(id(prefix, "event")),
            new EventName("configuration.commitment.updated"),
            Category.CONFIGURATION,
            api.now(),
            "c1",
            "a1",
            "{\"id\":\"c1\"}",
            null,
            null));
  }

  /** A new id, which the rows know as the name with its prefix. */
  private UUID id(String prefix, String name) {
    UUID id = api.ids.next();
    String placeholder =
        prefix.isEmpty()
            ? name
            : prefix + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    placeholders.put(placeholder, id.toString());
    return id;
  }
}
