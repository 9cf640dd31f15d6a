package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ApiClient.Answer;
import dev.tocsin.store.PostgresFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A node that brings other files with it than those that are there started with. */
@Timeout(value = 50, unit = TimeUnit.SECONDS)
class JoiningNodeHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "s");
  private static final Map<String, String> SELDOM = Map.of("TOCSIN_ACCESS_REMEMBERED", "PT5M");

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  @Test
  void a_key_that_its_files_take_away_is_refused_by_those_that_were_there(@TempDir Path home)
      throws Exception {
    List<Map<String, String>> nodes = Clusters.settings(home, 2);
    Path before = home.resolve("before");
    Path after = home.resolve("after");
    WholeServers.declare(before, ACME, "");
    WholeServers.declare(after, ACME, "");
    Path file = after.resolve("organizations/acme-key.yaml");
    Files.writeString(file, Files.readString(file).replace("acme-key", "another-key"));
    try (Server there = Clusters.start(postgres, before, nodes.getFirst(), SELDOM);
        ApiClient api = Clusters.client(there, ACME)) {
      assertThat(api.token().status()).isEqualTo(200);

      try (Server _ = Clusters.start(postgres, after, nodes.getLast(), SELDOM)) {
        Answer again = api.token();
        while (again.status() == 200) {
          again = api.token();
        }
        assertThat(again.body().getString("code")).isEqualTo("invalid_credentials");
      }
    }
  }
}
