package dev.tocsin.webhook;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The resolver that every client of this Vert.x uses.
 *
 * <p>The public way to it connects to the first address without showing the others, the public DNS
 * client knows neither the hosts file nor search domains, and {@link InetAddress} holds a thread
 * for as long as a customer's name server likes. So this class, and it alone, uses an internal type
 * of Vert.x.
 */
final class VertxResolver implements Resolver {
  private final VertxInternal vertx;

  VertxResolver(Vertx vertx) {
    this.vertx = (VertxInternal) vertx;
  }

  @Override
  public Future<List<InetAddress>> resolve(String host) {
    Promise<List<InetSocketAddress>> answer = Promise.promise();
    vertx.nameResolver().resolveAll(host, found -> answer.complete(found.result(), found.cause()));
    return answer.future().map(found -> found.stream().map(InetSocketAddress::getAddress).toList());
  }
}
