package dev.tocsin.api;

import dev.tocsin.access.Action;
import dev.tocsin.access.Kind;
import dev.tocsin.api.Trial.Subject;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EventType;
import dev.tocsin.event.Change;
import dev.tocsin.event.EventId;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.Explanation;
import dev.tocsin.rule.Finding;
import dev.tocsin.rule.Outcome;
import dev.tocsin.rule.Parsed;
import dev.tocsin.rule.ParsedCalculation;
import dev.tocsin.rule.Place;
import dev.tocsin.rule.Problem;
import dev.tocsin.rule.Trace;
import dev.tocsin.rule.Warning;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The call that tries a calculation out, at {@code notifications/evaluate}. Nothing fires, and
 * nothing is kept.
 *
 * <p>{@code success} and {@code errorMessage} are m3ter's: whether the calculation can be read, and
 * computed of the event if one is given. The rest is ours.
 */
final class EvaluateEndpoint {
  private final Events store;
  private final Catalog catalog;
  private final CalculationLimits limits;
  private final InstantSource clock;

  EvaluateEndpoint(Events store, Catalog catalog, CalculationLimits limits, InstantSource clock) {
    this.store = store;
    this.catalog = catalog;
    this.limits = limits;
    this.clock = clock;
  }

  Endpoint endpoint() {
    return new Endpoint(
        HttpMethod.POST,
        "notifications/evaluate",
        Need.retrieve(Kind.NOTIFICATION_CONFIGURATION),
        this::evaluate);
  }

  /** What a calculation is to be tried on, once it is found. */
  private record Case(@Nullable EventType type, @Nullable Change change) {}

  private Answer evaluate(Call call) {
    return switch (Body.parse(call.body())) {
      case Reading.Bad<JsonProperties>(ApiError error) -> error;
      case Reading.Good<JsonProperties>(JsonProperties properties) ->
          switch (Trial.read(properties, catalog, clock.instant())) {
            case Reading.Bad<Trial>(ApiError error) -> error;
            case Reading.Good<Trial>(Trial trial) ->
                find(call, trial.subject())
                    .map(found -> answer(trial, found))
                    .orElse(ApiError.missing());
          };
    };
  }

  private Optional<Case> find(Call call, Subject subject) {
    return switch (subject) {
      case Subject.Nothing() -> Optional.of(new Case(null, null));
      case Subject.OfType(EventType type) -> Optional.of(new Case(type, null));
      case Subject.Given(EventType type, Change change) -> Optional.of(new Case(type, change));
      case Subject.Stored(String text) -> {
        UUID id = Uuids.parse(text);
        yield id == null
                || !call.permissions().permit(Action.CONFIG_RETRIEVE, Kind.EVENT, id.toString())
            ? Optional.empty()
            : store
                .find(Viewer.of(call), new EventId(id))
                .map(event -> new Case(catalog.find(event.name()), change(event)));
      }
    };
  }

  private static Change change(StoredEvent event) {
    return new Change(event.time(), payload(event, event.after()), payload(event, event.before()));
  }

  private static @Nullable Payload payload(StoredEvent event, @Nullable String json) {
    try {
      return json == null ? null : JsonValues.payload(json);
    } catch (IOException e) {
      throw new IllegalStateException("stored event " + event.id() + " is not JSON", e);
    }
  }

  private Answer answer(Trial trial, Case found) {
    return switch (Calculations.parse(trial.calculation(), limits)) {
      case Parsed.Invalid(List<Problem> problems) -> refused(problems);
      case Parsed.Valid(ParsedCalculation calculation) -> {
        EventType type = found.type();
        List<Warning> warnings = type == null ? List.of() : calculation.warnings(type);
        Change change = found.change();
        yield change == null
            ? read(warnings)
            : evaluated(calculation.explain(change), warnings, trial.explain());
      }
    };
  }

  private static Answer refused(List<Problem> problems) {
    Problem first = problems.getFirst();
    JsonText out = new JsonText().open().flag("success", false);
    out.text("errorMessage", message(first.line(), first.column(), first.message()));
    out.openArray("errors");
    problems.forEach(problem ->
        ExplanationJson.appendPointed(out, problem.line(), problem.column(), problem.message()));
    return new Answer.Ok(out.closeArray().close().toString());
  }

  /** There was no event to evaluate it on. */
  private static Answer read(List<Warning> warnings) {
    JsonText out = new JsonText().open().flag("success", true);
    ExplanationJson.appendWarnings(out, warnings);
    return new Answer.Ok(out.close().toString());
  }

  private static Answer evaluated(
      Explanation explanation, List<Warning> warnings, boolean explained) {
    JsonText out = new JsonText(4_096).open();
    switch (explanation.outcome()) {
      case Outcome.Fires _ ->
          out.flag("success", true).flag("result", true).text("outcome", "fires");
      case Outcome.DoesNotFire _ ->
          out.flag("success", true).flag("result", false).text("outcome", "doesNotFire");
      case Outcome.Failed(String reason) ->
          appendFailure(out, explanation.origin(), reason);
    }
    ExplanationJson.appendWarnings(out, warnings);
    if (explained) {
      ExplanationJson.append(out, explanation);
    }
    return new Answer.Ok(out.close().toString());
  }

  private static void appendFailure(JsonText out, Trace origin, String reason) {
    Place place = origin.place();
    String what = reason + culprit(origin);
    out.flag("success", false)
        .text("outcome", "failed")
        .text("errorMessage", message(place.line(), place.column(), what))
        .openArray("errors");
    ExplanationJson.appendPointed(out, place.line(), place.column(), what);
    out.closeArray();
  }

  /** The part that is to blame and its value, unless that stands in the calculation. */
  private static String culprit(Trace origin) {
    if (!(origin.finding() instanceof Finding.Known(Object value))) {
      return "";
    }
    String shown = ValueJson.shown(value);
    return shown.equals(origin.text()) ? "" : ": " + origin.text() + " is " + shown;
  }

  private static String message(int line, int column, String message) {
    return "line %d, column %d: %s".formatted(line, column, message);
  }
}
