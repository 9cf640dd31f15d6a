package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.api.IntegrationRuns.Filter;
import dev.tocsin.event.EventId;
import dev.tocsin.event.Ids;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.WebhookId;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The calls that read integration runs and replay one, at {@code integrationruns}. An entity of
 * m3ter's calls is a notification configuration here.
 */
final class IntegrationRunEndpoints {
  private static final String PATH = "integrationruns";
  private static final String OF_TYPE = PATH + "/:entityType";
  private static final String ENTITY_TYPE = "Notification";
  private static final int PAGE_SIZE_MAX = 200;
  private static final int KEY_LENGTH_MAX = 255;
  private static final Need READ = Need.retrieve(Kind.INTEGRATION_RUN);
  private static final PageRequest LATEST = new PageRequest(1, null);

  private final IntegrationRuns store;
  private final Ids ids;

  IntegrationRunEndpoints(IntegrationRuns store, Ids ids) {
    this.store = store;
    this.ids = ids;
  }

  /** All, those first whose paths others could be taken for. */
  List<Endpoint> all() {
    return List.of(
        new Endpoint(HttpMethod.GET, PATH, READ, this::list),
        new Endpoint(HttpMethod.GET, PATH + "/logs/:id", READ, this::log),
        new Endpoint(
            HttpMethod.GET, PATH + "/destinations/:destinationId", READ, this::ofDestination),
        new Endpoint(HttpMethod.GET, OF_TYPE + "/latest", READ, this::latest),
        new Endpoint(HttpMethod.GET, OF_TYPE + "/latest/:entityId", READ, this::latestOfEntity),
        new Endpoint(HttpMethod.GET, OF_TYPE + "/:entityId", READ, this::ofEntity),
        new Endpoint(HttpMethod.GET, PATH + "/:id", READ, this::find),
        new Endpoint(
            HttpMethod.POST,
            PATH + "/:id/replay",
            Need.update(Kind.INTEGRATION_RUN),
            this::replay));
  }

  private Answer list(Call call) {
    Query query = call.query();
    PageRequest wanted = query.page(PAGE_SIZE_MAX);
    Wanted<WebhookId> webhook = wanted(query.text("webhookId"), WebhookId::new);
    Wanted<RuleId> rule = wanted(query.text("notificationId"), RuleId::new);
    Wanted<EventId> event = wanted(query.text("eventId"), EventId::new);
    Filter filter =
        new Filter(
            status(query),
            webhook.id(),
            rule.id(),
            event.id(),
            new Events.Period(query.moment("from"), query.moment("to")));
    boolean possible = webhook.possible() && rule.possible() && event.possible();
    return page(call, possible, viewer -> store.list(viewer, filter, wanted));
  }

  private Answer ofDestination(Call call) {
    Query query = call.query();
    PageRequest wanted = query.page(PAGE_SIZE_MAX);
    Wanted<WebhookId> webhook = wanted(call.part("destinationId"), WebhookId::new);
    Filter filter = new Filter(status(query), webhook.id(), null, null, period(query));
    return page(call, webhook.possible(), viewer -> store.list(viewer, filter, wanted));
  }

  private Answer ofEntity(Call call) {
    Query query = call.query();
    PageRequest wanted = query.page(PAGE_SIZE_MAX);
    RuleId rule = rule(call);
    boolean oldestFirst = isAscending(query);
    Filter filter = new Filter(status(query), null, rule, null, period(query));
    return page(
        call,
        rule != null,
        viewer ->
            rule != null && oldestFirst
                ? store.listOldestFirst(viewer, rule, filter, wanted)
                : store.list(viewer, filter, wanted));
  }

  /** The rule in the path; null when the entity there can be none. */
  private static @Nullable RuleId rule(Call call) {
    UUID id = Uuids.parse(call.part("entityId"));
    return id == null || !isNotification(call) ? null : new RuleId(id);
  }

  private static boolean isNotification(Call call) {
    return call.part("entityType").equalsIgnoreCase(ENTITY_TYPE);
  }

  private Answer latest(Call call) {
    return isNotification(call) ? latest(call, null) : ApiError.missing();
  }

  private Answer latestOfEntity(Call call) {
    RuleId rule = rule(call);
    return rule == null ? ApiError.missing() : latest(call, rule);
  }

  private Answer latest(Call call, @Nullable RuleId rule) {
    Filter filter = new Filter(null, null, rule, null, Events.Period.ALWAYS);
    return store.list(Viewer.of(call), filter, LATEST).items().stream()
        .findFirst()
        .map(IntegrationRunEndpoints::shown)
        .orElse(ApiError.missing());
  }

