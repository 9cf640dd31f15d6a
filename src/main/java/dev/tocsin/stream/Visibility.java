package dev.tocsin.stream;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may see which of a few events. Most may see all; for the others it is asked once for all from
 * whom the same is hidden.
 */
final class Visibility {
  private final EventTail tail;
  private final OrganizationId organization;
  private final Map<HiddenEvents, Answers> answers = new HashMap<>();

  private record Answers(Set<EventId> asked, Set<EventId> visible) {}

  Visibility(EventTail tail, OrganizationId organization) {
    this.tail = tail;
    this.organization = organization;
  }

  /** Those of some events that somebody may see, and maybe others that he may see too. */
  Set<EventId> of(HiddenEvents hidden, Collection<StoredEvent> events) {
    Set<EventId> ids = events.stream().map(StoredEvent::id).collect(Collectors.toSet());
    if (hidden.names().isEmpty()) {
      return ids;
    }
    Answers known =
        answers.computeIfAbsent(hidden, none -> new Answers(new HashSet<>(), new HashSet<>()));
    List<EventId> open = ids.stream().filter(id -> !known.asked().contains(id)).toList();
    if (!open.isEmpty()) {
      known.visible().addAll(tail.visible(organization, hidden, open));
      known.asked().addAll(open);
    }
    return known.visible();
  }
}
