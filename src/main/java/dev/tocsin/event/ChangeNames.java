package dev.tocsin.event;

import java.util.Objects;

/** What the events of an entity are named, by what happened to it. */
public record ChangeNames(EventName created, EventName updated, EventName deleted) {
  public ChangeNames {
    Objects.requireNonNull(created);
    Objects.requireNonNull(updated);
    Objects.requireNonNull(deleted);
  }

  /** Whether an event of this name tells of the entity. */
  public boolean include(EventName name) {
    return name.equals(created) || name.equals(updated) || name.equals(deleted);
  }

  /** The name of the event that tells of a change. */
  public EventName of(Transition change) {
    return switch (change) {
      case CREATED -> created;
      case UPDATED -> updated;
      case DELETED -> deleted;
      case NONE -> throw new IllegalArgumentException("what is no change has no name");
    };
  }
}
