package dev.tocsin.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.CatalogAdditions;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.FieldType;
import dev.tocsin.catalog.HeldCatalogs;
import dev.tocsin.event.Category;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.BodyForm;
import dev.tocsin.flow.BodyReceived;
import dev.tocsin.flow.IngestAnswer;
import dev.tocsin.flow.IngestAnswer.Busy.Scope;
import dev.tocsin.flow.Settlement;
import dev.tocsin.flow.StateReceived;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IngestTest {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00.123456789Z");
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(3);
  private static final OrganizationId ACME = new OrganizationId(new UUID(0, 1));
  private static final OrganizationId BOLT = new OrganizationId(new UUID(0, 2));
  private static final String GOOD =
      "{\"id\":\"e1\",\"eventName\":\"configuration.commitment.updated\",\"new\":{\"id\":\"c1\"}}";
  private static final String LEAD =
      "{\"eventName\":\"crm.lead.created\",\"new\":{\"id\":\"l1\",\"wonDate\":\"2026-11-23\"}}";
  private static final String UNKNOWN = "{\"id\":\"e2\",\"eventName\":\"no.such\"}";

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final IngestSettings settings =
      new IngestSettings(
          3, 256 << 10, 4, 1 << 20, 3, Duration.ofDays(1), ANSWER_WITHIN, RETRY_AFTER);
  private final HeldCatalogs catalogs =
      new HeldCatalogs(Catalog.system(), this::changed, Runnable::run, 10, meters);
  private final FieldLearner learner = new FieldLearner(LearnSamples.SETTINGS, meters);
  private final Ingest ingest =
      new Ingest(settings, catalogs, new Admission(settings, meters), learner, () -> NOW, meters);
  private @Nullable CatalogAdditions additions;

  private Map<OrganizationId, CatalogAdditions> changed(Map<OrganizationId, Long> held) {
    return additions == null ? Map.of() : Map.of(ACME, additions);
  }

  @Test
  void a_good_event_is_submitted_with_the_time_to_the_microsecond() {
    Ingest.Step.Submit submit = submitted(GOOD);

    assertThat(submit.events().organization()).isEqualTo(ACME);
    assertThat(submit.events().deadline()).isEqualTo(Instant.parse("2026-11-23T08:00:20.123456Z"));
    IncomingEvent event = submit.events().events().getFirst();
    assertThat(event.time()).isEqualTo(Instant.parse("2026-11-23T08:00:00.123456Z"));
    assertThat(event.key()).isEqualTo(IdempotencyKey.ofSender("e1"));
  }

  @Test
  void a_rejected_event_is_submitted_as_the_failure_that_tells_of_it() {
    IncomingEvent failure = submitted(batch(GOOD, UNKNOWN)).events().events().get(1);

    assertThat(failure.name()).isEqualTo(Catalog.INGEST_VALIDATION_FAILURE);
    assertThat(failure.key()).isEqualTo(IdempotencyKey.ofRejection("e2"));
    assertThat(fields(failure))
        .containsEntry("code", "unknown_event_name")
        .containsEntry("index", 1L)
        .containsEntry("original", Map.of("id", "e2", "eventName", "no.such"));
  }

  /**
   * What one event alone may hold, the failure that tells of it may not hold as JSON: it is one
   * level deeper there, and all of it is read. It was refused 503 and never gave its room back.
   */
  @ParameterizedTest
  @MethodSource("originalsKeptAsText")
  void an_original_that_does_not_fit_as_json_is_kept_as_text(String item) throws Exception {
    IncomingEvent failure = submitted(item).events().events().getFirst();

    assertThat(fields(failure)).containsEntry("original", item);
    assertThat(JsonValues.payload(Objects.requireNonNull(failure.after()).json()).fields())
        .isEqualTo(fields(failure));
  }

  static Stream<String> originalsKeptAsText() {
    String deepest = "{\"a\":".repeat(JsonValues.DEPTH_MAX - 1) + "1" + "}".repeat(63);
    return Stream.of(
        "{\"eventName\":\"no.such\",\"new\":" + deepest + "}",
        "{\"eventName\":\"no.such\",\"new\":" + "[".repeat(63) + "]".repeat(63) + "}",
        "{\"eventName\":\"no.such\",\"new\":[{\"a\":1,\"a\":2}]}",
        "{\"eventName\":\"no.such\",\"new\":[1e99999999999]}");
  }

  @ParameterizedTest
  @MethodSource("originalsKeptWhole")
  void an_original_is_kept_whole_whatever_its_texts_and_numbers(String item) throws Exception {
    IncomingEvent failure = submitted(item).events().events().getFirst();

    assertThat(fields(failure)).containsEntry("original", JsonValues.payload(item).fields());
  }

  static Stream<String> originalsKeptWhole() {
    return Stream.of(
        "{\"eventName\":\"\\ud800\"}",
        "{\"eventName\":\"\\u0000\\u001f\\u2028\\\"\"}",
        "{\"eventName\":\"no.such\",\"id\":\"\\udfff\"}",
        "{\"eventName\":\"no.such\",\"new\":{\"n\":" + "9".repeat(100) + "}}",
        "{\"eventName\":\"no.such\",\"new\":{\"n\":-" + "9".repeat(99) + "}}",
        "{\"eventName\":\"no.such\",\"new\":{\"n\":1e-2147483647}}",
        unknownOfLength(Rejections.ORIGINAL_LENGTH_MAX));
  }

  @Test
  void of_a_long_original_the_beginning_is_kept_as_text() {
    String item = unknownOfLength(Rejections.ORIGINAL_LENGTH_MAX + 1);

    assertThat(fields(submitted(item).events().events().getFirst()))
        .containsEntry("original", item.substring(0, Rejections.ORIGINAL_LENGTH_MAX));
  }

  @Test
  void the_beginning_of_an_original_ends_with_a_whole_character() {
    String start = "{\"eventName\":\"";
    String item = start + "a".repeat(Rejections.ORIGINAL_LENGTH_MAX - 1 - start.length()) + "🔔\"}";

    assertThat(fields(submitted(item).events().events().getFirst()))
        .containsEntry("original", item.substring(0, Rejections.ORIGINAL_LENGTH_MAX - 1));
  }

  /** Wherever a source ends and its id begins, and whoever else uses such an id. */
  @Test
  void cloud_events_are_known_by_source_and_id_together() {
    String batch =
        "["
            + Stream.of(cloudEvent("a", "bc"), cloudEvent("ab", "c"), cloudEvent("a", "bc"))
                .collect(Collectors.joining(","))
            + "]";
    Ingest.Step.Submit submit =
        (Ingest.Step.Submit)
            ingest.receive(
                new BodyReceived(
                    ACME, new BodyForm.CloudEventBatch(), batch.getBytes(StandardCharsets.UTF_8)));

    List<@Nullable IdempotencyKey> keys =
        submit.events().events().stream()
            .<@Nullable IdempotencyKey>map(IncomingEvent::key)
            .toList();
    assertThat(keys.get(0)).isNotNull().isEqualTo(keys.get(2)).isNotEqualTo(keys.get(1));
    assertThat(keys)
        .doesNotContain(IdempotencyKey.ofSender("1:abc"), IdempotencyKey.ofSender("bc"));
    assertThat(submit.events().events().get(1).name().value())
        .isEqualTo("configuration.commitment.updated");
  }

  @Test
  void a_rejected_cloud_event_is_known_by_source_and_id_too() {
    IngestAnswer none =
        ((Ingest.Step.Refuse)
                ingest.receive(
                    new BodyReceived(
                        ACME,
                        new BodyForm.CloudEventBatch(),
                        "[]".getBytes(StandardCharsets.UTF_8))))
            .answer();
    assertThat(none).isEqualTo(new IngestAnswer.Processed(List.of(), List.of()));

    Ingest.Step.Submit submit =
        (Ingest.Step.Submit)
            ingest.receive(
                new BodyReceived(
                    ACME,
                    new BodyForm.CloudEvent(),
                    cloudEvent("a", "b").replace("1.0", "2.0").getBytes(StandardCharsets.UTF_8)));
    assertThat(submit.events().events().getFirst().key())
        .isEqualTo(IdempotencyKey.ofRejectedCloudEvent("a", "b"));
  }

  private static String cloudEvent(String source, String id) {
    return "{\"specversion\":\"1.0\",\"type\":\"configuration.commitment.updated\",\"source\":\""
        + source
        + "\",\"id\":\""
        + id
        + "\",\"data\":{\"new\":{\"id\":\"c1\"}}}";
  }

  @Test
  void a_state_is_submitted_undecided_with_the_names_it_may_get() {
    IncomingEvent event =
        ((Ingest.Step.Submit) say("cOMMITMENT", "c1", "{\"accountId\":\"a1\"}", null, "k"))
            .events()
            .events()
            .getFirst();

    assertThat(event.isUndecided()).isTrue();
    assertThat(event.wantsStoredState()).isTrue();
    assertThat(Objects.requireNonNull(event.names()).created().value())
        .isEqualTo("configuration.commitment.created");
    assertThat(event.entity()).isEqualTo(new EntityRef("Commitment", "c1"));
    assertThat(event.changed()).isEqualTo(event.entity());
    assertThat(event.accountId()).isEqualTo("a1");
    assertThat(event.key()).isEqualTo(IdempotencyKey.ofSender("k"));
    assertThat(event.timing()).isEqualTo(IncomingEvent.Timing.ARRIVED);
    assertThat(Objects.requireNonNull(event.after()).json())
        .isEqualTo("{\"id\":\"c1\",\"accountId\":\"a1\"}");
  }

  @Test
  void an_entity_that_is_gone_is_submitted_as_a_deletion() {
    IncomingEvent event =
        ((Ingest.Step.Submit) say("Commitment", "c1", null, "2026-11-20T08:00:00Z", null))
            .events()
            .events()
            .getFirst();

    assertThat(event.name().value()).isEqualTo("configuration.commitment.deleted");
    assertThat(event.after()).isNull();
    assertThat(event.time()).isEqualTo(Instant.parse("2026-11-20T08:00:00Z"));
    assertThat(event.timing()).isEqualTo(IncomingEvent.Timing.SENT);
  }

  @Test
  void an_entity_that_is_not_held_is_looked_up_before_it_is_refused() {
    assertThat(refusal(say("Lead", "l1", "{}", null, null)))
        .isEqualTo(new IngestAnswer.NoSuchEntity("no entity is named \"Lead\""));
    additions =
        new CatalogAdditions(
            2, false, List.of(new CustomEntity("Lead", "crm", List.of("wonDate"))), List.of());

    assertThat(say("lead", "l1", "{}", null, null)).isInstanceOf(Ingest.Step.Submit.class);
  }

  @Test
  void what_is_wrong_beside_a_state_is_answered_at_once() {
    assertThat(refusal(say("Commitment", "x".repeat(256), "{}", null, null)))
        .isEqualTo(new IngestAnswer.BadParameter("entityId", "must have 1 to 255 characters"));
    assertThat(refusal(say("Commitment", "c1", "{}", null, "x".repeat(256))))
        .isEqualTo(new IngestAnswer.BadParameter("id", "must have 1 to 255 characters"));
    assertThat(refusal(say("Commitment", "c1", null, "soon", null)))
        .isInstanceOf(IngestAnswer.BadParameter.class);
    assertThat(refusal(say("Commitment", "c1", "{\"id\":\"c2\"}", null, null)))
        .isEqualTo(
            new IngestAnswer.BadState("/id", "must be the id in the path, or left out", null));
    assertThat(refusal(say("Commitment", "c1", "{", null, null)))
        .isInstanceOf(IngestAnswer.Malformed.class);
    assertThat(gauge("tocsin.ingest.inflight.events")).isZero();
  }

  @Test
  void a_wrong_state_is_submitted_as_the_failure_that_tells_of_it_and_answered_with_it() {
    Ingest.Step.Submit submit =
        (Ingest.Step.Submit) say("Contract", "c1", "{\"startDate\":7}", null, "k");
    EventId failure = new EventId(new UUID(0x7000, 1));

    IncomingEvent event = submit.events().events().getFirst();
    assertThat(event.name()).isEqualTo(Catalog.INGEST_VALIDATION_FAILURE);
    assertThat(event.key()).isEqualTo(IdempotencyKey.ofRejection("k"));
    IngestAnswer told =
        new IngestAnswer.BadState(
            "/startDate",
            "startDate must be a date (2026-11-23) or a date and time with offset",
            failure);
    assertThat(ingest.answer(submit, List.of(new Settlement.Stored(failure, List.of()))))
        .isEqualTo(told);
    assertThat(ingest.answer(submit, List.of(new Settlement.Duplicate(failure, List.of()))))
        .isEqualTo(told);
    assertThat(meters.counter("tocsin.ingest.rejected").count()).isEqualTo(2);
  }

  @Test
  void the_answer_names_what_a_state_changed() {
    Ingest.Step.Submit submit = (Ingest.Step.Submit) say("Commitment", "c1", "{}", null, "k");
    EventId id = new EventId(new UUID(0x7000, 1));
    EventName created = new EventName("configuration.commitment.created");
    EventName others = new EventName("configuration.product.created");

    assertThat(ingest.answer(submit, List.of(new Settlement.Stored(id, created, List.of()))))
        .isEqualTo(new IngestAnswer.Changed(id, created, false, List.of()));
    assertThat(ingest.answer(submit, List.of(new Settlement.Duplicate(id, created, List.of()))))
        .isEqualTo(new IngestAnswer.Changed(id, created, true, List.of()));
    assertThat(ingest.answer(submit, List.of(new Settlement.Duplicate(id, others, List.of()))))
        .isEqualTo(new IngestAnswer.Changed(id, null, true, List.of()));
    assertThat(ingest.answer(submit, List.of(new Settlement.Unchanged())))
        .isEqualTo(new IngestAnswer.Unchanged());
    assertThat(ingest.answer(submit, List.of(new Settlement.Absent())))
        .isEqualTo(new IngestAnswer.Absent());
    assertThat(ingest.answer(submit, List.of(new Settlement.Unsettled("the store is away"))))
        .isEqualTo(new IngestAnswer.Unavailable("the store is away", RETRY_AFTER));
  }

  @Test
  void a_state_takes_the_room_of_an_event() {
    Ingest.Step.Submit first = (Ingest.Step.Submit) say("Commitment", "c1", "{}", null, null);
    submitted(batch(GOOD, GOOD));

    assertThat(refusal(say("Commitment", "c1", null, null, null)))
        .isEqualTo(new IngestAnswer.Busy(Scope.ORGANIZATION, RETRY_AFTER));
    ingest.release(first);
    assertThat(gauge("tocsin.ingest.inflight.events")).isEqualTo(2);
  }

  private Ingest.Step say(
      String entity,
      String id,
      @Nullable String body,
      @Nullable String time,
      @Nullable String key) {
    StateReceived said =
        body == null
            ? new StateReceived(ACME, entity, id, time, key, true)
            : new StateReceived(
                ACME, entity, id, body.getBytes(StandardCharsets.UTF_8), time, key, true);
    Ingest.Step step = ingest.receive(said);
    return step instanceof Ingest.Step.LookUp lookUp
        ? ingest.resume(lookUp, catalogs.current(ACME).join())
        : step;
  }

  private static IngestAnswer refusal(Ingest.Step step) {
    return ((Ingest.Step.Refuse) step).answer();
  }

  @Test
  void a_request_takes_room_until_it_is_released() {
    Ingest.Step.Submit first = submitted(batch(GOOD, GOOD, UNKNOWN));

    assertThat(refused(ACME, GOOD))
        .isEqualTo(new IngestAnswer.Busy(Scope.ORGANIZATION, RETRY_AFTER));
    assertThat(refused(BOLT, batch(GOOD, GOOD)))
        .isEqualTo(new IngestAnswer.Busy(Scope.SERVER, RETRY_AFTER));
    assertThat(gauge("tocsin.ingest.inflight.events")).isEqualTo(3);

    ingest.release(first);
    assertThat(gauge("tocsin.ingest.inflight.events")).isZero();
    assertThat(gauge("tocsin.ingest.inflight.bytes")).isZero();
    submitted(GOOD);
  }

  @Test
  void a_request_that_cannot_be_read_takes_no_room() {
    assertThat(refused(ACME, "{")).isInstanceOf(IngestAnswer.Malformed.class);
    assertThat(refused(ACME, batch(GOOD, GOOD, GOOD, GOOD)))
        .isInstanceOf(IngestAnswer.TooLarge.class);

    assertThat(gauge("tocsin.ingest.inflight.events")).isZero();
    assertThat(meters.counter("tocsin.ingest.malformed").count()).isEqualTo(2);
  }

  @Test
  void the_answer_names_what_came_of_each_event() {
    EventId stored = new EventId(new UUID(0x7000, 1));
    EventId known = new EventId(new UUID(0x7000, 2));
    EventId failure = new EventId(new UUID(0x7000, 3));
    Ingest.Step.Submit submit = submitted(batch(GOOD, GOOD, UNKNOWN));

    IngestAnswer answer =
        ingest.answer(
            submit,
            List.of(
                new Settlement.Stored(stored, List.of()),
                new Settlement.Duplicate(known, List.of()),
                new Settlement.Stored(failure, List.of())));

    assertThat(answer)
        .isEqualTo(
            new IngestAnswer.Processed(
                List.of(
                    new IngestAnswer.Accepted(0, stored, false, List.of()),
                    new IngestAnswer.Accepted(1, known, true, List.of())),
                List.of(
                    new IngestAnswer.Rejected(
                        2,
                        "unknown_event_name",
                        "no event type is named \"no.such\"",
                        null,
                        failure))));
    assertThat(meters.counter("tocsin.ingest.rejected").count()).isEqualTo(1);
  }

  @Test
  void a_name_that_is_held_is_not_looked_up_and_one_that_is_not_is_before_it_is_refused() {
    additions =
        new CatalogAdditions(
            2, false, List.of(new CustomEntity("Lead", "crm", List.of("wonDate"))), List.of());

    assertThat(submitted(GOOD).checked()).hasOnlyElementsOfType(Checked.Good.class);
    assertThat(meters.counter("tocsin.catalog.lookups").count()).isZero();
    Ingest.Step.Submit lead = submitted(LEAD);
    assertThat(lead.events().events().getFirst().category()).isEqualTo(Category.CUSTOM);
    assertThat(lead.catalog()).isEqualTo(2);
    submitted(LEAD);
    assertThat(meters.counter("tocsin.catalog.lookups").count()).isEqualTo(1);
  }

  @Test
  void what_is_stored_is_learned_from_and_what_is_rejected_or_repeated_is_not() {
    EventId id = new EventId(new UUID(0x7000, 1));
    Ingest.Step.Submit submit = submitted(batch(GOOD, LEAD, GOOD));

    ingest.learn(
        submit,
        List.of(
            new Settlement.Stored(id, List.of()),
            new Settlement.Stored(id, List.of()),
            new Settlement.Duplicate(id, List.of())));

    assertThat(learner.take())
        .containsExactly(new SeenField(ACME, "Commitment", "id", FieldType.STRING, NOW));
  }

  @Test
  void one_unsettled_event_makes_the_whole_request_unavailable() {
    Ingest.Step.Submit submit = submitted(batch(GOOD, GOOD));

    assertThat(
            ingest.answer(
                submit,
                List.of(
                    new Settlement.Stored(new EventId(new UUID(0x7000, 1)), List.of()),
                    new Settlement.Unsettled("the store is away"))))
        .isEqualTo(new IngestAnswer.Unavailable("the store is away", RETRY_AFTER));
  }

  private Ingest.Step.Submit submitted(String body) {
    return switch (receive(ACME, body)) {
      case Ingest.Step.Submit submit -> submit;
      case Ingest.Step.Refuse refuse -> throw new AssertionError(refuse.answer());
      case Ingest.Step.LookUp lookUp -> throw new AssertionError(lookUp);
    };
  }

  private IngestAnswer refused(OrganizationId organization, String body) {
    return switch (receive(organization, body)) {
      case Ingest.Step.Submit submit -> throw new AssertionError(submit);
      case Ingest.Step.Refuse refuse -> refuse.answer();
      case Ingest.Step.LookUp lookUp -> throw new AssertionError(lookUp);
    };
  }

  private Ingest.Step receive(OrganizationId organization, String body) {
    Ingest.Step step =
        ingest.receive(
            new BodyReceived(
                organization, new BodyForm.Events(), body.getBytes(StandardCharsets.UTF_8)));
    return step instanceof Ingest.Step.LookUp lookUp
        ? ingest.resume(lookUp, catalogs.current(organization).join())
        : step;
  }

  private double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  private static Map<String, @Nullable Object> fields(IncomingEvent event) {
    return Objects.requireNonNull(event.after()).fields();
  }

  private static String batch(String... items) {
    return "{\"events\":[" + String.join(",", items) + "]}";
  }

  private static String unknownOfLength(int length) {
    String start = "{\"eventName\":\"";
    return start + "a".repeat(length - start.length() - 2) + "\"}";
  }
}
