package dev.tocsin.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the requests to a host may go. All its addresses are checked, and a single one that is not
 * allowed refuses the host: a name that also means something inside is no accident. The connection
 * is then made to the address that was checked, so the name's owner cannot change it in between.
 *
 * <p>Thread-safe.
 */
public final class CheckedAddresses {
  private static final Logger log = LoggerFactory.getLogger(CheckedAddresses.class);

  private final Resolver resolver;
  private final AddressCheck check;
  private final Counter refused;
  private final AtomicBoolean warned = new AtomicBoolean();

  /** Addresses as the resolver finds and the check allows them. */
  public CheckedAddresses(Resolver resolver, AddressCheck check, MeterRegistry meters) {
    this.resolver = resolver;
    this.check = check;
    this.refused = meters.counter("tocsin.deliver.address.refused");
  }

  /** A host's first address; fails with {@link NotAllowed} when one of them is not allowed. */
  Future<InetAddress> of(String host) {
    return resolver.resolve(host).compose(found -> checked(host, found));
  }

  private Future<InetAddress> checked(String host, List<InetAddress> found) {
    for (InetAddress address : found) {
      if (!check.allows(address)) {
        refused.increment();
        tell(host, address);
        return Future.failedFuture(new NotAllowed());
      }
    }
    return Future.succeededFuture(found.getFirst());
  }

  /** Warns once, since customers decide how often this happens; the counter has all of them. */
  private void tell(String host, InetAddress address) {
    if (warned.compareAndSet(false, true)) {
      log.warn(
          "address not allowed: see delivery.allowedNetworks host={} address={};"
              + " more of them are only counted, by tocsin.deliver.address.refused",
          host,
          address.getHostAddress());
    } else {
      log.debug("address not allowed host={} address={}", host, address.getHostAddress());
    }
  }

  /** Says nothing of the address: what it holds may reach a customer. */
  static final class NotAllowed extends Exception {
    private static final long serialVersionUID = 1;

    NotAllowed() {
      super("address not allowed", null, false, false);
    }
  }
}
