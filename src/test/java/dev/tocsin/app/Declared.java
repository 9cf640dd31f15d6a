package dev.tocsin.app;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A resource as Terraform keeps it: a configuration that somebody wrote, and the state that was
 * read back. A plan is the difference of both, and applying it creates or replaces.
 */
final class Declared {
  /** What nobody may miss after a resource was made. */
  private static final List<String> COMPUTED =
      List.of("id", "version", "dtCreated", "dtLastModified", "createdBy", "lastModifiedBy");

  private final SdkClient client;
  private final String path;
  private final List<String> writeOnly;
  private final boolean sendsAll;
  private @Nullable JsonObject state;

  /**
   * A resource that there is not yet.
   *
   * @param writeOnly what is never read back
   * @param sendsAll whether a replacement is what was read with the configuration laid over it,
   *     read-only properties and unknown ones included, or the configuration and the version alone:
   *     there are providers of either kind
   */
  Declared(SdkClient client, String path, List<String> writeOnly, boolean sendsAll) {
    this.client = client;
    this.path = path;
    this.writeOnly = List.copyOf(writeOnly);
    this.sendsAll = sendsAll;
  }

  String id() {
    return read().getString("id");
  }

  /** What is to be changed, by name: from what it is to what it should be. */
  Map<String, String> plan(JsonObject configuration) {
    Map<String, String> differences = new TreeMap<>();
    JsonObject found = refresh();
    for (String name : configuration.fieldNames()) {
      Object wanted = configuration.getValue(name);
      Object is = found == null ? null : found.getValue(name);
      if (!writeOnly.contains(name) && !wanted.equals(is)) {
        differences.put(name, is + " -> " + wanted);
      }
    }
    return differences;
  }

  /** Makes what there is what it should be. */
  JsonObject apply(JsonObject configuration) {
    JsonObject made =
        refresh() == null
            ? client.post(path, configuration).ok()
            : client.put(path + "/" + id(), Map.of(), replacement(configuration)).ok();
    for (String name : COMPUTED) {
      if (made.getValue(name) == null) {
        throw new AssertionError(path + " has no " + name + " after apply: " + made.encode());
      }
    }
    state = made;
    return made;
  }

  private JsonObject replacement(JsonObject configuration) {
    JsonObject replacement =
        sendsAll
            ? read().copy().put("aPropertyOfTomorrow", UUID.randomUUID().toString())
            : new JsonObject().put("version", read().getLong("version"));
    return replacement.mergeIn(configuration);
  }

  /** Reads it again; null when it is gone, which is a 404 and nothing else. */
  @Nullable JsonObject refresh() {
    if (state == null) {
      return null;
    }
    SdkClient.Answer answer = client.get(path + "/" + state.getString("id"), Map.of());
    state = answer.status() == 404 ? null : answer.ok();
    return state;
  }

  void destroy() {
    client.delete(path + "/" + id()).ok();
  }

  private JsonObject read() {
    if (state == null) {
      throw new AssertionError("there is no " + path);
    }
    return state;
  }
}
