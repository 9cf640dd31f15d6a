package dev.tocsin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random runs against a plain model: transactions of two organizations that end in any order,
 * clients that come, are slow, are cut off and resume, messages that get lost, a store that is away
 * now and then; and in the middle of any read, more of all that. Whatever happened, each client has
 * in the end got each event that was committed since he came, that he asked for and may see, once
 * and in order.
 */
class FollowingModelTest {
  private static final int RUNS = 150;
  private static final int STEPS = 250;
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  private static final List<String> ENTITIES = List.of("product", "plan", "account");
  private static final List<OrganizationId> ORGANIZATIONS =
      List.of(new OrganizationId(new UUID(0, 1)), new OrganizationId(new UUID(0, 2)));

  private Random random = new Random(0);
  private Threads threads = new Threads();
  private MemoryEventTail tail = tail();
  private Streams streams = streams(1);
  private List<Client> clients = List.of();
  private List<Long> open = List.of();
  private int made;
  private int depth;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 100})
  void every_client_gets_every_event_once_and_in_order_whatever_happens(int readEventsMax) {
    int received = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      begin(seed, readEventsMax);
      for (int step = 0; step < STEPS; step++) {
        happen();
      }
      settle();
      for (Client client : clients) {
        assertThat(client.received)
            .as("seed %s, reads of %s, %s", seed, readEventsMax, client)
            .containsExactlyElementsOf(client.expected());
        received += client.received.size();
      }
    }
    assertThat(received).as("events received in all").isGreaterThan(RUNS * 20);
  }

  private void begin(int seed, int readEventsMax) {
    random = new Random(seed);
    threads = new Threads();
    tail = tail();
    tail.duringReads(this::interfere);
    streams = streams(readEventsMax);
    clients = new ArrayList<>();
    open = new ArrayList<>();
    made = 0;
    depth = 0;
    for (int i = 0; i < 4; i++) {
      clients.add(new Client(i));
    }
  }

  private static MemoryEventTail tail() {
    return new MemoryEventTail((hidden, event) -> hidden.hides(event.name()));
  }

  private Streams streams(int readEventsMax) {
    return new Streams(
        tail,
        new StreamSettings(100, 100, readEventsMax, 1, Duration.ofSeconds(1)),
        threads,
        threads,
        () -> NOW,
        new SimpleMeterRegistry());
  }

  /** What happens while a reader waits for his answer, though not without end. */
  private void interfere() {
    if (depth < 3 && random.nextInt(2) == 0) {
      depth++;
      for (int i = random.nextInt(8); i > 0; i--) {
        happen();
      }
      depth--;
    }
  }

  private void happen() {
    switch (random.nextInt(16)) {
      case 0, 1 -> open.add(tail.begin());
      case 2, 3 -> store();
      case 4, 5 -> end();
      case 6 -> streams.poll();
      case 7 -> oneOf(clients).connect();
      case 8 -> oneOf(clients).drain();
      case 9 -> {
        if (random.nextInt(4) == 0) {
          oneOf(clients).disconnect();
        }
      }
      case 10 -> tail.setAway(random.nextInt(5) == 0);
      case 11 -> endAll();
      case 12 -> runSome();
      default -> threads.runOne(random);
    }
  }

  /** A moment in which nothing is under way, so that everything may be passed. */
  private void endAll() {
    store();
    while (!open.isEmpty()) {
      end();
    }
    streams.stored(ORGANIZATIONS);
    runSome();
  }

  private void runSome() {
    for (int i = random.nextInt(8); i > 0; i--) {
      threads.runOne(random);
    }
  }

  private void store() {
    if (!open.isEmpty()) {
      long transaction = oneOf(open);
      int events = 1 + random.nextInt(3);
      for (int i = 0; i < events; i++) {
        tail.store(transaction, event());
      }
    }
  }

  /** Ids that come later may be lower: they are made by several nodes, some time before. */
  private StoredEvent event() {
    long time = NOW.toEpochMilli() + random.nextInt(5);
    EventId id = new EventId(new UUID(time << 16 | 0x7000, ++made));
    return new StoredEvent(
        oneOf(ORGANIZATIONS),
        id,
        new EventName("configuration." + oneOf(ENTITIES) + ".created"),
        Category.CONFIGURATION,
        NOW,
        "e",
        null,
        "{}",
        null,
        null);
  }

  private void end() {
    if (open.isEmpty()) {
      return;
    }
    long transaction = oneOf(open);
    open.remove(transaction);
    if (random.nextInt(5) == 0) {
      tail.abort(transaction);
      return;
    }
    tail.commit(transaction);
    if (random.nextInt(3) > 0) {
      streams.stored(ORGANIZATIONS);
    }
  }

  /** Everything comes to its end, and everybody who was cut off comes back. */
  private void settle() {
    tail.setAway(false);
    tail.duringReads(() -> {});
    while (!open.isEmpty()) {
      end();
    }
    for (int round = 0; round < 20; round++) {
      clients.forEach(client -> {
        client.connect();
        client.drain();
      });
      for (int i = 0; i < 200; i++) {
        threads.runOne(random);
      }
      streams.poll();
    }
  }

  private <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** A client that resumes after the last event it got, over one connection after the other. */
  private final class Client {
    private final int number;
    private final OrganizationId organization;
    private final HiddenEvents hidden;
    private final Set<String> wanted;
    private final List<EventId> received = new ArrayList<>();

    /** What was there when it came; null until it has begun. */
    private @Nullable Set<EventId> before;

    private @Nullable Connection connection;

    Client(int number) {
      this.number = number;
      this.organization = ORGANIZATIONS.get(number % 2);
      this.hidden =
          random.nextInt(3) == 0 ? new HiddenEvents(Set.of(oneOf(ENTITIES))) : HiddenEvents.NONE;
      this.wanted =
          random.nextInt(3) == 0 ? new HashSet<>(List.of(oneOf(ENTITIES))) : Set.copyOf(ENTITIES);
    }

    void connect() {
      if (connection != null) {
        return;
      }
      Connection made = new Connection(this);
      connection = made;
      @Nullable EventId last = received.isEmpty() ? null : received.getLast();
      CompletableFuture<Opening> opening = streams.open(organization, hidden, last);
      var _ =
          opening.whenComplete((result, failure) -> {
            threads.execute(() -> begin(made, result));
            // The opening has just asked the store, and nothing happened since.
            if (made != connection) {
              return; // Nobody waits for it any more.
            }
            if (last == null) {
              before = new HashSet<>();
              tail.committed().forEach(placed -> before.add(placed.event().id()));
            } else {
              forgetWhatWasThereBehind(last);
            }
          });
    }

    /**
     * Who resumes names an event and nothing else. So he is sent everything behind it, also what
     * was there already when he came, while a transaction that began earlier was still under way.
     */
    private void forgetWhatWasThereBehind(EventId last) {
      Set<EventId> earlier = before;
      if (earlier != null) {
        tail.committed().stream()
            .map(placed -> placed.event().id())
            .dropWhile(id -> !id.equals(last))
            .forEach(earlier::remove);
      }
    }

    private void begin(Connection made, @Nullable Opening opening) {
      if (opening instanceof Opening.Ready(Streams.Beginning beginning)) {
        if (made == connection) {
          made.leave = beginning.follow(made);
        } else {
          beginning.abandon();
        }
      } else if (made == connection) {
        connection = null; // The store was away.
      }
    }

    void disconnect() {
      Connection made = connection;
      connection = null;
      if (made != null && made.leave != null) {
        made.leave.run();
      }
    }

    void drain() {
      if (connection != null) {
        connection.drain();
      }
    }

    List<EventId> expected() {
      Set<EventId> earlier = before;
      return tail.committed().stream()
          .map(Placed::event)
          .filter(event -> event.organization().equals(organization))
          .filter(event -> earlier != null && !earlier.contains(event.id()))
          .filter(event -> !hidden.hides(event.name()) && wants(event))
          .map(StoredEvent::id)
          .toList();
    }

    boolean wants(StoredEvent event) {
      return wanted.contains(event.name().value().split("\\.", -1)[1]);
    }

    @Override
    public String toString() {
      return "client " + number + " of " + organization + " hidden=" + hidden + " wanted=" + wanted;
    }
  }

  /** A connection with room for so many events that were not drained. */
  private final class Connection implements Subscriber {
    private final Client client;
    private int room = 4;
    private @Nullable Runnable leave;
    private @Nullable Runnable whenRoom;

    Connection(Client client) {
      this.client = client;
    }

    @Override
    public Sight sight() {
      return random.nextInt(10) == 0 ? new Sight.Unclear() : new Sight.Sees(client.hidden);
    }

    @Override
    public boolean wants(StoredEvent event) {
      return client.wants(event);
    }

    @Override
    public boolean take(StoredEvent event) {
      if (client.connection != this) {
        return true; // Written to a connection that is gone.
      }
      if (room == 0) {
        return false;
      }
      room--;
      client.received.add(event.id());
      return true;
    }

    @Override
    public void whenRoom(Runnable work) {
      if (room > 0) {
        threads.execute(work);
      } else {
        whenRoom = work;
      }
    }

    void drain() {
      room = 4;
      Runnable work = whenRoom;
      whenRoom = null;
      if (work != null) {
        threads.execute(work);
      }
    }

    @Override
    public void end(End why) {
      if (client.connection == this) {
        client.connection = null;
      }
    }
  }
}
