package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.DeclaredOrganization.Notification;
import dev.tocsin.config.DeclaredOrganization.Rules;
import dev.tocsin.config.DeclaredOrganization.Webhook;
import dev.tocsin.event.EventName;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.webhook.AddressCheck;
import dev.tocsin.webhook.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Webhooks and notifications in an organization's file. */
class RuleSectionsTest {
  private static final String HEAD =
      "organization: { id: 3f2b8c1e-5d4a-4c6b-9e7f-1a2b3c4d5e6f, name: Acme }\n";

  @TempDir Path directory;

  private DeclaredFiles read(String yaml) throws IOException {
    return read(yaml, Map.of());
  }

  private DeclaredFiles read(String yaml, Map<String, String> environment) throws IOException {
    Files.writeString(directory.resolve("a.yaml"), yaml);
    return OrganizationFiles.read(
        directory, environment, new OrganizationFiles.Limits(28, CalculationLimits.DEFAULTS));
  }

  private Rules rules(String yaml) throws IOException {
    DeclaredFiles files = read(HEAD + yaml);
    assertThat(files.problems()).isEmpty();
    return files.organizations().getFirst().rules();
  }

  private List<String> problems(String yaml) throws IOException {
    return shown(read(HEAD + yaml).problems());
  }

  private List<String> shown(List<Problem> problems) {
    return problems.stream()
        .map(problem -> problem.toString().replace(directory + "/", ""))
        .toList();
  }

  @Test
  void a_file_declares_webhooks_and_notifications_that_are_sent_to_them() throws IOException {
    Rules rules =
        rules(
            """
            webhooks:
              - { code: ops, name: Operations, url: "http://127.0.0.1:9911/hook", credentials: { apiKey: k, secret: s } }
              - code: audit
                name: Audit
                description: |
                  All of it,
                  line by line.
                url: https://audit.example.com
                active: false
                credentials: { type: M3TER_SIGNED_REQUEST, name: none, empty: true }
            notifications:
              - code: commitment_90
                name: Nearly spent
                eventName: configuration.commitment.updated
                calculation: |
                  new.amountSpent >= new.amount * 90 / 100
                    AND old.amountSpent < old.amount * 90 / 100
                webhooks: [ops, audit]
              - { code: all, name: All, description: Each, eventName: billing.bill.created, active: false, alwaysFireEvent: true }
            """);

    assertThat(rules.webhooks())
        .containsExactly(
            new Webhook(
                directory + "/a.yaml:3",
                "ops",
                "Operations",
                "Operations",
                URI.create("http://127.0.0.1:9911/hook"),
                true,
                null,
                new Credentials.Signed("k", List.of("s"))),
            new Webhook(
                directory + "/a.yaml:4",
                "audit",
                "Audit",
                "All of it,\nline by line.\n",
                URI.create("https://audit.example.com"),
                false,
                "none",
                new Credentials.Unsigned()));
    assertThat(rules.notifications())
        .containsExactly(
            new Notification(
                directory + "/a.yaml:13",
                "commitment_90",
                "Nearly spent",
                "Nearly spent",
                new EventName("configuration.commitment.updated"),
                true,
                false,
                """
                new.amountSpent >= new.amount * 90 / 100
                  AND old.amountSpent < old.amount * 90 / 100
                """,
                List.of("ops", "audit")),
            new Notification(
                directory + "/a.yaml:20",
                "all",
                "All",
                "Each",
                new EventName("billing.bill.created"),
                false,
                true,
                null,
                List.of()));
  }

