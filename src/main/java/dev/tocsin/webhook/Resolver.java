package dev.tocsin.webhook;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.List;

/** Looks names up. */
@FunctionalInterface
public interface Resolver {
  /**
   * All addresses of a host, at least one, on the caller's context; fails when there is none. A
   * host that is an address is its own.
   */
  Future<List<InetAddress>> resolve(String host);

  /** The resolver of Vert.x, which waits for no thread and knows the hosts file. */
  static Resolver of(Vertx vertx) {
    return new VertxResolver(vertx);
  }
}
