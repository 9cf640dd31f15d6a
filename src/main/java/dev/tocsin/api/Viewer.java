package dev.tocsin.api;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.catalog.EventType;
import dev.tocsin.event.OrganizationId;
import java.util.Objects;
import java.util.function.Predicate;

/** Whose events are read, and which of them the reader may not see: for him there are none such. */
public record Viewer(OrganizationId organization, HiddenEvents hidden) {
  public Viewer {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(hidden);
  }

  /** Which events he may know of. */
  Predicate<EventType> events() {
    return type -> !hidden.hides(type);
  }

  /** Whoever makes a call. */
  static Viewer of(Call call) {
    return new Viewer(call.caller().organization(), call.permissions().hiddenEvents());
  }
}
