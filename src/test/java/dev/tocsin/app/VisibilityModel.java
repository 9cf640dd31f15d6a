package dev.tocsin.app;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may see, in the words of docs/api.md ("Who may do what"): of whatever is stored,
 * the resources whose denial hides it, spelled as statements spell them.
 */
final class VisibilityModel {
  private static final List<String> OURS =
      List.of("event", "notificationconfiguration", "webhook", "integrationconfiguration");

  private final Set<String> denied = new HashSet<>();

  /** Somebody with these statements. */
  VisibilityModel(List<JsonObject> statements) {
    for (JsonObject statement : statements) {
      boolean isOfReading =
          statement.getJsonArray("action").stream()
              .map(action -> action.toString().toLowerCase(Locale.ROOT).replace('_', ':'))
              .anyMatch(List.of("all", "config:retrieve")::contains);
      if (isOfReading && statement.getString("effect").equalsIgnoreCase("deny")) {
        statement.getJsonArray("resource").forEach(one -> deny(one.toString()));
      }
    }
  }

  private void deny(String resource) {
    if (!resource.startsWith("measurements:")) {
      String whole = resource.replace("/item/*", "/*");
      boolean isOurs = OURS.stream().anyMatch(type -> whole.startsWith("config:" + type + "/"));
      denied.add(isOurs ? whole.toLowerCase(Locale.ROOT) : whole);
    }
  }

  boolean isDenied(String type) {
    return List.of("*", "config:*", "config:" + type + "/*").stream().anyMatch(denied::contains);
  }

  boolean isItemDenied(String type, String id) {
    return denied.contains("config:" + type + "/item/" + id);
  }

  /** Whether an event is there for him. */
  boolean shows(JsonObject event, Map<String, JsonObject> all) {
    return !isDenied("event")
        && !isItemDenied("event", event.getString("id"))
        && showsSubject(event, all);
  }

  private boolean showsSubject(JsonObject event, Map<String, JsonObject> all) {
    String name = event.getString("eventName");
    JsonObject states = event.getJsonObject("m3terEvent").getJsonObject("eventData");
    JsonObject told = states.getJsonObject("newDto");
    if (name.startsWith("notification.")) {
      return showsOne("notificationconfiguration", told.getString("notificationId"))
          && shows(Objects.requireNonNull(all.get(told.getString("causeEventId"))), all);
    }
    if (name.startsWith("integration.")) {
      return showsRun(told, all);
    }
    if (name.equals("ingest.validation.failure")) {
      return denied.isEmpty() || (isReadable(told) && showsPosted(told.getJsonObject("original")));
    }
    List<String> parts = List.of(name.split("\\.", -1));
    if (parts.size() != 3) {
      return parts.stream().noneMatch(this::isDenied)
          && !isItemDenied("account", String.valueOf(event.getString("accountId")));
    }
    JsonObject scheduled = told == null ? null : told.getJsonObject("scheduled");
    if (scheduled != null
        && !showsEntity(
            scheduled.getString("entity").toLowerCase(Locale.ROOT),
            event.getString("resourceId"),
            null)) {
      return false;
    }
    return name.startsWith("dataexport.")
        || (showsEntity(
                name.split("\\.", -1)[1],
                event.getString("resourceId"),
                event.getString("accountId"))
            && showsBefore(states.getJsonObject("oldDto")));
  }

  /** A run, or what an event tells of one. */
  boolean showsRun(JsonObject run, Map<String, JsonObject> all) {
    return showsOne("notificationconfiguration", run.getString("notificationId"))
        && showsOne("integrationconfiguration", run.getString("integrationConfigId"))
        && showsOne("webhook", run.getString("destinationId"))
        && !isItemDenied("event", run.getString("notificationEventId"))
        && shows(Objects.requireNonNull(all.get(run.getString("eventId"))), all);
  }

  private boolean showsOne(String type, String id) {
    return !isDenied(type) && !isItemDenied(type, id);
  }

  /** Nobody knows what an event is about whose name there is not. */
  private static boolean isReadable(JsonObject failure) {
    return !failure.getString("code").equals("unknown_event_name");
  }

  private boolean showsPosted(JsonObject original) {
    JsonObject state = original.getJsonObject("new", new JsonObject());
    return showsEntity(
            original.getString("eventName").split("\\.", -1)[1],
            state.getString("id"),
            state.getString("accountId"))
        && showsBefore(original.getJsonObject("old"));
  }

  /** What an update says of an item is about the account that it was in before, too. */
  private boolean showsBefore(@Nullable JsonObject old) {
    return old == null || !isItemDenied("account", String.valueOf(old.getString("accountId")));
  }

  private boolean showsEntity(String type, @Nullable String id, @Nullable String account) {
    return !isDenied(type)
        && !isItemDenied(type, String.valueOf(id))
        && !isItemDenied("account", String.valueOf(account));
  }

  /** A statement as policies have it. */
  static JsonObject statement(String effect, String action, List<String> resources) {
    return new JsonObject()
        .put("effect", effect)
        .put("action", new JsonArray().add(action))
        .put("resource", new JsonArray(resources));
  }
}
