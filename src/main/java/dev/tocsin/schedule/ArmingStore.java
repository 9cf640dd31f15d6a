package dev.tocsin.schedule;

import dev.tocsin.catalog.ScheduledDate;
import dev.tocsin.catalog.ScheduledDate.Due;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where walks through stored states wait, and what they find and make.
 *
 * <p>Every step is stored with how far it came, and only if the walk is still where it was taken:
 * whoever is late, because another node took it over or the configuration changed, changes nothing
 * and is answered nothing. No step waits for a commit of events.
 *
 * <p>Every method fails with {@link dev.tocsin.flow.StoreUnavailable} when nobody knows what came
 * of it.
 */
public interface ArmingStore {
  /**
   * Takes walks that wait, one of each organization, in the order of the organizations' ids; they
   * are not taken again, by any node, until a step of theirs is stored or a while has passed.
   *
   * @param after begins with the organization after this one; null begins with the first
   * @param organizationsMax of how many organizations, at most
   */
  List<Arming> claim(@Nullable OrganizationId after, int organizationsMax);

  /** What a walk is for; empty when the configuration is deleted. */
  Optional<Wanted> wanted(Arming arming);

  /**
   * The date that a configuration waits for.
   *
   * @param zone the organization's
   */
  record Wanted(ScheduledDate date, ZoneId zone) {
    public Wanted {
      Objects.requireNonNull(date);
      Objects.requireNonNull(zone);
    }
  }

  /** The next states of an entity. */
  States states(Arming arming, String entity, int max);

  /**
   * Some states, in the order of their entities' ids.
   *
   * @param isLast whether no more follow
   */
  record States(List<State> states, boolean isLast) {
    public States {
      states = List.copyOf(states);
    }
  }

  /**
   * A state.
   *
   * @param writer the event that wrote it
   * @param payload null when the entity is deleted
   */
  record State(String entityId, EventId writer, @Nullable Payload payload) {
    public State {
      Objects.requireNonNull(entityId);
      Objects.requireNonNull(writer);
    }
  }

  /**
   * Makes the appointments of states that are still those which were read, in place of what the
   * configuration had with these entities before. It goes on to the first state that a commit
   * holds, if any does, and the next step begins there.
   *
   * @param isLast whether no more states follow
   * @return what came of it; empty when the walk is not where it was taken any more
   */
  Optional<Step> arm(Arming arming, String entity, List<Dated> states, boolean isLast);

  /**
   * A state and the appointment that it makes.
   *
   * @param due null when it makes none
   */
  record Dated(String entityId, EventId writer, @Nullable Due due) {
    public Dated {
      Objects.requireNonNull(entityId);
      Objects.requireNonNull(writer);
    }
  }

  /**
   * What a step came to.
   *
   * @param scanned states that it went through
   * @param armed appointments that wait on account of it
   * @param skipped appointments that were due too long ago when it made them: they are there, and
   *     never fire
   * @param removed appointments that it removed
   * @param moved whether it went on at all
   * @param completed whether the walk is through
   */
  record Step(int scanned, int armed, int skipped, int removed, boolean moved, boolean completed) {}

  /** Removes what is left of earlier armings, so many rows further. */
  Optional<Step> removeEarlier(Arming arming, int max);

  /** Removes all appointments of a configuration that is deleted, and at last the walk. */
  Optional<Step> removeAll(Arming arming, int max);
}
