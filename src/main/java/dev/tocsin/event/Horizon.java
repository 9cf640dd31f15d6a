package dev.tocsin.event;

/**
 * How far back an organization's events are kept, to the millisecond. What is older is there for
 * nobody: not for readers, not for deliveries, though its rows may still stand.
 */
@FunctionalInterface
public interface Horizon {
  /** The smallest id that an event can have that is still there at this moment. */
  EventId of(OrganizationId organization);

  /** Whether an event is not there any more. */
  default boolean hides(OrganizationId organization, EventId event) {
    return event.isBefore(of(organization));
  }
}
