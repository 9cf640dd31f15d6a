package dev.tocsin.app;

import dev.tocsin.api.ContractCheck;
import dev.tocsin.config.Configuration;
import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Whole servers in the test's own process, over its PostgreSQL, with what a directory declares. */
final class WholeServers {
  /** All of a test are given the same, or the second would refuse to start. */
  static final String SECRET = "the secret of the servers under test";

  private WholeServers() {}

  /** Declares an organization with its administrator, and what else its file is to have. */
  static void declare(Path home, Account account, String more) throws IOException {
    declare(home, account, "closed", more);
  }

  /** The same with a catalog that is open or closed. */
  static void declare(Path home, Account account, String catalog, String more) throws IOException {
    String file =
        """
        organization: { id: %s, name: %s, catalog: %s }
        serviceUsers:
          - { name: %s, accessKey: %s, secret: "%s", policies: [administrator] }
        """
            .formatted(
                account.organization(),
                account.accessKey(),
                catalog,
                account.accessKey(),
                account.accessKey(),
                account.secret());
    Files.writeString(
        Files.createDirectories(home.resolve("organizations"))
            .resolve(account.accessKey() + ".yaml"),
        file + more);
  }

  /** Starts one on a free port; {@code settings} are variables beside those that all have. */
  static Server start(PostgresFixture postgres, Path home, Map<String, String> settings)
      throws IOException {
    Map<String, String> variables = new HashMap<>(settings);
    variables.put("TOCSIN_POSTGRES_URI", postgres.uri());
    variables.put("TOCSIN_SECRETS_KEY", SECRET);
    variables.putIfAbsent("TOCSIN_HTTP_PORT", "0");
    Vertx vertx = Vertx.vertx();
    Configuration configuration = Configuration.read(vertx, home, variables);
    Server server = new Server(Main.node(vertx, configuration.settings().cluster()), configuration);
    server.start();
    return server;
  }

  static URI address(Server server) {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /** A client whose answers are held to the contract. */
  static ApiClient client(Server server, Account account) {
    return new ApiClient(address(server), account, ContractCheck::check);
  }
}
