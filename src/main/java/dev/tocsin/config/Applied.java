package dev.tocsin.config;

import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What came of applying what files declare. */
public sealed interface Applied {
  /**
   * It is in force, for every event acknowledged from now on.
   *
   * @param changes one for each organization that is another now, in the order of their ids; none
   *     where all was so already
   * @param erased what the operator has to do about files that declare erased organizations, which
   *     are not made again
   */
  record Done(List<Change> changes, List<Problem> erased) implements Applied {
    public Done {
      changes = List.copyOf(changes);
      erased = List.copyOf(erased);
    }
  }

  /**
   * Nothing changed, of no organization, since something in the database stands in the way.
   *
   * @param problems what that is, each with the file and line of what is in conflict with it
   */
  record Conflicting(List<Problem> problems) implements Applied {
    public Conflicting {
      problems = Problem.inOrder(problems);
    }
  }

  /**
   * How an organization is another now.
   *
   * @param ruleSetVersion the version of its rule set; null when that is as it was, since nothing
   *     changed that decides over events
   */
  record Change(OrganizationId organization, @Nullable Long ruleSetVersion, List<Item> items) {
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
  record Item(String section, String name, What what) {
    @Override
    public String toString() {
      return section + " " + name + " " + what;
    }
  }

  /** What became of something. */
  enum What {
    MADE,
    CHANGED,
    REMOVED
  }
}
