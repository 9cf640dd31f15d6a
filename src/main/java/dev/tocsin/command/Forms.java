package dev.tocsin.command;

import dev.tocsin.access.Statement;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.Notification;
import dev.tocsin.config.DeclaredOrganization.Policy;
import dev.tocsin.config.DeclaredOrganization.ScheduledEvent;
import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import dev.tocsin.config.DeclaredOrganization.Webhook;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.Credentials;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The objects of an organization that files declare, in the form in which what a file says and what
 * a server answers are compared.
 *
 * @param sections by the name of the file's section, and by name or code
 * @param blocking codes of webhooks to which rules that were made through the API are sent, with
 *     those of the rules
 */
record Forms(Map<String, Map<String, Form>> sections, Map<String, String> blocking) {
  Forms {
    sections = Map.copyOf(sections);
    blocking = Map.copyOf(blocking);
  }

  /** What a file says. */
  static Forms of(DeclaredOrganization declared) {
    Map<String, Map<String, Form>> sections = new LinkedHashMap<>();
    Map<String, Form> policies = section(sections, "policies");
    for (Policy policy : declared.policies()) {
      policies.put(policy.name(), Form.of(true, "permissionPolicy", text(policy.statements())));
    }
    Map<String, TreeSet<String>> held = new TreeMap<>();
    for (ServiceUser user : declared.serviceUsers()) {
      held.computeIfAbsent(user.name(), name -> new TreeSet<>()).addAll(user.policies());
    }
    Map<String, Form> users = section(sections, "serviceUsers");
    held.forEach((name, policy) -> users.put(name, Form.of(true, "policies", policy)));
    Map<String, Form> entities = section(sections, "entities");
    for (CustomEntity entity : declared.catalog().entities()) {
      entities.put(entity.name(), entity(true, entity.family(), entity.dateFields()));
    }
    Map<String, Form> scheduled = section(sections, "scheduledEvents");
    for (ScheduledEvent event : declared.catalog().scheduledEvents()) {
      scheduled.put(
          event.name().name().value(),
          Form.of(
              true,
              "entity",
              event.name().entity(),
              "field",
              event.name().field(),
              "offset",
              event.offset()));
    }
    Map<String, Form> webhooks = section(sections, "webhooks");
    declared.rules().webhooks().forEach(webhook -> webhooks.put(webhook.code(), form(webhook)));
    Map<String, Form> rules = section(sections, "notifications");
    declared.rules().notifications().forEach(rule -> rules.put(rule.code(), form(rule)));
    return new Forms(sections, Map.of());
  }

  private static Form form(Webhook webhook) {
    return Form.of(
        true,
        "name",
        webhook.name(),
        "description",
        webhook.description(),
        "url",
        webhook.url(),
        "active",
        webhook.active(),
        "credentials.name",
        Objects.requireNonNullElse(webhook.credentialsName(), ""),
        "credentials.empty",
        webhook.credentials() instanceof Credentials.Unsigned);
  }

  private static Form form(Notification rule) {
    return Form.of(
        true,
        "name",
        rule.name(),
        "description",
        rule.description(),
        "eventName",
        rule.eventName().value(),
        "active",
        rule.active(),
        "alwaysFireEvent",
        rule.alwaysFireEvent(),
        "calculation",
        Objects.requireNonNullElse(rule.calculation(), ""),
        "webhooks",
        new TreeSet<>(rule.webhooks()));
  }

  private static Form entity(boolean isDeclared, String family, List<String> dateFields) {
    return Form.of(isDeclared, "family", family, "dateFields", new TreeSet<>(dateFields));
  }

  private static String text(Collection<Statement> statements) {
    return statements.stream()
        .map(one -> text(one.effect(), one.actions(), one.resources()))
        .toList()
        .toString();
  }

  private static String text(String effect, List<?> actions, List<?> resources) {
    return effect + " " + actions + " on " + resources;
  }

  private static Map<String, Form> section(Map<String, Map<String, Form>> all, String name) {
    Map<String, Form> section = new TreeMap<>();
    all.put(name, section);
    return section;
  }

  /** What a server answers of an organization. */
  static Forms of(DeclaredOrganization organization, ServerApi api) {
    return new Answers(organization.id(), api).forms();
  }

