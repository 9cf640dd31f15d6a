package dev.tocsin.config;

import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of applying what files declare. What was applied is in force, for every event
 * acknowledged from now on.
 *
 * @param changes one for each organization that is another now, in the order of their ids; none
 *     where all was so already
 * @param conflicts what stands in the way of organizations, of which nothing was applied, or, where
 *     it was made through the API, nothing but who may call
 * @param erased organizations that were erased, which are not made again
 */
public record Applied(List<Change> changes, List<Refused> conflicts, List<Refused> erased) {
  public Applied {
    changes = List.copyOf(changes);
    conflicts = List.copyOf(conflicts);
    erased = List.copyOf(erased);
  }

  /**
   * Why an organization is not what its file declares. There may be several of one.
   *
   * @param problem what stands in the way, with the file and line of what is in conflict with it
   */
  public record Refused(OrganizationId organization, Problem problem) {
    public Refused {
      Objects.requireNonNull(organization);
      Objects.requireNonNull(problem);
    }
  }

  /**
   * How an organization is another now.
   *
   * @param ruleSetVersion the version of its rule set; null when that is as it was, since nothing
   *     changed that decides over events
   */
  public record Change(
      OrganizationId organization, @Nullable Long ruleSetVersion, List<Item> items) {
    public Change {
      Objects.requireNonNull(organization);
      items = List.copyOf(items);
    }
  }

  /**
   * Something that became another.
   *
   * @param section of the file, such as {@code notifications}
   * @param name or code, by which the file knows it
   */
  public record Item(String section, String name, What what) {
    @Override
    public String toString() {
      return section + " " + name + " " + what;
    }
  }

  /** What became of something. */
  public enum What {
    MADE,
    CHANGED,
    REMOVED
  }
}