  @Test
  void everything_that_is_wrong_with_a_webhook_is_said() throws IOException {
    assertThat(
            problems(
                """
                webhooks:
                  - { code: ops, name: Ops, url: "ftp://x", credentials: { apiKey: k, secret: "whsec_??" } }
                  - { code: ops, name: ' ', url: "https://u:p@x", credentials: { apiKey: "ä", secret: s } }
                  - { name: x, url: https://x, active: yes, credentials: { type: BASIC, apiKey: k } }
                  - code: y
                    name: Y
                    description: %s
                    url: https://y
                  - { code: z, name: Z, actve: true, credentials: { emtpy: true } }
                """
                    .formatted("d".repeat(2001))))
        .containsExactly(
            "a.yaml:3: webhooks.url: must be an absolute URL with http or https",
            "a.yaml:3: webhooks.credentials.secret: must have base64 after whsec_",
            "a.yaml:4: webhooks.code: is used already, in a.yaml:3",
            "a.yaml:4: webhooks.name: something other than blanks was expected",
            "a.yaml:4: webhooks.url: must not carry a user or password",
            "a.yaml:4: webhooks.credentials.apiKey: must be printable ASCII, since it is sent as a"
                + " header",
            "a.yaml:5: webhooks.code: is missing: a text was expected",
            "a.yaml:5: webhooks.active: true or false was expected",
            "a.yaml:5: webhooks.credentials.type: must be M3TER_SIGNED_REQUEST",
            "a.yaml:5: webhooks.credentials.secret: is missing: a text was expected",
            "a.yaml:6: webhooks.credentials: must have apiKey and secret, or empty: true to send"
                + " unsigned",
            "a.yaml:8: webhooks.description: 1 to 2000 characters were expected",
            "a.yaml:10: webhooks.url: is missing: a text was expected",
            "a.yaml:10: webhooks.credentials: must have apiKey and secret, or empty: true to send"
                + " unsigned",
            "a.yaml:10: webhooks.credentials.emtpy: there is no such key, did you mean empty?",
            "a.yaml:10: webhooks.actve: there is no such key, did you mean active?");
  }

  @Test
  void everything_that_is_wrong_with_a_notification_is_said() throws IOException {
    assertThat(
            problems(
                """
                webhooks:
                  - { code: billing, name: B, url: https://x, credentials: { empty: true } }
                notifications:
                  - { code: a, name: A, eventName: configuration.comitment.updated, calculation: "new.x > 1" }
                  - { code: a, name: A, eventName: billing.bill.created, calculation: "new.x > ", alwaysFireEvent: true }
                  - { name: A, eventName: billing.bill.created, calculation: "", webhooks: [billing, biling, billing] }
                  - code: b
                    name: B
                    eventName: billing.bill.created
                    calculation: |
                      new.x > 1
                        AND new.y = = 2
                    webhook: [billing]
                  - code: c
                    name: C
                    eventName: billing.bill.created
                    calculation: >
                      new.x > 1
                        AND new.y = = 2
                  - { code: d, name: D, eventName: billing.bill.created, calculation: [x] }
                """))
        .satisfiesExactly(
            one ->
                assertThat(one)
                    .isEqualTo(
                        "a.yaml:5: notifications.eventName: no event type is named"
                            + " \"configuration.comitment.updated\", did you mean"
                            + " configuration.commitment.updated?"),
            one ->
                assertThat(one)
                    .isEqualTo("a.yaml:6: notifications.code: is used already, in a.yaml:5"),
            one ->
                assertThat(one).startsWith("a.yaml:6: notifications.calculation: line 1, column "),
            one ->
                assertThat(one)
                    .isEqualTo("a.yaml:7: notifications.code: is missing: a text was expected"),
            one ->
                assertThat(one)
                    .isEqualTo(
                        "a.yaml:7: notifications.calculation: is missing: it is required unless"
                            + " alwaysFireEvent is true"),
            one ->
                assertThat(one)
                    .isEqualTo(
                        "a.yaml:7: notifications.webhooks: no webhook of this file has the code"
                            + " \"biling\", did you mean billing?"),
            one ->
                assertThat(one).isEqualTo("a.yaml:7: notifications.webhooks: billing stands twice"),
            one ->
                assertThat(one)
                    .startsWith("a.yaml:13: notifications.calculation: line 2, column 1"),
            one ->
                assertThat(one)
                    .isEqualTo(
                        "a.yaml:14: notifications.webhook: there is no such key, did you mean"
                            + " webhooks?"),
            one ->
                assertThat(one)
                    .startsWith("a.yaml:18: notifications.calculation: line 2, column 1"),
            one ->
                assertThat(one)
                    .isEqualTo("a.yaml:21: notifications.calculation: a text was expected"));
  }

