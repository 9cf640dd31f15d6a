package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.done;

import dev.tocsin.api.Author;
import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.Produced;
import dev.tocsin.flow.Settlement;
import dev.tocsin.schedule.DueEvent;
import dev.tocsin.schedule.ScheduleStore;
import dev.tocsin.store.AppointmentModel.Appointed;
import dev.tocsin.store.AppointmentModel.Change;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A random history of one organization, on two nodes over one database, beside the model. Each seed
 * is one history. It fails where the two disagree, and tells what happened until then.
 */
final class AppointmentHistory {
  static final Duration LATE_WINDOW = Duration.ofDays(1);
  private static final Duration LEASE = Duration.ofMinutes(1);

  /** Less than the window of idempotency keys, so that no key is forgotten. */
  static final Duration SPAN_MAX = Duration.ofDays(20);

  private static final int CONFIGURATIONS_MAX = 3;

  private final long seed;
  private final Random random;
  private final RandomAppointments any;
  private final AppointmentGround ground;
  private final Database database;
  private final AppointmentNode.Shared shared;
  private final AtomicReference<Instant> now;
  private final OrganizationId organization = new OrganizationId(StoreSamples.id());
  private final PgScheduledEventConfigurations configurations;
  private final PgOrganizations organizations;
  private final AppointmentModel model;
  private final WatchedArmings walks;
  private final AppointmentNode[] nodes = new AppointmentNode[2];
  private final List<String> told = new ArrayList<>();
  private final Instant end;
  private boolean dies;

  /** The death of a node in the midst of its work. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  AppointmentHistory(long seed, AppointmentGround ground) {
    this.seed = seed;
    this.random = new Random(seed);
    this.any = new RandomAppointments(random, LATE_WINDOW);
    this.ground = ground;
    this.database = ground.database();
    this.now = new AtomicReference<>(Instant.parse(any.beginning()));
    this.end = now.get().plus(SPAN_MAX);
    this.shared = AppointmentNode.Shared.of(ground.ledger(), LATE_WINDOW, now::get);
    this.configurations = new PgScheduledEventConfigurations(database, CONFIGURATIONS_MAX);
    this.organizations =
        new PgOrganizations(
            database,
            StoreSamples::id,
            now::get,
            new SecretKeySpec(new byte[32], "HmacSHA256"),
            StoreSamples.seal(1));
    String zone = any.zone();
    this.model = new AppointmentModel(ZoneId.of(zone), LATE_WINDOW);
    this.walks =
        new WatchedArmings(
            new PgArmings(database, now::get, LATE_WINDOW, LEASE), model, now::get, told::add);
    ground.execute(
        "insert into organization values ('%s', 'Test', '%s', now())"
            .formatted(organization, zone));
    ground.execute("insert into rule_set values ('%s', 1)".formatted(organization));
    tell("begin at %s in %s".formatted(now, zone));
    nodes[0] = node();
    nodes[1] = node();
  }

  private void tell(String what) {
    told.add(what);
  }

  /** Goes through the history, and compares what there is. */
  void run() {
    try {
      int steps = 12 + random.nextInt(18);
      configure();
      for (int i = 0; i < steps; i++) {
        step();
      }
      settle();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed " + seed + ": " + e.getMessage() + "\n  " + String.join("\n  ", told), e);
    } finally {
      // What waits would be taken by the sweeps of the next history.
      ground.execute("delete from scheduled_due where organization_id = '" + organization + "'");
      ground.execute("delete from scheduled_arming where organization_id = '" + organization + "'");
    }
  }

  private void step() {
    int kind = random.nextInt(100);
    if (kind < 40) {
      change();
    } else if (kind < 50) {
      configure();
    } else if (kind < 54) {
      move();
    } else if (kind < 68) {
      jump();
    } else if (kind < 82) {
      walk();
    } else {
      fire();
    }
  }

  // Entities.

