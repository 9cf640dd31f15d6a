package dev.tocsin.api;

import dev.tocsin.flow.IngestAnswer;
import dev.tocsin.flow.Settlement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what became of a request to store events. */
final class IngestAnswerJson {
  private IngestAnswerJson() {}

  static Answer of(IngestAnswer answer) {
    return switch (answer) {
      case IngestAnswer.Processed processed -> new Answer.Ok(json(processed));
      case IngestAnswer.Malformed bad -> malformed(bad.message(), bad.pointer());
      case IngestAnswer.TooLarge large -> ApiError.tooLarge(large.message());
      case IngestAnswer.Busy busy ->
          switch (busy.scope()) {
            case ORGANIZATION -> ApiError.tooManyRequests(busy.retryAfter());
            case SERVER -> ApiError.busy(busy.retryAfter());
          };
      case IngestAnswer.Unavailable unavailable ->
          ApiError.unavailable(unavailable.message(), unavailable.retryAfter());
    };
  }

  private static ApiError malformed(String message, @Nullable String pointer) {
    return pointer == null
        ? ApiError.badRequest("malformed_body", message)
        : ApiError.flawed("malformed_body", List.of(new Flaw.InBody(pointer, message)));
  }

  private static String json(IngestAnswer.Processed processed) {
    int items = processed.accepted().size() + processed.rejected().size();
    JsonText out = new JsonText(64 + 160 * items).open().openArray("accepted");
    for (IngestAnswer.Accepted accepted : processed.accepted()) {
      out.open()
          .number("index", accepted.index())
          .text("id", accepted.id().toString())
          .flag("duplicate", accepted.duplicate())
          .openArray("notifications");
      for (Settlement.Fired fired : accepted.notifications()) {
        out.open().text("id", fired.id().toString()).text("code", fired.code()).close();
      }
      out.closeArray().close();
    }
    out.closeArray().openArray("rejected");
    for (IngestAnswer.Rejected rejected : processed.rejected()) {
      out.open()
          .number("index", rejected.index())
          .text("code", rejected.code())
          .text("message", rejected.message())
          .text("failureEventId", rejected.failureEvent().toString())
          .close();
    }
    return out.closeArray().close().toString();
  }
}