  @Test
  void notifications_listen_to_the_events_of_their_file() throws IOException {
    assertThat(
            problems(
                """
                entities: [{ name: Lead, family: crm, dateFields: [wonDate] }]
                scheduledEvents: [{ name: scheduled.lead.won, entity: Lead, field: wonDate, offset: 1 }]
                notifications:
                  - { code: a, name: A, eventName: crm.lead.created, alwaysFireEvent: true }
                  - { code: b, name: B, eventName: scheduled.lead.won, alwaysFireEvent: true }
                  - { code: c, name: C, eventName: scheduled.lead.wno, alwaysFireEvent: true }
                """))
        .containsExactly(
            "a.yaml:7: notifications.eventName: no event type is named \"scheduled.lead.wno\", did"
                + " you mean scheduled.lead.won?");
    assertThat(
            read(HEAD.replace(" }", ", catalog: open }")
                    + "notifications: [{ code: a, name: A, eventName: any.thing, alwaysFireEvent: true }]")
                .problems())
        .isEmpty();
  }

  @Test
  void calculations_are_held_to_the_limits_of_the_server() throws IOException {
    Files.writeString(
        directory.resolve("a.yaml"),
        HEAD
            + "notifications: [{ code: a, name: A, eventName: billing.bill.created, calculation:"
            + " \"new.aLongName > 1\" }]");
    CalculationLimits few = new CalculationLimits(10, 100, 10, 10, 10, 10, 10, 10, 10, 10, 10);

    assertThat(
            shown(
                OrganizationFiles.read(directory, Map.of(), new OrganizationFiles.Limits(28, few))
                    .problems()))
        .singleElement()
        .asString()
        .startsWith("a.yaml:2: notifications.calculation: line 1, column ")
        .contains("10");
  }

  @Test
  void what_is_probably_a_mistake_is_a_warning() throws IOException {
    DeclaredFiles files =
        read(
            HEAD
                + """
                notifications:
                  - code: a
                    name: A
                    eventName: configuration.commitment.updated
                    calculation: |
                      new.amount > 1
                        AND new.amuont > 2
                """);

    assertThat(files.problems()).isEmpty();
    assertThat(files.organizations()).hasSize(1);
    assertThat(shown(files.warnings()))
        .singleElement()
        .asString()
        .startsWith("a.yaml:8: notifications.calculation: line 2, column 7: ")
        .contains("amuont");
  }

  @Test
  void a_webhook_that_nothing_will_be_sent_to_is_a_warning() throws IOException {
    DeclaredFiles files =
        read(
            HEAD
                + """
                webhooks:
                  - { code: a, name: A, url: "http://localhost:9911/a", credentials: { empty: true } }
                  - { code: b, name: B, url: "http://[::1]/b", credentials: { empty: true } }
                  - { code: c, name: C, url: "https://hooks.acme.example", credentials: { empty: true } }
                """);

    assertThat(files.problems()).isEmpty();
    assertThat(shown(files.warnings()))
        .containsExactly(
            "a.yaml:3: webhooks.url: nothing will be sent to localhost, which is not public and in no"
                + " network of delivery.allowedNetworks",
            "a.yaml:4: webhooks.url: nothing will be sent to [::1], which is not public and in no"
                + " network of delivery.allowedNetworks");
  }

