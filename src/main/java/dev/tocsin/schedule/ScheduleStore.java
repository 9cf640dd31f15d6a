package dev.tocsin.schedule;

import dev.tocsin.event.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where appointments are kept. Looks for what is due ({@link #claim}, {@link #nextDue}, {@link
 * #overdueSince}) are made by one thread at a time.
 *
 * <p>Every method fails with {@link dev.tocsin.flow.StoreUnavailable} when nobody knows what came
 * of it.
 */
public interface ScheduleStore {
  /**
   * What to take.
   *
   * @param after begins with the organization after this one; null begins with the first
   * @param except nothing of these organizations
   * @param organizationsMax of how many organizations, at most
   * @param eventsMax how many of each, at most
   * @param bytesMax as many of each as their states have bytes, at most, but at least one
   */
  record Wanted(
      @Nullable OrganizationId after,
      Set<OrganizationId> except,
      int organizationsMax,
      int eventsMax,
      int bytesMax) {
    public Wanted {
      except = Set.copyOf(except);
    }
  }

  /**
   * What was taken.
   *
   * @param due what is due, organizations in the order of their ids, and of each in that of its
   *     time
   * @param cameTo the organization to which this looked, to go on after it; null when there is none
   *     after it that has something due
   * @param isMore whether one of these organizations may have more that nobody has taken, or more
   *     is due than this look went over
   */
  record Claimed(List<DueEvent> due, @Nullable OrganizationId cameTo, boolean isMore) {
    public Claimed {
      due = List.copyOf(due);
    }
  }

  /**
   * Takes what is due, so many of each organization: of the configuration whose first has been due
   * longest, then of the next. It is not taken again, by any node, for the time of a lease. Looks
   * no further than a bound, so that it may take nothing and still not have come to the end.
   */
  Claimed claim(Wanted wanted);

  /**
   * Notes that these were fired, now or before.
   *
   * @param before the positions of those whose events had been stored before, by a node that died
   *     or for a date that was set back: nobody knows when, so they count as fired when they were
   *     due
   */
  void fired(List<DueEvent> events, Set<Integer> before);

  /** Gives back what was taken and could not be fired; it is taken again after a while. */
  void giveBack(Collection<DueEvent> events, Duration pause);

  /**
   * When the first appointment is due after a moment, as far as that is known, or sooner; null when
   * none is known of the day after.
   */
  @Nullable Instant nextDue(Instant after);

  /**
   * Since when the appointment waits to be fired that does so longest, of the first of each
   * configuration: since it was due, or since it was made, whichever was later. Null when none
   * waits. Of more configurations than can be looked at twice a second, those with the lowest ids.
   */
  @Nullable Instant overdueSince();
}