  private void change() {
    List<Change> changes = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? 2 : 1;
    for (int i = 0; i < count; i++) {
      changes.add(any.change(now.get()));
    }
    tell("change %s".formatted(changes));
    List<Settlement> answers =
        nodes[random.nextInt(2)].store(changes.stream().map(any::event).toList());
    check(answers.stream().allMatch(Settlement.Stored.class::isInstance), "stored " + answers);
    model.changed(changes, now.get());
  }

  // Configurations and time zones.

  private void configure() {
    List<UUID> there = List.copyOf(model.configurations().keySet());
    int kind = random.nextInt(10);
    if (there.isEmpty() || (there.size() < CONFIGURATIONS_MAX && kind < 4)) {
      UUID id = StoreSamples.id();
      Content content = any.content();
      tell("create %s %s".formatted(id, content));
      done(configurations.create(author(), id, content));
      model.configured(id, content.entity(), content.field(), content.offset());
    } else if (kind < 8) {
      UUID id = any.one(there);
      Content content = any.content();
      tell("update %s %s".formatted(id, content));
      long version = configurations.find(organization, id).orElseThrow().audit().version();
      done(configurations.update(author(), id, version, content));
      model.configured(id, content.entity(), content.field(), content.offset());
    } else {
      UUID id = any.one(there);
      tell("delete %s".formatted(id));
      done(configurations.delete(author(), id));
      model.removed(id);
    }
  }

  private Author author() {
    return new Author(organization, "tester", now.get());
  }

  private void move() {
    String zone = any.zone();
    tell("move to %s".formatted(zone));
    organizations.declare(
        List.of(
            new DeclaredOrganization(
                "test.yaml:1",
                organization,
                "Test",
                ZoneId.of(zone),
                null,
                List.of(),
                List.of(),
                DeclaredOrganization.Catalog.OF_THE_SYSTEM)));
    model.moved(ZoneId.of(zone));
  }

  // Time.

  private void jump() {
    Instant next = model.nextDue(now.get());
    Instant to =
        switch (random.nextInt(6)) {
          case 0 -> now.get().plusSeconds(1 + random.nextInt(120));
          case 1 -> now.get().plusSeconds(random.nextInt(3 * 86_400));
          case 2 -> next == null ? now.get().plus(LEASE) : next.minusNanos(1_000);
          case 3 -> next == null ? now.get() : next.plus(LATE_WINDOW);
          default -> next == null ? now.get().plusSeconds(3_600) : next;
        };
    if (to.isAfter(now.get()) && !to.isAfter(end)) {
      tell("jump to %s".formatted(to));
      now.set(to);
    }
  }

  // Nodes.

  private AppointmentNode node() {
    return new AppointmentNode(
        shared,
        organization,
        walks,
        1 + random.nextInt(3),
        new WatchedSchedule(),
        (tenant, events) -> produce(events));
  }

  private void walk() {
    int kind = random.nextInt(10);
    if (kind < 7) {
      tell("walk");
      nodes[random.nextInt(2)].arming.runOnce();
    } else if (kind == 7) {
      walks.takeAndDie();
    } else {
      walks.standStillOrGoOn();
    }
  }

  private void fire() {
    int node = random.nextInt(2);
    int kind = random.nextInt(10);
    if (kind < 5) {
      tell("node %d looks".formatted(node));
      nodes[node].firing.runOnce();
    } else if (kind < 8) {
      tell("node %d fires".formatted(node));
      nodes[node].fireNext();
    } else if (kind == 8) {
      tell("node %d fires, and dies before it is noted".formatted(node));
      dies = true;
      try {
        nodes[node].fireNext();
      } catch (Death e) {
        nodes[node] = node();
      }
      dies = false;
    } else {
      tell("node %d dies".formatted(node));
      nodes[node] = node();
    }
  }

  private static Appointed key(DueEvent event) {
    return new Appointed(event.configuration(), event.entity().id(), event.due());
  }

  private Produced produce(List<IncomingEvent> events) {
    List<Settlement> answers = nodes[random.nextInt(2)].store(events);
    check(
        answers.stream()
            .allMatch(answer ->
                answer instanceof Settlement.Stored || answer instanceof Settlement.Duplicate),
        "fired: " + answers);
    return new Produced.Stored();
  }

