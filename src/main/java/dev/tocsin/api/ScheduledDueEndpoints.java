package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.api.ScheduledDues.Appointment;
import dev.tocsin.api.ScheduledDues.Filter;
import dev.tocsin.api.ScheduledDues.Position;
import dev.tocsin.api.ScheduledDues.State;
import dev.tocsin.api.ScheduledDues.States;
import dev.tocsin.api.ScheduledDues.Status;
import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.catalog.ScheduledDate;
import dev.tocsin.catalog.ScheduledDate.Due;
import dev.tocsin.event.Payload;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What scheduled events are due, what a configuration that is only proposed would make due, both at
 * {@code scheduledevents/due}, and how far a configuration is, at {@code
 * scheduledevents/configurations/{id}/status}.
 */
final class ScheduledDueEndpoints {
  static final int PAGE_SIZE_MAX = 100;

  /** How many states one page of a proposal goes through, at most. */
  static final int STATES_MAX = 1_000;

  private static final String DUE = "scheduledevents/due";
  private static final Need READ = Need.retrieve(Kind.SCHEDULED_EVENT_CONFIGURATION);
  private static final UUID PROPOSED = new UUID(0, 0);

  private final ScheduledDues store;
  private final ScheduledEventConfigurations configurations;
  private final OrganizationCatalogs catalogs;
  private final Duration lateWindow;
  private final InstantSource clock;

  /**
   * Endpoints of one server.
   *
   * @param lateWindow how long ago what is armed may have been due and is not skipped
   */
  ScheduledDueEndpoints(
      ScheduledDues store,
      ScheduledEventConfigurations configurations,
      OrganizationCatalogs catalogs,
      Duration lateWindow,
      InstantSource clock) {
    this.store = store;
    this.configurations = configurations;
    this.catalogs = catalogs;
    this.lateWindow = lateWindow;
    this.clock = clock;
  }

  List<Endpoint> all() {
    return List.of(
        new Endpoint(HttpMethod.GET, DUE, READ, this::list),
        new Endpoint(HttpMethod.POST, DUE, READ, this::propose),
        new Endpoint(
            HttpMethod.GET, "scheduledevents/configurations/:id/status", READ, this::status));
  }

  private Answer list(Call call) {
    Query query = call.query();
    int size = query.pageSize(PAGE_SIZE_MAX);
    Position after = query.nextToken(DueToken::position);
    Instant from = query.moment("from");
    Instant to = query.moment("to");
    UUID configuration = configuration(query);
    String entityId = query.text("entityId");
    query.refuseOthers();
    boolean withEnded = Boolean.TRUE.equals(query.flag("includeEnded"));
    if (withEnded && entityId == null) {
      query.flaw("includeEnded", "goes with an entityId only: what ended is found by its entity");
    }
    ApiError error = query.error();
    if (error != null) {
      return error;
    }
    Filter filter = new Filter(configuration, entityId, from, to, withEnded);
    Page<Appointment> page = store.list(Viewer.of(call), filter, after, size);
    JsonText out = new JsonText(256 + 512 * page.items().size()).open().openArray("data");
    Instant now = clock.instant();
    page.items().forEach(item -> append(out, item, now));
    out.closeArray();
    if (page.hasMore()) {
      out.text("nextToken", DueToken.of(page.items().getLast().position()));
    }
    return new Answer.Ok(out.close().toString());
  }

  private static @Nullable UUID configuration(Query query) {
    String text = query.text("configurationId");
    UUID id = text == null ? null : Uuids.parse(text);
    if (text != null && id == null) {
      query.flaw("configurationId", "must be a UUID");
    }
    return id;
  }

  private static void append(JsonText out, Appointment item, Instant now) {
    Position position = item.position();
    String outcome = item.outcome();
    out.open()
        .text("configurationId", position.configuration().toString())
        .text("name", item.why().name().value())
        .text("entity", item.why().entity())
        .text("field", item.why().field())
        .number("offset", item.why().offset())
        .text("entityId", position.entityId())
        .text("value", item.value())
        .text("timeZone", item.zone().getId())
        .text("due", position.due().toString())
        .text("state", outcome == null ? waiting(position.due(), now) : outcome)
        .text("dtArmed", position.armed().toString());
    if (item.ended() != null) {
      out.text("dtEnded", item.ended().toString());
    }
    out.close();
  }

