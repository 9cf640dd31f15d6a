package dev.tocsin.api;

import java.util.List;
import java.util.Objects;

/** What came of a change to a resource. */
public sealed interface Written<T> {
  /** Whether anything is other than it was. */
  default boolean isChange() {
    return !(this instanceof Refused<T>);
  }

  /**
   * It is durable, and in force for every event acknowledged from now on.
   *
   * @param resource as it is now; as it was last, when it was deleted
   * @param ruleSetVersion the version of the organization's rule set after the change
   */
  record Done<T>(T resource, long ruleSetVersion) implements Written<T> {
    public Done {
      Objects.requireNonNull(resource);
    }
  }

  /**
   * It is durable, and decides nothing over events.
   *
   * @param resource as it is now; as it was last, when it was deleted
   */
  record Saved<T>(T resource) implements Written<T> {
    public Saved {
      Objects.requireNonNull(resource);
    }
  }

  /** Nothing changed. */
  sealed interface Refused<T> extends Written<T> {}

  /** There is no such resource in the organization. */
  record Missing<T>() implements Refused<T> {}

  /** Somebody else changed the resource first. */
  record Stale<T>(long currentVersion) implements Refused<T> {}

  /** Another resource of the organization has this code. */
  record CodeTaken<T>(String code) implements Refused<T> {
    public CodeTaken {
      Objects.requireNonNull(code);
    }
  }

  /** Another resource of the organization has this name. */
  record NameTaken<T>(String name) implements Refused<T> {
    public NameTaken {
      Objects.requireNonNull(name);
    }
  }

  /**
   * There are as many as there may be.
   *
   * @param most how many that is
   */
  record Full<T>(int most) implements Refused<T> {}

  /**
   * Others name it.
   *
   * @param uses some of those, and more of a kind than three only if there are more
   */
  record InUse<T>(List<Use> uses) implements Refused<T> {
    public InUse {
      uses = List.copyOf(uses);
    }
  }

  /** It names an entity of the organization's own that was deleted meanwhile. */
  record EntityGone<T>(String entity) implements Refused<T> {
    public EntityGone {
      Objects.requireNonNull(entity);
    }
  }

  /** It names an entity of the organization's own that is not as it was when it was checked. */
  record EntityChanged<T>(String entity) implements Refused<T> {
    public EntityChanged {
      Objects.requireNonNull(entity);
    }
  }

  /** A file declares the resource. */
  record DeclaredInFile<T>() implements Refused<T> {}

  /** Every organization has the resource. */
  record BuiltIn<T>() implements Refused<T> {}
}