  /** Compares what is taken with what the model takes, and tells it what is fired. */
  private final class WatchedSchedule implements ScheduleStore {
    private final PgScheduleStore store = new PgScheduleStore(database, now::get, LEASE);

    @Override
    public Claimed claim(ScheduleStore.Wanted wanted) {
      Claimed claimed = store.claim(wanted);
      List<DueEvent> taken = claimed.due();
      Set<Appointed> keys = taken.stream().map(AppointmentHistory::key).collect(Collectors.toSet());
      Set<Appointed> expected = model.claimed(now.get(), LEASE);
      tell("  takes %s".formatted(keys));
      check(keys.equals(expected), "taken " + keys + ", and the model takes " + expected);
      check(keys.size() == taken.size(), "taken twice: " + taken);
      return claimed;
    }

    @Override
    public void fired(List<DueEvent> events, Set<Integer> before) {
      List<Appointed> keys = events.stream().map(AppointmentHistory::key).toList();
      model.stored(keys);
      if (dies) {
        throw new Death();
      }
      store.fired(events, before);
      model.fired(keys);
    }

    @Override
    public void giveBack(Collection<DueEvent> events, Duration pause) {
      throw new IllegalStateException("everything can be stored here");
    }

    @Override
    public @Nullable Instant nextDue(Instant after) {
      return store.nextDue(after);
    }

    @Override
    public @Nullable Instant overdueSince() {
      return store.overdueSince();
    }
  }

  // The end.

  private void settle() {
    tell("settle");
    restart();
    compare();
    fireAll();
    compare();
    now.set(now.get().plus(Duration.ofDays(4)));
    tell("jump to %s".formatted(now));
    fireAll();
    compare();
  }

  /** All nodes are others, and all walks go through to their ends. */
  private void restart() {
    now.set(now.get().plus(LEASE));
    nodes[0] = node();
    nodes[1] = node();
    int rounds = 0;
    while (nodes[rounds % 2].arming.runOnce().walks() > 0) {
      rounds++;
      check(rounds < 500, "walks have an end");
    }
    check(model.unarmed().isEmpty(), "not armed: " + model.unarmed());
  }

  private void fireAll() {
    for (AppointmentNode node : nodes) {
      node.firing.runOnce();
      while (node.fireNext()) {
        tell("fired all");
      }
    }
  }

  private void compare() {
    Set<String> rows =
        new TreeSet<>(
            ground.query(
                """
                select concat_ws('|', configuration_id, entity_id,
                  (extract(epoch from due_at) * 1000000)::bigint, coalesce(outcome, ''), arming)
                from scheduled_due where organization_id = '%s'
                """
                    .formatted(organization)));
    Set<String> shown = rows.stream().map(AppointmentHistory::row).collect(Collectors.toSet());
    check(shown.equals(model.rows()), "appointments " + shown + ", and the model " + model.rows());
    List<String> events =
        ground.query(
            """
            select concat_ws('|', new -> 'scheduled' ->> 'configurationId', resource_id,
              new -> 'scheduled' ->> 'due')
            from event where organization_id = '%s' and event_type = 'ScheduledEvent'
            """
                .formatted(organization));
    Set<Appointed> fired =
        events.stream().map(AppointmentHistory::fired).collect(Collectors.toSet());
    check(fired.size() == events.size(), "fired twice: " + events);
    check(fired.equals(model.events()), "fired " + fired + ", and the model " + model.events());
  }

  private static String row(String text) {
    String[] parts = text.split("\\|", -1);
    long micros = Long.parseLong(parts[2]);
    Instant due =
        Instant.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L);
    return AppointmentModel.told(
        new Appointed(UUID.fromString(parts[0]), parts[1], due),
        parts[3],
        Long.parseLong(parts[4]));
  }

  private static Appointed fired(String text) {
    String[] parts = text.split("\\|", -1);
    return new Appointed(UUID.fromString(parts[0]), parts[1], Instant.parse(parts[2]));
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
