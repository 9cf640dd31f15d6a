package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.webhook.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
  private static final String SECRET = "hunter2-hunter2-hunter2-hunter2-hunter2";

  /** What was read, and what was found wrong. */
  private record Read(Settings settings, List<String> problems) {}

  private static Read read(String yaml, Map<String, String> environment) {
    List<Problem> problems = new ArrayList<>();
    Settings settings =
        SettingsReader.parse(new YamlText("tocsin.yaml", yaml), environment, problems);
    return new Read(settings, problems.stream().map(Problem::toString).toList());
  }

  private static Read read(String yaml) {
    return read(yaml, Map.of());
  }

  private static Settings good(String yaml, Map<String, String> environment) {
    Read read = read(yaml, environment);
    assertThat(read.problems()).isEmpty();
    return read.settings();
  }

  private static Settings good(String yaml) {
    return good(yaml, Map.of());
  }

  @Test
  void a_variable_stands_over_the_file_and_the_file_over_the_default() {
    String yaml = "http:\n  port: 8001\n  host: 127.0.0.2\n";
    Settings settings = good(yaml, Map.of("TOCSIN_HTTP_PORT", "8002"));

    assertThat(settings.http().port()).isEqualTo(8002);
    assertThat(settings.http().host()).isEqualTo("127.0.0.2");
    assertThat(settings.http().bodyBytesMax()).isEqualTo(5 << 20);
  }

  @Test
  void an_empty_variable_is_one_not_set() {
    Settings settings =
        good("http: { port: 8001 }", Map.of("TOCSIN_HTTP_PORT", "", "TOCSIN_DATA", " "));
    assertThat(settings.http().port()).isEqualTo(8001);
    assertThat(settings.data()).isEqualTo(Path.of("data"));
  }

  @Test
  void an_empty_file_an_empty_section_and_an_empty_key_mean_the_defaults() {
    Settings defaults = good("");
    assertThat(good("# nothing\n")).isEqualTo(defaults);
    assertThat(good("http:\ningest: {}\n")).isEqualTo(defaults);
    assertThat(good("http:\n  port:\n")).isEqualTo(defaults);
  }

  @Test
  void defaults_make_sense_together() {
    assertThat(good("").delivery().lease()).isEqualTo(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @CsvSource({
    "TOCSIN_DATA, data",
    "TOCSIN_HTTP_HOST, http.host",
    "TOCSIN_HTTP_PORT, http.port",
    "TOCSIN_HTTP_BODY_BYTES_MAX, http.bodyBytesMax",
    "TOCSIN_POSTGRES_URI, postgres.uri",
    "TOCSIN_DELIVERY_ALLOWED_NETWORKS, delivery.allowedNetworks",
    "TOCSIN_DELIVERY_PER_WEBHOOK_CONCURRENCY, delivery.perWebhookConcurrency",
    "TOCSIN_CLOCK_OFFSET, clock.offset"
  })
  void a_key_has_its_variable(String variable, String key) {
    assertThat(SettingsReader.allKeys()).containsKey(key);
    assertThat(Section.variable(key)).isEqualTo(variable);
  }

  @Test
  void no_two_keys_have_the_same_variable() {
    assertThat(SettingsReader.allKeys().keySet().stream().map(Section::variable))
        .doesNotHaveDuplicates();
  }

  @Test
  void everything_that_is_wrong_is_said_at_once_with_its_place() {
    Read read =
        read(
            """
            http:
              port: eighty
            ingest:
              eventBytesMax: 1GiB
              batchEvents: 10
            tokens: { validity: 5h }
            """,
            Map.of("TOCSIN_DELIVERY_JITTER", "2", "TOCSIN_HTTP_PROT", "1"));

    assertThat(read.problems())
        .containsExactlyInAnyOrder(
            "tocsin.yaml:2: http.port: a whole number from 0 to 65,535 was expected",
            "tocsin.yaml:4: ingest.eventBytesMax: a size such as 64KiB or 5MiB from 1KiB to 16MiB"
                + " was expected",
            "tocsin.yaml:5: ingest.batchEvents: there is no such key, did you mean"
                + " ingest.batchEventsMax?",
            "tocsin.yaml:6: tokens.validity: a time span such as PT15S or P28D from PT1M to P1D"
                + " was expected",
            "TOCSIN_DELIVERY_JITTER: delivery.jitter: a number from 0.0 to 0.9 was expected",
            "TOCSIN_HTTP_PROT: there is no such variable, did you mean TOCSIN_HTTP_PORT?");
    assertThat(read.settings()).isEqualTo(good(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "htpp: { port: 1 } | htpp: there is no such key, did you mean http?",
        "port: 1 | port: there is no such key, did you mean http.port?",
        "ingest: { bodyBytesMax: 1 } | ingest.bodyBytesMax: there is no such key, did you mean"
            + " http.bodyBytesMax?",
        "cluster: yes | cluster: a mapping was expected",
        "federation: yes | federation: there is no such key",
        "http.port: 1 | http.port: write it as a key of its section: http: { port: … }",
        "http: 8080 | http: a mapping was expected",
        "http: { port: [1, 2] } | http.port: a single value was expected",
        "http: { host: [a, b] } | http.host: a single value was expected",
        "http: { host: '' } | http.host: a text was expected",
        "data: '' | data: a path was expected",
        "delivery: { retryDelays: PT5S } | delivery.retryDelays: a list was expected",
        "delivery: { retryDelays: [] } | delivery.retryDelays: 1 to 50 time spans of PT0S to P7D"
            + " was expected",
        "http: { port: 1, port: 2 } | http.port: stands twice",
        "[http] | the file must be a mapping: key: value"
      })
  void what_does_not_belong_there_is_refused(String yaml, String problem) {
    assertThat(read(yaml).problems()).containsExactly("tocsin.yaml:1: " + problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65535", "8480"})
  void numbers_reach_to_their_bounds(String port) {
    assertThat(good("http: { port: " + port + " }").http().port())
        .isEqualTo(Integer.parseInt(port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536", "80.5", "0x50", "99999999999999999999", "1e3", "true"})
  void other_numbers_are_refused(String port) {
    assertThat(read("http: { port: " + port + " }").problems())
        .containsExactly("tocsin.yaml:1: http.port: a whole number from 0 to 65,535 was expected");
  }

  @ParameterizedTest
  @CsvSource({"1048576, 1048576", "1024B, 1024", "64KiB, 65536", "2 MiB, 2097152"})
  void sizes_have_units(String size, int bytes) {
    assertThat(
            good("http: { bodyBytesMax: " + size + " }\ningest: { eventBytesMax: 1KiB }")
                .http()
                .bodyBytesMax())
        .isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5MB", "5 mib", "-1KiB", "1.5MiB", "65MiB", "999999999999999GiB", "1B"})
  void other_sizes_are_refused(String size) {
    assertThat(read("http: { bodyBytesMax: " + size + " }").problems())
        .containsExactly(
            "tocsin.yaml:1: http.bodyBytesMax: a size such as 64KiB or 5MiB from 1KiB to 64MiB was"
                + " expected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-0.1", "0.91", "1e-1", "20%"})
  void other_fractions_are_refused(String jitter) {
    assertThat(read("delivery: { jitter: " + jitter + " }").problems())
        .containsExactly("tocsin.yaml:1: delivery.jitter: a number from 0.0 to 0.9 was expected");
  }

  @Test
  void lists_are_lists_in_the_file_and_have_commas_in_a_variable() {
    List<Duration> delays = List.of(Duration.ofSeconds(1), Duration.ofMinutes(2));
    assertThat(good("delivery: { retryDelays: [PT1S, PT2M] }").delivery().retryDelays())
        .isEqualTo(delays);
    assertThat(
            good("", Map.of("TOCSIN_DELIVERY_RETRY_DELAYS", "PT1S, PT2M")).delivery().retryDelays())
        .isEqualTo(delays);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1S,,PT2S", "PT1S,soon", "PT-1S", "P8D", "PT1S PT2S"})
  void other_lists_of_time_spans_are_refused(String delays) {
    assertThat(read("", Map.of("TOCSIN_DELIVERY_RETRY_DELAYS", delays)).problems())
        .containsExactly(
            "TOCSIN_DELIVERY_RETRY_DELAYS: delivery.retryDelays: 1 to 50 time spans of PT0S to P7D"
                + " was expected");
  }

  @Test
  void a_list_has_a_longest_length() {
    String tooMany = String.join(",", Stream.generate(() -> "PT1S").limit(51).toList());
    assertThat(read("", Map.of("TOCSIN_DELIVERY_RETRY_DELAYS", tooMany)).problems()).hasSize(1);
  }

  @Test
  void networks_are_addresses_with_a_prefix_and_never_looked_up() {
    assertThat(
            good("", Map.of("TOCSIN_DELIVERY_ALLOWED_NETWORKS", "127.0.0.0/8, fd00::/8"))
                .delivery()
                .allowedNetworks())
        .extracting(Network::toString)
        .containsExactly("127.0.0.0/8", "fd00:0:0:0:0:0:0:0/8");
    for (String wrong : List.of("localhost/8", "10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0/8/8")) {
      assertThat(read("", Map.of("TOCSIN_DELIVERY_ALLOWED_NETWORKS", wrong)).problems())
          .as(wrong)
          .hasSize(1);
    }
  }

  @Test
  void the_clock_can_be_moved_both_ways() {
    assertThat(good("", Map.of("TOCSIN_CLOCK_OFFSET", "P29D")).clockOffset())
        .isEqualTo(Duration.ofDays(29));
    assertThat(good("clock: { offset: PT-1H }").clockOffset()).isEqualTo(Duration.ofHours(-1));
  }

  @Test
  void the_key_file_lies_in_the_data_directory_unless_it_is_named() {
    assertThat(good("data: /srv/t").secrets().keyFile()).isEqualTo(Path.of("/srv/t/secrets.key"));
    assertThat(good("secrets: { keyFile: /etc/k }").secrets().keyFile())
        .isEqualTo(Path.of("/etc/k"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "delivery: { timeout: PT31S } | delivery.lease: must be at least twice delivery.timeout,"
            + " or a node sends what another still sends",
        "delivery: { timeout: PT1S, lease: PT4.9S } | delivery.lease: must be at least 4 s longer"
            + " than delivery.timeout, or no attempt begins in time",
        "delivery: { perWebhookConcurrency: 257 } | delivery.perWebhookConcurrency: must not be"
            + " more than delivery.perOrganizationConcurrency, which bounds an organization",
        "delivery: { perOrganizationQueueMax: 999 } | delivery.perWebhookQueueMax: must not be more"
            + " than delivery.perOrganizationQueueMax, which bounds an organization",
        "delivery: { inFlightMax: 255 } | delivery.perOrganizationConcurrency: must not be more"
            + " than delivery.inFlightMax, which bounds all together",
        "delivery: { queueMax: 2499 } | delivery.perOrganizationQueueMax: must not be more than"
            + " delivery.queueMax, which bounds all together",
        "delivery: { responseBytesMax: 1KiB } | delivery.keptResponseBytes: must not be more than"
            + " delivery.responseBytesMax, the most that is read",
        "bus: { connectionsMax: 99 } | bus.perOrganizationMax: must not be more than"
            + " bus.connectionsMax, which bounds all together",
        "bus: { tcpCertificate: bus.pem } | bus.tcpCertificate: must be given with bus.tcpKey, or"
            + " neither",
        "ingest: { eventBytesMax: 6MiB } | http.bodyBytesMax: must not be less than"
            + " ingest.eventBytesMax, or such an event fits no request",
        "ingest: { inFlightBytesMax: 4MiB } | ingest.inFlightBytesMax: must not be less than"
            + " http.bodyBytesMax, or such a request never gets in",
        "ingest: { inFlightEventsMax: 999 } | ingest.inFlightEventsMax: must not be less than"
            + " ingest.batchEventsMax, or such a batch never gets in",
        "ingest: { organizationInFlightEventsMax: 999 } | ingest.organizationInFlightEventsMax:"
            + " must not be less than ingest.batchEventsMax, or such a batch never gets in",
        "idempotency: { window: PT1H } | schedule.lateWindow: must not be more than"
            + " idempotency.window, or a date that is set back fires again",
        "ingest: { answerWithin: PT31S } | schedule.lease: must be at least twice"
            + " ingest.answerWithin, or a node fires what another still fires",
        "schedule: { batchesMax: 2 } | schedule.perOrganizationBatchesMax: must not be more than"
            + " schedule.batchesMax, which bounds all together"
      })
  void settings_that_make_no_sense_together_are_refused(String yaml, String problem) {
    assertThat(read(yaml).problems()).containsExactly("tocsin.yaml:1: " + problem);
  }

  @Test
  void a_contradiction_is_placed_where_the_operator_made_it() {
    assertThat(read("", Map.of("TOCSIN_DELIVERY_TIMEOUT", "PT1M")).problems())
        .singleElement()
        .asString()
        .startsWith("TOCSIN_DELIVERY_TIMEOUT: delivery.lease: ");
  }

  /** A second problem that only follows from the first would send the operator astray. */
  @Test
  void a_refused_value_contradicts_nothing() {
    assertThat(read("delivery: { lease: 1h, timeout: PT5M }").problems())
        .singleElement()
        .asString()
        .contains("delivery.lease: a time span");
  }

  @Test
  void no_message_shows_a_value() {
    Read read =
        read(
            "postgres: { uri: 'mysql://u:" + SECRET + "@h/d', poolSize: " + SECRET + " }\n",
            Map.of("TOCSIN_SECRETS_KEY", "hunter2", "TOCSIN_HTTP_PORT", SECRET));
    assertThat(read.problems()).hasSize(4).noneMatch(problem -> problem.contains("hunter2"));
  }

  @Test
  void settings_show_no_secrets() {
    Settings settings =
        good(
            "",
            Map.of(
                "TOCSIN_SECRETS_KEY",
                SECRET,
                "TOCSIN_SECRETS_TOKEN_KEYS",
                SECRET + "," + SECRET + "!",
                "TOCSIN_POSTGRES_URI",
                "postgresql://u:" + SECRET + "@h/d"));
    assertThat(settings.secrets().key()).isEqualTo(SECRET);
    assertThat(settings.secrets().tokenKeys()).containsExactly(SECRET, SECRET + "!");
    assertThat(settings.postgresUri()).contains(SECRET);
    assertThat(settings.toString()).doesNotContain("hunter2").contains("port=8480");
    assertThat(settings.secrets().toString()).doesNotContain("hunter2");
  }
}
