package dev.tocsin.flow;

import dev.tocsin.bus.BusMessage;
import dev.tocsin.event.OrganizationId;
import java.util.Objects;

/**
 * What decides over an organization's events has changed: a rule, a webhook or a link.
 *
 * <p>A node that it does not reach goes on with the rules it holds until its next commit for the
 * organization, which finds them stale, commits nothing and evaluates again: a few milliseconds.
 *
 * @param version the rule set's version after the change
 */
public record RulesChanged(OrganizationId organization, long version) implements BusMessage {
  public RulesChanged {
    Objects.requireNonNull(organization);
  }
}
