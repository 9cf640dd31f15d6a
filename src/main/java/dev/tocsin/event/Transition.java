package dev.tocsin.event;

/** What an event says happened to its entity. */
public enum Transition {
  CREATED,
  UPDATED,
  DELETED,
  /** The event is about something that happened, not about a change of state. */
  NONE
}
