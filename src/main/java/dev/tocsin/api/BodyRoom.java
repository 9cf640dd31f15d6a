package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes of bodies a node holds, over all organizations and for each: from the moment a
 * client says how much it will send, or has sent it, until its request is answered or its
 * connection is gone. Without it, many slow uploads would take the memory before anybody had looked
 * at one of them.
 *
 * <p>Thread-safe.
 */
final class BodyRoom {
  /**
   * The bounds of a node.
   *
   * @param bytesMax most bytes over all organizations
   * @param organizationBytesMax most bytes of one
   * @param retryAfter what a refused client is told to wait
   */
  record Limits(long bytesMax, long organizationBytesMax, Duration retryAfter) {}

  private final Limits limits;
  private final Counter refusedForOrganization;
  private final Counter refusedForServer;
  private final Map<OrganizationId, Long> bytesByOrganization = new HashMap<>();
  private long bytes;

  /** Nothing is held yet. */
  BodyRoom(Limits limits, MeterRegistry meters) {
    this.limits = limits;
    this.refusedForOrganization =
        meters.counter("tocsin.api.bodies.refused", "scope", "organization");
    this.refusedForServer = meters.counter("tocsin.api.bodies.refused", "scope", "server");
    meters.gauge("tocsin.api.bodies.bytes", this, BodyRoom::bytes);
  }

  /** The share of a request, which is empty. */
  Share share(OrganizationId organization) {
    return new Share(organization);
  }

  /** What one request's body takes. */
  final class Share {
    private final OrganizationId organization;
    private long taken;
    private boolean released;

    private Share(OrganizationId organization) {
      this.organization = organization;
    }

    /**
     * Takes room until the share has so many bytes; nothing when it has them already.
     *
     * @return what the client is told when that would break a bound, or null
     */
    @Nullable ApiError reserve(long upTo) {
      synchronized (BodyRoom.this) {
        long more = upTo - taken;
        if (more <= 0 || released) {
          return null;
        }
        long own = bytesByOrganization.getOrDefault(organization, 0L);
        if (own + more > limits.organizationBytesMax()) {
          refusedForOrganization.increment();
          return ApiError.tooManyRequests(limits.retryAfter());
        }
        if (bytes + more > limits.bytesMax()) {
          refusedForServer.increment();
          return ApiError.busy(limits.retryAfter());
        }
        bytes += more;
        bytesByOrganization.put(organization, own + more);
        taken = upTo;
        return null;
      }
    }

    /** Gives all of it back, for good; a second time does nothing. */
    void release() {
      synchronized (BodyRoom.this) {
        released = true;
        bytes -= taken;
        bytesByOrganization.computeIfPresent(
            organization, (key, own) -> own == taken ? null : own - taken);
        taken = 0;
      }
    }
  }

  private synchronized long bytes() {
    return bytes;
  }
}
