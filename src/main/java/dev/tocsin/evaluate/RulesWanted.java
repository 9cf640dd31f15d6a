package dev.tocsin.evaluate;

import dev.tocsin.event.OrganizationId;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * That an organization's rules have to be read before its events can be judged.
 *
 * @param since the version there is already, if there is one: what changed since is enough
 * @param held whether they must not change again before the events that wait are committed, since
 *     they were overtaken before
 */
public record RulesWanted(OrganizationId organization, OptionalLong since, boolean held) {
  public RulesWanted {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(since);
  }
}
