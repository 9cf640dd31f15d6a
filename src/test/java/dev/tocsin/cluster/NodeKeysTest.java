package dev.tocsin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.cluster.NodeKeys.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that {@code scripts/cluster-keys} makes, and what may be wrong with them. */
class NodeKeysTest {
  @TempDir static Path home;

  private static Path keys;
  private static Path others;

  @BeforeAll
  static void make() throws IOException {
    keys = ClusterKeys.make(home.resolve("keys"), Map.of("CLUSTER_KEYS_DAYS", "30"), "a", "b");
    others = ClusterKeys.make(home.resolve("others"), "a");
  }

  private static List<Fault> faults(ClusterSettings.Keys files) {
    return NodeKeys.faults(files, Instant.now());
  }

  private static ClusterSettings.Keys files(Path certificate, Path key, Path authority) {
    return new ClusterSettings.Keys(certificate, key, authority);
  }

  @Test
  void what_the_script_made_is_right_and_is_for_its_owner_alone() throws IOException {
    assertThat(faults(ClusterKeys.of(keys, "a"))).isEmpty();
    assertThat(Files.getPosixFilePermissions(keys.resolve("a.key")))
        .extracting(Enum::name)
        .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE");
  }

  @Test
  void a_certificate_that_is_made_anew_is_of_the_same_authority() throws IOException {
    Path authority = keys.resolve("authority.pem");
    byte[] before = Files.readAllBytes(authority);
    ClusterKeys.make(keys, "c", "a");

    assertThat(Files.readAllBytes(authority)).isEqualTo(before);
    assertThat(faults(ClusterKeys.of(keys, "c"))).isEmpty();
    assertThat(faults(ClusterKeys.of(keys, "a"))).isEmpty();
  }

  @Test
  void files_that_are_missing_or_hold_something_else_are_all_named() throws IOException {
    Path nonsense = Files.writeString(home.resolve("nonsense"), "not PEM");
    Path missing = home.resolve("missing");

    assertThat(faults(files(missing, missing, missing)))
        .containsExactlyInAnyOrder(
            new Fault("certificate", "there is no file " + missing),
            new Fault("authority", "there is no file " + missing));
    assertThat(faults(files(nonsense, nonsense, nonsense)))
        .containsExactlyInAnyOrder(
            new Fault("certificate", nonsense + " is no certificate in PEM form"),
            new Fault("authority", nonsense + " is no certificate in PEM form"));
    assertThat(faults(files(keys.resolve("b.pem"), nonsense, keys.resolve("authority.pem"))))
        .containsExactly(
            new Fault(
                "key",
                nonsense + " is no key for this certificate in PEM form (BEGIN PRIVATE KEY)"));
  }

  @Test
  void a_certificate_past_its_time_or_before_it_is_refused() {
    ClusterSettings.Keys files = ClusterKeys.of(keys, "b");
    Instant now = Instant.now();

    assertThat(NodeKeys.faults(files, now.plus(Duration.ofDays(31))))
        .extracting(Fault::file, fault -> fault.message().replaceAll("b.pem expired at .*", "E"))
        .containsExactly(org.assertj.core.groups.Tuple.tuple("certificate", keys + "/E"));
    assertThat(NodeKeys.faults(files, now.plus(Duration.ofDays(4_000))))
        .extracting(Fault::file)
        .containsExactly("certificate", "authority");
    assertThat(NodeKeys.faults(files, now.minus(Duration.ofDays(1))))
        .extracting(Fault::message)
        .allMatch(message -> message.contains("is not valid before"))
        .hasSize(2);
  }

  @Test
  void a_certificate_of_another_authority_and_a_key_of_another_certificate_are_refused() {
    Path certificate = keys.resolve("b.pem");
    assertThat(faults(files(certificate, others.resolve("a.key"), others.resolve("authority.pem"))))
        .containsExactlyInAnyOrder(
            new Fault("key", others.resolve("a.key") + " is not the key of cluster.certificate"),
            new Fault("certificate", certificate + " was not signed by cluster.authority"));
  }

  @Test
  void an_authority_that_is_being_replaced_stands_with_the_new_one_in_one_file()
      throws IOException {
    Path both = home.resolve("both.pem");
    Files.writeString(
        both,
        Files.readString(others.resolve("authority.pem"))
            + Files.readString(keys.resolve("authority.pem")));

    assertThat(faults(files(keys.resolve("b.pem"), keys.resolve("b.key"), both))).isEmpty();
    assertThat(faults(files(others.resolve("a.pem"), others.resolve("a.key"), both))).isEmpty();
  }
}
