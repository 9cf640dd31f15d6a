package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.cluster.ClusterSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a cluster's settings, as variables give them. */
class ClusterSectionTest {
  private static final String POSTGRES = "postgresql://u:p@h:5432/d";

  private record Read(ClusterSettings cluster, List<String> problems) {}

  private static Read read(Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>();
    variables.forEach((name, value) -> environment.put("TOCSIN_CLUSTER_" + name, value));
    environment.put("TOCSIN_POSTGRES_URI", POSTGRES);
    return readAll(environment);
  }

  private static Read readAll(Map<String, String> environment) {
    List<Problem> problems = new ArrayList<>();
    Settings settings =
        SettingsReader.parse(new YamlText("tocsin.yaml", ""), environment, problems);
    return new Read(settings.cluster(), problems.stream().map(Problem::toString).toList());
  }

  @Test
  void every_key_has_its_variable() {
    Read read =
        read(
            Map.of(
                "ENABLED", "true",
                "NAME", "blue",
                "HOST", "127.0.0.2",
                "BUS_PORT", "0",
                "PUBLIC_HOST", "tocsin-1.internal",
                "PUBLIC_BUS_PORT", "15702",
                "MEMBERS", "127.0.0.1:5701, tocsin-2.internal:5701,[::1]:5703",
                "SILENT_MAX", "PT30S"));

    assertThat(read.problems()).isEmpty();
    assertThat(read.cluster().enabled()).isTrue();
    assertThat(read.cluster().name()).isEqualTo("blue");
    assertThat(read.cluster().host()).isEqualTo("127.0.0.2");
    assertThat(read.cluster().busListensOn()).isEqualTo("127.0.0.2");
    assertThat(read.cluster().port()).isEqualTo(5701);
    assertThat(read.cluster().members())
        .containsExactly("127.0.0.1:5701", "tocsin-2.internal:5701", "[::1]:5703");
    assertThat(read.cluster().silentMax()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void what_is_wrong_is_said_at_once() {
    Read read =
        read(
            Map.of(
                "ENABLED", "yes",
                "NAME", "a b",
                "HOST", "tocsin-1",
                "PORT", "0",
                "MEMBERS", "10.0.0.1",
                "SILENT_MAX", "PT1S"));

    assertThat(read.problems())
        .containsExactlyInAnyOrder(
            "TOCSIN_CLUSTER_ENABLED: cluster.enabled: true or false was expected",
            "TOCSIN_CLUSTER_NAME: cluster.name: a name of letters, digits and . _ - was expected",
            "TOCSIN_CLUSTER_HOST: cluster.host: an IP address was expected",
            "TOCSIN_CLUSTER_PORT: cluster.port: a whole number from 1 to 65,535 was expected",
            "TOCSIN_CLUSTER_MEMBERS: cluster.members: 0 to 100 texts such as 10.0.0.1:5701 was"
                + " expected",
            "TOCSIN_CLUSTER_SILENT_MAX: cluster.silentMax: a time span such as PT15S or P28D from"
                + " PT3S to PT10M was expected");
  }

  @Test
  void addresses_that_only_look_like_some_are_refused() {
    for (String host : List.of("999.0.0.1", "1:2:3", ":", "::g")) {
      assertThat(read(Map.of("ENABLED", "true", "HOST", host)).problems())
          .as(host)
          .containsExactly("TOCSIN_CLUSTER_HOST: cluster.host: an IP address was expected");
    }
  }

  @Test
  void nodes_need_a_database_that_they_share() {
    assertThat(readAll(Map.of("TOCSIN_CLUSTER_ENABLED", "true")).problems())
        .containsExactly(
            "TOCSIN_CLUSTER_ENABLED: cluster.enabled: needs postgres.uri (TOCSIN_POSTGRES_URI):"
                + " nodes share one PostgreSQL, and the embedded one is a node's own");
  }

  @Test
  void an_event_bus_that_others_reach_is_encrypted_or_says_that_it_is_not() {
    Map<String, String> open = Map.of("ENABLED", "true", "HOST", "10.0.0.1");
    assertThat(read(open).problems())
        .singleElement()
        .asString()
        .startsWith(
            "TOCSIN_CLUSTER_HOST: cluster.host: is not this machine alone, so the event bus")
        .contains("cluster.certificate", "cluster.plaintext");
    Map<String, String> bus = Map.of("ENABLED", "true", "BUS_HOST", "10.0.0.1");
    assertThat(read(bus).problems()).hasSize(1);

    Map<String, String> said = new HashMap<>(open);
    said.put("PLAINTEXT", "true");
    assertThat(read(said).problems()).isEmpty();
    assertThat(read(Map.of("HOST", "10.0.0.1")).problems()).isEmpty();
  }

  @Test
  void an_address_that_means_all_there_are_needs_one_that_others_know() {
    Map<String, String> all = Map.of("ENABLED", "true", "HOST", "0.0.0.0", "PLAINTEXT", "true");
    assertThat(read(all).problems())
        .containsExactly(
            "TOCSIN_CLUSTER_HOST: cluster.host: is no address that others could reach: say it with"
                + " cluster.publicHost");
  }

  @Test
  void certificate_key_and_authority_are_given_together_and_looked_at(@TempDir Path home) {
    Path file = home.resolve("none.pem");
    assertThat(read(Map.of("ENABLED", "true", "KEY", file.toString())).problems())
        .containsExactlyInAnyOrder(
            "tocsin.yaml:1: cluster.certificate: is missing: certificate, key and"
                + " authority are given together",
            "tocsin.yaml:1: cluster.authority: is missing: certificate, key and"
                + " authority are given together");
    assertThat(
            read(Map.of(
                    "ENABLED", "true",
                    "KEY", file.toString(),
                    "CERTIFICATE", file.toString(),
                    "AUTHORITY", file.toString()))
                .problems())
        .containsExactlyInAnyOrder(
            "TOCSIN_CLUSTER_CERTIFICATE: cluster.certificate: there is no file " + file,
            "TOCSIN_CLUSTER_AUTHORITY: cluster.authority: there is no file " + file);
  }

  @Test
  void a_node_is_believed_for_longer_than_a_lost_heartbeat_takes() {
    assertThat(read(Map.of("HEARTBEAT_EVERY", "PT10S")).problems())
        .singleElement()
        .asString()
        .contains("cluster.silentMax: must be at least three times cluster.heartbeatEvery");
  }
}