  @Test
  void secrets_may_come_from_variables_and_files() throws IOException {
    Files.writeString(directory.resolve("ops.secret"), "from the file\n");
    String yaml =
        HEAD
            + """
            webhooks:
              - { code: a, name: A, url: https://x, credentials: { apiKey: "${KEY}", secret: "${OPS:none}" } }
              - { code: b, name: B, url: https://x, credentials: { apiKey: k, secret: "${file:ops.secret}" } }
              - { code: c, name: C, url: https://x, credentials: { apiKey: k, secret: "${file:%s/ops.secret}" } }
            """
                .formatted(directory);

    assertThat(
            read(yaml, Map.of("KEY", "the key", "OPS", "the secret"))
                .organizations()
                .getFirst()
                .rules()
                .webhooks())
        .extracting(Webhook::credentials)
        .containsExactly(
            new Credentials.Signed("the key", List.of("the secret")),
            new Credentials.Signed("k", List.of("from the file")),
            new Credentials.Signed("k", List.of("from the file")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${file:missing} | there is no file missing",
        "${file:empty} | the file empty is empty",
        "${file:large} | the file large is larger than a secret",
        "${file:long} | in the file long, 1 to 500 characters were expected",
        "${file:lines} | in the file lines, control characters were not expected",
        "${file:.} | the file . cannot be read",
        "${file:/dev/zero} | the file /dev/zero cannot be read",
        "x${file:empty} | a reference must be the whole value: ${NAME}, ${NAME:default} or"
            + " ${file:path}",
        "${OPS} | the variable OPS is not set and has no default",
      })
  void references_that_lead_nowhere_are_refused(String secret, String problem) throws IOException {
    Files.writeString(directory.resolve("empty"), "\n");
    Files.writeString(directory.resolve("large"), "hunter2".repeat(10_000));
    Files.writeString(directory.resolve("long"), "hunter2".repeat(100));
    Files.writeString(directory.resolve("lines"), "hunter2\nhunter2\n");

    assertThat(
            problems(
                "webhooks: [{ code: a, name: A, url: https://x, credentials: { apiKey: k, secret: '"
                    + secret
                    + "' } }]"))
        .containsExactly("a.yaml:2: webhooks.credentials.secret: " + problem);
  }

  @Test
  void a_comment_changes_nothing_of_what_a_file_says() throws IOException {
    String rules =
        """
        webhooks: [{ code: a, name: A, url: https://x, credentials: { empty: true } }]
        notifications:
          - { code: n, name: N, eventName: configuration.plan.created, alwaysFireEvent: true, webhooks: [a] }
        """;
    DeclaredOrganization one = read(HEAD + rules, Map.of()).organizations().getFirst();
    DeclaredOrganization other =
        read("# A comment.\n" + HEAD + rules, Map.of()).organizations().getFirst();

    assertThat(other).isNotEqualTo(one);
    assertThat(other.saysAs(one)).isTrue();
    assertThat(
            read(HEAD + rules.replace("code: n,", "code: m,"), Map.of())
                .organizations()
                .getFirst()
                .saysAs(one))
        .isFalse();
  }

  /** A webhook could be sent with what seals everybody's secrets as its API key. */
  @Test
  void no_secret_is_read_from_the_servers_own_files() throws IOException {
    Path own = Files.createDirectory(directory.resolve("own"));
    Files.writeString(own.resolve("secrets.key"), "what all is sealed with");
    Files.createSymbolicLink(directory.resolve("link"), own.resolve("secrets.key"));
    Files.writeString(
        directory.resolve("a.yaml"),
        HEAD
            + """
            webhooks:
              - { code: a, name: A, url: https://x, credentials: { apiKey: "${file:own/secrets.key}", secret: "${file:link}" } }
            """);

    DeclaredFiles files =
        OrganizationFiles.read(
            directory,
            Map.of(),
            new OrganizationFiles.Limits(
                28, CalculationLimits.DEFAULTS, new AddressCheck(List.of()), List.of(own)));

    assertThat(shown(files.problems()))
        .containsExactly(
            "a.yaml:3: webhooks.credentials.apiKey: the file own/secrets.key is the server's own,"
                + " and no organization's",
            "a.yaml:3: webhooks.credentials.secret: the file link is the server's own, and no"
                + " organization's");
  }

  @Test
  void credentials_are_empty_or_there() throws IOException {
    assertThat(
            problems(
                "webhooks: [{ code: a, name: A, url: https://x,"
                    + " credentials: { empty: true, apiKey: k, secret: s } }]"))
        .containsExactly(
            "a.yaml:2: webhooks.credentials.empty: there are apiKey or secret beside it, which would"
                + " not be used: leave out either");
  }

  @Test
  void what_cannot_be_stored_is_refused() throws IOException {
    assertThat(
            problems(
                """
                notifications:
                  - { code: "a\\ud800", name: A, eventName: billing.bill.created, calculation: "new.x == 'a\\0'" }
                """))
        .contains(
            "a.yaml:3: notifications.code: half a surrogate pair was not expected",
            "a.yaml:3: notifications.calculation: must not have the character NUL, nor half a"
                + " surrogate pair");
  }

  @Test
  void no_secret_is_shown() throws IOException {
    DeclaredFiles files =
        read(
            HEAD
                + "webhooks: [{ code: a, name: A, url: https://x, credentials: { apiKey: k, secret:"
                + " hunter2 } }]");
    assertThat(files.organizations()).hasSize(1);
    assertThat(files.toString()).doesNotContain("hunter2");
  }

  @Test
  void it_says_which_files_were_read_whatever_they_hold() throws IOException {
    Files.writeString(directory.resolve("b.yaml"), "organization: [");
    DeclaredFiles files = read(HEAD);

    assertThat(files.files())
        .containsExactly(directory.resolve("a.yaml"), directory.resolve("b.yaml"));
    assertThat(files.organizations()).hasSize(1);
    assertThat(files.problems()).hasSize(1);
  }
}
