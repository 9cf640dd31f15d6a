package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.catalog.CatalogAdditions;
import dev.tocsin.catalog.CatalogSource;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.StoreUnavailable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** What organizations add to their catalogs, in memory. */
final class MemoryCatalogs implements CatalogSource {
  static final int ENTITIES_MAX = 3;

  final Entities entities = new Entities();
  volatile boolean away;

  /** What names an entity, beside scheduled event configurations. */
  volatile BiFunction<OrganizationId, CustomEntity, List<Use>> uses =
      (organization, one) -> List.of();

  final Scheduled scheduled;
  private final AtomicLong version;

  /**
   * No organization has any.
   *
   * @param version changes with whatever is changed
   */
  MemoryCatalogs(AtomicLong version) {
    this.version = version;
    this.scheduled = new Scheduled(version);
  }

  @Override
  public Map<OrganizationId, CatalogAdditions> changed(Map<OrganizationId, Long> held) {
    if (away) {
      throw new StoreUnavailable("away", new IllegalStateException());
    }
    Map<OrganizationId, CatalogAdditions> changed = new HashMap<>();
    held.forEach((organization, known) -> {
      long current = version.get() + 1;
      if (current != known) {
        changed.put(
            organization,
            new CatalogAdditions(
                current,
                false,
                entities.list(organization).stream().map(EntityDeclaration::entity).toList(),
                scheduled.names(organization)));
      }
    });
    return changed;
  }

  String contents() {
    return entities.contents() + "\n" + scheduled.stored.contents();
  }

  final class Entities implements CustomEntities {
    private final Map<OrganizationId, Map<String, EntityDeclaration>> stored =
        new ConcurrentHashMap<>();

    private Map<String, EntityDeclaration> of(OrganizationId organization) {
      return stored.computeIfAbsent(organization, none -> new TreeMap<>());
    }

    private synchronized String contents() {
      return stored.values().stream().flatMap(all -> all.values().stream()).toList().toString();
    }

    private static String key(String name) {
      return name.toLowerCase(Locale.ROOT);
    }

    /** As a configuration file does. */
    void declare(OrganizationId organization, CustomEntity entity, Audit audit) {
      of(organization).put(key(entity.name()), new EntityDeclaration(entity, true, audit));
      version.incrementAndGet();
    }

    @Override
    public synchronized List<EntityDeclaration> list(OrganizationId organization) {
      Collection<EntityDeclaration> all = of(organization).values();
      return List.copyOf(all);
    }

    @Override
    public synchronized Optional<EntityDeclaration> find(OrganizationId organization, String name) {
      return Optional.ofNullable(of(organization).get(key(name)));
    }

    @Override
    public synchronized Written<EntityDeclaration> create(Author author, CustomEntity entity) {
      Map<String, EntityDeclaration> all = of(author.organization());
      EntityDeclaration there = all.get(key(entity.name()));
      if (there != null) {
        return new Written.Stale<>(there.audit().version());
      }
      if (all.size() >= ENTITIES_MAX) {
        return new Written.Full<>(ENTITIES_MAX);
      }
      return put(
          author, entity, new Audit(1, author.now(), author.now(), author.by(), author.by()));
    }

    @Override
    public synchronized Written<EntityDeclaration> update(
        Author author, CustomEntity entity, long expected) {
      EntityDeclaration there = of(author.organization()).get(key(entity.name()));
      if (there == null) {
        return new Written.Missing<>();
      }
      Audit audit = there.audit();
      if (there.inFile()) {
        return new Written.DeclaredInFile<>();
      }
      List<Use> uses =
          scheduled.uses(author, entity, one -> !entity.dateFields().contains(one.field()));
      if (audit.version() == expected && !uses.isEmpty()) {
        return new Written.InUse<>(uses);
      }
      return audit.version() != expected
          ? new Written.Stale<>(audit.version())
          : put(
              author,
              entity,
              new Audit(
                  expected + 1, audit.created(), author.now(), audit.createdBy(), author.by()));
    }