  private static String waiting(Instant due, Instant now) {
    return due.isAfter(now) ? "WAITING" : "OVERDUE";
  }

  private Answer propose(Call call) {
    Query query = call.query();
    Proposal proposal =
        new Proposal(
            query.pageSize(PAGE_SIZE_MAX),
            query.nextToken(DueToken::entityId),
            query.moment("from"),
            query.moment("to"));
    query.refuseOthers();
    ApiError error = query.error();
    if (error != null) {
      return error;
    }
    return switch (call.properties()) {
      case Reading.Bad<JsonProperties>(ApiError bad) -> bad;
      case Reading.Good<JsonProperties>(JsonProperties properties) ->
          switch (ScheduledEventJson.read(
              Viewer.of(call), catalogs.of(call.caller().organization()), properties)) {
            case Reading.Bad<DraftOnEntities<Content>>(ApiError bad) -> bad;
            case Reading.Good<DraftOnEntities<Content>>(DraftOnEntities<Content> draft) ->
                proposed(Viewer.of(call), draft.content(), proposal);
          };
    };
  }

  /** What is asked of a proposal. */
  private record Proposal(
      int size, @Nullable String after, @Nullable Instant from, @Nullable Instant to) {
    boolean covers(Instant due) {
      return (from == null || !due.isBefore(from)) && (to == null || due.isBefore(to));
    }
  }

  private Answer proposed(Viewer viewer, Content content, Proposal proposal) {
    ZoneId zone = store.zone(viewer.organization());
    ScheduledDate date =
        new ScheduledDate(PROPOSED, 1, content.entity(), content.field(), content.offset());
    States read =
        store.states(viewer.organization(), content.entity(), proposal.after(), STATES_MAX);
    Instant now = clock.instant();
    JsonText out = new JsonText(4_096).open().openArray("data");
    int shown = 0;
    int scanned = 0;
    for (State state : read.states()) {
      if (shown == proposal.size()) {
        break;
      }
      scanned++;
      Payload payload = state.payload();
      Due due =
          payload == null || isHidden(viewer, content.entity(), state.entityId(), payload)
              ? null
              : date.due(payload, zone);
      if (due != null && proposal.covers(due.at())) {
        append(out, state.entityId(), due, zone, now);
        shown++;
      }
    }
    out.closeArray().number("scanned", scanned);
    if (scanned < read.states().size() || !read.isLast()) {
      out.text("nextToken", DueToken.of(read.states().get(scanned - 1).entityId()));
    }
    return new Answer.Ok(out.close().toString());
  }

  private static boolean isHidden(Viewer viewer, String entity, String entityId, Payload payload) {
    return viewer.hidden().hides(entity, entityId)
        || (payload.fields().get("accountId") instanceof String account
            && viewer.hidden().names().contains("account/" + account));
  }

  private void append(JsonText out, String entityId, Due due, ZoneId zone, Instant now) {
    boolean isOver = due.at().isBefore(now.minus(lateWindow));
    out.open()
        .text("entityId", entityId)
        .text("value", due.value())
        .text("timeZone", zone.getId())
        .text("due", due.at().toString())
        .text("state", isOver ? "SKIPPED" : waiting(due.at(), now))
        .close();
  }

  private Answer status(Call call) {
    UUID id = call.id();
    if (id == null) {
      return ApiError.missing();
    }
    Viewer viewer = Viewer.of(call);
    return configurations
        .find(viewer.organization(), id)
        .filter(found -> !viewer.hidden().hidesEntity(found.content().entity()))
        .flatMap(found -> store.status(viewer.organization(), id))
        .map(status -> shown(id, status))
        .orElse(ApiError.missing());
  }

  private static Answer shown(UUID id, Status status) {
    JsonText out = new JsonText().open().text("id", id.toString()).open("arming");
    out.text("state", status.completed() == null ? "RUNNING" : "COMPLETE")
        .number("scanned", status.scanned())
        .number("armed", status.armed())
        .number("skipped", status.passed())
        .text("dtStarted", status.started().toString())
        .text("dtCompleted", Objects.toString(status.completed(), null))
        .close();
    out.number("waiting", status.waiting())
        .number("overdue", status.overdue())
        .number("fired", status.fired())
        .number("skipped", status.skipped())
        .text("nextDue", Objects.toString(status.nextDue(), null))
        .text("dtLastFired", Objects.toString(status.lastFired(), null));
    return new Answer.Ok(out.close().toString());
  }
}
