package dev.tocsin.event;

/** What an event says happened to its entity. */
public enum Transition {
  CREATED,
  UPDATED,
  DELETED,
  /** The event is about something that happened, not about a change of state. */
  NONE;

  /** Whether there is a state before it. */
  public boolean hasBefore() {
    return this != CREATED;
  }

  /** Whether there is a state after it. */
  public boolean hasAfter() {
    return this != DELETED;
  }
}
