package dev.tocsin.api;

import dev.tocsin.event.EventId;
import dev.tocsin.event.Horizon;
import dev.tocsin.rule.RuleId;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

final class MemoryRuleStatuses implements RuleStatuses {
  private final NotificationConfigurations rules;
  private final Events events;
  private final Horizon horizon;
  private final Map<RuleId, List<RuleDay>> days = new ConcurrentHashMap<>();

  MemoryRuleStatuses(NotificationConfigurations rules, Events events, Horizon horizon) {
    this.rules = rules;
    this.events = events;
    this.horizon = horizon;
  }

  void put(RuleId rule, RuleDay day) {
    days.computeIfAbsent(rule, none -> new CopyOnWriteArrayList<>()).add(day);
  }

  @Override
  public Optional<List<RuleDay>> find(Viewer viewer, RuleId rule, LocalDate from) {
    return rules
        .find(viewer.organization(), rule)
        .map(found ->
            days.getOrDefault(rule, List.of()).stream()
                .filter(day -> !day.day().isBefore(from))
                .sorted(Comparator.comparing(RuleDay::day).reversed())
                .map(day -> told(viewer, day))
                .toList());
  }

  /** The day without an error on an event that the viewer may not see. */
  private RuleDay told(Viewer viewer, RuleDay day) {
    RuleDay.LastError error = day.lastError();
    if (error == null) {
      return day;
    }
    EventId event = new EventId(error.event());
    return !horizon.hides(viewer.organization(), event)
            && (viewer.hidden().names().isEmpty() || events.find(viewer, event).isPresent())
        ? day
        : new RuleDay(day.day(), day.evaluated(), day.fired(), day.errors(), null);
  }
}
