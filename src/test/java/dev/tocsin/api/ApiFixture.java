package dev.tocsin.api;

import dev.tocsin.access.Caller;
import dev.tocsin.access.KeyCheck;
import dev.tocsin.access.LookUpLimits;
import dev.tocsin.access.NewAccessKey;
import dev.tocsin.access.Rights;
import dev.tocsin.access.SecretHash;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import dev.tocsin.access.Tokens;
import dev.tocsin.app.StageRehearsals;
import dev.tocsin.bus.Bus;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.HeldCatalogs;
import dev.tocsin.evaluate.EntityKey;
import dev.tocsin.evaluate.EntityState;
import dev.tocsin.evaluate.LastKnown;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.evaluate.StateDecision;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.Ids;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.EventsAccepted;
import dev.tocsin.flow.EventsSettled;
import dev.tocsin.flow.EventsStored;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.RulesChanged;
import dev.tocsin.flow.Settlement;
import dev.tocsin.ingest.Admission;
import dev.tocsin.ingest.FieldLearner;
import dev.tocsin.ingest.Ingest;
import dev.tocsin.ingest.IngestSettings;
import dev.tocsin.ingest.IngestVerticle;
import dev.tocsin.ingest.LearnSamples;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.stream.StreamSettings;
import dev.tocsin.stream.StreamVerticle;
import dev.tocsin.stream.Streams;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The API over HTTP, with real ingest and stores in memory; two organizations may call it. */
final class ApiFixture implements AutoCloseable {
  static final Caller ACME = caller(1);
  static final Caller BOLT = caller(2);
  static final String SECRET = "s:e:cret";

  static final StreamSettings STREAMS = new StreamSettings(100, 100, 100, 2, Duration.ofMillis(50));
  static final StreamForm STREAM_FORM =
      new StreamForm(1 << 20, Duration.ofSeconds(15), Duration.ofSeconds(2));

  static final Statement ADMINISTRATOR = new Statement("allow", List.of("all"), List.of("*"));

  private static final SecretKey KEY =
      new SecretKeySpec("api-fixture".getBytes(StandardCharsets.UTF_8), "HmacSHA256");

  final Vertx vertx = Vertx.vertx();
  final Bus bus = Bus.of(vertx, Flow.MESSAGES);
  final MeterRegistry meters = new SimpleMeterRegistry();
  final Ids ids = Samples.ids();
  final MemoryEvents events = new MemoryEvents(this::horizon);
  final MemoryNotificationConfigurations notifications;
  final MemoryWebhooks webhooks;
  final MemoryIntegrationConfigurations integrations;
  final MemoryAccess access = new MemoryAccess();
  final MemoryCatalogs catalogs;
  final MemoryLearnedFields learnedFields = new MemoryLearnedFields();
  final HeldCatalogs held;
  final FieldLearner learner = new FieldLearner(LearnSamples.SETTINGS, meters);
  final MemoryIntegrationRuns runs = new MemoryIntegrationRuns(events, this::horizon);
  final MemoryRuleStatuses ruleStatuses;
  final MemoryScheduledDues dues = new MemoryScheduledDues(this);
  final Map<EntityKey, EntityState> states = new ConcurrentHashMap<>();

  /** What each event that is posted sets off. */
  final List<Settlement.Fired> fired = Collections.synchronizedList(new ArrayList<>());

  final List<RulesChanged> rulesChanged = Collections.synchronizedList(new ArrayList<>());
  final List<String> missing = Collections.synchronizedList(new ArrayList<>());
  final List<Operations.Member> members = Collections.synchronizedList(new ArrayList<>());
  final List<String> degraded = Collections.synchronizedList(new ArrayList<>());
  final Set<Integer> ports = ConcurrentHashMap.newKeySet();
  final Tokens tokens = new Tokens(List.of(KEY), Duration.ofHours(5), this::now);

  private final AtomicLong ruleSetVersion = new AtomicLong();
  private volatile Instant now = Samples.NOW;
  private @Nullable String deployment;
  private @Nullable Api api;

