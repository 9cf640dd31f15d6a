package dev.tocsin.api;

import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where notification configurations are kept. */
public interface NotificationConfigurations {
  /**
   * Which ones to list; null where it does not matter.
   *
   * @param ids those with one of these ids; empty for all
   */
  record Filter(@Nullable Boolean active, @Nullable EventName eventName, List<RuleId> ids) {
    public Filter {
      ids = List.copyOf(ids);
    }
  }

  /** A page of those that pass the filter, newest first. */
  Page<NotificationConfiguration> list(
      OrganizationId organization, Filter filter, PageRequest page);

  /** The one with this id. */
  Optional<NotificationConfiguration> find(OrganizationId organization, RuleId id);

  /**
   * Makes a new one, with version 1.
   *
   * @param entities those of the organization's own that it names, as they were read: {@link
   *     Written.EntityGone} or {@link Written.EntityChanged} when one of them is so no more
   */
  Written<NotificationConfiguration> create(
      Author author,
      RuleId id,
      NotificationConfiguration.Content content,
      Set<CustomEntity> entities);

  /** Makes a new one that names no entity of the organization's own. */
  default Written<NotificationConfiguration> create(
      Author author, RuleId id, NotificationConfiguration.Content content) {
    return create(author, id, content, Set.of());
  }

  /**
   * Replaces the content of one, if it still has this version.
   *
   * @param entities those of the organization's own that it names and did not name before
   */
  Written<NotificationConfiguration> update(
      Author author,
      RuleId id,
      long version,
      NotificationConfiguration.Content content,
      Set<CustomEntity> entities);

  /** Replaces the content of one by what names no further entity of the organization's own. */
  default Written<NotificationConfiguration> update(
      Author author, RuleId id, long version, NotificationConfiguration.Content content) {
    return update(author, id, version, content, Set.of());
  }

  /** Deletes one, whatever its version. */
  Written<NotificationConfiguration> delete(Author author, RuleId id);
}
