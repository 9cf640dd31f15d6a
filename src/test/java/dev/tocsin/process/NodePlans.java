package dev.tocsin.process;

import dev.tocsin.cluster.ClusterKeys;
import dev.tocsin.store.EmbeddedPostgres;
import dev.tocsin.store.EmbeddedPostgres.Durability;
import dev.tocsin.store.EmbeddedPostgres.Needs;
import dev.tocsin.store.PostgresAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How to start the nodes of a cluster on this machine, encrypted, over one PostgreSQL. */
public final class NodePlans {
  /** What the pools of a node may open together, with the shipped settings on many processors. */
  private static final int CONNECTIONS_OF_A_NODE = 100;

  private NodePlans() {}

  /** A durable PostgreSQL that has room for so many nodes. */
  public static EmbeddedPostgres postgres(Path directory, int nodes) throws IOException {
    return EmbeddedPostgres.start(
        directory,
        new SecureRandom(),
        new Needs(Durability.DURABLE, CONNECTIONS_OF_A_NODE * nodes));
  }

  /** How servers are told of it. */
  public static String uri(PostgresAddress at) {
    return "postgresql://%s:%s@%s:%d/%s?schema=tocsin&sslmode=%s"
        .formatted(at.user(), at.password(), at.host(), at.port(), at.database(), at.sslMode());
  }

  /** Nodes of these names, each with a directory of its name in a common one. */
  public static List<ServerPlan> of(Path jar, Path home, String postgresUri, List<String> names)
      throws IOException {
    List<Integer> ports = FreePorts.some(names.size());
    Path keys = ClusterKeys.make(home.resolve("keys"), names.toArray(String[]::new));
    String members = String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList());
    String secret = "made for this run alone " + new SecureRandom().nextLong();
    List<ServerPlan> plans = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      ServerPlan plan =
          ServerPlan.ofJar(jar, home.resolve(names.get(i)))
              .with("TOCSIN_POSTGRES_URI", postgresUri)
              .with("TOCSIN_SECRETS_KEY", secret)
              .with("TOCSIN_CLUSTER_ENABLED", "true")
              .with("TOCSIN_CLUSTER_PORT", String.valueOf(ports.get(i)))
              .with("TOCSIN_CLUSTER_BUS_PORT", "0")
              .with("TOCSIN_CLUSTER_MEMBERS", members);
      for (Map.Entry<String, String> file : ClusterKeys.settings(keys, names.get(i)).entrySet()) {
        plan = plan.with(file.getKey(), file.getValue());
      }
      plans.add(plan);
    }
    return plans;
  }
}
