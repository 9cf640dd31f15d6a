package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Resources of one kind in memory, with the rules that every store of resources keeps. */
final class MemoryResources<T> {
  /** As PostgreSQL orders ids, and unlike {@link UUID#compareTo}: without a sign. */
  static final Comparator<UUID> BY_ID = Comparator.comparing(UUID::toString);

  private final Function<T, Audit> auditOf;
  private final Function<T, @Nullable String> codeOf;
  private final AtomicLong ruleSetVersion;
  private final Map<OrganizationId, NavigableMap<UUID, T>> stored = new ConcurrentHashMap<>();

  MemoryResources(
      Function<T, Audit> auditOf, Function<T, @Nullable String> codeOf, AtomicLong ruleSetVersion) {
    this.auditOf = auditOf;
    this.codeOf = codeOf;
    this.ruleSetVersion = ruleSetVersion;
  }

  synchronized Page<T> list(OrganizationId organization, PageRequest page, Predicate<T> filter) {
    List<T> items = new ArrayList<>();
    for (Map.Entry<UUID, T> entry : of(organization).descendingMap().entrySet()) {
      UUID after = page.after();
      if ((after == null || BY_ID.compare(entry.getKey(), after) < 0)
          && filter.test(entry.getValue())) {
        items.add(entry.getValue());
      }
    }
    boolean hasMore = items.size() > page.size();
    return new Page<>(hasMore ? items.subList(0, page.size()) : items, hasMore);
  }

  synchronized Optional<T> find(OrganizationId organization, UUID id) {
    return Optional.ofNullable(of(organization).get(id));
  }

  synchronized Written<T> create(Author author, UUID id, Function<Audit, T> made) {
    T created = made.apply(new Audit(1, author.now(), author.now(), author.by(), author.by()));
    return put(author, id, created);
  }

  /** Changes one, if it still has this version; whatever its version, when that is null. */
  synchronized Written<T> change(
      Author author, UUID id, @Nullable Long version, Function<Changing<T>, T> changed) {
    T before = of(author.organization()).get(id);
    if (before == null) {
      return new Written.Missing<>();
    }
    Audit audit = auditOf.apply(before);
    if (version != null && version != audit.version()) {
      return new Written.Stale<>(audit.version());
    }
    Audit next =
        new Audit(
            audit.version() + 1, audit.created(), author.now(), audit.createdBy(), author.by());
    return put(author, id, changed.apply(new Changing<>(before, next)));
  }

  synchronized Written<T> delete(Author author, UUID id) {
    T gone = of(author.organization()).remove(id);
    return gone == null
        ? new Written.Missing<>()
        : new Written.Done<>(gone, ruleSetVersion.incrementAndGet());
  }

  synchronized String contents() {
    return stored.values().stream().filter(all -> !all.isEmpty()).toList().toString();
  }

  record Changing<T>(T before, Audit audit) {}

  private Written<T> put(Author author, UUID id, T resource) {
    String code = codeOf.apply(resource);
    boolean taken =
        code != null
            && of(author.organization()).entrySet().stream()
                .anyMatch(other ->
                    !other.getKey().equals(id) && code.equals(codeOf.apply(other.getValue())));
    if (code != null && taken) {
      return new Written.CodeTaken<>(code);
    }
    of(author.organization()).put(id, resource);
    return new Written.Done<>(resource, ruleSetVersion.incrementAndGet());
  }

  private NavigableMap<UUID, T> of(OrganizationId organization) {
    return stored.computeIfAbsent(organization, none -> new TreeMap<>(BY_ID));
  }
}
