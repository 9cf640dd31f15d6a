package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Appointments that a test made, and the states of an API in memory. */
final class MemoryScheduledDues implements ScheduledDues {
  private static final Comparator<Position> ORDER =
      Comparator.comparing(Position::due)
          .thenComparing(position -> position.configuration().toString())
          .thenComparing(Position::armed)
          .thenComparing(Position::entityId);

  private final ApiFixture api;
  private final Map<OrganizationId, List<Appointment>> stored = new ConcurrentHashMap<>();
  private final Map<UUID, Status> statuses = new ConcurrentHashMap<>();
  volatile ZoneId zone = ZoneOffset.UTC;

  MemoryScheduledDues(ApiFixture api) {
    this.api = api;
  }

  void put(OrganizationId organization, Appointment appointment) {
    stored.computeIfAbsent(organization, none -> new CopyOnWriteArrayList<>()).add(appointment);
  }

  void put(UUID configuration, Status status) {
    statuses.put(configuration, status);
  }

  @Override
  public Optional<Status> status(OrganizationId organization, UUID configuration) {
    return Optional.ofNullable(statuses.get(configuration));
  }

  @Override
  public Page<Appointment> list(Viewer viewer, Filter filter, @Nullable Position after, int size) {
    List<Appointment> all =
        stored.getOrDefault(viewer.organization(), List.of()).stream()
            .filter(one -> passes(filter, one))
            .filter(one -> after == null || ORDER.compare(one.position(), after) > 0)
            .filter(one -> !viewer.hidden().hides(one.why().entity(), one.position().entityId()))
            .sorted(Comparator.comparing(Appointment::position, ORDER))
            .toList();
    return new Page<>(all.subList(0, Math.min(size, all.size())), all.size() > size);
  }

  private static boolean passes(Filter filter, Appointment one) {
    Position position = one.position();
    Instant from = filter.from();
    Instant to = filter.to();
    return (from == null || !position.due().isBefore(from))
        && (to == null || position.due().isBefore(to))
        && (filter.configuration() == null
            || filter.configuration().equals(position.configuration()))
        && (filter.entityId() == null || filter.entityId().equals(position.entityId()))
        && (filter.withEnded() || one.outcome() == null);
  }

  @Override
  public ZoneId zone(OrganizationId organization) {
    return zone;
  }

  @Override
  public States states(
      OrganizationId organization, String entity, @Nullable String after, int max) {
    List<State> all =
        api.states.entrySet().stream()
            .filter(entry -> entry.getKey().organization().equals(organization))
            .filter(entry -> entry.getKey().entity().entity().equals(entity))
            .map(entry -> new State(entry.getKey().entity().id(), entry.getValue().state()))
            .filter(state -> after == null || state.entityId().compareTo(after) > 0)
            .sorted(Comparator.comparing(State::entityId))
            .toList();
    return new States(all.subList(0, Math.min(max, all.size())), all.size() < max);
  }
}
