package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a server tells under {@code /metrics}. */
class MetersHttpTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  /** Made when there is something to count, or by what is not asked for here. */
  private static final Set<String> LATER =
      Set.of(
          "tocsin_bus_cut",
          "tocsin_bus_frames_refused",
          "tocsin_bus_requests_refused",
          "tocsin_deliver_ended",
          "tocsin_rules_unusable",
          "tocsin_stream_ended",
          "tocsin_targets_unusable");

  @Test
  void every_meter_has_a_help_text_and_those_that_are_listed_are_there(@TempDir Path home)
      throws Exception {
    WholeServers.declare(home, new Account("00000000-0000-0000-0000-000000000001", "a", "s"), "");
    String text;
    // A cluster of one has the meters of a cluster too.
    Map<String, String> node = Clusters.settings(home, 1).getFirst();
    try (Server server = WholeServers.start(postgres, home, node)) {
      text = metrics(server);
    }
    List<String> without = new ArrayList<>();
    Set<String> there = new TreeSet<>();
    for (String line : text.lines().toList()) {
      String[] parts = line.split(" ", 4);
      if (line.startsWith("# HELP ")) {
        there.add(parts[2]);
        if (parts.length < 4 || parts[3].isBlank()) {
          without.add(parts[2]);
        }
      }
    }

    assertThat(without).isEmpty();
    for (String name : MeterDescriptions.load().byName().keySet()) {
      String plain = name.replace('.', '_');
      assertThat(LATER.contains(plain) || there.stream().anyMatch(one -> one.startsWith(plain)))
          .as(name)
          .isTrue();
    }
  }

  private static String metrics(Server server) throws Exception {
    URI metrics = WholeServers.address(server).resolve("/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
