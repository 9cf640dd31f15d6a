package dev.tocsin.rule;

import java.util.List;
import java.util.stream.Stream;

/**
 * What an {@link Oracle} asked, and what it was answered.
 *
 * @param expressions all of them different
 * @param evaluations of an expression, of one change each
 * @param fired evaluations that were true
 * @param failed evaluations that ended with an error
 * @param askedOfGroovy evaluations that ordinary Groovy did too
 * @param disagreements as text, each with the seed that repeats it
 */
record Tally(
    long expressions,
    long evaluations,
    long fired,
    long failed,
    long askedOfGroovy,
    List<String> disagreements) {
  /** Of nothing asked. */
  static final Tally NONE = new Tally(0, 0, 0, 0, 0, List.of());

  Tally {
    disagreements = List.copyOf(disagreements);
  }

  Tally plus(Tally other) {
    return new Tally(
        expressions + other.expressions,
        evaluations + other.evaluations,
        fired + other.fired,
        failed + other.failed,
        askedOfGroovy + other.askedOfGroovy,
        Stream.concat(disagreements.stream(), other.disagreements.stream()).toList());
  }

  @Override
  public String toString() {
    return "expressions=%d evaluations=%d fired=%d failed=%d askedOfGroovy=%d disagreements=%d"
        .formatted(expressions, evaluations, fired, failed, askedOfGroovy, disagreements.size());
  }
}
