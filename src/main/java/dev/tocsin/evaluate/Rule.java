package dev.tocsin.evaluate;

import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.RuleId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An active notification configuration, ready to be asked.
 *
 * @param calculation null for a rule that fires on every event it listens to
 * @param targets the webhooks it is linked to; may be empty, it then fires without being sent
 */
public record Rule(
    RuleId id,
    String code,
    String name,
    long version,
    @Nullable Calculation calculation,
    List<Target> targets) {
  public Rule {
    Objects.requireNonNull(id);
    Objects.requireNonNull(code);
    Objects.requireNonNull(name);
    targets = List.copyOf(targets);
  }
}
