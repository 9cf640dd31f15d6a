package dev.tocsin.ingest;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.IngestAnswer.Busy.Scope;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much a node has accepted and not yet answered, over all organizations and for each. What is
 * over a bound is refused at once: a queue that grows only moves the refusal to a time-out.
 *
 * <p>Thread-safe; every instance of ingest on a node shares one.
 */
public final class Admission {
  private final IngestSettings settings;
  private final Counter refusedForOrganization;
  private final Counter refusedForServer;
  private final Map<OrganizationId, Integer> eventsByOrganization = new HashMap<>();
  private int events;
  private long bytes;

  /** Nothing is in flight yet. */
  public Admission(IngestSettings settings, MeterRegistry meters) {
    this.settings = settings;
    this.refusedForOrganization = meters.counter("tocsin.ingest.refused", "scope", "organization");
    this.refusedForServer = meters.counter("tocsin.ingest.refused", "scope", "server");
    meters.gauge("tocsin.ingest.inflight.events", this, Admission::events);
    meters.gauge("tocsin.ingest.inflight.bytes", this, Admission::bytes);
  }

  /**
   * Lets a request in, which must {@link #leave} with the same numbers when it is answered.
   *
   * @return whose limit it would break, or null when it is in
   */
  @Nullable Scope enter(OrganizationId organization, int newEvents, long newBytes) {
    Scope refusal = admit(organization, newEvents, newBytes);
    if (refusal != null) {
      (refusal == Scope.SERVER ? refusedForServer : refusedForOrganization).increment();
    }
    return refusal;
  }

  private synchronized @Nullable Scope admit(
      OrganizationId organization, int newEvents, long newBytes) {
    int own = eventsByOrganization.getOrDefault(organization, 0);
    if (own + newEvents > settings.organizationInFlightEventsMax()) {
      return Scope.ORGANIZATION;
    }
    if (events + newEvents > settings.inFlightEventsMax()
        || bytes + newBytes > settings.inFlightBytesMax()) {
      return Scope.SERVER;
    }
    events += newEvents;
    bytes += newBytes;
    eventsByOrganization.put(organization, own + newEvents);
    return null;
  }

  /** Gives back what an answered request had taken. */
  synchronized void leave(OrganizationId organization, int itsEvents, long itsBytes) {
    events -= itsEvents;
    bytes -= itsBytes;
    eventsByOrganization.merge(
        organization, -itsEvents, (own, less) -> own + less == 0 ? null : own + less);
  }

  private synchronized int events() {
    return events;
  }

  private synchronized long bytes() {
    return bytes;
  }
}
