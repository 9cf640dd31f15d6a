package dev.tocsin.catalog;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The dates that an organization's scheduled event configurations wait for, to be found by entity.
 */
public final class ScheduledDates {
  /** None at all. */
  public static final ScheduledDates NONE = new ScheduledDates(ZoneOffset.UTC, List.of());

  private final ZoneId zone;
  private final List<ScheduledDate> all;
  private final Map<String, List<ScheduledDate>> byEntity;

  /**
   * These dates.
   *
   * @param zone the organization's time zone
   */
  public ScheduledDates(ZoneId zone, Collection<ScheduledDate> dates) {
    this.zone = Objects.requireNonNull(zone);
    this.all = List.copyOf(dates);
    this.byEntity =
        all.stream()
            .collect(Collectors.groupingBy(ScheduledDate::entity, Collectors.toUnmodifiableList()));
  }

  /** The organization's time zone, in which they are due. */
  public ZoneId zone() {
    return zone;
  }

  /** Every one, in the order in which they came. */
  public List<ScheduledDate> all() {
    return all;
  }

  /** Those of an entity, named as the catalog names it. */
  public List<ScheduledDate> of(String entity) {
    return byEntity.getOrDefault(entity, List.of());
  }
}
