package dev.tocsin.rule;

/** Carries the problem that ends a parse from where it is seen to {@link Calculations}. */
@SuppressWarnings("serial") // never serialized: it doesn't leave the package
final class Refusal extends RuntimeException {
  private final Problem problem;

  Refusal(Position at, String message) {
    super(message, null, false, false);
    problem = new Problem(at.line(), at.column(), message);
  }

  Problem problem() {
    return problem;
  }
}
