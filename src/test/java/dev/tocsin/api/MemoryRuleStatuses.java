package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
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
  private final Map<RuleId, List<RuleDay>> days = new ConcurrentHashMap<>();

  MemoryRuleStatuses(NotificationConfigurations rules) {
    this.rules = rules;
  }

  void put(RuleId rule, RuleDay day) {
    days.computeIfAbsent(rule, none -> new CopyOnWriteArrayList<>()).add(day);
  }

  @Override
  public Optional<List<RuleDay>> find(OrganizationId organization, RuleId rule, LocalDate from) {
    return rules
        .find(organization, rule)
        .map(found ->
            days.getOrDefault(rule, List.of()).stream()
                .filter(day -> !day.day().isBefore(from))
                .sorted(Comparator.comparing(RuleDay::day).reversed())
                .toList());
  }
}
