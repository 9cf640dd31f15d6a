package dev.tocsin.rule;

import java.util.UUID;

/** The id of a rule, which the API calls a notification configuration. */
public record RuleId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
