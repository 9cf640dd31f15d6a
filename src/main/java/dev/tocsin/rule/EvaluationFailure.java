package dev.tocsin.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ends an evaluation that cannot go on. It is caught in the calculation that was asked, where it
 * becomes {@link Outcome.Failed}; it has no stack trace, so that a rule that fails on every event
 * stays cheap.
 */
@SuppressWarnings("serial") // never serialized: it doesn't leave the package
final class EvaluationFailure extends RuntimeException {
  private final String reason;

  private final transient @Nullable Object culprit;

  /** One that no value alone is to blame for. */
  EvaluationFailure(String reason) {
    this(reason, null);
  }

  /**
   * One that a value is to blame for.
   *
   * @param culprit the operand or argument that does not fit, as it came. It is no part of the
   *     reason, which is logged: it may be anything
   */
  EvaluationFailure(String reason, @Nullable Object culprit) {
    super(reason, null, false, false);
    this.reason = reason;
    this.culprit = culprit;
  }

  /**
   * Which of the values that something was computed of is to blame; -1 for none of them. The last,
   * if several are the same: a divisor stands last.
   */
  int culpritAmong(List<? extends @Nullable Object> values) {
    return culprit == null ? -1 : values.lastIndexOf(culprit);
  }

  String reason() {
    return reason;
  }
}
