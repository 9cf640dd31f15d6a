package dev.tocsin.network;

import dev.tocsin.process.ServerPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;

/**
 * What nodes stand in. Clients reach every node, and nodes reach receivers, whatever is cut.
 * Thread-safe.
 */
public sealed interface Network extends AutoCloseable permits Namespaces, Cables {
  /**
   * The best network that can be had here for so many nodes; {@code -Dtocsin.test.network=cables}
   * does without namespaces.
   *
   * @param home for certificates; belongs to this network alone
   * @param database the port of the loopback address where PostgreSQL listens
   */
  static Network open(Path home, int nodes, int database) throws IOException {
    return !"cables".equals(System.getProperty("tocsin.test.network")) && Namespaces.canBeHad()
        ? new Namespaces(home, nodes, database)
        : new Cables(home, nodes, database);
  }

  /** What it is, and what it cannot do. */
  String says();

  /** The plan of a node in its place: its addresses, its certificate and where the others are. */
  ServerPlan place(int node, ServerPlan plan);

  /** The address and port of PostgreSQL, as a node reaches it. */
  String database(int node);

  /** Where receivers listen, so that every node reaches them. */
  InetAddress here();

  /** Lets nothing pass on a way of a node any more, and tells nobody. */
  void cut(int node, Way way) throws IOException;

  /** Lets everything pass there again. */
  void mend(int node, Way way) throws IOException;

  /**
   * Holds back what passes between a node and PostgreSQL: no connection ends, and nobody is told
   * when one does.
   */
  void silence(int node);

  /** Lets that pass again, with what was held back. */
  void resume(int node);

  /** Leaves nothing behind. */
  @Override
  void close() throws IOException;
}
