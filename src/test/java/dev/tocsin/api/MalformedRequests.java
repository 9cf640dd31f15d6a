package dev.tocsin.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests that are wrong in one way each, made from the contract's examples, which are right: a
 * property, a parameter or a header that is missing, of another type or beyond its bounds, and
 * bodies that are no JSON of ours. Each knows what was broken, which the answer then has to name.
 */
final class MalformedRequests {
  private static final List<Object> VALUES =
      List.of("text", 7, 1.5, true, new JsonArray().add("x"), new JsonObject().put("x", "y"));

  /** Parameters that say nothing without another. */
  private static final Map<String, String> GOES_WITH = Map.of("includeEnded", "entityId");

  private static final String ORGANIZATION = "/organizations/{orgId}/";

  private final JsonObject document = Contract.document();
  private final Function<String, String> places;
  private final List<Break> breaks = new ArrayList<>();
  private final List<Malformed> unbroken = new ArrayList<>();

  /**
   * Everything that can be broken.
   *
   * @param places fills the parameters of an operation's path
   */
  MalformedRequests(Function<String, String> places) {
    this.places = places;
    document
        .getJsonObject("paths")
        .forEach(path ->
            ((JsonObject) path.getValue())
                .forEach(member -> {
                  if (member.getValue() instanceof JsonObject operation) {
                    HttpMethod method =
                        HttpMethod.valueOf(member.getKey().toUpperCase(Locale.ROOT));
                    add(new Operation(method, path.getKey(), operation));
                  }
                }));
  }

  /**
   * A request and what its answer must name.
   *
   * @param target path and query
   * @param headers beside those that every request has
   * @param body null for none
   * @param names a pattern that must be found in the message
   */
  @SuppressWarnings("ArrayRecordComponent") // is sent, and compared by nobody
  record Malformed(
      String what,
      HttpMethod method,
      String target,
      Map<String, String> headers,
      byte @Nullable [] body,
      String names) {}

  /** A way to break an operation's request, with values that a random source chooses. */
  private interface Break extends Function<Random, Malformed> {}

  private record Operation(HttpMethod method, String path, JsonObject described) {
    @Override
    public String toString() {
      return method + " " + path.replace(ORGANIZATION, "");
    }
  }

  /** What they are made from: each body, and each parameter, as it is in the contract. */
  List<Malformed> unbroken() {
    return Collections.unmodifiableList(unbroken);
  }

  /** How many ways there are. */
  int ways() {
    return breaks.size();
  }

  /** Every way once, in an order of the source's. */
  List<Malformed> round(Random random) {
    List<Break> shuffled = new ArrayList<>(breaks);
    Collections.shuffle(shuffled, random);
    return shuffled.stream().map(one -> one.apply(random)).toList();
  }

  private void add(Operation operation) {
    addQueries(operation);
    addHeaders(operation);
    JsonObject body = resolved(operation.described().getJsonObject("requestBody"));
    if (body != null) {
      JsonObject media = body.getJsonObject("content").getJsonObject("application/json");
      JsonObject example = media.getJsonObject("example");
      JsonObject schema = Objects.requireNonNull(resolved(media.getJsonObject("schema")));
      if (schema.containsKey("anyOf")) {
        schema = Objects.requireNonNull(resolved(schema.getJsonArray("anyOf").getJsonObject(1)));
      }
      unbroken.add(body(operation, "", example.encode().getBytes(StandardCharsets.UTF_8), ""));
      addProperties(operation, example, List.of(), schema);
      addTexts(operation, example.encode(), body.getBoolean("required", false));
    }
  }

  // Queries.

