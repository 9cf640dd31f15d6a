package dev.tocsin.rule;

/**
 * Ends an evaluation that cannot go on. It is caught in the calculation that was asked, where it
 * becomes {@link Outcome.Failed}; it has no stack trace, so that a rule that fails on every event
 * stays cheap.
 */
@SuppressWarnings("serial") // never serialized: it doesn't leave the package
final class EvaluationFailure extends RuntimeException {
  private final String reason;

  EvaluationFailure(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
