package dev.tocsin.config;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EventType;
import dev.tocsin.config.DeclaredOrganization.Notification;
import dev.tocsin.config.DeclaredOrganization.Webhook;
import dev.tocsin.event.EventName;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.Parsed;
import dev.tocsin.rule.RuleForm;
import dev.tocsin.rule.Warning;
import dev.tocsin.spelling.Nearest;
import dev.tocsin.webhook.WebhookForm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the notifications of an organization's file, in the form that the API takes too. */
final class NotificationSection {
  private final Catalog catalog;
  private final CalculationLimits limits;
  private final Set<String> webhooks;
  private final List<Problem> warnings;
  private final Map<String, String> codes = new HashMap<>();

  /**
   * Notifications of one file.
   *
   * @param catalog of the system, with what the file adds
   * @param webhooks those of the file
   * @param warnings where to note what is probably a mistake
   */
  NotificationSection(
      Catalog catalog, CalculationLimits limits, List<Webhook> webhooks, List<Problem> warnings) {
    this.catalog = catalog;
    this.limits = limits;
    this.webhooks =
        webhooks.stream().map(Webhook::code).collect(Collectors.toCollection(TreeSet::new));
    this.warnings = warnings;
  }

  List<Notification> read(List<YamlMap> notifications) {
    return notifications.stream().map(this::notification).toList();
  }

  private Notification notification(YamlMap map) {
    String code = map.text("code", RuleForm.CODE_LENGTH_MAX);
    OrganizationFiles.refuseSecond(map, "code", code, codes);
    String name = map.text("name", RuleForm.NAME_LENGTH_MAX);
    String description = map.lines("description", RuleForm.DESCRIPTION_LENGTH_MAX, name);
    EventName eventName = eventName(map);
    boolean active = map.flag("active", true);
    boolean always = map.flag("alwaysFireEvent", false);
    String calculation = calculation(map, catalog.find(eventName));
    if (!always && map.lacks("calculation")) {
      map.problem("calculation", "is missing: it is required unless alwaysFireEvent is true");
    }
    Notification declared =
        new Notification(
            map.place("code"),
            code,
            name,
            description,
            eventName,
            active,
            always,
            calculation,
            webhooks(map));
    map.refuseOthers();
    return declared;
  }

  private EventName eventName(YamlMap map) {
    String text = map.text("eventName", RuleForm.EVENT_NAME_LENGTH_MAX);
    EventName name = new EventName(text);
    if (!text.isBlank() && catalog.find(name) == null) {
      map.problem("eventName", catalog.unknown(name, '"' + text + '"', all -> true));
    }
    return name;
  }

  /** Its problems have two places: the file's line, and line and column in the calculation. */
  private @Nullable String calculation(YamlMap map, @Nullable EventType type) {
    YamlMap.Block block = map.block("calculation");
    if (block == null) {
      return null;
    }
    if (!block.isStorable()) {
      map.problem("calculation", "must not have the character NUL, nor half a surrogate pair");
    }
    switch (Calculations.parse(block.value(), limits)) {
      case Parsed.Valid valid -> {
        List<Warning> found = type == null ? List.of() : valid.calculation().warnings(type);
        for (Warning warning : found) {
          warnings.add(
              new Problem(
                  block.place(warning.line()),
                  "notifications.calculation: line %d, column %d: %s"
                      .formatted(warning.line(), warning.column(), warning.message())));
        }
      }
      case Parsed.Invalid invalid ->
          invalid
              .problems()
              .forEach(problem ->
                  map.problem(block.place(problem.line()), "calculation", problem.located()));
    }
    return block.value();
  }

  private List<String> webhooks(YamlMap map) {
    List<String> codes = new ArrayList<>();
    for (YamlMap.Text code : map.texts("webhooks", WebhookForm.CODE_LENGTH_MAX)) {
      if (!webhooks.contains(code.value())) {
        map.problem(
            code.place(),
            "webhooks",
            "no webhook of this file has the code \""
                + code.value()
                + '"'
                + Nearest.suggestion(code.value(), webhooks));
      } else if (codes.contains(code.value())) {
        map.problem(code.place(), "webhooks", code.value() + " stands twice");
      } else {
        codes.add(code.value());
      }
    }
    return codes;
  }
}