  private void addQueries(Operation operation) {
    Map<String, String> right = new LinkedHashMap<>();
    List<JsonObject> parameters = parameters(operation, "query");
    for (JsonObject parameter : parameters) {
      if (parameter.getBoolean("required", false)) {
        right.put(parameter.getString("name"), parameter.getValue("example").toString());
      }
    }
    for (JsonObject parameter : parameters) {
      String name = parameter.getString("name");
      JsonObject schema = Objects.requireNonNull(resolved(parameter.getJsonObject("schema")));
      Map<String, String> besides = new LinkedHashMap<>(right);
      besides.remove(name);
      String companion = GOES_WITH.get(name);
      if (companion != null) {
        besides.put(companion, "b-1");
      }
      unbroken.add(query(operation, name, "", besides, name + "=" + written(parameter)));
      if (right.containsKey(name)) {
        Map<String, String> without = new LinkedHashMap<>(right);
        without.remove(name);
        breaks.add(random -> query(operation, "no " + name, name, without, ""));
      }
      for (Function<Random, String> wrong : wrongTexts(schema)) {
        breaks.add(random -> {
          Map<String, String> others = new LinkedHashMap<>(right);
          others.remove(name);
          String value = wrong.apply(random);
          return query(operation, name + "=" + value, name, others, name + "=" + value);
        });
      }
      breaks.add(random -> query(operation, "%zz", "HTTP", right, name + "=%z" + digit(random)));
    }
  }

  /** Its parameters in a place, those of its path aside. */
  private List<JsonObject> parameters(Operation operation, String in) {
    return operation.described().getJsonArray("parameters", new JsonArray()).stream()
        .map(each -> Objects.requireNonNull(resolved((JsonObject) each)))
        .filter(parameter -> parameter.getString("in").equals(in))
        .toList();
  }

  // Headers.

  /** Of CloudEvents anything may be sent: what is wrong with an event is told of it alone. */
  private void addHeaders(Operation operation) {
    for (JsonObject parameter : parameters(operation, "header")) {
      String name = parameter.getString("name");
      JsonObject schema = Objects.requireNonNull(resolved(parameter.getJsonObject("schema")));
      if ("uuid".equals(schema.getString("format"))) {
        unbroken.add(header(operation, name, parameter.getString("example")));
        breaks.add(random -> header(operation, name, "x" + random.nextInt()));
        breaks.add(random -> header(operation, name, uuid(random).substring(1)));
        breaks.add(random -> header(operation, name, uuid(random) + "," + uuid(random)));
        breaks.add(random -> header(operation, name, "1-2-3-4-" + random.nextInt(9)));
        breaks.add(random -> header(operation, name, "x".repeat(random.nextInt(500, 4_000))));
      }
    }
  }

  private Malformed header(Operation operation, String name, String value) {
    return new Malformed(
        operation + " " + name + ": " + value,
        operation.method(),
        places.apply(operation.path()),
        Map.of(name, value),
        null,
        name);
  }

