package dev.tocsin.rule;

import java.util.Objects;
import java.util.UUID;

/**
 * The id of a rule, which the API calls a notification configuration. Ids are in the order in which
 * their rules were made.
 */
public record RuleId(UUID value) implements Comparable<RuleId> {
  public RuleId {
    Objects.requireNonNull(value);
  }

  @Override
  public int compareTo(RuleId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
