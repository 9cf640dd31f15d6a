package dev.tocsin.api;

import dev.tocsin.access.Caller;
import dev.tocsin.access.Rights;
import dev.tocsin.event.EventId;
import dev.tocsin.stream.Opening;
import dev.tocsin.stream.Streams;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events of an organization as they are stored: {@code GET …/events/stream}. */
final class StreamRoute {
  static final String PATH = EventEndpoints.PATH + "/stream";

  static final String UNKNOWN_LAST_EVENT =
      "there is no such event to go on after, it may have expired: start without it";

  private final Streams streams;
  private final StreamForm form;
  private final Gate gate;
  private final Rights rights;
  private final Failures failures;
  private final ApiSettings settings;
  private final Counter stalled;
  private final EventFrames frames = new EventFrames();

  /**
   * The last event that the client got. The header is the browser's own, and knows more than an
   * address that was written down before the first event came.
   */
  private record LastEvent(@Nullable String text, boolean isInHeader) {
    static final String HEADER = "Last-Event-ID";
    private static final String PARAMETER = "lastEventId";

    static LastEvent of(@Nullable String header, Query query) {
      return header == null || header.isEmpty()
          ? new LastEvent(query.text(PARAMETER), false)
          : new LastEvent(header, true);
    }

    /** Null when he named none, or none that can be one. */
    @Nullable EventId id() {
      UUID id = text == null ? null : Uuids.parse(text);
      return id == null ? null : new EventId(id);
    }

    /** Something is wrong with it, told of what the client sent. */
    Flaw flaw(String message) {
      return isInHeader ? new Flaw.InHeader(HEADER, message) : new Flaw.InQuery(PARAMETER, message);
    }
  }

  StreamRoute(
      Streams streams,
      StreamForm form,
      Gate gate,
      Rights rights,
      Failures failures,
      ApiSettings settings,
      MeterRegistry meters) {
    this.streams = streams;
    this.form = form;
    this.gate = gate;
    this.rights = rights;
    this.failures = failures;
    this.settings = settings;
    this.stalled = meters.counter("tocsin.stream.stalled");
  }

  void mount(Route route) {
    route.handler(this::open);
  }

  private void open(RoutingContext ctx) {
    Query query = OrganizationRoutes.query(ctx);
    Interest interest = Interest.of(query);
    LastEvent last = LastEvent.of(ctx.request().getHeader(LastEvent.HEADER), query);
    EventId after = last.id();
    if (last.text() != null && after == null) {
      query.flaw(last.flaw("must be the id of an event"));
    }
    ApiError error = query.error();
    if (error != null) {
      Replies.send(ctx, error);
      return;
    }
    Caller caller = OrganizationRoutes.caller(ctx);
    Future.fromCompletionStage(
            streams.open(
                caller.organization(), OrganizationRoutes.permissions(ctx).hiddenEvents(), after),
            ctx.vertx().getOrCreateContext())
        .onSuccess(opening -> opened(ctx, caller, interest, last, opening))
        .onFailure(failure -> Replies.send(ctx, failures.describe(failure, Failures.where(ctx))));
  }

  private void opened(
      RoutingContext ctx, Caller caller, Interest interest, LastEvent last, Opening opening) {
    switch (opening) {
      case Opening.Unknown() ->
          Replies.send(ctx, ApiError.unknownLastEvent(last.flaw(UNKNOWN_LAST_EVENT)));
      case Opening.Full(Opening.Full.Scope scope) ->
          Replies.send(ctx, refusal(scope, settings.retryAfter()));
      case Opening.Ready(Streams.Beginning beginning) -> {
        if (ctx.response().closed() || ctx.response().ended()) {
          beginning.abandon();
        } else {
          String authorization = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
          StreamRights theirs = new StreamRights(gate, rights, caller, authorization);
          new EventStream(ctx, form, interest, frames, theirs, stalled::increment).begin(beginning);
        }
      }
    }
  }

  /** What somebody is told for whom there is no room. */
  static ApiError refusal(Opening.Full.Scope scope, Duration retryAfter) {
    return switch (scope) {
      case ORGANIZATION -> ApiError.tooManyStreams(retryAfter);
      case SERVER -> ApiError.noRoomForStreams(retryAfter);
    };
  }

  /** Ends every stream, since the server stops. */
  void endAll() {
    streams.endAll();
  }
}
