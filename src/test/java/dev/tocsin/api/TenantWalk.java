package dev.tocsin.api;

import dev.tocsin.api.ScheduledDues.Position;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every request by which somebody could try to reach into another organization, made from the
 * contract: each place of each operation where something can be named gets the other's name, and
 * the same request again gets one that never was. Both must be answered the same.
 *
 * <p>A place of the contract of which nobody has said yet what it names is a gap.
 */
public final class TenantWalk {
  /** Stands in a request for a text that no request before had. */
  public static final String FRESH = "{fresh}";

  private static final String BELOW = "/organizations/{orgId}/";
  private static final List<String> ORDER = List.of("GET", "DELETE", "POST", "PUT");
  private static final String EVENTS = "POST events ";

  private final JsonObject document;
  private final Function<String, List<Name>> names;
  private final List<Pair> pairs = new ArrayList<>();
  private final List<String> gaps = new ArrayList<>();

  /** What the caller has, what another has, and what never was, all of the same form. */
  public record Name(String own, String others, String never) {}

  /**
   * A request.
   *
   * @param named what of another's, or what never was, it names
   */
  public record Sent(
      String method,
      String target,
      Map<String, String> headers,
      @Nullable String body,
      Set<String> named) {}

  /**
   * Two requests that differ in what they name alone.
   *
   * @param isForeignPath whether they are below another organization
   */
  public record Pair(
      String operation, String place, boolean isForeignPath, Sent others, Sent never) {
    @Override
    public String toString() {
      return operation + " with " + place;
    }
  }

  /** Where something can be named. */
  private record Place(
      String in, String name, String thing, JsonObject schema, @Nullable String media) {
    /** Others can stay as in the contract's example, which goes together. */
    boolean isOfAnId() {
      return Set.of("rule", "webhook", "link", "event", "serviceUser").contains(thing);
    }

    /** Attributes of a CloudEvent in binary mode, which is none without the others. */
    boolean isOfBinaryMode() {
      return in.equals("header") && name.startsWith("ce-");
    }

    String label() {
      return in + " " + name + (media == null || media.endsWith("/json") ? "" : " of " + media);
    }
  }

  private record Operation(String method, String path, JsonObject described, List<Place> places) {
    String below() {
      return path.replace(BELOW, "");
    }
  }

  private enum Whose {
    OWN,
    OTHERS,
    NEVER
  }

  private TenantWalk(JsonObject document, Function<String, List<Name>> names) {
    this.document = document;
    this.names = names;
  }

  /** The walk through the contract. */
  public static TenantWalk through(Function<String, List<Name>> names) {
    return through(Contract.document(), names);
  }

  /** The walk through a contract. */
  static TenantWalk through(JsonObject document, Function<String, List<Name>> names) {
    TenantWalk walk = new TenantWalk(document, names);
    for (Map.Entry<String, Object> path : document.getJsonObject("paths")) {
      JsonObject item = (JsonObject) path.getValue();
      for (String method : List.of("get", "put", "post", "delete")) {
        if (item.containsKey(method)) {
          walk.add(path.getKey(), item, method);
        }
      }
    }
    return walk;
  }

  /** The requests; those that leave behind what they name, as the caller's own, come last. */
  public List<Pair> pairs() {
    return pairs.stream()
        .sorted(Comparator.comparingInt(pair -> ORDER.indexOf(pair.others().method())))
        .toList();
  }

  /** What has to be added before every operation of the contract is walked. */
  public List<String> gaps() {
    return List.copyOf(gaps);
  }

  /** The token of a page that ends beside the one that this token's page ends with. */
  public static String neighbour(String token) {
    Position due = DueToken.position(token);
    if (due != null) {
      return DueToken.of(
          new Position(due.due(), neighbour(due.configuration()), due.armed(), due.entityId()));
    }
    String entityId = DueToken.entityId(token);
    return entityId == null
        ? PageToken.of(neighbour(Objects.requireNonNull(PageToken.parse(token), token)))
        : DueToken.of(entityId + "7");
  }

  private static UUID neighbour(UUID last) {
    return new UUID(last.getMostSignificantBits(), last.getLeastSignificantBits() ^ 1);
  }

  // What an operation can be told.

