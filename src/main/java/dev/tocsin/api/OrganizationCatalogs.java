package dev.tocsin.api;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EventType;
import dev.tocsin.catalog.HeldCatalogs;
import dev.tocsin.catalog.LearnedField;
import dev.tocsin.catalog.LearnedFields;
import dev.tocsin.event.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The catalogs of organizations as management calls see them: with every change that was
 * acknowledged, on whichever node, and with the fields that events were seen to have. Waits for the
 * store.
 */
final class OrganizationCatalogs {
  private final HeldCatalogs held;
  private final LearnedFields learned;
  private final Counter full;

  OrganizationCatalogs(HeldCatalogs held, LearnedFields learned, MeterRegistry meters) {
    this.held = held;
    this.learned = learned;
    this.full = meters.counter("tocsin.catalog.full");
  }

  Catalog of(OrganizationId organization) {
    return held.awaitCurrent(organization);
  }

  /**
   * An event type as somebody may know it, with all that is known of its fields; null when there is
   * none, or its events are hidden from him.
   */
  @Nullable EventType described(Viewer viewer, @Nullable EventType type) {
    return type == null || viewer.hidden().hides(type)
        ? null
        : described(viewer.organization(), type);
  }

  /** An event type with all that is known of its fields. */
  EventType described(OrganizationId organization, EventType type) {
    return type.with(learned.of(organization, type.subjects()));
  }

  List<LearnedField> learned(OrganizationId organization) {
    return learned.all(organization);
  }

  List<LearnedField> learned(OrganizationId organization, Set<String> subjects) {
    return learned.of(organization, subjects);
  }

  /**
   * Has this node know of a change of an organization's event types before its author hears that it
   * is made, so that what was taken out is refused here from then on.
   */
  <T> Written<T> followed(OrganizationId organization, Written<T> written) {
    if (written instanceof Written.Done<T>) {
      held.awaitCurrent(organization);
    } else if (written instanceof Written.Full<T>) {
      full.increment();
    }
    return written;
  }
}
