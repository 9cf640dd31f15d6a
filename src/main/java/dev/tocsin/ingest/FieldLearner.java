package dev.tocsin.ingest;

import dev.tocsin.catalog.FieldType;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Learns which fields events have, of those that are stored. Nothing waits for it: a state whose
 * shape was seen costs a walk over its fields; of a new shape, those fields that are new are put
 * where {@link LearnSweep} finds them. What does not fit is left out, counted, and learned when it
 * is seen again. What is too deep, too long or has no path is skipped, and counted too.
 *
 * <p>What was seen counts for {@code seenEvery}, and until the organization's catalog changes.
 * After that everything is new again, so that it is written when it was last seen. What a node that
 * dies has not written, is learned from the next event.
 *
 * <p>Thread-safe; every instance of ingest on a node shares one.
 */
public final class FieldLearner {
  private final LearnSettings settings;
  private final Map<OrganizationId, Seen> seen = new ConcurrentHashMap<>();
  private final AtomicInteger remembered = new AtomicInteger();
  private final AtomicLong swept = new AtomicLong();
  private final BlockingQueue<SeenField> pending;
  private final Counter dropped;
  private final Counter skipped;

  /** Nothing is known yet. */
  public FieldLearner(LearnSettings settings, MeterRegistry meters) {
    this.settings = settings;
    this.pending = new ArrayBlockingQueue<>(settings.pendingMax());
    this.dropped = meters.counter("tocsin.catalog.learned.dropped");
    this.skipped = meters.counter("tocsin.catalog.learned.skipped");
    meters.gauge("tocsin.catalog.learned.pending", pending, BlockingQueue::size);
  }

  /** What was seen of an organization in one period, under one version of its catalog. */
  private static final class Seen {
    private final long period;
    private final long catalog;
    private final Set<Long> shapes = ConcurrentHashMap.newKeySet();
    private final Set<Field> fields = ConcurrentHashMap.newKeySet();
    private boolean isForgotten;

    Seen(long period, long catalog) {
      this.period = period;
      this.catalog = catalog;
    }

    /** Whether this is new, and counts: what a walk adds after it was forgotten goes with it. */
    synchronized <T> boolean adds(Set<T> known, T one) {
      return known.add(one) && !isForgotten;
    }

    /** How much of it counted until now. */
    synchronized int close() {
      isForgotten = true;
      return shapes.size() + fields.size();
    }

    boolean isOf(long otherPeriod, long otherCatalog) {
      return period == otherPeriod && catalog == otherCatalog;
    }
  }

  private record Field(String subject, String path, FieldType type) {}

  /**
   * Learns from an event that is stored.
   *
   * @param catalog the version of the organization's catalog by which the event was checked
   */
  void learn(OrganizationId organization, long catalog, IncomingEvent event, Instant now) {
    if (settings.fieldsMax() == 0) {
      return;
    }
    Seen known = seen(organization, catalog, now);
    EntityRef changed = event.changed();
    String subject = changed == null ? event.name().value() : changed.entity();
    learn(organization, known, subject, event.after(), now);
    learn(organization, known, subject, event.before(), now);
  }

  private Seen seen(OrganizationId organization, long catalog, Instant now) {
    long period = now.getEpochSecond() / settings.seenEvery().toSeconds();
    Seen known = seen.get(organization);
    if (known != null && known.isOf(period, catalog)) {
      return known;
    }
    Seen begun = new Seen(period, catalog);
    forget(seen.put(organization, begun));
    return begun;
  }

  private void forget(@Nullable Seen old) {
    if (old != null) {
      remembered.addAndGet(-old.close());
    }
  }

  /** Whether something more can be remembered; what is of earlier periods makes room for it. */
  private boolean hasRoom(long period) {
    if (remembered.get() >= settings.rememberedMax() && swept.getAndSet(period) != period) {
      seen.forEach((organization, old) -> {
        if (old.period != period && seen.remove(organization, old)) {
          forget(old);
        }
      });
    }
    return remembered.get() < settings.rememberedMax();
  }

  private void learn(
      OrganizationId organization,
      Seen known,
      String subject,
      @Nullable Payload state,
      Instant now) {
    if (state == null) {
      return;
    }
    long shape = Shape.of(subject, state.fields(), settings.depthMax());
    if (known.shapes.contains(shape)) {
      return;
    }
    Walk walk = new Walk(organization, known, subject, now);
    walk.over(state.fields(), "", 1);
    if (!walk.incomplete
        && known.shapes.size() < settings.shapesMax()
        && hasRoom(known.period)
        && known.adds(known.shapes, shape)) {
      remembered.incrementAndGet();
    }
  }

  /** One walk over a state of a new shape. */
  private final class Walk {
    private final OrganizationId organization;
    private final Seen known;
    private final String subject;
    private final Instant now;
    // Whether something new found no place where it would wait to be written.
    private boolean incomplete;

    Walk(OrganizationId organization, Seen known, String subject, Instant now) {
      this.organization = organization;
      this.known = known;
      this.subject = subject;
      this.now = now;
    }

    void over(Map<?, ?> fields, String before, int depth) {
      fields.forEach((name, value) -> {
        FieldType type = FieldType.ofValue(value);
        String path = before + name;
        if (type != null && isLearnable((String) name, path)) {
          note(path, type);
          if (value instanceof Map<?, ?> object && !object.isEmpty()) {
            below(object, path, depth);
          }
        } else if (type != null) {
          skipped.increment();
        }
      });
    }

    private void below(Map<?, ?> object, String path, int depth) {
      if (depth < settings.depthMax()) {
        over(object, path + ".", depth + 1);
      } else {
        skipped.increment();
      }
    }

    private boolean isLearnable(String name, String path) {
      return path.length() <= settings.pathLengthMax()
          && !name.isEmpty()
          && name.codePoints().allMatch(FieldLearner::isPlain);
    }

    private void note(String path, FieldType type) {
      Field field = new Field(subject, path, type);
      if (known.fields.contains(field)) {
        return;
      }
      if (known.fields.size() >= settings.fieldsMax() || !hasRoom(known.period)) {
        dropped.increment();
      } else if (!pending.offer(new SeenField(organization, subject, path, type, now))) {
        dropped.increment();
        incomplete = true;
      } else if (known.adds(known.fields, field)) {
        remembered.incrementAndGet();
      }
    }
  }

  /** A name with a dot could not be told from a field within an object. */
  private static boolean isPlain(int codePoint) {
    int type = Character.getType(codePoint);
    return codePoint != '.' && type != Character.CONTROL && type != Character.SURROGATE;
  }

  /** Takes fields to be written, as many as are written at once. */
  List<SeenField> take() {
    List<SeenField> taken = new ArrayList<>();
    pending.drainTo(taken, settings.batchMax());
    return taken;
  }

  /** Takes back fields that could not be written, as far as there is room. */
  void putBack(List<SeenField> taken) {
    for (SeenField field : taken) {
      if (!pending.offer(field)) {
        dropped.increment();
      }
    }
  }
}