  private static String written(JsonObject parameter) {
    Object example = parameter.getValue("example");
    String text =
        example instanceof JsonArray several
            ? String.join(",", several.stream().map(Object::toString).toList())
            : example.toString();
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static int digit(Random random) {
    return random.nextInt(10);
  }

  /** Values, percent-encoded, that a parameter must not have. */
  private static List<Function<Random, String>> wrongTexts(JsonObject schema) {
    String type = schema.getString("type");
    if ("integer".equals(type)) {
      return List.of(
          random -> "ten",
          random -> Integer.toString(-random.nextInt(9)),
          random -> Integer.toString(schema.getInteger("maximum") + 1 + random.nextInt(1_000)),
          random -> random.nextInt(1, 9) + ".5",
          random -> "9".repeat(random.nextInt(11, 300)),
          random -> "%FF" + random.nextInt(9),
          random -> "1&" + "pageSize=" + random.nextInt(1, 9));
    }
    if ("boolean".equals(type)) {
      return List.of(random -> "yes", random -> "TRUE", random -> "1", random -> "%C3%28");
    }
    if ("array".equals(type) && !"uuid".equals(schema.getJsonObject("items").getString("format"))) {
      int most = schema.getInteger("maxItems");
      return List.of(
          random -> String.join(",", Collections.nCopies(most + 1 + digit(random), "name")),
          random -> "name," + "x".repeat(501 + random.nextInt(100)),
          random -> "a%00" + random.nextInt(9));
    }
    if ("array".equals(type)) {
      return List.of(
          random -> "x" + random.nextInt(),
          random -> uuid(random) + ",," + uuid(random),
          random -> uuid(random) + "," + uuid(random).substring(1),
          random -> "1-2-3-4-" + random.nextInt(9),
          random -> String.join(",", Collections.nCopies(201 + digit(random), uuid(random))));
    }
    List<Function<Random, String>> texts = new ArrayList<>();
    if (schema.containsKey("maxLength")) {
      int most = schema.getInteger("maxLength");
      texts.add(random -> "x".repeat(most + 1 + random.nextInt(100)));
      texts.add(random -> "a%00" + random.nextInt(9));
    }
    if (schema.containsKey("enum")) {
      texts.add(random -> "ANY" + random.nextInt(9));
      texts.add(random -> schema.getJsonArray("enum").getString(0).toLowerCase(Locale.ROOT));
    }
    if ("date-time".equals(schema.getString("format"))) {
      texts.add(random -> "yesterday");
      texts.add(random -> "2026-11-23T08:00:0" + digit(random));
      texts.add(random -> "2026-13-0" + random.nextInt(1, 9) + "T08:00:00Z");
      texts.add(random -> Long.toString(random.nextLong()));
    }
    return texts;
  }

  private Malformed query(
      Operation operation, String what, String names, Map<String, String> right, String wrong) {
    List<String> parts = new ArrayList<>();
    right.forEach(
        (name, value) -> parts.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    parts.add(wrong);
    String target = places.apply(operation.path()) + "?" + String.join("&", parts);
    return new Malformed(
        operation + " " + what, operation.method(), target, Map.of(), rightBody(operation), names);
  }

  /** The body that a request has whose query is wrong; null for one that has none. */
  private byte @Nullable [] rightBody(Operation operation) {
    JsonObject body = resolved(operation.described().getJsonObject("requestBody"));
    return body == null
        ? null
        : body.getJsonObject("content")
            .getJsonObject("application/json")
            .getJsonObject("example")
            .encode()
            .getBytes(StandardCharsets.UTF_8);
  }

  // Properties.

  /** Breaks the properties of an object within the example. */
  private void addProperties(
      Operation operation, JsonObject example, List<Object> at, JsonObject schema) {
    JsonArray required = schema.getJsonArray("required", new JsonArray());
    if (Boolean.FALSE.equals(schema.getValue("additionalProperties"))) {
      breakAt(
          operation, example, at, "surprise", "surprise", (in, random) -> in.put("surprise", 1));
    }
    for (Map.Entry<String, Object> each : schema.getJsonObject("properties", new JsonObject())) {
      String name = each.getKey();
      JsonObject property = Objects.requireNonNull(resolved((JsonObject) each.getValue()));
      if (required.contains(name)) {
        // A body without events is taken for a single event.
        String missing = name.equals("events") ? "eventName" : name;
        breakAt(operation, example, at, missing, "is missing", (in, random) -> in.remove(name));
        breakAt(operation, example, at, name, "is null", (in, random) -> in.putNull(name));
      }
      List<Function<Random, Object>> wrong = new ArrayList<>(wrongValues(property));
      if (required.contains(name) && property.containsKey("minLength")) {
        wrong.add(random -> "");
        if (property.containsKey("maxLength")) {
          wrong.add(random -> " ".repeat(random.nextInt(1, 5)));
        }
      }
      for (Function<Random, Object> value : wrong) {
        breakAt(
            operation,
            example,
            at,
            name,
            "is wrong",
            (in, random) -> in.put(name, value.apply(random)));
      }
      addInner(operation, example, at, name, property);
    }
  }

  private void addInner(
      Operation operation, JsonObject example, List<Object> at, String name, JsonObject property) {
    Object inner = objectAt(example, at).getValue(name);
    if (property.containsKey("properties")) {
      JsonObject with = example.copy();
      if (!(inner instanceof JsonObject)) {
        objectAt(with, at).put(name, new JsonObject());
      }
      addProperties(operation, with, and(at, name), property);
    } else if (inner instanceof JsonArray && property.containsKey("items")) {
      JsonObject items = Objects.requireNonNull(resolved(property.getJsonObject("items")));
      for (Function<Random, Object> value : wrongValues(items)) {
        breakAt(
            operation,
            example,
            at,
            name,
            "has a wrong item",
            (in, random) -> in.getJsonArray(name).add(0, value.apply(random)));
      }
      if (items.containsKey("properties")) {
        addProperties(operation, example, and(and(at, name), 0), items);
      }
    }
  }

  private static List<Object> and(List<Object> at, Object next) {
    List<Object> more = new ArrayList<>(at);
    more.add(next);
    return more;
  }

  private static JsonObject objectAt(JsonObject json, List<Object> at) {
    JsonPointer pointer = JsonPointer.create();
    at.forEach(part -> pointer.append(part.toString()));
    return (JsonObject) Objects.requireNonNull(pointer.queryJson(json));
  }

  private void breakAt(
      Operation operation,
      JsonObject example,
      List<Object> at,
      String name,
      String how,
      BiConsumer<JsonObject, Random> change) {
    breaks.add(random -> {
      JsonObject broken = example.copy();
      change.accept(objectAt(broken, at), random);
      return body(
          operation,
          at + " " + name + " " + how,
          broken.encode().getBytes(StandardCharsets.UTF_8),
          name);
    });
  }

  /** Values that a property must not have. */
  private static List<Function<Random, Object>> wrongValues(JsonObject schema) {
    List<Function<Random, Object>> wrong = new ArrayList<>();
    List<String> types = types(schema);
    if (types.isEmpty()) {
      return wrong;
    }
    for (Object value : VALUES) {
      if (!types.contains(typeOf(value))) {
        wrong.add(random -> value);
      }
    }
    if (types.contains("integer")) {
      wrong.add(random -> new BigDecimal("1e" + random.nextInt(19, 400)));
      wrong.add(random -> new BigInteger("9".repeat(random.nextInt(20, 99))));
    }
    if (schema.containsKey("maximum")) {
      wrong.add(random -> schema.getInteger("maximum") + 1 + random.nextInt(1_000));
      wrong.add(random -> schema.getInteger("minimum") - 1 - random.nextInt(1_000));
    }
    if (schema.containsKey("maxLength")) {
      int most = schema.getInteger("maxLength");
      wrong.add(random -> "x".repeat(most + 1 + random.nextInt(1_000)));
      wrong.add(random -> "a\u0000" + random.nextInt(9));
    }
    if (schema.containsKey("const") || schema.containsKey("pattern")) {
      wrong.add(random -> "no " + random.nextInt());
    }
    if (schema.containsKey("format")) {
      wrong.add(random -> "no " + random.nextInt());
    }
    if (schema.containsKey("minItems")) {
      wrong.add(random -> new JsonArray());
    }
    if (schema.containsKey("maxItems")) {
      int most = schema.getInteger("maxItems");
      wrong.add(random -> {
        JsonArray many = new JsonArray();
        for (int i = 0; i <= most + random.nextInt(5); i++) {
          many.add(many(schema.getJsonObject("items"), random));
        }
        return many;
      });
    }
    return wrong;
  }

  /** An item that would be right, were there fewer of them. */
  private static Object many(JsonObject items, Random random) {
    if (items.getString("$ref", "").endsWith("/IncomingEvent")) {
      return new JsonObject().put("eventName", "configuration.plan.created");
    }
    if (items.containsKey("$ref")) {
      return new JsonObject()
          .put("effect", "allow")
          .put("action", new JsonArray().add("all"))
          .put("resource", new JsonArray().add("*"));
    }
    return "uuid".equals(items.getString("format")) ? uuid(random) : "field" + random.nextInt();
  }

  private static List<String> types(JsonObject schema) {
    return switch (schema.getValue("type")) {
      case String one -> List.of(one);
      case JsonArray several -> several.stream().map(String.class::cast).toList();
      case null, default -> List.of();
    };
  }

  private static String typeOf(Object value) {
    return switch (value) {
      case String text -> "string";
      case Integer number -> "integer";
      case Double number -> "number";
      case Boolean flag -> "boolean";
      case JsonArray array -> "array";
      default -> "object";
    };
  }

  // Bodies that are no JSON of ours.

  private void addTexts(Operation operation, String right, boolean isRequired) {
    String place = "line \\d+, column \\d+";
    String first = right.substring(2, right.indexOf('"', 2));
    text(
        operation,
        "is cut",
        place,
        random -> right.substring(0, random.nextInt(1, right.length())));
    text(operation, "has more behind it", "line \\d+|follow", random -> right + right);
    text(operation, "is an array", "object", random -> "[" + right + "]");
    text(operation, "is a text", "object", random -> "\"" + random.nextInt() + "\"");
    text(operation, "is null", "object", random -> "null");
    text(
        operation,
        "has a key twice",
        first,
        random -> "{\"" + first + "\":1," + right.substring(1));
    text(
        operation,
        "is deep",
        "[Dd]epth|nest|deep",
        random -> deep(right, random.nextInt(80, 1_500)));
    text(
        operation,
        "has a long number",
        "number|Number",
        random -> with(right, "1".repeat(random.nextInt(101, 2_000))));
    text(
        operation,
        "has a great exponent",
        "number|Number|exponent",
        random -> with(right, "1e" + "9".repeat(random.nextInt(11, 60))));
    for (String odd :
        List.of("NaN", "01", ".5", "+1", "'x'", "\"\\x\"", "\"\t\"", "tru", "/**/1")) {
      text(operation, "has " + odd, place, random -> with(right, odd));
    }
    text(operation, "is XML", place + "|object", random -> "<a>" + random.nextInt() + "</a>");
    if (isRequired) {
      text(operation, "is empty", "object|grant_type", random -> "");
    }
    bytes(
        operation,
        "is UTF-16",
        place + "|UTF-8|object",
        random ->
            right.getBytes(
                random.nextBoolean() ? StandardCharsets.UTF_16 : StandardCharsets.UTF_16LE));
    bytes(operation, "is no UTF-8", "UTF-8", random -> noUtf8(right, random));
    if (!operation.path().endsWith("/events") && !operation.path().endsWith("/{entityId}")) {
      bytes(operation, "is large", "bytes", random -> new byte[(256 << 10) + 1]);
    }
  }

  /** With one property more, of an event's state where events have no others. */
  private static String with(String right, String value) {
    String start = right.startsWith("{\"events\"") ? "\"new\":{" : "{";
    int at = right.indexOf(start) + start.length();
    return right.substring(0, at) + "\"more\":" + value + "," + right.substring(at);
  }

  private static String deep(String right, int depth) {
    return with(right, "[".repeat(depth) + "]".repeat(depth));
  }

  /** The text with a byte in one of its names that is none of UTF-8 there. */
  private static byte[] noUtf8(String right, Random random) {
    byte[] bytes = right.getBytes(StandardCharsets.UTF_8);
    byte[] odd = {(byte) 0xFF, (byte) 0xC0, (byte) 0x80, (byte) 0xF8};
    bytes[2] = odd[random.nextInt(odd.length)];
    return bytes;
  }

  private void text(Operation operation, String how, String names, Function<Random, String> text) {
    bytes(operation, how, names, random -> text.apply(random).getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(
      Operation operation, String how, String names, Function<Random, byte[]> bytes) {
    breaks.add(random -> body(operation, how, bytes.apply(random), names));
  }

  private Malformed body(Operation operation, String what, byte[] body, String names) {
    return new Malformed(
        operation + " " + what,
        operation.method(),
        places.apply(operation.path()),
        Map.of(),
        body,
        names);
  }

  private static String uuid(Random random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /** What an object refers to, with what it says beside that. */
  private @Nullable JsonObject resolved(@Nullable JsonObject object) {
    if (object == null || !object.containsKey("$ref")) {
      return object;
    }
    String reference = object.getString("$ref");
    JsonObject there = (JsonObject) JsonPointer.from(reference.substring(1)).queryJson(document);
    return Objects.requireNonNull(there, reference).copy().mergeIn(object);
  }
}
