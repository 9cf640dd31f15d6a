package dev.tocsin.api;

import dev.tocsin.access.Caller;
import dev.tocsin.access.Kind;
import dev.tocsin.access.Permissions;
import dev.tocsin.access.Rights;
import dev.tocsin.access.Rights.Standing;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.BodyForm;
import dev.tocsin.flow.BodyReceived;
import dev.tocsin.stream.Opening;
import dev.tocsin.stream.Streams;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes what comes by another way than HTTP, and answers what HTTP would: behind the same gate, by
 * the same rights, in the same room and with the same words.
 *
 * <p>Thread-safe. Each call is made, and answered, on the context that it names.
 */
public final class Reception {
  private final Doors doors;
  private final Failures failures;
  private final Counter refused;
  private final ApiSettings settings;

  /** What a call has to pass. */
  record Doors(Gate gate, Rights rights, BodyRoom room, IngestRoute ingest, Api.Streaming streams) {
    Doors {
      Objects.requireNonNull(gate);
      Objects.requireNonNull(rights);
      Objects.requireNonNull(room);
      Objects.requireNonNull(ingest);
      Objects.requireNonNull(streams);
    }
  }

  /**
   * What somebody shows.
   *
   * @param authorization as the header of that name
   * @param organization the one he means, as he wrote it; null for that of his token
   */
  public record Credentials(@Nullable String authorization, @Nullable String organization) {
    @Override
    public String toString() {
      return "Credentials[organization=" + organization + "]";
    }
  }

  /**
   * An answer as HTTP has it.
   *
   * @param message what is wrong, for people; empty when nothing is
   * @param json the body
   */
  public record Reply(int status, Map<String, String> headers, String message, String json) {
    public Reply {
      headers = Map.copyOf(headers);
      Objects.requireNonNull(message);
      Objects.requireNonNull(json);
    }

    /** An answer to what succeeded. */
    public static Reply success(int status, String json) {
      return new Reply(status, Map.of(), "", json);
    }

    static Reply of(Answer answer) {
      return switch (answer) {
        case Answer.Ok(String json) -> success(200, json);
        case Answer.Accepted(String json) -> success(202, json);
        case ApiError error ->
            new Reply(
                error.status(),
                error.retryAfter() == null
                    ? Map.of()
                    : Map.of("Retry-After", Replies.seconds(error.retryAfter())),
                error.message(),
                error.json());
      };
    }
  }

  /**
   * Which events somebody asks for.
   *
   * @param notificationsOnly or events of every type
   * @param eventNames those with one of these names, also several joined by commas; empty for any
   * @param after the id of the event after which to begin; null for what is stored from now on
   */
  public record Wish(boolean notificationsOnly, List<String> eventNames, @Nullable String after) {
    public Wish {
      eventNames = List.copyOf(eventNames);
    }
  }

  /** What asking for events came to. */
  public sealed interface Visit {
    /** He may, and has a place. */
    record Begun(Streams.Beginning beginning, View view) implements Visit {
      public Begun {
        Objects.requireNonNull(beginning);
        Objects.requireNonNull(view);
      }
    }

    /** He is told why not. */
    record Refused(Reply reply) implements Visit {
      public Refused {
        Objects.requireNonNull(reply);
      }
    }
  }

  /** Somebody who was let in. */
  private record Guest(Caller caller, Permissions permissions) {}

  Reception(Doors doors, Failures failures, Counter refused, ApiSettings settings) {
    this.doors = doors;
    this.failures = failures;
    this.refused = refused;
    this.settings = settings;
  }

  /** The organization that a token is for; null when it is none of ours, or not good any more. */
  public @Nullable OrganizationId organization(@Nullable String authorization) {
    return switch (doors.gate().check(authorization)) {
      case Reading.Bad<Caller> bad -> null;
      case Reading.Good<Caller>(Caller caller) -> caller.organization();
    };
  }

  /**
   * Has events stored: {@code POST …/events}.
   *
   * @param headers which say in what form the events are, if not in our own
   */
  public Future<Reply> store(
      Context context, Credentials credentials, MultiMap headers, byte[] body) {
    Need need = Need.create(Kind.EVENT);
    return admit(context, credentials, need, "bus=ingest")
        .compose(reading ->
            switch (reading) {
              case Reading.Bad<Guest>(ApiError error) -> Future.succeededFuture((Answer) error);
              case Reading.Good<Guest>(Guest guest) -> store(guest, headers, body);
            })
        .map(Reply::of);
  }

  private Future<Answer> store(Guest guest, MultiMap headers, byte[] body) {
    return switch (EventForms.of(headers)) {
      case Reading.Bad<BodyForm>(ApiError error) -> Future.succeededFuture(error);
      case Reading.Good<BodyForm>(BodyForm form) -> store(guest, form, body);
    };
  }

  private Future<Answer> store(Guest guest, BodyForm form, byte[] body) {
    OrganizationId organization = guest.caller().organization();
    if (body.length > settings.bodyBytesMax()) {
      return Future.succeededFuture(
          ApiError.tooLarge("the body may have " + settings.bodyBytesMax() + " bytes at most"));
    }
    BodyRoom.Share share = doors.room().share(organization);
    ApiError full = share.reserve(body.length);
    return full == null
        ? doors
            .ingest()
            .store(new BodyReceived(organization, form, body), guest.permissions())
            .onComplete(answered -> share.release())
        : Future.succeededFuture(full);
  }

