package dev.tocsin.api;

import dev.tocsin.api.NotificationConfiguration.Content;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.EventType;
import dev.tocsin.event.EventName;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.Parsed;
import dev.tocsin.rule.Problem;
import dev.tocsin.rule.RuleForm;
import dev.tocsin.rule.Warning;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads and writes notification configurations in m3ter's form. */
final class NotificationJson {
  private final OrganizationCatalogs catalogs;
  private final CalculationLimits limits;

  NotificationJson(OrganizationCatalogs catalogs, CalculationLimits limits) {
    this.catalogs = catalogs;
    this.limits = limits;
  }

  /**
   * Reads one.
   *
   * @param before the event name that one which is replaced has: it may keep it, though there may
   *     be no such event type any more
   */
  Reading<DraftOnEntities<Content>> read(
      Viewer author, JsonProperties properties, Supplier<@Nullable EventName> before) {
    Catalog catalog = catalogs.of(author.organization());
    String name = properties.text("name", RuleForm.NAME_LENGTH_MAX);
    String description = properties.text("description", RuleForm.DESCRIPTION_LENGTH_MAX);
    String code = properties.text("code", RuleForm.CODE_LENGTH_MAX);
    EventName eventName = eventName(author, catalog, properties, before);
    boolean active = properties.flag("active", true);
    boolean always = properties.flag("alwaysFireEvent", false);
    // How long it may be is one of the limits of calculations.
    String calculation = properties.optionalText("calculation", Integer.MAX_VALUE);
    if (calculation != null) {
      checkCalculation(properties, calculation);
    } else if (!always && properties.lacks("calculation")) {
      properties.flaw("calculation", "is required unless alwaysFireEvent is true");
    }
    CustomEntity entity = catalog.ownEntityOf(eventName);
    return properties.result(() ->
        new DraftOnEntities<>(
            new Content(code, name, description, eventName, active, always, calculation),
            entity == null ? Set.of() : Set.of(entity)));
  }

  private static EventName eventName(
      Viewer author,
      Catalog catalog,
      JsonProperties properties,
      Supplier<@Nullable EventName> before) {
    String text = properties.text("eventName", RuleForm.EVENT_NAME_LENGTH_MAX);
    EventName name = new EventName(text);
    if (!text.isBlank() && catalog.find(name) == null && !name.equals(before.get())) {
      properties.flaw("eventName", catalog.unknown(name, '"' + text + '"', author.events()));
    }
    return name;
  }

  private void checkCalculation(JsonProperties properties, String calculation) {
    switch (Calculations.parse(calculation, limits)) {
      case Parsed.Valid valid -> {}
      case Parsed.Invalid invalid -> {
        for (Problem problem : invalid.problems()) {
          properties.flaw(
              new Flaw.InCalculation(
                  properties.at("calculation"),
                  problem.message(),
                  problem.line(),
                  problem.column()));
        }
      }
    }
  }

  void append(JsonText out, NotificationConfiguration configuration) {
    appendMembers(out.open(), configuration).close();
  }

  /** Appends it with {@code warnings} of its calculation, if there are any for its author. */
  void appendSaved(Viewer author, JsonText out, NotificationConfiguration configuration) {
    appendMembers(out.open(), configuration);
    ExplanationJson.appendWarnings(out, warnings(author, configuration.content()));
    out.close();
  }

  private List<Warning> warnings(Viewer author, Content content) {
    if (content.calculation() == null) {
      return List.of();
    }
    Catalog catalog = catalogs.of(author.organization());
    EventType type = catalogs.described(author, catalog.find(content.eventName()));
    return type != null
            && Calculations.parse(content.calculation(), limits) instanceof Parsed.Valid valid
        ? valid.calculation().warnings(type)
        : List.of();
  }

  private static JsonText appendMembers(JsonText out, NotificationConfiguration configuration) {
    Content content = configuration.content();
    out.text("id", configuration.id().toString())
        .text("name", content.name())
        .text("description", content.description())
        .text("code", content.code())
        .text("eventName", content.eventName().value())
        .flag("active", content.active())
        .flag("alwaysFireEvent", content.alwaysFireEvent())
        .text("calculation", content.calculation())
        .flag("declaredInFile", configuration.inFile());
    return AuditJson.append(out, configuration.audit());
  }
}
