package dev.tocsin.api;

import dev.tocsin.access.Action;
import dev.tocsin.access.HiddenEvents;
import dev.tocsin.access.Kind;
import dev.tocsin.access.Permissions;
import dev.tocsin.api.Rehearsals.Rehearsed;
import dev.tocsin.api.Trial.Subject;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EventType;
import dev.tocsin.event.Change;
import dev.tocsin.event.EventId;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.Explanation;
import dev.tocsin.rule.Outcome;
import dev.tocsin.rule.Parsed;
import dev.tocsin.rule.ParsedCalculation;
import dev.tocsin.rule.Problem;
import dev.tocsin.rule.Warning;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
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
  private final Rehearsals rehearsals;
  private final OrganizationCatalogs catalogs;
  private final CalculationLimits limits;
  private final ExplanationLimits explanations;
  private final Counter cut;
  private final InstantSource clock;

  EvaluateEndpoint(
      Events store,
      Rehearsals rehearsals,
      OrganizationCatalogs catalogs,
      ApiSettings settings,
      InstantSource clock,
      MeterRegistry meters) {
    this.store = store;
    this.rehearsals = rehearsals;
    this.catalogs = catalogs;
    this.limits = settings.calculations();
    this.explanations = settings.explanations();
    this.cut = meters.counter("tocsin.explanations.cut");
    this.clock = clock;
  }

  Endpoint endpoint() {
    return new Endpoint(
        HttpMethod.POST,
        "notifications/evaluate",
        Need.retrieve(Kind.NOTIFICATION_CONFIGURATION),
        this::evaluate);
  }

  /**
   * What a calculation is to be tried on, once it is found.
   *
   * @param filledIn whether the old state of an event that is given is the last known one
   */
  private record Case(@Nullable EventType type, @Nullable Change change, boolean filledIn) {}

  private Answer evaluate(Call call) {
    return switch (call.properties()) {
      case Reading.Bad<JsonProperties>(ApiError error) -> error;
      case Reading.Good<JsonProperties>(JsonProperties properties) -> evaluate(call, properties);
    };
  }

  private Answer evaluate(Call call, JsonProperties properties) {
    OrganizationId organization = call.caller().organization();
    Catalog catalog = catalogs.of(organization);
    return switch (Trial.read(Viewer.of(call), properties, catalog)) {
      case Reading.Bad<Trial>(ApiError error) -> error;
      case Reading.Good<Trial>(Trial trial) ->
          switch (find(call, catalog, trial.subject())) {
            case Reading.Bad<Case>(ApiError error) -> error;
            case Reading.Good<Case>(Case found) -> answer(call, trial, found);
          };
    };
  }

  private Reading<Case> find(Call call, Catalog catalog, Subject subject) {
    return switch (subject) {
      case Subject.Nothing() -> new Reading.Good<>(new Case(null, null, false));
      case Subject.OfType(EventType type) -> new Reading.Good<>(new Case(type, null, false));
      case Subject.Given(EventType type, Rehearsals.Draft draft) ->
          given(call, catalog, type, draft);
      case Subject.Stored(String id) -> stored(call, catalog, id);
    };
  }

  private Reading<Case> given(Call call, Catalog catalog, EventType type, Rehearsals.Draft draft) {
    OrganizationId organization = call.caller().organization();
    return switch (rehearsals.rehearse(organization, catalog, draft, clock.instant())) {
      case Rehearsed.Judged(Change change, EventId writer) when writer == null ->
          new Reading.Good<>(new Case(type, change, false));
      case Rehearsed.Judged(Change change, EventId writer) when maySee(call, writer) ->
          new Reading.Good<>(new Case(type, change, true));
      case Rehearsed.Judged(Change change, EventId _) -> // its old state is none of the caller's
          new Reading.Good<>(
              new Case(type, new Change(change.time(), change.after(), null), false));
      case Rehearsed.Rejected(String pointer, String message) ->
          new Reading.Bad<>(
              ApiError.flawed(
                  "validation_failed", List.of(new Flaw.InBody("/event" + pointer, message))));
    };
  }

  private Reading<Case> stored(Call call, Catalog catalog, String text) {
    UUID id = Uuids.parse(text);
    Optional<StoredEvent> found = id == null ? Optional.empty() : find(call, new EventId(id));
    return found
        .<Reading<Case>>map(
            event -> new Reading.Good<>(new Case(catalog.find(event.name()), change(event), false)))
        .orElseGet(() ->
            new Reading.Bad<>(
                ApiError.missing("/eventId", "there is no such event in the organization")));
  }

  /** An event, if the caller may see it. */
  private Optional<StoredEvent> find(Call call, EventId id) {
    return call.permissions().permit(Action.CONFIG_RETRIEVE, Kind.EVENT, id.toString())
        ? store.find(Viewer.of(call), id)
        : Optional.empty();
  }

  /**
   * Whether the state that an event wrote is the caller's to know. Of one that is gone, only he
   * knows it from whom nothing is hidden: what could be asked is gone with it.
   */
  private boolean maySee(Call call, EventId writer) {
    Permissions permissions = call.permissions();
    return permissions.hiddenEvents().equals(HiddenEvents.NONE)
        ? permissions.permit(Action.CONFIG_RETRIEVE, Kind.EVENT, writer.toString())
        : find(call, writer).isPresent();
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

  private Answer answer(Call call, Trial trial, Case found) {
    return switch (Calculations.parse(trial.calculation(), limits)) {
      case Parsed.Invalid(List<Problem> problems) -> refused(problems);
      case Parsed.Valid(ParsedCalculation calculation) -> {
        EventType type = catalogs.described(Viewer.of(call), found.type());
        List<Warning> warnings = type == null ? List.of() : calculation.warnings(type);
        Change change = found.change();
        yield change == null
            ? read(warnings)
            : evaluated(calculation.explain(change), found, warnings, trial.explain());
      }
    };
  }

  private static Answer refused(List<Problem> problems) {
    Problem first = problems.getFirst();
    JsonText out = new JsonText().open().flag("success", false);
    out.text("errorMessage", first.located());
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

  private Answer evaluated(
      Explanation explanation, Case tried, List<Warning> warnings, boolean explained) {
    JsonText out = new JsonText(4_096).open();
    switch (explanation.outcome()) {
      case Outcome.Fires _ ->
          out.flag("success", true).flag("result", true).text("outcome", "fires");
      case Outcome.DoesNotFire _ ->
          out.flag("success", true).flag("result", false).text("outcome", "doesNotFire");
      case Outcome.Failed _ -> appendFailure(out, Objects.requireNonNull(explanation.problem()));
    }
    if (tried.filledIn()) {
      out.flag("oldFilledIn", true);
    }
    ExplanationJson.appendWarnings(out, warnings);
    if (explained && !ExplanationJson.append(out, explanation, explanations)) {
      cut.increment();
    }
    return new Answer.Ok(out.close().toString());
  }

  private static void appendFailure(JsonText out, Problem problem) {
    out.flag("success", false)
        .text("outcome", "failed")
        .text("errorMessage", problem.located())
        .openArray("errors");
    ExplanationJson.appendPointed(out, problem.line(), problem.column(), problem.message());
    out.closeArray();
  }
}