    private Written<EntityDeclaration> put(Author author, CustomEntity entity, Audit audit) {
      EntityDeclaration declaration = new EntityDeclaration(entity, false, audit);
      of(author.organization()).put(key(entity.name()), declaration);
      return new Written.Done<>(declaration, version.incrementAndGet());
    }

    @Override
    public synchronized Written<EntityDeclaration> delete(Author author, String name) {
      EntityDeclaration there = of(author.organization()).get(key(name));
      if (there == null) {
        return new Written.Missing<>();
      }
      if (there.inFile()) {
        return new Written.DeclaredInFile<>();
      }
      List<Use> named = new ArrayList<>(uses.apply(author.organization(), there.entity()));
      named.addAll(scheduled.uses(author, there.entity(), one -> true));
      if (!named.isEmpty()) {
        return new Written.InUse<>(named);
      }
      of(author.organization()).remove(key(name));
      return new Written.Done<>(there, version.incrementAndGet());
    }
  }

  static final class Scheduled implements ScheduledEventConfigurations {
    /** The entities that the last one which was made names. */
    volatile Set<CustomEntity> named = Set.of();

    private final MemoryResources<ScheduledEventConfiguration> stored;

    Scheduled(AtomicLong version) {
      stored = new MemoryResources<>(ScheduledEventConfiguration::audit, one -> null, version);
    }

    private List<ScheduledName> names(OrganizationId organization) {
      return list(organization, List.of(), new PageRequest(1_000, null)).items().stream()
          .map(ScheduledEventConfiguration::content)
          .map(content -> new ScheduledName(content.name(), content.entity(), content.field()))
          .toList();
    }

    private List<Use> uses(Author author, CustomEntity entity, Predicate<Content> which) {
      return list(author.organization(), List.of(), new PageRequest(1_000, null)).items().stream()
          .filter(one -> one.content().entity().equals(entity.name()) && which.test(one.content()))
          .map(one ->
              new Use(Kind.SCHEDULED_EVENT_CONFIGURATION, one.id(), one.content().name().value()))
          .toList();
    }

    @Override
    public Page<ScheduledEventConfiguration> list(
        OrganizationId organization, List<UUID> ids, PageRequest page) {
      return stored.list(organization, page, one -> ids.isEmpty() || ids.contains(one.id()));
    }

    @Override
    public Optional<ScheduledEventConfiguration> find(OrganizationId organization, UUID id) {
      return stored.find(organization, id);
    }

    @Override
    public Written<ScheduledEventConfiguration> create(
        Author author, UUID id, Content content, Set<CustomEntity> entities) {
      named = entities;
      return isTaken(author, id, content)
          ? new Written.NameTaken<>(content.name().value())
          : stored.create(
              author, id, audit -> new ScheduledEventConfiguration(id, content, false, audit));
    }

    @Override
    public Written<ScheduledEventConfiguration> update(
        Author author, UUID id, long version, Content content, Set<CustomEntity> entities) {
      if (isInFile(author, id)) {
        return new Written.DeclaredInFile<>();
      }
      return isTaken(author, id, content)
          ? new Written.NameTaken<>(content.name().value())
          : stored.change(
              author,
              id,
              version,
              changing -> new ScheduledEventConfiguration(id, content, false, changing.audit()));
    }

    private boolean isInFile(Author author, UUID id) {
      return find(author.organization(), id)
          .filter(ScheduledEventConfiguration::inFile)
          .isPresent();
    }

    /** As a configuration file does. */
    void declare(Author author, UUID id, Content content) {
      stored.create(author, id, audit -> new ScheduledEventConfiguration(id, content, true, audit));
    }

    private boolean isTaken(Author author, UUID id, Content content) {
      return list(author.organization(), List.of(), new PageRequest(1_000, null)).items().stream()
          .anyMatch(
              other -> !other.id().equals(id) && other.content().name().equals(content.name()));
    }

    @Override
    public Written<ScheduledEventConfiguration> delete(Author author, UUID id) {
      return isInFile(author, id) ? new Written.DeclaredInFile<>() : stored.delete(author, id);
    }
  }
}
