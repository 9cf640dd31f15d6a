package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tocsin.access.Statement;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.config.DeclaredOrganization.Policy;
import dev.tocsin.config.DeclaredOrganization.ScheduledEvent;
import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import dev.tocsin.event.EventName;
import dev.tocsin.rule.CalculationLimits;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrganizationFilesTest {
  private static final String ID = "3f2b8c1e-5d4a-4c6b-9e7f-1a2b3c4d5e6f";

  private static final OrganizationFiles.Limits LIMITS =
      new OrganizationFiles.Limits(28, CalculationLimits.DEFAULTS);

  @TempDir Path directory;

  private void write(String name, String yaml) throws IOException {
    Files.writeString(directory.resolve(name), yaml);
  }

  private List<DeclaredOrganization> read(Map<String, String> environment) {
    DeclaredFiles files = OrganizationFiles.read(directory, environment, LIMITS);
    assertThat(files.problems()).isEmpty();
    return files.organizations();
  }

  /** What is wrong, with the directory cut from the places. */
  private List<String> problems() {
    return OrganizationFiles.read(directory, Map.of(), LIMITS).problems().stream()
        .map(problem -> problem.toString().replace(directory + "/", ""))
        .toList();
  }

  private static String organization(String id, String accessKey) {
    return """
    organization: { id: %s, name: Acme, timeZone: Europe/Paris }
    serviceUsers:
      - { name: ci, accessKey: %s, secret: s3cret-hunter2, policies: [administrator] }
    """
        .formatted(id, accessKey);
  }

  @Test
  void a_file_declares_an_organization_with_its_service_users() throws IOException {
    write("acme.yaml", organization(ID, "acme-ci"));

    DeclaredOrganization acme = read(Map.of()).getFirst();

    assertThat(acme.id()).hasToString(ID);
    assertThat(acme.name()).isEqualTo("Acme");
    assertThat(acme.timeZone()).isEqualTo(ZoneId.of("Europe/Paris"));
    assertThat(acme.serviceUsers())
        .containsExactly(
            new ServiceUser("ci", "acme-ci", "s3cret-hunter2", List.of("administrator")));
  }

  @Test
  void the_time_zone_and_the_service_users_may_be_left_out() throws IOException {
    write(
        "acme.yml", "organization: { id: " + ID + ", name: Acme }\nserviceUsers: []\npolicies:\n");
    DeclaredOrganization acme = read(Map.of()).getFirst();
    assertThat(acme.timeZone()).isEqualTo(ZoneId.of("UTC"));
    assertThat(acme.serviceUsers()).isEmpty();
  }

  @Test
  void events_may_be_kept_for_fewer_days_than_the_server_keeps_them() throws IOException {
    write("a.yaml", "organization: { id: " + ID + ", name: Acme, retentionDays: 7 }");
    assertThat(read(Map.of()).getFirst().retentionDays()).isEqualTo(7);

    write("a.yaml", "organization: { id: " + ID + ", name: Acme, retentionDays: 28 }");
    assertThat(read(Map.of()).getFirst().retentionDays()).as("as the server's").isNull();

    write("a.yaml", "organization: { id: " + ID + ", name: Acme }");
    assertThat(read(Map.of()).getFirst().retentionDays()).as("not said").isNull();
  }

  @Test
  void events_are_not_kept_for_longer_than_the_server_keeps_them() throws IOException {
    write("a.yaml", "organization:\n  id: " + ID + "\n  name: Acme\n  retentionDays: 29");
    assertThat(problems())
        .containsExactly(
            "a.yaml:4: organization.retentionDays: must not be more than events.retentionDays of the"
                + " server, which is 28; give a shorter one, or leave it out");

    for (String days : List.of("0", "-1", "P7D", "9999999999", "1.5", "'7'")) {
      write("a.yaml", "organization: { id: " + ID + ", name: Acme, retentionDays: " + days + " }");
      assertThat(problems())
          .containsExactly(
              "a.yaml:1: organization.retentionDays: a whole number of days, 1 at least, was expected");
    }
  }

  @Test
  void a_file_declares_policies_that_its_service_users_have_by_name() throws IOException {
    write(
        "acme.yaml",
        """
        organization: { id: %s, name: Acme }
        serviceUsers:
          - { name: ci, accessKey: k, secret: s, policies: [readers, administrator] }
        policies:
          - name: readers
            permissionPolicy:
              - { effect: allow, action: [config:retrieve], resource: ["config:*"] }
              - { effect: DENY, action: [ALL], resource: ["config:product/*", "config:plan/item/p"] }
        """
            .formatted(ID));

    DeclaredOrganization acme = read(Map.of()).getFirst();
    assertThat(acme.policies())
        .containsExactly(
            new Policy(
                "readers",
                List.of(
                    new Statement("allow", List.of("config:retrieve"), List.of("config:*")),
                    new Statement(
                        "DENY",
                        List.of("ALL"),
                        List.of("config:product/*", "config:plan/item/p")))));
    assertThat(acme.serviceUsers().getFirst().policies())
        .containsExactly("readers", "administrator");
  }

  @Test
  void policies_may_name_the_entities_of_their_file() throws IOException {
    write(
        "acme.yaml",
        """
        organization: { id: %s, name: Acme }
        entities:
          - { name: Lead, family: crm }
        policies:
          - name: no-leads
            permissionPolicy:
              - { effect: deny, action: [all], resource: ["config:lead/*"] }
        """
            .formatted(ID));

    assertThat(read(Map.of()).getFirst().policies().getFirst().statements())
        .containsExactly(new Statement("deny", List.of("all"), List.of("config:lead/*")));
  }

  @Test
  void everything_that_is_wrong_with_a_policy_is_said_with_its_line() throws IOException {
    write(
        "a.yaml",
        """
        organization: { id: %s, name: Acme }
        policies:
          - name: administrator
            permissionPolicy: [{ effect: alow, action: [config:retreive], resource: [] }]
          - name: readers
          - name: readers
            permissionPolicy:
              - effect: allow
                action: [all]
                resource:
                  - config:prodcut/*
                resources: []
        """
            .formatted(ID));

    assertThat(problems())
        .containsExactlyInAnyOrder(
            "a.yaml:3: policies.name: is the name of the one that is built in",
            "a.yaml:4: policies.permissionPolicy.effect: must be allow or deny, did you mean allow?",
            "a.yaml:4: policies.permissionPolicy.action: \"config:retreive\": must be an action such"
                + " as config:retrieve, did you mean config:retrieve?",
            "a.yaml:4: policies.permissionPolicy.resource: a statement must have one",
            "a.yaml:5: policies.permissionPolicy: a policy must have a statement",
            "a.yaml:6: policies.name: is used already, in a.yaml:5",
            "a.yaml:11: policies.permissionPolicy.resource: \"config:prodcut/*\": no type of resource"
                + " is named prodcut, did you mean product?",
            "a.yaml:12: policies.permissionPolicy.resources: there is no such key, did you mean"
                + " resource?");
  }

  @Test
  void no_directory_an_empty_one_and_other_files_declare_nothing() throws IOException {
    assertThat(OrganizationFiles.read(directory.resolve("missing"), Map.of(), LIMITS).files())
        .isEmpty();
    write(".#acme.yaml", "an editor's lock");
    write("acme.yaml.bak", "no: yaml: [");
    write("README.md", "# Organizations");
    assertThat(read(Map.of())).isEmpty();
  }

  @Test
  void a_secret_may_come_from_a_variable() throws IOException {
    String yaml = organization(ID, "k").replace("s3cret-hunter2", "'${ACME_SECRET:preset}'");
    write("acme.yaml", yaml);

    assertThat(secret(Map.of("ACME_SECRET", "from-variable"))).isEqualTo("from-variable");
    assertThat(secret(Map.of())).isEqualTo("preset");
    assertThat(secret(Map.of("ACME_SECRET", ""))).isEqualTo("preset");
  }

  private String secret(Map<String, String> environment) {
    return read(environment).getFirst().serviceUsers().getFirst().secret();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'${ACME_SECRET}' | the variable ACME_SECRET is not set and has no default",
        "'${ACME_SECRET:}' | the variable ACME_SECRET is not set and has no default",
        "'x-${ACME_SECRET}' | a reference must be the whole value: ${NAME}, ${NAME:default} or"
            + " ${file:path}",
        "'${acme}' | a reference must be the whole value: ${NAME}, ${NAME:default} or"
            + " ${file:path}",
        "'${TOCSIN_ACME}' | variables that begin with TOCSIN_ are settings; give TOCSIN_ACME"
            + " another name",
        "'' | 1 to 500 characters were expected",
        "[a] | a text was expected"
      })
  void other_secrets_are_refused(String secret, String problem) throws IOException {
    // CsvSource takes the quotes off.
    String quoted = secret.startsWith("[") ? secret : "'" + secret + "'";
    write("acme.yaml", organization(ID, "k").replace("s3cret-hunter2", quoted));
    assertThat(problems()).containsExactly("acme.yaml:3: serviceUsers.secret: " + problem);
  }

  @Test
  void a_variable_with_a_line_break_is_no_secret_and_is_not_shown() throws IOException {
    write("acme.yaml", organization(ID, "k").replace("s3cret-hunter2", "'${ACME_SECRET}'"));
    assertThat(
            OrganizationFiles.read(directory, Map.of("ACME_SECRET", "hunter2\n"), LIMITS)
                .problems()
                .toString())
        .contains("in the variable ACME_SECRET, control characters")
        .doesNotContain("hunter2");
  }

  @Test
  void everything_that_is_wrong_in_any_file_is_said_at_once() throws IOException {
    write(
        "a.yaml",
        """
        organization:
          id: 1-2-3-4-5
          name: ''
          timeZone: Europe/Pari
          timezone: UTC
        serviceUsers:
          - name: ci
            acessKey: k
            secret: hunter2
            policies:
              - administrator
              - adminstrator
          - { name: ci, accessKey: 'a:b', secret: hunter2 }
        """);
    write("b.yaml", "");
    write("c.yaml", "organization: { id: [\n");

    assertThat(problems())
        .containsExactlyInAnyOrder(
            "a.yaml:2: organization.id: a UUID such as 3f2b8c1e-5d4a-4c6b-9e7f-1a2b3c4d5e6f was expected",
            "a.yaml:3: organization.name: 1 to 100 characters were expected",
            "a.yaml:4: organization.timeZone: a time zone such as UTC or Europe/Paris was expected, did you mean"
                + " Europe/Paris?",
            "a.yaml:5: organization.timezone: there is no such key, did you mean timeZone?",
            "a.yaml:7: serviceUsers.accessKey: is missing: a text was expected",
            "a.yaml:8: serviceUsers.acessKey: there is no such key, did you mean accessKey?",
            "a.yaml:12: serviceUsers.policies: neither administrator nor a policy of this file is so named,"
                + " did you mean administrator?",
            "a.yaml:13: serviceUsers.name: is used already, in a.yaml:7",
            "a.yaml:13: serviceUsers.accessKey: visible ASCII characters except the colon were expected",
            "a.yaml:13: serviceUsers.policies: a service user must have one, such as [administrator]",
            "b.yaml:1: organization.id: a UUID such as 3f2b8c1e-5d4a-4c6b-9e7f-1a2b3c4d5e6f was expected",
            "b.yaml:1: organization.name: is missing: a text was expected",
            "c.yaml:2: this is not YAML, expected the node content, but found '<stream end>'")
        .noneMatch(problem -> problem.contains("hunter2"));
  }

  @Test
  void a_file_declares_entities_and_an_open_catalog() throws IOException {
    write(
        "acme.yaml",
        "organization: { id: "
            + ID
            + """
            , name: Acme, catalog: open }
            entities:
              - { name: Lead, family: crm, dateFields: [wonDate, lostDate] }
              - { name: Visit, family: configuration }
            """);

    DeclaredOrganization.Catalog catalog = read(Map.of()).getFirst().catalog();
    assertThat(catalog.open()).isTrue();
    assertThat(catalog.entities())
        .containsExactly(
            new CustomEntity("Lead", "crm", List.of("lostDate", "wonDate")),
            new CustomEntity("Visit", "configuration", List.of()));
  }

  @Test
  void a_file_declares_scheduled_events_of_the_systems_entities_and_its_own() throws IOException {
    write(
        "acme.yaml",
        "organization: { id: "
            + ID
            + """
            , name: Acme }
            scheduledEvents:
              - { name: scheduled.lead.won, entity: Lead, field: wonDate, offset: -3 }
              - { name: scheduled.bill.endDateEvent, entity: Bill, field: endDate, offset: 5 }
            entities:
              - { name: Lead, family: crm, dateFields: [wonDate] }
            """);

    assertThat(read(Map.of()).getFirst().catalog().scheduledEvents())
        .containsExactly(
            new ScheduledEvent(
                new ScheduledName(new EventName("scheduled.lead.won"), "Lead", "wonDate"), -3),
            new ScheduledEvent(
                new ScheduledName(new EventName("scheduled.bill.endDateEvent"), "Bill", "endDate"),
                5));
  }

  @Test
  void what_is_wrong_with_scheduled_events_is_said_at_once() throws IOException {
    write(
        "a.yaml",
        "organization: { id: "
            + ID
            + """
            , name: Acme }
            scheduledEvents:
              - { name: scheduled.bill.x, entity: Bil, field: endDate, offset: 1 }
              - { name: bill.x, entity: Bill, field: currency, offset: 1.5 }
              - { name: scheduled.bill.x, entity: Bill, field: endDate, offset: 40000, ofset: 1 }
              - { entity: Lead }
            """);

    assertThat(problems())
        .anyMatch(problem ->
            problem.startsWith(
                "a.yaml:4: scheduledEvents.field: must be a date or date/time field"
                    + " of Bill: one of "))
        .filteredOn(problem -> !problem.startsWith("a.yaml:4: scheduledEvents.field"))
        .containsExactlyInAnyOrder(
            "a.yaml:3: scheduledEvents.entity: there is no entity \"Bil\", did you mean Bill?",
            "a.yaml:4: scheduledEvents.name: must be scheduled.bill. and then letters, digits, _ or"
                + " -: a name of its own",
            "a.yaml:4: scheduledEvents.offset: a whole number of days was expected",
            "a.yaml:5: scheduledEvents.offset: must be a number of days from -36500 to 36500",
            "a.yaml:5: scheduledEvents.name: is used already, in a.yaml:3",
            "a.yaml:5: scheduledEvents.ofset: there is no such key, did you mean offset?",
            "a.yaml:6: scheduledEvents.name: is missing: a text was expected",
            "a.yaml:6: scheduledEvents.field: is missing: a text was expected",
            "a.yaml:6: scheduledEvents.offset: is missing: a whole number of days was expected",
            "a.yaml:6: scheduledEvents.entity: there is no entity \"Lead\"");
  }

  /** YAML tells texts from numbers, and takes some texts for numbers that nobody else does. */
  @ParameterizedTest
  @ValueSource(strings = {"'3'", "\"3\"", "010", "0x10", "1_000", "1:30", "true", "[3]", "~"})
  void an_offset_is_a_plain_whole_number(String offset) throws IOException {
    write(
        "a.yaml",
        "organization: { id: "
            + ID
            + """
            , name: Acme }
            scheduledEvents:
              - { name: scheduled.bill.x, entity: Bill, field: endDate, offset: %s }
            """
                .formatted(offset));
    assertThat(problems())
        .containsExactly(
            "a.yaml:3: scheduledEvents.offset: "
                + (offset.equals("~") ? "has no value: " : "")
                + "a whole number of days was expected");
  }

  @Test
  void problems_come_in_the_order_of_the_files_and_their_lines() throws IOException {
    write(
        "a.yaml",
        """
        organization: { id: %s, name: '', catalog: opne }
        serviceUsers:
          - { name: ci }
        policies:
          - { name: x }
        scheduledEvents:
          - { name: y }
        entities:
          - { name: z }
        """
            .formatted(ID));
    write("b.yaml", organization(ID, "k").replace("Paris", "Pari"));

    assertThat(problems())
        .extracting(problem -> problem.replaceFirst("(.*?:\\d+): .*", "$1"))
        .isSortedAccordingTo(Comparator.naturalOrder())
        .startsWith("a.yaml:1")
        .contains("a.yaml:3", "a.yaml:5", "a.yaml:7", "a.yaml:9")
        .endsWith("b.yaml:1");
  }

  @Test
  void what_is_wrong_with_entities_is_said_at_once() throws IOException {
    write(
        "a.yaml",
        "organization: { id: "
            + ID
            + """
            , name: Acme, catalog: opne }
            entities:
              - { name: lead, family: Crm }
              - { name: Bill, family: scheduled, dateFields: [a-b] }
              - { name: Visit, family: crm, dateFields: [id, x, x] }
              - { name: ViSit, famliy: crm }
            """);

    assertThat(problems())
        .containsExactlyInAnyOrder(
            "a.yaml:1: organization.catalog: open or closed was expected, did you mean open?",
            "a.yaml:3: entities.name: must be a capital letter, then letters and digits, 80 at"
                + " most, such as Lead",
            "a.yaml:3: entities.family: must be a small letter, then small letters and digits, 80"
                + " at most, such as crm",
            "a.yaml:4: entities.name: is the name of an entity that every organization has",
            "a.yaml:4: entities.family: must not be that of events that the server raises itself",
            "a.yaml:4: entities.dateFields: each must be the name of a field: a letter or _, then"
                + " letters, digits and _, 80 at most",
            "a.yaml:5: entities.dateFields: x stands twice",
            "a.yaml:5: entities.dateFields: id is the entity's id, and no date",
            "a.yaml:6: entities.name: is used already, in a.yaml:5",
            "a.yaml:6: entities.family: is missing: a text was expected",
            "a.yaml:6: entities.famliy: there is no such key, did you mean family?");
  }

  @Test
  void an_organization_and_an_access_key_are_declared_once_over_all_files() throws IOException {
    write("a.yaml", organization(ID, "same"));
    write("b.yaml", organization(ID.toUpperCase(Locale.ROOT), "same"));

    assertThat(problems())
        .containsExactlyInAnyOrder(
            "b.yaml:1: organization.id: the organization is declared already, in a.yaml:1",
            "b.yaml:3: serviceUsers.accessKey: is used already, in a.yaml:3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mars/Olympus", "''", "+25:00", "[UTC]"})
  void other_time_zones_are_refused(String zone) throws IOException {
    write("a.yaml", organization(ID, "k").replace("Europe/Paris", zone));
    assertThat(problems())
        .isNotEmpty()
        .allMatch(problem -> problem.startsWith("a.yaml:1: organization.timeZone"));
  }

  @Test
  void a_file_that_is_not_utf_8_is_refused() throws IOException {
    Files.write(
        directory.resolve("a.yaml"),
        organization(ID, "k").replace("Acme", "Cafés").getBytes(StandardCharsets.ISO_8859_1));
    assertThat(problems()).containsExactly("a.yaml: is not UTF-8 text");
  }

  @Test
  void a_service_user_shows_no_secret() throws IOException {
    write("a.yaml", organization(ID, "k"));
    assertThat(read(Map.of()).toString()).contains("ci").doesNotContain("hunter2");
  }

  @Test
  void settings_and_organizations_are_refused_together() throws IOException {
    Path organizations = Files.createDirectory(directory.resolve("organizations"));
    Files.writeString(organizations.resolve("a.yaml"), organization("none", "k"));
    write("tocsin.yaml", "http:\n  prot: 1\n");

    ConfigurationException refused = refusedConfiguration(directory);

    assertThat(refused)
        .hasMessageStartingWith("the configuration has 2 problems\n")
        .hasMessageContaining(directory + "/tocsin.yaml:2: http.prot: there is no such key")
        .hasMessageContaining(organizations + "/a.yaml:1: organization.id: a UUID");
  }

  @Test
  void a_directory_that_is_not_there_is_refused() {
    Path missing = directory.resolve("cnof");
    assertThat(refusedConfiguration(missing))
        .hasMessageContaining(missing + ": there is no such directory; TOCSIN_CONF names another");
  }

  @Test
  void an_empty_directory_means_the_defaults_and_no_organization() {
    Vertx vertx = Vertx.vertx();
    try {
      Configuration configuration = Configuration.read(vertx, directory, Map.of());
      assertThat(configuration.settings().http().port()).isEqualTo(8480);
      assertThat(configuration.files().organizations()).isEmpty();
    } finally {
      vertx.close().await();
    }
  }

  private static ConfigurationException refusedConfiguration(Path directory) {
    Vertx vertx = Vertx.vertx();
    try {
      return catchThrowableOfType(
          ConfigurationException.class, () -> Configuration.read(vertx, directory, Map.of()));
    } finally {
      vertx.close().await();
    }
  }
}