  private void add(String path, JsonObject item, String method) {
    JsonObject described = item.getJsonObject(method);
    Operation operation =
        new Operation(method.toUpperCase(Locale.ROOT), path, described, new ArrayList<>());
    Stream.of(item, described)
        .flatMap(one -> one.getJsonArray("parameters", new JsonArray()).stream())
        .map(one -> resolved((JsonObject) one))
        .forEach(parameter -> addParameter(operation, parameter));
    for (Map.Entry<String, Object> media : content(described.getJsonObject("requestBody"))) {
      JsonObject schema = ((JsonObject) media.getValue()).getJsonObject("schema");
      addBody(operation, media.getKey(), "", resolved(schema));
    }
    if (described.getJsonArray("security", new JsonArray()).encode().contains("accessKey")) {
      add(operation, new Place("header", "Authorization", "accessKey", new JsonObject(), null));
    }
    addPairs(operation);
  }

  private void addParameter(Operation operation, JsonObject parameter) {
    String name = parameter.getString("name");
    String in = parameter.getString("in");
    JsonObject schema = resolved(parameter.getJsonObject("schema")).copy();
    schema.put("example", parameter.getValue("example"));
    schema.put("required", parameter.getBoolean("required", false));
    if (in.equals("path")) {
      String upTo = operation.path().replaceFirst("(\\{" + name + "}).*", "$1");
      if (!name.equals("orgId")) {
        add(operation, place(operation, in, name, List.of(upTo.replace(BELOW, "")), schema, null));
      }
    } else {
      String key = (in.equals("header") ? "header " : "?") + name;
      List<String> keys = List.of(key(operation) + key, key);
      add(operation, place(operation, in, name, keys, schema, null));
    }
  }

  private void addBody(Operation operation, String media, String prefix, JsonObject schema) {
    List<JsonObject> parts =
        Stream.of("anyOf", "oneOf", "allOf")
            .flatMap(word -> schema.getJsonArray(word, new JsonArray()).stream())
            .map(part -> resolved((JsonObject) part))
            .toList();
    parts.forEach(part -> addBody(operation, media, prefix, part));
    JsonObject properties = schema.getJsonObject("properties", new JsonObject());
    for (Map.Entry<String, Object> property : properties) {
      String name = prefix + property.getKey();
      JsonObject inner = resolved((JsonObject) property.getValue());
      JsonObject items = resolved(inner.getJsonObject("items", new JsonObject()));
      if (inner.containsKey("properties") || items.containsKey("properties")) {
        addBody(operation, media, name + ".", inner.containsKey("properties") ? inner : items);
      } else {
        addMember(operation, media, name, inner);
      }
    }
    if (schema.containsKey("items")) {
      addBody(operation, media, prefix, resolved(schema.getJsonObject("items")));
    } else if (parts.isEmpty() && properties.isEmpty()) {
      addMember(operation, media, TenantPlaces.WHOLE, schema);
    }
  }

  private void addMember(Operation operation, String media, String name, JsonObject schema) {
    boolean isJson = media.equals("application/json") || media.contains("urlencoded");
    if (operation.places().stream()
        .noneMatch(one -> one.name().equals(name) && media.equals(one.media()))) {
      add(
          operation,
          place(operation, "body", name, keys(operation, isJson, media, name), schema, media));
    }
  }

  private static List<String> keys(Operation operation, boolean isJson, String media, String name) {
    return isJson
        ? List.of(key(operation) + name, name)
        : List.of(key(operation) + media + " " + name);
  }

  private static String key(Operation operation) {
    return operation.method() + " " + operation.below() + " ";
  }

  private @Nullable Place place(
      Operation operation,
      String in,
      String name,
      List<String> keys,
      JsonObject schema,
      @Nullable String media) {
    String thing =
        keys.stream()
            .map(TenantPlaces.NAMED::get)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    if (thing == null) {
      gaps.add(
          "%s %s: nobody says what \"%s\" in the %s names: add \"%s\" to TenantPlaces.NAMED"
              .formatted(operation.method(), operation.path(), name, in, keys.getFirst()));
      return null;
    }
    if (!thing.equals(TenantPlaces.NONE) && names.apply(thing).isEmpty()) {
      gaps.add(
          "%s %s: \"%s\" in the %s names a %s, of which there is none to try: add one to"
                  .formatted(operation.method(), operation.path(), name, in, thing)
              + " OneOfEverything");
      return null;
    }
    return new Place(in, name, thing, schema, media);
  }