  /** Reads all of it. */
  private record Answers(OrganizationId organization, ServerApi api) {
    Forms forms() {
      Map<String, Map<String, Form>> sections = new LinkedHashMap<>();
      Map<String, Form> policies = section(sections, "policies");
      for (JsonObject policy : list("/permissionpolicies")) {
        if (policy.getBoolean("managedPolicy") && !name(policy).equals("administrator")) {
          policies.put(name(policy), Form.of(true, "permissionPolicy", statements(policy)));
        }
      }
      Map<String, Form> users = section(sections, "serviceUsers");
      for (JsonObject user : list("/serviceusers")) {
        if (user.getBoolean("managed")) {
          users.put(name(user), Form.of(true, "policies", policies(user)));
        }
      }
      Map<String, Form> entities = section(sections, "entities");
      for (JsonObject entity : list("/catalog/entities")) {
        entities.put(
            name(entity),
            entity(isDeclared(entity), entity.getString("family"), texts(entity, "dateFields")));
      }
      Map<String, Form> scheduled = section(sections, "scheduledEvents");
      for (JsonObject event : list("/scheduledevents/configurations")) {
        scheduled.put(
            name(event),
            Form.of(
                isDeclared(event),
                "entity",
                event.getString("entity"),
                "field",
                event.getString("field"),
                "offset",
                event.getInteger("offset")));
      }
      return rules(sections);
    }

    private Forms rules(Map<String, Map<String, Form>> sections) {
      Map<String, Form> webhooks = section(sections, "webhooks");
      Map<String, String> codes = new TreeMap<>();
      for (JsonObject webhook : list("/integrationdestinations/webhooks")) {
        String code = webhook.getString("code", "");
        codes.put(webhook.getString("id").toLowerCase(Locale.ROOT), code);
        if (!code.isEmpty()) {
          webhooks.put(code, webhook(webhook));
        }
      }
      List<JsonObject> links = list("/integrationconfigs");
      Map<String, Form> rules = section(sections, "notifications");
      Map<String, String> blocking = new TreeMap<>();
      for (JsonObject rule : list("/notifications/configurations")) {
        TreeSet<String> sent = new TreeSet<>();
        for (JsonObject link : links) {
          String code = codes.get(link.getString("destinationId", "").toLowerCase(Locale.ROOT));
          if (code == null || !rule.getString("id").equalsIgnoreCase(link.getString("entityId"))) {
            continue;
          }
          if (isDeclared(link)) {
            sent.add(link.getBoolean("enabled") ? code : code + " (disabled)");
          } else if (!isDeclared(rule)) {
            blocking.put(code, rule.getString("code"));
          }
        }
        rules.put(rule.getString("code"), rule(rule, sent));
      }
      return new Forms(sections, blocking);
    }

    private static Form webhook(JsonObject webhook) {
      JsonObject credentials = webhook.getJsonObject("credentials", new JsonObject());
      return Form.of(
          isDeclared(webhook),
          "name",
          name(webhook),
          "description",
          webhook.getString("description", ""),
          "url",
          webhook.getString("url"),
          "active",
          webhook.getBoolean("active"),
          "credentials.name",
          credentials.getString("name", ""),
          "credentials.empty",
          credentials.getBoolean("empty", false));
    }

    private static Form rule(JsonObject rule, TreeSet<String> webhooks) {
      return Form.of(
          isDeclared(rule),
          "name",
          name(rule),
          "description",
          rule.getString("description", ""),
          "eventName",
          rule.getString("eventName"),
          "active",
          rule.getBoolean("active"),
          "alwaysFireEvent",
          rule.getBoolean("alwaysFireEvent"),
          "calculation",
          rule.getString("calculation", ""),
          "webhooks",
          webhooks);
    }

    private TreeSet<String> policies(JsonObject user) {
      TreeSet<String> policies = new TreeSet<>();
      list("/serviceusers/" + user.getString("id") + "/permissions")
          .forEach(policy -> policies.add(name(policy)));
      return policies;
    }

    private static String statements(JsonObject policy) {
      return policy.getJsonArray("permissionPolicy").stream()
          .map(JsonObject.class::cast)
          .map(one -> text(one.getString("effect"), texts(one, "action"), texts(one, "resource")))
          .toList()
          .toString();
    }

    private List<JsonObject> list(String path) {
      return api.list(organization, path);
    }

    private static boolean isDeclared(JsonObject object) {
      return object.getBoolean("declaredInFile", false);
    }

    private static String name(JsonObject object) {
      return object.getString("name", "");
    }

    private static List<String> texts(JsonObject object, String name) {
      return object.getJsonArray(name, new JsonArray()).stream().map(Object::toString).toList();
    }
  }
}
