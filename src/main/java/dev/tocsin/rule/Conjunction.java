package dev.tocsin.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * One way for a calculation to be true, so far as an index can look for it: tests of fields that
 * all have to be passed.
 *
 * @param ranges at most one of each field
 * @param exact whether that is all there is to it: then who passes the tests makes the calculation
 *     true, without it being evaluated, and nothing in it can fail
 */
public record Conjunction(List<OneOf> values, List<Within> ranges, boolean exact) {
  /** What is always true. */
  static final Conjunction ALWAYS = new Conjunction(List.of(), List.of(), true);

  /** What has to be evaluated to know anything of it. */
  static final Conjunction UNKNOWN = ALWAYS.inexact();

  public Conjunction {
    values = List.copyOf(values);
    ranges = List.copyOf(ranges);
  }

  static Conjunction of(OneOf test, boolean exact) {
    return new Conjunction(List.of(test), List.of(), exact);
  }

  static Conjunction of(Within test, boolean exact) {
    return new Conjunction(List.of(), List.of(test), exact);
  }

  /** The same tests, as a part of something that asks for more. */
  Conjunction inexact() {
    return new Conjunction(values, ranges, false);
  }

  /** Whether it keeps no event out. */
  boolean isOpen() {
    return values.isEmpty() && ranges.isEmpty();
  }

  /** Whether it asks a field for certain values. */
  boolean isSelective() {
    return values.stream().anyMatch(test -> test.selectivity() == OneOf.Selectivity.CERTAIN_VALUES);
  }

  Conjunction and(Conjunction other) {
    List<OneOf> bothValues = new ArrayList<>(values);
    bothValues.addAll(other.values);
    List<Within> bothRanges = new ArrayList<>(ranges);
    other.ranges.forEach(range -> addRange(bothRanges, range));
    return new Conjunction(bothValues, bothRanges, exact && other.exact);
  }

  private static void addRange(List<Within> ranges, Within added) {
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).field().equals(added.field())) {
        ranges.set(i, ranges.get(i).and(added));
        return;
      }
    }
    ranges.add(added);
  }
}
