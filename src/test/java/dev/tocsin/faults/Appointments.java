package dev.tocsin.faults;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The dates that entities were given, and so the scheduled events that must come of them. Each
 * entity has one author, who tells of a change once it is acknowledged. Thread-safe.
 */
final class Appointments {
  static final String BILL = "Bill";
  static final String BALANCE = "Balance";

  private final Map<Dated, Life> lives = new HashMap<>();

  /** An entity that has a date. */
  record Dated(String entity, String id) {}

  /** How a date stands to the clocks of all nodes, right or wrong, when it is given. */
  enum Distance {
    /** It is over by each of them: its event is owed from then on. */
    OVER,
    /** It may be over by some of them before it is changed. */
    NEAR,
    /** It is over by none of them while a campaign lasts. */
    FAR
  }

  /** What an entity was given. */
  record Date(Instant due, Distance distance) {}

  /** A scheduled event of a configuration: there is one of each. */
  record Due(Dated which, Instant at) {}

  /**
   * What is to be stored.
   *
   * @param must of each of these just one
   * @param may of each of these none or one
   */
  record Expected(Set<Due> must, Set<Due> may) {}

  private static final class Life {
    private final Set<Instant> owed = new HashSet<>();
    private final Set<Instant> possible = new HashSet<>();
    private @Nullable Date last;
  }

  /** An entity has another date. What was due and had not fired yet still fires. */
  synchronized void dated(Dated which, Date date) {
    Life life = lives.computeIfAbsent(which, none -> new Life());
    Date before = life.last;
    if (before != null && before.distance() == Distance.OVER) {
      life.owed.add(before.due());
    } else if (before != null && before.distance() == Distance.NEAR) {
      life.possible.add(before.due());
    }
    life.last = date;
  }

  /** An entity is gone, and with it what had not fired yet. */
  synchronized void deleted(Dated which) {
    Life life = lives.computeIfAbsent(which, none -> new Life());
    Date before = life.last;
    if (before != null && before.distance() != Distance.FAR) {
      life.possible.add(before.due());
    }
    life.possible.addAll(life.owed);
    life.owed.clear();
    life.last = null;
  }

  /** What a configuration must have made that was about an entity all the time. */
  synchronized Expected ofSteady(String entity) {
    Expected expected = new Expected(new HashSet<>(), new HashSet<>());
    lives.forEach((which, life) -> {
      if (which.entity().equals(entity)) {
        life.owed.forEach(at -> expected.must().add(new Due(which, at)));
        life.possible.forEach(at -> expected.may().add(new Due(which, at)));
        addLast(which, life, expected.must());
      }
    });
    return expected;
  }

  /**
   * What a configuration must have made that was now about the one entity, now about the other, and
   * in the end about this: it armed what it found then. What it fired before nobody can tell.
   */
  synchronized Expected ofTurned(String inTheEnd) {
    Expected expected = new Expected(new HashSet<>(), new HashSet<>());
    lives.forEach((which, life) -> {
      life.owed.forEach(at -> expected.may().add(new Due(which, at)));
      life.possible.forEach(at -> expected.may().add(new Due(which, at)));
      addLast(which, life, which.entity().equals(inTheEnd) ? expected.must() : expected.may());
    });
    return expected;
  }

  private static void addLast(Dated which, Life life, Set<Due> to) {
    Date last = life.last;
    if (last != null) {
      to.add(new Due(which, last.due()));
    }
  }

  /** How many entities had a date. */
  synchronized int size() {
    return lives.size();
  }
}
