package dev.tocsin.api;

import dev.tocsin.event.EventId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A refusal or failure, as every call answers it: {@code {"message", "code"[, "errors"]}}, with
 * {@code failureEventId} where an event keeps what was wrong.
 *
 * @param status 400 for what the caller can mend, 403, 404, 405, 413, 414, 429, 431, 500 or 503
 * @param code stable, for programs
 * @param message for people
 * @param flaws what is wrong with the request, each with its place; empty when the message says all
 * @param retryAfter when to try again; null when that would not help
 * @param failureEventId the event that keeps what was wrong; null when none does
 */
public record ApiError(
    int status,
    String code,
    String message,
    List<Flaw> flaws,
    @Nullable Duration retryAfter,
    @Nullable EventId failureEventId)
    implements Answer {
  public ApiError {
    Objects.requireNonNull(code);
    Objects.requireNonNull(message);
    flaws = List.copyOf(flaws);
  }

  /** One that nothing was stored of. */
  public ApiError(
      int status, String code, String message, List<Flaw> flaws, @Nullable Duration retryAfter) {
    this(status, code, message, flaws, retryAfter, null);
  }

  private static ApiError of(int status, String code, String message) {
    return new ApiError(status, code, message, List.of(), null);
  }

  private static ApiError later(int status, String code, String message, Duration retryAfter) {
    return new ApiError(status, code, message, List.of(), retryAfter);
  }

  /** The request as a whole makes no sense. */
  static ApiError badRequest(String code, String message) {
    return of(400, code, message);
  }

  /** Parts of the request are wrong: all of them are named. */
  static ApiError flawed(String code, List<Flaw> flaws) {
    String message =
        flaws.stream()
            .map(flaw ->
                flaw.place().isEmpty() ? flaw.message() : flaw.place() + ": " + flaw.message())
            .collect(Collectors.joining("; "));
    return new ApiError(400, code, message, flaws, null);
  }

  /**
   * The state of an entity is wrong.
   *
   * @param failureEventId the event that keeps it, if it was kept
   */
  static ApiError badState(Flaw flaw, @Nullable EventId failureEventId) {
    ApiError error = flawed("validation_failed", List.of(flaw));
    return new ApiError(
        error.status(), error.code(), error.message(), error.flaws(), null, failureEventId);
  }

  /** Another resource of the organization has this code. */
  static ApiError codeTaken(String code) {
    return of(400, "code_taken", "another one has the code \"" + code + "\"");
  }

  /** The caller changes a version that is not the current one, or did not say which. */
  static ApiError staleVersion(long current) {
    return of(
        400, "stale_version", "version must be the one that is replaced, which is now " + current);
  }

  /** Why a change was refused. */
  static ApiError of(Written.Refused<?> refused) {
    return switch (refused) {
      case Written.Missing<?>() -> missing();
      case Written.Stale<?>(long current) -> staleVersion(current);
      case Written.CodeTaken<?>(String code) -> codeTaken(code);
      case Written.NameTaken<?>(String name) ->
          of(400, "name_taken", "another one has the name \"" + name + "\"");
      case Written.Full<?>(int most) ->
          of(400, "limit_reached", "there are " + most + " already, and may not be more");
      case Written.InUse<?>(List<Use> uses) -> inUse(Use.told(uses, use -> false));
      case Written.EntityGone<?>(String entity) ->
          badRequest(
              "validation_failed",
              "there is no entity " + entity + " any more: it was just deleted");
      case Written.EntityChanged<?>(String entity) ->
          of(
              400,
              "entity_changed",
              "the entity " + entity + " was changed at the same moment: send it again");
      case Written.DeclaredInFile<?>() ->
          of(
              400,
              "declared_in_file",
              "it is declared in the organization's configuration file, and read-only here");
      case Written.BuiltIn<?>() ->
          of(400, "declared_in_file", "it is built into every organization, and read-only");
    };
  }

  /**
   * Others name what was to be changed or deleted.
   *
   * @param uses who they are
   */
  static ApiError inUse(String uses) {
    return of(400, "in_use", "change or delete first what needs it as it is: " + uses);
  }

  /** The caller may not do this. */
  static ApiError forbidden(String code, String message) {
    return of(403, code, message);
  }

  /** The token speaks for nobody any more. */
  static ApiError revoked() {
    return forbidden("revoked_token", "the token's access key or service user was deleted");
  }

  /** There is nothing at this path, or nothing the caller may know of. */
  static ApiError notFound() {
    return of(404, "not_found", "there is nothing here by that path");
  }

  /** There is no such resource in the caller's organization. */
  static ApiError missing() {
    return of(404, "not_found", "there is no such resource in the organization");
  }

  /** There is nothing of a kind that the path names. */
  static ApiError missing(String message) {
    return of(404, "not_found", message);
  }

  /** There is no such thing as a property names in the caller's organization. */
  static ApiError missing(String pointer, String message) {
    Flaw flaw = new Flaw.InBody(pointer, message);
    return new ApiError(404, "not_found", pointer + ": " + message, List.of(flaw), null);
  }

  /** There is no event to go on after, or none the caller may know of. */
  static ApiError unknownLastEvent(Flaw flaw) {
    String message = flaw.place() + ": " + flaw.message();
    return new ApiError(404, "not_found", message, List.of(flaw), null);
  }

  /** The path has other methods. */
  static ApiError methodNotAllowed() {
    return of(405, "method_not_allowed", "the path has other methods, see the header Allow");
  }

  /** The request is larger than it may be. */
  static ApiError tooLarge(String message) {
    return of(413, "too_large", message);
  }

  /** The address or the headers are longer than they may be. */
  static ApiError tooLong(int status, String message) {
    return of(status, "too_long", message);
  }

  /** The caller's organization has as much under way as it may. */
  static ApiError tooManyRequests(Duration retryAfter) {
    return later(
        429, "too_many_requests", "the organization has too many requests under way", retryAfter);
  }

  /** The caller's organization has as many streams as it may. */
  static ApiError tooManyStreams(Duration retryAfter) {
    return later(
        429, "too_many_requests", "the organization has too many event streams open", retryAfter);
  }

  /** The server has as many streams as it can. */
  static ApiError noRoomForStreams(Duration retryAfter) {
    return later(503, "busy", "the server has too many event streams open", retryAfter);
  }

  /** The server has as much under way as it can. */
  static ApiError busy(Duration retryAfter) {
    return later(503, "busy", "the server has too many requests under way", retryAfter);
  }

  /** The server cannot do this now. */
  static ApiError unavailable(String message, Duration retryAfter) {
    return later(503, "unavailable", message, retryAfter);
  }

  /** The server is stopping. */
  static ApiError stopping(Duration retryAfter) {
    return later(503, "stopping", "the server is stopping", retryAfter);
  }

  /** A defect of ours; its log line says more. */
  static ApiError internal() {
    return of(500, "internal_error", "internal error");
  }

  /** The body of the answer. */
  String json() {
    JsonText out = new JsonText().open().text("message", message).text("code", code);
    if (!flaws.isEmpty()) {
      out.openArray("errors");
      flaws.forEach(flaw -> flaw.append(out));
      out.closeArray();
    }
    out.text("failureEventId", failureEventId == null ? null : failureEventId.toString());
    return out.close().toString();
  }
}