  private static void add(Operation operation, @Nullable Place place) {
    if (place != null) {
      operation.places().add(place);
    }
  }

  private JsonObject content(@Nullable JsonObject described) {
    return described == null
        ? new JsonObject()
        : resolved(described).getJsonObject("content", new JsonObject());
  }

  private JsonObject resolved(JsonObject object) {
    JsonObject found = object;
    while (found.containsKey("$ref")) {
      JsonObject at = document;
      for (String step : found.getString("$ref").substring(2).split("/", -1)) {
        at = at.getJsonObject(step);
      }
      found = at;
    }
    return found;
  }

  // The requests.

  private void addPairs(Operation operation) {
    List<Place> naming =
        operation.places().stream()
            .filter(place -> !place.thing().equals(TenantPlaces.NONE))
            .toList();
    List<String> medias =
        new ArrayList<>(content(operation.described().getJsonObject("requestBody")).fieldNames());
    String first = medias.isEmpty() ? null : medias.getFirst();
    for (Place place : naming) {
      String media = place.media() == null ? first : place.media();
      for (Name name : names.apply(place.thing())) {
        addPair(operation, place.label(), media, whose -> Map.of(place, of(name, whose)));
      }
    }
    if (naming.size() > 1) {
      List<Place> all =
          naming.stream()
              .filter(place -> place.media() == null || place.media().equals(first))
              // Of posted events either one alone or several, not both.
              .filter(place -> !key(operation).equals(EVENTS) || place.name().contains("."))
              .toList();
      addPair(operation, "all at once", first, whose -> all(all, whose));
    }
    if (operation.path().startsWith(BELOW)) {
      addForeignPath(operation, "its path", first, Map.of());
      addForeignPath(operation, "its path and names", first, all(naming, Whose.OTHERS));
    }
  }

  private Map<Place, String> all(List<Place> places, Whose whose) {
    Map<Place, String> all = new HashMap<>();
    places.forEach(place -> all.put(place, of(names.apply(place.thing()).getFirst(), whose)));
    return all;
  }

  private static String of(Name name, Whose whose) {
    return switch (whose) {
      case OWN -> name.own();
      case OTHERS -> name.others();
      case NEVER -> name.never();
    };
  }

  private void addPair(
      Operation operation,
      String what,
      @Nullable String media,
      Function<Whose, Map<Place, String>> naming) {
    String own = names.apply("organization").getFirst().own();
    pairs.add(
        new Pair(
            operation.method() + " " + operation.path(),
            what,
            false,
            sent(operation, own, media, naming.apply(Whose.OTHERS)),
            sent(operation, own, media, naming.apply(Whose.NEVER))));
  }

  private void addForeignPath(
      Operation operation, String what, @Nullable String media, Map<Place, String> naming) {
    Name organization = names.apply("organization").getFirst();
    pairs.add(
        new Pair(
            operation.method() + " " + operation.path(),
            what,
            true,
            sent(operation, organization.others(), media, naming),
            sent(operation, organization.never(), media, naming)));
  }

  private Sent sent(
      Operation operation, String organization, @Nullable String media, Map<Place, String> naming) {
    String target = operation.path().replace("{orgId}", organization);
    Map<String, String> query = new LinkedHashMap<>();
    Map<String, String> headers = new LinkedHashMap<>();
    boolean isBinary = naming.keySet().stream().anyMatch(Place::isOfBinaryMode);
    for (Place place : operation.places()) {
      String named = naming.get(place);
      String value = named == null ? own(place) : named;
      if (place.in().equals("path")) {
        target = target.replace("{" + place.name() + "}", encoded(value));
      } else if (place.in().equals("query")
          && (named != null || place.schema().getBoolean("required"))) {
        query.put(place.name(), value);
      } else if (place.in().equals("header") && named != null) {
        headers.put(place.name(), place.name().equals("Authorization") ? basic(named) : named);
      } else if (place.isOfBinaryMode() && isBinary) {
        boolean isUnique = TenantPlaces.UNIQUE.containsKey("header " + place.name());
        headers.put(place.name(), isUnique ? FRESH : place.schema().getString("example"));
      }
    }
    for (Map.Entry<String, String> parameter : query.entrySet()) {
      target += (target.contains("?") ? "&" : "?") + parameter.getKey();
      target += "=" + encoded(parameter.getValue());
    }
    String body =
        media == null ? null : isBinary ? data(operation) : body(operation, media, naming);
    if (media != null) {
      headers.put("Content-Type", media);
    }
    return new Sent(operation.method(), target, headers, body, Set.copyOf(naming.values()));
  }

