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
import java.util.HashSet;
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

  /** A permission policy may have some 1,250 items in all, and no other request has more. */
  private static final int ITEMS_MAX = 2_000;

  private static final int BREACHES_MAX = 100;

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

  /**
   * What of a value, as {@code JsonValues} reads it, is not as it has to be: everything, unless
   * that is more than anybody would read.
   */
  List<Breach> breaches(@Nullable Object value) {
    Object json = new Copy().of(value);
    OutputUnit result = validator.validate(json);
    if (result.getValid()) {
      return List.of();
    }
    List<Breach> breaches = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (OutputUnit error : result.getErrors()) {
      for (Breach breach : breaches(json, error)) {
        if (breaches.size() < BREACHES_MAX && seen.add(breach.pointer() + ' ' + breach.keyword())) {
          breaches.add(breach);
        }
      }
    }
    return breaches;
  }

  private List<Breach> breaches(@Nullable Object json, OutputUnit error) {
    // There is no absolute one for schemas inside of arrays, such as those of parameters.
    String absolute = error.getAbsoluteKeywordLocation();
    String location = afterHash(absolute == null ? error.getKeywordLocation() : absolute);
    String keyword = location.substring(location.lastIndexOf('/') + 1);
    if (PASSING_ON.contains(keyword)) {
      return List.of();
    }
    JsonObject broken = schemaAt(location.substring(0, location.lastIndexOf('/')));
    String pointer = decoded(afterHash(error.getInstanceLocation()));
    if (keyword.equals("required")) {
      return missing(json, pointer, broken);
    }
    boolean isNone =
        keyword.equals("additionalProperties")
            ? !isUnknown(pointer, broken)
            : isSent && keyword.equals("format") && "date-time".equals(broken.getString(keyword));
    return isNone ? List.of() : List.of(new Breach(pointer, keyword, broken));
  }

  /** The validator tells of each, but not in a word of its own. */
  private static List<Breach> missing(@Nullable Object json, String pointer, JsonObject broken) {
    JsonObject owner = (JsonObject) Objects.requireNonNull(at(json, pointer), pointer);
    return broken.getJsonArray("required").stream()
        .map(String.class::cast)
        .filter(name -> !owner.containsKey(name))
        .map(name -> new Breach(pointer + "/" + name, "required", broken))
        .toList();
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
   * The value as the validator knows JSON.
   *
   * <p>It asks of a number whether it is whole by dividing it, which for one such as 1e999999999
   * takes all the memory there is. So decimals, which our reader makes of every number that is no
   * {@code long}, are handed to it as one that is never whole and within all bounds: no request has
   * a place for them.
   *
   * <p>And it looks at every item of an array, however many there may be: a body full of wrong ones
   * would keep it busy for seconds. So it gets no more items than requests have places for, of each
   * array at least the first; our readers count the others.
   */
  private static final class Copy {
    private int itemsLeft = ITEMS_MAX;

    @Nullable Object of(@Nullable Object value) {
      return switch (value) {
        case BigDecimal decimal -> Double.NaN;
        case Map<?, ?> map -> {
          JsonObject object = new JsonObject();
          map.forEach((name, member) -> object.put((String) name, of(member)));
          yield object;
        }
        case List<?> list -> {
          JsonArray items = new JsonArray();
          for (Object item : list) {
            if (itemsLeft > 0 || items.isEmpty()) {
              itemsLeft--;
              items.add(of(item));
            }
          }
          yield items;
        }
        case null, default -> value;
      };
    }
  }
}