  private ApiFixture() {
    notifications = new MemoryNotificationConfigurations(ruleSetVersion);
    webhooks = new MemoryWebhooks(ruleSetVersion);
    integrations = new MemoryIntegrationConfigurations(ruleSetVersion);
    catalogs = new MemoryCatalogs(ruleSetVersion);
    held = new HeldCatalogs(Catalog.system(), catalogs, Runnable::run, 100, meters);
    ruleStatuses = new MemoryRuleStatuses(notifications, events, this::horizon);
  }

  /** A running API with room for everything. */
  static ApiFixture start() {
    return start(settings(64, 512, 64), stores -> stores);
  }

  /** A running API with its bounds, over its stores as somebody changed them. */
  static ApiFixture start(ApiSettings settings, UnaryOperator<Api.Stores> changed) {
    ApiFixture fixture = new ApiFixture();
    fixture.deploy(settings, changed, STREAMS, STREAM_FORM);
    return fixture;
  }

  /** A running API with the bounds of its streams. */
  static ApiFixture start(ApiSettings settings, StreamSettings streams, StreamForm form) {
    ApiFixture fixture = new ApiFixture();
    fixture.deploy(settings, stores -> stores, streams, form);
    return fixture;
  }

  static ApiSettings settings(int running, int waiting, int perOrganization) {
    return settings(256L << 20, running, waiting, perOrganization);
  }

  /** Bounds with so much room for bodies. */
  static ApiSettings settings(long bodiesBytesMax, int running, int waiting, int perOrganization) {
    return new ApiSettings(
        5 << 20,
        ApiSettings.MANAGEMENT_BODY_BYTES_MAX,
        bodiesBytesMax,
        running,
        waiting,
        perOrganization,
        Duration.ofSeconds(25),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofDays(1),
        CalculationLimits.DEFAULTS,
        ExplanationLimits.DEFAULTS);
  }

  private void deploy(
      ApiSettings settings,
      UnaryOperator<Api.Stores> changed,
      StreamSettings streaming,
      StreamForm form) {
    bus.consume(Flow.RULES_CHANGED, rulesChanged::add);
    bus.answer(Flow.EVENTS_ACCEPTED.of(0), this::settle);
    await(vertx.deployVerticle(new IngestVerticle(bus, ingest(), held, 1, Duration.ofSeconds(20))));
    permit(ACME, ADMINISTRATOR);
    permit(BOLT, ADMINISTRATOR);
    Api.Stores stores =
        new Api.Stores(
            events,
            notifications,
            webhooks,
            integrations,
            runs,
            ruleStatuses,
            catalogs.entities,
            catalogs.scheduled,
            dues,
            learnedFields,
            access.policies(),
            access.serviceUsers(),
            new MemoryOrganizations(access::shutOut),
            new StageRehearsals(new LastKnown(this::states), Duration.ofDays(1)));
    Streams streams = streams(streaming);
    await(vertx.deployVerticle(new StreamVerticle(bus, streams)));
    Api made =
        new Api(
            settings,
            changed.apply(stores),
            new Api.Access(
                new KeyCheck(access, KEY, LookUpLimits.DEFAULTS),
                tokens,
                new Rights(access, LookUpLimits.DEFAULTS),
                NewAccessKey.Maker.of(KEY, new Random(4))),
            held,
            bus,
            new Api.Streaming(streams, form),
            new Api.Machine(ids, this::now, this::horizon, meters),
            new Operations(
                () -> List.copyOf(missing),
                () -> List.copyOf(degraded),
                () -> List.copyOf(members),
                () -> "tocsin_up 1.0\n"));
    api = made;
    deployment =
        await(
            vertx.deployVerticle(
                () -> new ApiVerticle(made, "127.0.0.1", 0, ports::add, null),
                new DeploymentOptions().setInstances(2)));
  }

  private Streams streams(StreamSettings settings) {
    return new Streams(
        events.tail(),
        settings,
        work -> Thread.ofVirtual().start(work),
        (delay, work) -> vertx.setTimer(Math.max(1, delay.toMillis()), timer -> work.run()),
        this::now,
        meters);
  }

