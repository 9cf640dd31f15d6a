package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.command.Command;
import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/tocsin config diff} against a whole server. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ConfigDiffHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "s3cret");
  private static final Account BOLT = new Account(new UUID(0, 2).toString(), "bolt-key", "s3cret");
  private static final String FILE =
      """
      policies:
        - { name: readers, permissionPolicy: [{ effect: allow, action: [config:retrieve], resource: ["config:*"] }] }
      entities:
        - { name: Lead, family: crm, dateFields: [wonDate] }
      scheduledEvents:
        - { name: scheduled.bill.dueSoon, entity: Bill, field: dueDate, offset: -3 }
      webhooks:
        - { code: ops, name: Operations, url: "https://example.com/ops", credentials: { apiKey: k, secret: hidden } }
        - { code: old, name: Old, url: "https://example.com/old", credentials: { empty: true } }
      notifications:
        - { code: first, name: First, eventName: configuration.account.created, alwaysFireEvent: true, webhooks: [ops] }
        - { code: second, name: Second, eventName: configuration.account.created, calculation: "new.x > 1" }
      """;

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  @TempDir private Path home;
  @TempDir private Path changed;

  @Test
  void what_a_file_would_change_is_told_and_nothing_is_where_it_is_applied() throws Exception {
    WholeServers.declare(home, ACME, FILE);
    try (Server server = WholeServers.start(postgres, home, Map.of());
        ApiClient api = WholeServers.client(server, ACME)) {
      api.ruleThatAlwaysFires("mine", "configuration.account.created");
      assertThat(diff(server, ACME, home, Command.GOOD))
          .contains("no difference", "? webhooks ops: apiKey and secret may differ")
          .noneMatch(line -> line.contains("hidden") || line.contains("s3cret"));

      WholeServers.declare(
          changed,
          ACME,
          FILE.replace("new.x > 1", "new.x > 2")
              .replace("name: Operations", "name: On call")
              .replace("code: old", "code: new")
              .replace("offset: -3", "offset: -4")
              .replace("[wonDate]", "[wonDate, lostDate]")
              .replace("webhooks: [ops]", "webhooks: [ops, new]")
              .replace("name: readers", "name: writers"));
      assertThat(diff(server, ACME, changed, Command.FOUND))
          .contains(
              "- policies readers",
              "+ policies writers",
              "~ entities Lead",
              "    dateFields: [wonDate] -> [lostDate, wonDate]",
              "~ scheduledEvents scheduled.bill.dueSoon",
              "    offset: -3 -> -4",
              "+ webhooks new",
              "- webhooks old",
              "~ webhooks ops",
              "    name: Operations -> On call",
              "~ notifications first",
              "    webhooks: [ops] -> [new, ops]",
              "~ notifications second",
              "    calculation: new.x > 1 -> new.x > 2",
              "9 differences")
          .noneMatch(line -> line.contains("mine"));

      WholeServers.declare(changed, ACME, FILE.replace("code: second", "code: mine"));
      assertThat(diff(server, ACME, changed, Command.FOUND))
          .contains(
              "! notifications mine: it was made through the API",
              "- notifications second",
              "2 differences");
      assertThat(diff(server, ACME, changed, Command.FAILED, "--secret", "wrong")).hasSize(1);

      WholeServers.declare(changed, ACME, FILE);
      WholeServers.declare(changed, BOLT, "");
      assertThat(diff(server, ACME, changed, Command.FAILED))
          .as("of several organizations, of which the key sees one")
          .singleElement()
          .asString()
          .contains(BOLT.accessKey() + ".yaml:")
          .contains("so nothing was compared");
    }
  }

  /** As the server sees it, which then applies nothing of the organization. */
  @Test
  void a_webhook_that_a_rule_of_the_api_is_sent_to_stands_in_the_way_of_its_removal()
      throws Exception {
    WholeServers.declare(home, BOLT, FILE);
    WholeServers.declare(changed, BOLT, FILE.replace("code: old", "code: new"));
    try (Server server = WholeServers.start(postgres, home, Map.of());
        ApiClient api = WholeServers.client(server, BOLT)) {
      JsonObject old =
          api.list("/integrationdestinations/webhooks").stream()
              .filter(webhook -> webhook.getString("code").equals("old"))
              .findFirst()
              .orElseThrow();
      String rule = api.ruleThatAlwaysFires("mine", "configuration.account.created");
      api.link(rule, old.getString("id"));

      JsonArray told =
          new JsonArray(String.join("\n", diff(server, BOLT, changed, Command.FOUND, "--json")));
      assertThat(told.getJsonObject(0).getJsonArray("differences"))
          .extracting(one -> ((JsonObject) one).getString("what"))
          .containsExactly("MADE", "IN_CONFLICT");
    }
  }

  private static List<String> diff(
      Server server, Account account, Path directory, int status, String... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    List<String> given =
        new ArrayList<>(
            List.of(
                "config",
                "diff",
                directory.toString(),
                "--server",
                WholeServers.address(server).toString()));
    given.addAll(List.of(more));
    Command command =
        new Command(
            Map.of(
                "TOCSIN_ACCESS_KEY", account.accessKey(), "TOCSIN_ACCESS_SECRET", account.secret()),
            print,
            print);
    assertThat(command.run(given)).as(out.toString(StandardCharsets.UTF_8)).isEqualTo(status);
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
