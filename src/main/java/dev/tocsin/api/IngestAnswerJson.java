package dev.tocsin.api;

import dev.tocsin.access.Action;
import dev.tocsin.access.HiddenEvents;
import dev.tocsin.access.Kind;
import dev.tocsin.access.Permissions;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.event.EventName;
import dev.tocsin.flow.IngestAnswer;
import dev.tocsin.flow.Settlement;
import dev.tocsin.spelling.Nearest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes what became of a request to store events. */
final class IngestAnswerJson {
  private static final String UNCHANGED =
      "{\"changed\":false,\"duplicate\":false,\"notifications\":[]}";

  private IngestAnswerJson() {}

  /**
   * The answer for somebody, without what he may not know: of rules, and of the event types that he
   * may have meant.
   */
  static Answer of(IngestAnswer answer, Permissions permissions) {
    return switch (answer) {
      case IngestAnswer.Processed processed -> new Answer.Ok(json(processed, permissions));
      case IngestAnswer.Malformed bad -> malformed(bad.message(), bad.pointer());
      case IngestAnswer.TooLarge large -> ApiError.tooLarge(large.message());
      case IngestAnswer.Busy busy ->
          switch (busy.scope()) {
            case ORGANIZATION -> ApiError.tooManyRequests(busy.retryAfter());
            case SERVER -> ApiError.busy(busy.retryAfter());
          };
      case IngestAnswer.Unavailable unavailable ->
          ApiError.unavailable(unavailable.message(), unavailable.retryAfter());
      case IngestAnswer.Changed changed -> new Answer.Ok(json(changed, permissions));
      case IngestAnswer.Unchanged unchanged -> new Answer.Ok(UNCHANGED);
      case IngestAnswer.Absent absent -> ApiError.missing();
      case IngestAnswer.NoSuchEntity unknown -> ApiError.missing(unknown.message());
      case IngestAnswer.BadParameter bad ->
          ApiError.flawed(
              "bad_parameter", List.of(new Flaw.InQuery(bad.parameter(), bad.message())));
      case IngestAnswer.BadState bad ->
          ApiError.badState(new Flaw.InBody(bad.pointer(), bad.message()), bad.failureEvent());
    };
  }

  private static String json(IngestAnswer.Changed changed, Permissions permissions) {
    JsonText out = new JsonText(256).open().text("eventId", changed.id().toString());
    if (changed.name() != null) {
      out.text("eventName", changed.name().value());
    }
    out.flag("changed", true).flag("duplicate", changed.duplicate());
    append(out, changed.duplicate(), changed.notifications(), permissions);
    return out.close().toString();
  }

  /** Of a duplicate nobody can say here which event was the first: it may be a hidden one. */
  private static void append(
      JsonText out,
      boolean isDuplicate,
      List<Settlement.Fired> notifications,
      Permissions permissions) {
    boolean mayBeHidden = isDuplicate && !permissions.hiddenEvents().isEmpty();
    out.openArray("notifications");
    for (Settlement.Fired fired : notifications) {
      if (!mayBeHidden && mayKnow(permissions, fired)) {
        out.open().text("id", fired.id().toString()).text("code", fired.code()).close();
      }
    }
    out.closeArray();
  }

  private static ApiError malformed(String message, @Nullable String pointer) {
    return pointer == null
        ? ApiError.badRequest("malformed_body", message)
        : ApiError.flawed("malformed_body", List.of(new Flaw.InBody(pointer, message)));
  }

  private static String json(IngestAnswer.Processed processed, Permissions permissions) {
    int items = processed.accepted().size() + processed.rejected().size();
    JsonText out = new JsonText(64 + 160 * items).open().openArray("accepted");
    for (IngestAnswer.Accepted accepted : processed.accepted()) {
      out.open()
          .number("index", accepted.index())
          .text("id", accepted.id().toString())
          .flag("duplicate", accepted.duplicate());
      append(out, accepted.duplicate(), accepted.notifications(), permissions);
      out.close();
    }
    out.closeArray().openArray("rejected");
    for (IngestAnswer.Rejected rejected : processed.rejected()) {
      out.open()
          .number("index", rejected.index())
          .text("code", rejected.code())
          .text("message", message(rejected, permissions))
          .text("failureEventId", rejected.failureEvent().toString())
          .close();
    }
    return out.closeArray().close().toString();
  }

  private static boolean mayKnow(Permissions permissions, Settlement.Fired fired) {
    return permissions.permitAll(Action.CONFIG_RETRIEVE, Kind.NOTIFICATION_CONFIGURATION)
        || permissions.permit(
            Action.CONFIG_RETRIEVE, Kind.NOTIFICATION_CONFIGURATION, fired.rule().toString());
  }

  private static String message(IngestAnswer.Rejected rejected, Permissions permissions) {
    EventName meant = rejected.meant();
    return meant == null || mayBeHidden(permissions.hiddenEvents(), meant)
        ? rejected.message()
        : rejected.message() + Nearest.suggestion(Optional.of(meant.value()));
  }

  /** Of which entity a scheduled event is made, its name need not say. */
  private static boolean mayBeHidden(HiddenEvents hidden, EventName name) {
    return hidden.hides(name)
        || (!hidden.isEmpty() && name.value().startsWith(ScheduledName.FAMILY + "."));
  }
}