  private Ingest ingest() {
    IngestSettings settings =
        new IngestSettings(
            1_000,
            256 << 10,
            20_000,
            256L << 20,
            10_000,
            Duration.ofDays(1),
            Duration.ofSeconds(20),
            Duration.ofSeconds(1));
    return new Ingest(settings, held, new Admission(settings, meters), learner, this::now, meters);
  }

  private Map<EntityKey, EntityState> states(Collection<EntityKey> entities) {
    Map<EntityKey, EntityState> found = new HashMap<>(states);
    found.keySet().retainAll(entities);
    return found;
  }

  /** Stores every event, and lets fire what is to fire. */
  private synchronized Future<EventsSettled> settle(EventsAccepted accepted) {
    List<Settlement> settlements = new ArrayList<>();
    for (IncomingEvent event : accepted.events()) {
      settlements.add(settle(accepted.organization(), event));
    }
    bus.ring(Flow.EVENTS_STORED, new EventsStored(Set.of(accepted.organization())));
    return Future.succeededFuture(new EventsSettled(settlements));
  }

  private Settlement settle(OrganizationId organization, IncomingEvent event) {
    EntityRef entity = event.changed();
    EntityKey key = entity == null ? null : new EntityKey(organization, entity);
    if (!event.isUndecided()) {
      return store(organization, event, key, event.before(), null);
    }
    return switch (StateDecision.of(event, states.get(Objects.requireNonNull(key)))) {
      case StateDecision.Unchanged unchanged -> new Settlement.Unchanged();
      case StateDecision.Absent absent -> new Settlement.Absent();
      case StateDecision.Changed(IncomingEvent decided, @Nullable Payload before) ->
          store(organization, decided, key, before, decided.name());
    };
  }

  private Settlement store(
      OrganizationId organization,
      IncomingEvent event,
      @Nullable EntityKey entity,
      @Nullable Payload before,
      @Nullable EventName decided) {
    EventId id = new EventId(ids.next());
    EntityState known = entity == null ? null : states.get(entity);
    if (entity != null && (known == null || !known.time().isAfter(event.time()))) {
      states.put(entity, new EntityState(id, event.time(), event.after()));
    }
    events.add(
        new StoredEvent(
            organization,
            id,
            event.name(),
            event.category(),
            event.time(),
            event.entity() == null ? null : event.entity().id(),
            event.accountId(),
            event.after() == null ? null : event.after().json(),
            before == null ? null : before.json(),
            null));
    return new Settlement.Stored(id, decided, List.copyOf(fired));
  }

  Api api() {
    return Objects.requireNonNull(api);
  }

  int port() {
    return ports.iterator().next();
  }

  Instant now() {
    return now;
  }

  /** Events are kept for 28 days. */
  private EventId horizon(OrganizationId organization) {
    return EventId.floor(now.minus(Duration.ofDays(28)));
  }

  void advance(Duration duration) {
    now = now.plus(duration);
  }

  /** A token of an organization, good for five hours. */
  String token(Caller caller) {
    return tokens.issue(caller);
  }

  /** Everything that is stored, so that two moments can be compared. */
  String contents() {
    return String.join(
        "\n",
        events.contents(),
        notifications.contents(),
        webhooks.contents(),
        integrations.contents(),
        access.contents(),
        catalogs.contents(),
        runs.contents(),
        "rule set " + ruleSetVersion);
  }

  /** Stops the API and waits until it has. */
  Future<Void> stop() {
    String id = deployment;
    deployment = null;
    return id == null ? Future.succeededFuture() : vertx.undeploy(id);
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  static Caller caller(int number) {
    return new Caller(
        new OrganizationId(new UUID(0xACL, number)),
        new ServiceUserId(new UUID(0xBEL, number)),
        number == 1 ? "acme-key" : "key-" + number);
  }

  /** Declares a service user with his access key, who may do what these statements say. */
  void permit(Caller caller, Statement... statements) {
    access.declare(caller, SecretHash.of(KEY, caller.accessKey(), SECRET), List.of(statements));
  }
}
