package dev.tocsin.catalog;

import dev.tocsin.event.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalogs of one node, as it last read them. A name that is in the one that is held is good
 * enough; one that is not may have been added a moment ago, on a node that could not tell us, so
 * whoever would refuse it asks for the {@link #current} catalog first.
 *
 * <p>However many ask, there is one look-up under way at a time, for all organizations that wait,
 * and it reads one row of those that have not changed: a client that keeps sending misspelt names
 * costs the database no more than that. An organization takes one place in it, so none waits behind
 * another's questions.
 *
 * <p>Thread-safe; everybody on the node shares one.
 */
public final class HeldCatalogs {
  private static final Logger log = LoggerFactory.getLogger(HeldCatalogs.class);

  /** Organizations in one look-up; those that wait longer are first in the next. */
  private static final int LOOK_UP_MAX = 200;

  private final Catalog system;
  private final CatalogSource source;
  private final Executor threads;
  private final int heldMax;
  private final Counter lookUps;
  private final Map<OrganizationId, Held> held = new ConcurrentHashMap<>();
  private final Map<OrganizationId, CompletableFuture<Catalog>> waiting = new LinkedHashMap<>();
  private boolean lookingUp;

  /** One catalog, and whether anybody wanted it since the last refresh. */
  private static final class Held {
    private final Catalog catalog;
    private volatile boolean used = true;

    Held(Catalog catalog) {
      this.catalog = catalog;
    }

    Catalog use() {
      if (!used) {
        used = true;
      }
      return catalog;
    }
  }

  /**
   * None is held yet.
   *
   * @param threads where look-ups wait for the source
   * @param heldMax most catalogs that are held; of more organizations each miss is looked up
   */
  public HeldCatalogs(
      Catalog system, CatalogSource source, Executor threads, int heldMax, MeterRegistry meters) {
    this.system = system;
    this.source = source;
    this.threads = threads;
    this.heldMax = heldMax;
    this.lookUps = meters.counter("tocsin.catalog.lookups");
    meters.gaugeMapSize("tocsin.catalog.held", Tags.empty(), held);
  }

  /** An organization's catalog as the node knows it, which may lack what was just added. */
  public Catalog held(OrganizationId organization) {
    Held known = held.get(organization);
    return known == null ? system : known.use();
  }

  /**
   * An organization's catalog as it was at some moment after this call; fails as the source does.
   */
  public CompletableFuture<Catalog> current(OrganizationId organization) {
    CompletableFuture<Catalog> wanted;
    synchronized (waiting) {
      wanted = waiting.computeIfAbsent(organization, none -> new CompletableFuture<>());
      if (lookingUp) {
        return wanted;
      }
      lookingUp = true;
    }
    threads.execute(this::lookUp);
    return wanted;
  }

  /** The same, for a thread that may wait. */
  public Catalog awaitCurrent(OrganizationId organization) {
    return current(organization).join();
  }

  /**
   * Looks for newer versions of the catalogs that were used since the last time, and forgets the
   * others: so what is taken out of a catalog is refused on every node after that.
   */
  public void refresh() {
    held.forEach((organization, known) -> {
      if (known.used) {
        known.used = false;
        CompletableFuture<Catalog> _ = current(organization); // a failure is for who asks
      } else {
        held.remove(organization, known);
      }
    });
  }

  private void lookUp() {
    Map<OrganizationId, CompletableFuture<Catalog>> asked = take();
    while (!asked.isEmpty()) {
      try {
        follow(asked);
      } catch (Throwable e) {
        // Errors too: whoever is never answered waits for ever.
        log.warn(
            "catalogs not looked up organizations={} cause=\"{}\"", asked.size(), e.toString());
        asked.values().forEach(wanted -> wanted.completeExceptionally(e));
      }
      asked = take();
    }
  }

  /** Those that wait now, and so may only be answered by what is read from now on. */
  private Map<OrganizationId, CompletableFuture<Catalog>> take() {
    Map<OrganizationId, CompletableFuture<Catalog>> taken = new LinkedHashMap<>();
    synchronized (waiting) {
      Iterator<Map.Entry<OrganizationId, CompletableFuture<Catalog>>> entries =
          waiting.entrySet().iterator();
      while (entries.hasNext() && taken.size() < LOOK_UP_MAX) {
        Map.Entry<OrganizationId, CompletableFuture<Catalog>> entry = entries.next();
        taken.put(entry.getKey(), entry.getValue());
        entries.remove();
      }
      lookingUp = !taken.isEmpty();
    }
    return taken;
  }

  private void follow(Map<OrganizationId, CompletableFuture<Catalog>> asked) {
    Map<OrganizationId, Catalog> known = new LinkedHashMap<>();
    Map<OrganizationId, Long> versions = new LinkedHashMap<>();
    for (OrganizationId organization : asked.keySet()) {
      Held one = held.get(organization);
      Catalog catalog = one == null ? system : one.catalog;
      known.put(organization, catalog);
      versions.put(organization, catalog.version());
    }
    lookUps.increment();
    source
        .changed(versions)
        .forEach((organization, additions) -> {
          Catalog catalog = system.with(additions);
          known.put(organization, catalog);
          if (held.containsKey(organization) || held.size() < heldMax) {
            held.put(organization, new Held(catalog));
          }
        });
    asked.forEach((organization, wanted) -> wanted.complete(known.get(organization)));
  }
}
