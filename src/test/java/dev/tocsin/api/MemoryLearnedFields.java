package dev.tocsin.api;

import dev.tocsin.catalog.LearnedField;
import dev.tocsin.catalog.LearnedFields;
import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

final class MemoryLearnedFields implements LearnedFields {
  private final Map<OrganizationId, List<LearnedField>> fields = new ConcurrentHashMap<>();

  void put(OrganizationId organization, LearnedField... learned) {
    fields.put(organization, List.of(learned));
  }

  @Override
  public List<LearnedField> all(OrganizationId organization) {
    return fields.getOrDefault(organization, List.of());
  }

  @Override
  public List<LearnedField> of(OrganizationId organization, Set<String> subjects) {
    return all(organization).stream().filter(field -> subjects.contains(field.subject())).toList();
  }
}
