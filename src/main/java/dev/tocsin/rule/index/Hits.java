package dev.tocsin.rule.index;

import dev.tocsin.event.Change;
import dev.tocsin.rule.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a change finds on its way through an index. */
final class Hits<R> {
  /** Stands for a value that was read, and is null. */
  private enum Nothing {
    READ
  }

  private final Change change;
  private final Misses<R> misses;
  private final @Nullable Object[] values;
  private final List<R> fired = new ArrayList<>();
  private final List<Matches.Failure<R>> failures = new ArrayList<>(0);
  private @Nullable Set<Entry<R>> seen;
  private int evaluated;

  Hits(Change change, int fields, Misses<R> misses) {
    this.change = change;
    this.misses = misses;
    this.values = new Object[fields];
  }

  /** The change's value of a field, which is read once. */
  @Nullable Object value(IndexedField<R> field) {
    Object known = values[field.position()];
    if (known == null) {
      Object read = field.path().value(change);
      known = read == null ? Nothing.READ : read;
      values[field.position()] = known;
    }
    return known instanceof Nothing ? null : known;
  }

  /** Takes a rule that was found, and evaluates it if finding it does not decide. */
  void offer(Posting<R> posting) {
    if (posting.isOverlapping() && !isNew(posting.entry())) {
      return;
    }
    if (posting.isDecided()) {
      fired.add(posting.rule());
    } else {
      evaluate(posting);
    }
  }

  /** Takes a rule that fires, and is found nowhere else. */
  void fire(R rule) {
    fired.add(rule);
  }

  private boolean isNew(Entry<R> entry) {
    if (seen == null) {
      seen = new HashSet<>();
    }
    return seen.add(entry);
  }

  private void evaluate(Posting<R> posting) {
    evaluated++;
    switch (posting.entry().evaluate(change)) {
      case Outcome.Fires _ -> fired.add(posting.rule());
      case Outcome.DoesNotFire _ -> misses.add(posting.entry());
      case Outcome.Failed failed -> {
        failures.add(new Matches.Failure<>(posting.rule(), failed));
        misses.add(posting.entry());
      }
    }
  }

  Matches<R> result() {
    return new Matches<>(fired, failures, evaluated);
  }
}
