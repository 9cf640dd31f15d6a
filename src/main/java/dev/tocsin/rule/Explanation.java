package dev.tocsin.rule;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a calculation says what it says of a change.
 *
 * @param trace the calculation as a whole
 * @param misses when it does not fire, the conditions that together would make it: all that are
 *     missing of an AND, evaluated or not, and of an OR those of its closest branch. Empty
 *     otherwise
 */
public record Explanation(Outcome outcome, Trace trace, List<Miss> misses) {
  public Explanation {
    Objects.requireNonNull(outcome);
    Objects.requireNonNull(trace);
    misses = List.copyOf(misses);
  }

  /**
   * Where and why it could not be computed, with the part that is to blame and its value, unless
   * that stands in the calculation; null when it could.
   */
  public @Nullable Problem problem() {
    if (!(outcome instanceof Outcome.Failed(String reason))) {
      return null;
    }
    Trace origin = origin();
    Place place = origin.place();
    return new Problem(place.line(), place.column(), reason + culprit(origin));
  }

  private static String culprit(Trace origin) {
    if (!(origin.finding() instanceof Finding.Known(Object value))) {
      return "";
    }
    String shown = ShownValue.of(value);
    return shown.equals(origin.text()) ? "" : ": " + origin.text() + " is " + shown;
  }

  /** The innermost part that decided: where the evaluation failed, if it did. */
  public Trace origin() {
    Trace origin = trace;
    Trace next = trace;
    while (next != null) {
      origin = next;
      next = origin.parts().stream().filter(Trace::decided).findFirst().orElse(null);
    }
    return origin;
  }
}
