package dev.tocsin.api;

import java.util.Objects;

/** What came of a change to a resource. */
public sealed interface Written<T> {
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

  /** A file declares the resource, or it is built in; nothing changed. */
  record DeclaredInFile<T>() implements Written<T> {}

  /**
   * There are as many as there may be; nothing changed.
   *
   * @param most how many that is
   */
  record Full<T>(int most) implements Written<T> {}

  /** There is no such resource in the organization; nothing changed. */
  record Missing<T>() implements Written<T> {}

  /** Somebody else changed the resource first; nothing changed. */
  record Stale<T>(long currentVersion) implements Written<T> {}

  /** Another resource of the organization has this code; nothing changed. */
  record CodeTaken<T>(String code) implements Written<T> {
    public CodeTaken {
      Objects.requireNonNull(code);
    }
  }
}
