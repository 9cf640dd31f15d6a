package dev.tocsin.ingest;

import dev.tocsin.flow.StoreUnavailable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what was learned, in batches, beside everything else. */
public final class LearnSweep {
  private static final Logger log = LoggerFactory.getLogger(LearnSweep.class);

  private final FieldLearner learner;
  private final SeenFields store;
  private final Counter written;
  private final Counter refused;

  /** A sweep of what the learner has. */
  public LearnSweep(FieldLearner learner, SeenFields store, MeterRegistry meters) {
    this.learner = learner;
    this.store = store;
    this.written = meters.counter("tocsin.catalog.learned.written");
    this.refused = meters.counter("tocsin.catalog.learned.refused");
  }

  /** What one round did, in fields. */
  public record Round(int noted, int refused) {}

  /** Writes all there is, until the store cannot be reached. */
  public Round runOnce() {
    int noted = 0;
    int tooMany = 0;
    for (List<SeenField> batch = learner.take(); !batch.isEmpty(); batch = learner.take()) {
      try {
        int left = store.note(batch);
        noted += batch.size();
        tooMany += left;
        written.increment(batch.size() - left);
        refused.increment(left);
      } catch (StoreUnavailable e) {
        log.debug(
            "learned fields not written fields={} cause=\"{}\"", batch.size(), e.getMessage());
        learner.putBack(batch);
        break;
      }
    }
    return new Round(noted, tooMany);
  }
}
