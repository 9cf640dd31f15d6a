package dev.tocsin.cluster;

import dev.tocsin.bus.Ring;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one node sends to the others: doorbells that rang there; none when it only says that it is
 * there.
 *
 * <pre>
 * {"version": 1, "node": "&lt;id>", "doorbells": [
 *   {"name": "rules.changed", "version": 1, "organizations": {"&lt;id>": 7, …}}, …]}
 * </pre>
 *
 * <p>A reader passes over fields it does not know, so fields may be added; what would be
 * misunderstood gets a new version, of the doorbell or of all.
 *
 * @param node the id of the sender
 */
record Envelope(String node, List<Bell> bells) {
  private static final int VERSION = 1;

  /** More than any node sends. */
  private static final int BYTES_MAX = 1 << 20;

  private static final int NODE_LENGTH_MAX = 100;

  Envelope {
    Objects.requireNonNull(node);
    bells = List.copyOf(bells);
  }

  /** A doorbell by its name, which a reader may not know, as may be the version of its form. */
  record Bell(String name, int version, List<Ring> rings) {
    Bell {
      Objects.requireNonNull(name);
      rings = List.copyOf(rings);
    }
  }

  Buffer write() {
    JsonArray doorbells = new JsonArray();
    for (Bell bell : bells) {
      Map<String, Object> organizations = new LinkedHashMap<>();
      bell.rings()
          .forEach(ring -> organizations.put(ring.organization().toString(), ring.number()));
      doorbells.add(
          new JsonObject()
              .put("name", bell.name())
              .put("version", bell.version())
              .put("organizations", new JsonObject(organizations)));
    }
    return new JsonObject()
        .put("version", VERSION)
        .put("node", node)
        .put("doorbells", doorbells)
        .toBuffer();
  }

  /** Reads what came from another node, whatever it is; null when it is none of this version. */
  static @Nullable Envelope read(Buffer bytes) {
    if (bytes.length() > BYTES_MAX) {
      return null;
    }
    try {
      JsonObject json = new JsonObject(bytes);
      String node = text(json, "node");
      if (!Integer.valueOf(VERSION).equals(json.getValue("version"))
          || node.isEmpty()
          || node.length() > NODE_LENGTH_MAX) {
        return null;
      }
      List<Bell> bells = new ArrayList<>();
      JsonArray none = new JsonArray();
      for (Object bell : Objects.requireNonNullElse(json.getJsonArray("doorbells"), none)) {
        bells.add(bell(object(bell)));
      }
      return new Envelope(node, bells);
    } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
      return null;
    }
  }

  private static String text(JsonObject json, String key) {
    return Objects.requireNonNullElse((String) json.getValue(key), "");
  }

  private static JsonObject object(@Nullable Object value) {
    if (value instanceof JsonObject json) {
      return json;
    }
    throw new IllegalArgumentException("no object");
  }

  private static Bell bell(JsonObject json) {
    JsonObject organizations = object(json.getValue("organizations", new JsonObject()));
    List<Ring> rings = new ArrayList<>();
    for (String organization : organizations.fieldNames()) {
      if (!(organizations.getValue(organization) instanceof Number number)) {
        throw new IllegalArgumentException("no number");
      }
      rings.add(new Ring(UUID.fromString(organization), number.longValue()));
    }
    Object version = json.getValue("version", 0);
    return new Bell(text(json, "name"), version instanceof Integer known ? known : 0, rings);
  }
}