  private static String basic(String accessKey) {
    byte[] both = (accessKey + ":wrong").getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** What stands in a place where nothing of another's is tried. */
  private String own(Place place) {
    return place.thing().equals(TenantPlaces.NONE)
        ? String.valueOf(place.schema().getValue("example"))
        : names.apply(place.thing()).getFirst().own();
  }

  // Bodies.

  /** The body of a CloudEvent in binary mode. */
  private String data(Operation operation) {
    return content(operation.described().getJsonObject("requestBody"))
        .getJsonObject("application/cloudevents+json")
        .getJsonObject("example")
        .getJsonObject("data")
        .encode();
  }

  private String body(Operation operation, String media, Map<Place, String> naming) {
    if (media.contains("urlencoded")) {
      return "grant_type=client_credentials";
    }
    JsonObject described =
        content(operation.described().getJsonObject("requestBody")).getJsonObject(media);
    Object body = new JsonObject().put("it", described.getValue("example")).copy().getValue("it");
    List<Place> places =
        operation.places().stream().filter(place -> media.equals(place.media())).toList();
    boolean isSingle =
        naming.keySet().stream()
            .anyMatch(place -> EVENTS.equals(key(operation)) && !place.name().contains("."));
    if (isSingle && body instanceof JsonObject several && several.containsKey("events")) {
      body = several.getJsonArray("events").getJsonObject(0);
    }
    for (Place place : places) {
      String named = naming.get(place);
      boolean isJson = media.endsWith("/json");
      String unique =
          keys(operation, isJson, media, place.name()).stream()
              .map(TenantPlaces.UNIQUE::get)
              .filter(Objects::nonNull)
              .findFirst()
              .orElse(null);
      if (named != null) {
        set(body, place.name(), value(place, named));
        if (place.name().startsWith("event") && !place.name().contains(".")) {
          ((JsonObject) body).remove("event");
        }
      } else if (has(body, place.name()) && (unique != null || place.isOfAnId())) {
        set(body, place.name(), value(place, unique == null ? own(place) : unique));
      }
    }
    if (places.stream().anyMatch(place -> place.name().equals(TenantPlaces.WHOLE))
        && body instanceof JsonObject state) {
      state.put("at", FRESH);
    }
    return body instanceof JsonObject object ? object.encode() : ((JsonArray) body).encode();
  }

  private static Object value(Place place, String named) {
    boolean isState = place.name().matches("(.*\\.)?(new|old|accountMappings)");
    if (isState) {
      return new JsonObject().put("id", named).put("accountId", named);
    }
    String type = String.valueOf(place.schema().getValue("type"));
    boolean isArray = type.contains("array") && !place.name().equals(TenantPlaces.WHOLE);
    return isArray ? new JsonArray().add(named) : named;
  }

  private static boolean has(Object body, String name) {
    Object at = body;
    for (String step : name.split("\\.", -1)) {
      at = at instanceof JsonArray array ? array.getValue(0) : at;
      if (!(at instanceof JsonObject object) || !object.containsKey(step)) {
        return false;
      }
      at = object.getValue(step);
    }
    return true;
  }

  private static void set(Object body, String name, Object value) {
    if (name.equals(TenantPlaces.WHOLE)) {
      if (body instanceof JsonArray cloudEvents) {
        cloudEvents.getJsonObject(0).put("id", value);
      } else {
        ((JsonObject) body).put("accountId", value);
      }
      return;
    }
    String[] steps = name.split("\\.", -1);
    Object at = body;
    for (int i = 0; i < steps.length; i++) {
      JsonObject owner = (JsonObject) (at instanceof JsonArray array ? array.getValue(0) : at);
      if (i == steps.length - 1) {
        owner.put(steps[i], value);
      } else {
        if (!owner.containsKey(steps[i])) {
          owner.put(steps[i], new JsonObject());
        }
        at = owner.getValue(steps[i]);
      }
    }
  }
}