  private Answer find(Call call) {
    return told(call)
        .map(told -> {
          JsonText out = new JsonText(2_048);
          IntegrationRunJson.append(out, told);
          return (Answer) new Answer.Ok(out.toString());
        })
        .orElse(ApiError.missing());
  }

  private Answer log(Call call) {
    return told(call)
        .map(told -> (Answer) new Answer.Ok(IntegrationRunJson.payload(told)))
        .orElse(ApiError.missing());
  }

  private Optional<IntegrationRuns.Told> told(Call call) {
    UUID id = call.id();
    return id == null ? Optional.empty() : store.find(Viewer.of(call), new RunId(id));
  }

  private Answer replay(Call call) {
    UUID id = call.id();
    if (call.body().length == 0) {
      return id == null ? ApiError.missing() : replay(call, new RunId(id), null);
    }
    return switch (call.properties()) {
      case Reading.Bad<JsonProperties>(ApiError error) -> error;
      case Reading.Good<JsonProperties>(JsonProperties properties) -> {
        String key = properties.optionalText("key", KEY_LENGTH_MAX);
        yield switch (properties.result(() -> Optional.ofNullable(key))) {
          case Reading.Bad<Optional<String>>(ApiError error) -> error;
          case Reading.Good<Optional<String>>(Optional<String> given) ->
              id == null ? ApiError.missing() : replay(call, new RunId(id), given.orElse(null));
        };
      }
    };
  }

  private Answer replay(Call call, RunId parent, @Nullable String key) {
    return switch (store.replay(Viewer.of(call), parent, new RunId(ids.next()), key)) {
      case IntegrationRuns.Replay.Made(IntegrationRun run) -> shown(run);
      case IntegrationRuns.Replay.TooEarly(IntegrationRunStatus status) ->
          ApiError.badRequest(
              "run_not_ended",
              "the run has not ended and is not replayed: its status is "
                  + status
                  + ", and it will be attempted again by itself");
      case IntegrationRuns.Replay.Off(String reason) ->
          ApiError.badRequest("destination_off", "a replay would not be sent: " + reason);
      case IntegrationRuns.Replay.Missing() -> ApiError.missing();
    };
  }

  private static Answer page(
      Call call, boolean possible, Function<Viewer, Page<IntegrationRun>> list) {
    ApiError error = call.query().error();
    if (error != null) {
      return error;
    }
    Page<IntegrationRun> page =
        possible ? list.apply(Viewer.of(call)) : new Page<>(List.of(), false);
    return Pages.answer(page, IntegrationRunJson::append, run -> run.id().value());
  }

  private static Answer shown(IntegrationRun run) {
    JsonText out = new JsonText();
    IntegrationRunJson.append(out, run);
    return new Answer.Ok(out.toString());
  }

  /**
   * An id to look for.
   *
   * @param possible false for a text that is no id: it is the id of nothing
   */
  private record Wanted<I>(@Nullable I id, boolean possible) {}

  private static <I> Wanted<I> wanted(@Nullable String text, Function<UUID, I> id) {
    UUID parsed = Uuids.parse(text);
    return new Wanted<>(parsed == null ? null : id.apply(parsed), text == null || parsed != null);
  }

  private static @Nullable IntegrationRunStatus status(Query query) {
    String text = query.text("status");
    if (text == null) {
      return null;
    }
    for (IntegrationRunStatus status : IntegrationRunStatus.values()) {
      if (status.name().equals(text)) {
        return status;
      }
    }
    query.flaw(
        "status",
        "must be one of "
            + Arrays.stream(IntegrationRunStatus.values())
                .map(Enum::name)
                .collect(Collectors.joining(", ")));
    return null;
  }

  private static boolean isAscending(Query query) {
    String order = query.text("order");
    if (order != null && !order.equals("ASC") && !order.equals("DESC")) {
      query.flaw("order", "must be ASC or DESC");
    }
    return "ASC".equals(order);
  }

  /** As m3ter has it: after {@code startDate}, up to {@code endDate} and at it. */
  private static Events.Period period(Query query) {
    return new Events.Period(next(query.moment("startDate")), next(query.moment("endDate")));
  }

  /** The first moment of the next millisecond, which is what ids tell apart. */
  private static @Nullable Instant next(@Nullable Instant moment) {
    return moment == null ? null : moment.truncatedTo(ChronoUnit.MILLIS).plusMillis(1);
  }
}