  /** Has events shown from now on, or after one: {@code GET …/events/stream}. */
  public Future<Visit> follow(Context context, Credentials credentials, Wish wish) {
    return admit(context, credentials, StreamRights.NEED, "bus=events")
        .compose(reading ->
            switch (reading) {
              case Reading.Bad<Guest>(ApiError error) -> refusedVisit(error);
              case Reading.Good<Guest>(Guest guest) ->
                  follow(context, guest, credentials.authorization(), wish);
            });
  }

  private Future<Visit> follow(
      Context context, Guest guest, @Nullable String authorization, Wish wish) {
    Query query =
        new Query(
            wish.after() == null
                ? Map.of("eventName", wish.eventNames())
                : Map.of("eventName", wish.eventNames(), "after", List.of(wish.after())));
    Interest named = Interest.of(query);
    Interest interest =
        wish.notificationsOnly()
            ? new Interest(named.names(), Set.of(Category.NOTIFICATION))
            : named;
    String text = query.text("after");
    UUID after = Uuids.parse(text);
    if (text != null && after == null) {
      query.flaw("after", "must be the id of an event");
    }
    ApiError error = query.error();
    if (error != null) {
      return refusedVisit(error);
    }
    View view =
        new View(
            new StreamRights(doors.gate(), doors.rights(), guest.caller(), authorization),
            interest,
            doors.streams().form().retry());
    return Future.fromCompletionStage(
            doors
                .streams()
                .streams()
                .open(
                    guest.caller().organization(),
                    guest.permissions().hiddenEvents(),
                    after == null ? null : new EventId(after)),
            context)
        .map(opening -> visit(opening, view))
        .otherwise(
            failure -> new Visit.Refused(Reply.of(failures.describe(failure, "bus=events"))));
  }

  private Visit visit(Opening opening, View view) {
    return switch (opening) {
      case Opening.Ready(Streams.Beginning beginning) -> new Visit.Begun(beginning, view);
      case Opening.Unknown() ->
          new Visit.Refused(
              Reply.of(
                  ApiError.unknownLastEvent(
                      new Flaw.InQuery("after", StreamRoute.UNKNOWN_LAST_EVENT))));
      case Opening.Full(Opening.Full.Scope scope) ->
          new Visit.Refused(Reply.of(StreamRoute.refusal(scope, settings.retryAfter())));
    };
  }

  private static Future<Visit> refusedVisit(ApiError error) {
    return Future.succeededFuture(new Visit.Refused(Reply.of(error)));
  }

  private Future<Reading<Guest>> admit(
      Context context, Credentials credentials, Need need, String where) {
    Reading<Caller> reading =
        credentials.organization() == null
            ? doors.gate().check(credentials.authorization())
            : doors.gate().check(credentials.authorization(), credentials.organization());
    return switch (reading) {
      case Reading.Bad<Caller>(ApiError error) ->
          Future.succeededFuture(new Reading.Bad<Guest>(error));
      case Reading.Good<Caller>(Caller caller) ->
          Future.fromCompletionStage(doors.rights().of(caller), context)
              .map(standing -> admit(caller, standing, need))
              .otherwise(failure -> new Reading.Bad<>(failures.describe(failure, where)));
    };
  }

  private Reading<Guest> admit(Caller caller, Standing standing, Need need) {
    return switch (standing) {
      case Standing.Revoked() -> new Reading.Bad<>(ApiError.revoked());
      case Standing.Busy() -> {
        refused.increment();
        yield new Reading.Bad<>(ApiError.busy(settings.retryAfter()));
      }
      case Standing.Known(Permissions permissions) -> {
        ApiError refusal = need.refusal(permissions, null);
        yield refusal == null
            ? new Reading.Good<>(new Guest(caller, permissions))
            : new Reading.Bad<>(refusal);
      }
    };
  }

  /** Tells somebody that what he sent is not of the form it must have. */
  public Reply malformed(String code, String message) {
    return Reply.of(ApiError.badRequest(code, message));
  }

  /** Tells somebody that he, or his organization, has as much of something as he may. */
  public Reply tooMany(String message) {
    return Reply.of(
        new ApiError(429, "too_many_requests", message, List.of(), settings.retryAfter()));
  }

  /** Tells somebody that what he sent is larger than it may be. */
  public Reply tooLarge(String message) {
    return Reply.of(ApiError.tooLarge(message));
  }

  /** Tells somebody that this is not the organization his connection is for. */
  public Reply otherOrganization() {
    return Reply.of(
        ApiError.forbidden(
            "wrong_organization", "the connection is for the organization of its first token"));
  }

  /** Tells somebody that the server stops. */
  public Reply stopping() {
    return Reply.of(ApiError.stopping(doors.streams().form().retry()));
  }

  /** Tells somebody that he is shown nothing more, since he did not take what he was shown. */
  public Reply unacknowledged() {
    return Reply.of(
        ApiError.unavailable(
            "a message was not acknowledged in time", doors.streams().form().retry()));
  }
}
