package dev.tocsin.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a value has to be by the contract: a schema of it, ready to be asked. */
final class Shape {
  /** Those that only pass on what is wrong further inside. */
  private static final Set<String> PASSING_ON =
      Set.of("$ref", "properties", "items", "allOf", "propertyNames");

  private static final String COMPONENTS = "/components/";

  private final JsonObject document;
  private final JsonObject schema;
  private final Validator validator;
  private final boolean isSent;

  /**
   * A shape of a document.
   *
   * @param validator of the schema, which names what else is in the document as it stands there
   * @param isSent whether it is of requests, in which {@code DateText} says what a time is: it
   *     knows some that the validator does not, such as those without seconds
   */
  Shape(JsonObject document, JsonObject schema, Validator validator, boolean isSent) {
    this.document = document;
    this.schema = schema;
    this.validator = validator;
    this.isSent = isSent;
  }

  /** The schema; perhaps only a reference to one. */
  JsonObject schema() {
    return schema;
  }

  /** Everything about a value, as {@code JsonValues} reads it, that is not as it has to be. */
  List<Breach> breaches(@Nullable Object value) {
    Object json = json(value);
    OutputUnit result = validator.validate(json);
    if (result.getValid()) {
      return List.of();
    }
    Set<Breach> breaches = new LinkedHashSet<>();
    for (OutputUnit error : result.getErrors()) {
      add(json, error, breaches);
    }
    return List.copyOf(breaches);
  }

  private void add(@Nullable Object json, OutputUnit error, Collection<Breach> breaches) {
    // There is no absolute one for schemas inside of arrays, such as those of parameters.
    String absolute = error.getAbsoluteKeywordLocation();
    String location = afterHash(absolute == null ? error.getKeywordLocation() : absolute);
    String keyword = location.substring(location.lastIndexOf('/') + 1);
    if (PASSING_ON.contains(keyword)) {
      return;
    }
    JsonObject broken = schemaAt(location.substring(0, location.lastIndexOf('/')));
    if (isSent && keyword.equals("format") && "date-time".equals(broken.getString(keyword))) {
      return;
    }
    String pointer = decoded(afterHash(error.getInstanceLocation()));
    if (keyword.equals("required")) {
      JsonObject owner = (JsonObject) Objects.requireNonNull(at(json, pointer), pointer);
      for (Object name : broken.getJsonArray(keyword)) {
        if (!owner.containsKey((String) name)) {
          breaches.add(new Breach(pointer + "/" + name, keyword, broken));
        }
      }
    } else if (!keyword.equals("additionalProperties") || isUnknown(pointer, broken)) {
      breaches.add(new Breach(pointer, keyword, broken));
    }
  }

  /** The validator also finds those additional that are known and not as they have to be. */
  private static boolean isUnknown(String pointer, JsonObject owner) {
    String name = pointer.substring(pointer.lastIndexOf('/') + 1);
    return Boolean.FALSE.equals(owner.getValue("additionalProperties"))
        && !owner.getJsonObject("properties").containsKey(name);
  }

  /** The validator counts places from the last reference it followed, or else from the schema. */
  private JsonObject schemaAt(String location) {
    Object found = at(location.startsWith(COMPONENTS) ? document : schema, location);
    return (JsonObject) Objects.requireNonNull(found, location);
  }

  private static @Nullable Object at(@Nullable Object json, String pointer) {
    return JsonPointer.from(pointer).queryJson(json);
  }

  private static String afterHash(String location) {
    return location.substring(location.indexOf('#') + 1);
  }

  /** The validator writes pointers as parts of URIs; a plus is none of those it encodes. */
  private static String decoded(String pointer) {
    return URLDecoder.decode(pointer.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /**
   * The value as the validator knows JSON. It asks of a number whether it is whole by dividing it,
   * which for one such as 1e999999999 takes all the memory there is. So decimals, which our reader
   * makes of every number that is no {@code long}, are handed to it as one that is never whole and
   * within all bounds: no request has a place for them.
   */
  private static @Nullable Object json(@Nullable Object value) {
    return switch (value) {
      case BigDecimal decimal -> Double.NaN;
      case Map<?, ?> map -> {
        JsonObject object = new JsonObject();
        map.forEach((name, member) -> object.put((String) name, json(member)));
        yield object;
      }
      case List<?> list -> {
        List<@Nullable Object> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(json(item)));
        yield new JsonArray(items);
      }
      case null, default -> value;
    };
  }
}
