package dev.tocsin.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.SchemaRepository;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The contract of the API, {@code openapi.yaml}: which operations there are, what they are asked
 * with and what they answer.
 *
 * <p>Vert.x has a reader of whole contracts, too. It refuses forms, which the token's endpoint
 * takes, and checks the contract anew at each start, which a test does for us.
 */
final class Contract {
  private static final String RESOURCE = "/openapi.yaml";
  private static final List<HttpMethod> METHODS =
      List.of(HttpMethod.GET, HttpMethod.PUT, HttpMethod.POST, HttpMethod.DELETE);

  /** Made when it is first asked for. */
  private static final class Shared {
    static final Contract CONTRACT = load();
  }

  private final JsonObject document;
  private final SchemaRepository schemas;
  private final Map<String, Operation> operations = new LinkedHashMap<>();

  private Contract(JsonObject document) {
    this.document = document;
    this.schemas =
        SchemaRepository.create(
                new JsonSchemaOptions()
                    .setDraft(Draft.DRAFT202012)
                    .setBaseUri("app://contract")
                    .setOutputFormat(OutputFormat.Basic))
            .dereference(JsonSchema.of(document));
    for (Map.Entry<String, Object> path : document.getJsonObject("paths")) {
      if (path.getValue() instanceof JsonObject item) {
        addOperations(path.getKey(), item);
      }
    }
  }

  /**
   * What may be asked of a path, and how.
   *
   * @param path as in the contract, with braces
   * @param query by name, in the order of the contract
   * @param bodies by media type; empty when it takes none
   * @param answers by status, each by media type
   */
  record Operation(
      HttpMethod method,
      String path,
      Map<String, Parameter> query,
      boolean bodyRequired,
      Map<String, Shape> bodies,
      Map<Integer, Map<String, Shape>> answers) {}

  /** A parameter of the query. */
  record Parameter(String name, boolean required, Shape shape) {
    /** Everything about its values that is not as it has to be; an empty value counts as none. */
    List<Breach> breaches(Collection<String> values) {
      List<String> given = values.stream().filter(value -> !value.isEmpty()).toList();
      JsonObject schema = shape.schema();
      if (given.isEmpty()) {
        return required
            ? List.of(new Breach("", "required", new JsonObject().put("required", true)))
            : List.of();
      }
      if ("array".equals(schema.getString("type"))) {
        return shape.breaches(
            given.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .toList());
      }
      return given.size() == 1
          ? shape.breaches(typed(given.getFirst(), schema.getString("type")))
          : List.of(new Breach("", "maxItems", new JsonObject().put("maxItems", 1)));
    }

    /** The value that a text stands for; the text itself when it stands for none of the type. */
    private static Object typed(String text, @Nullable String type) {
      if ("integer".equals(type)) {
        try {
          return Long.valueOf(text);
        } catch (NumberFormatException e) {
          return text;
        }
      }
      return "boolean".equals(type) && (text.equals("true") || text.equals("false"))
          ? Boolean.valueOf(text)
          : text;
    }
  }

  /**
   * The contract, which is the same for all: whoever is the first to ask waits for it to be read.
   */
  static Contract shared() {
    return Shared.CONTRACT;
  }

  /**
   * Reads the contract. In a JVM that has just started that takes half a second of a processor,
   * most of it for the YAML: best in the background.
   */
  static Contract load() {
    return new Contract(withoutExamples(document()));
  }

  /** The document, examples and all. */
  static JsonObject document() {
    Map<String, Object> read = new Yaml(new SafeConstructor(new LoaderOptions())).load(text());
    return new JsonObject(read);
  }

  /** The document as it is written. */
  static String text() {
    try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
      byte[] bytes = Objects.requireNonNull(in, RESOURCE).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A good part of the document, which no schema is made of. */
  private static JsonObject withoutExamples(JsonObject object) {
    JsonObject kept = new JsonObject();
    for (Map.Entry<String, Object> member : object) {
      if (!member.getKey().equals("example")) {
        kept.put(member.getKey(), withoutExamples(member.getValue()));
      }
    }
    return kept;
  }

  private static Object withoutExamples(Object value) {
    return switch (value) {
      case JsonObject object -> withoutExamples(object);
      case JsonArray array -> {
        JsonArray kept = new JsonArray();
        array.forEach(item -> kept.add(withoutExamples(item)));
        yield kept;
      }
      default -> value;
    };
  }

  private void addOperations(String path, JsonObject item) {
    for (HttpMethod method : METHODS) {
      JsonObject operation = item.getJsonObject(method.name().toLowerCase(Locale.ROOT));
      if (operation != null) {
        operations.put(method + " " + path, operation(method, path, operation));
      }
    }
  }

  private Operation operation(HttpMethod method, String path, JsonObject operation) {
    JsonObject body = resolved(operation.getJsonObject("requestBody", new JsonObject()));
    Map<Integer, Map<String, Shape>> answers = new LinkedHashMap<>();
    for (Map.Entry<String, Object> answer : operation.getJsonObject("responses")) {
      if (answer.getValue() instanceof JsonObject described) {
        answers.put(Integer.valueOf(answer.getKey()), shapes(resolved(described), false));
      }
    }
    return new Operation(
        method,
        path,
        query(operation.getJsonArray("parameters", new JsonArray())),
        body.getBoolean("required", false),
        shapes(body, true),
        answers);
  }

  private Map<String, Parameter> query(JsonArray parameters) {
    Map<String, Parameter> query = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      JsonObject parameter = resolved(parameters.getJsonObject(i));
      if (!"query".equals(parameter.getString("in"))) {
        continue;
      }
      String name = parameter.getString("name");
      JsonObject schema = resolved(parameter.getJsonObject("schema"));
      query.put(
          name, new Parameter(name, parameter.getBoolean("required", false), shape(schema, true)));
    }
    return query;
  }

  private Map<String, Shape> shapes(JsonObject described, boolean isSent) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Map.Entry<String, Object> type : described.getJsonObject("content", new JsonObject())) {
      if (type.getValue() instanceof JsonObject media) {
        shapes.put(type.getKey(), shape(media.getJsonObject("schema"), isSent));
      }
    }
    return shapes;
  }

  private Shape shape(JsonObject schema, boolean isSent) {
    return new Shape(document, schema, schemas.validator(JsonSchema.of(schema)), isSent);
  }

  /** What an object refers to, if it does nothing else. */
  private JsonObject resolved(JsonObject object) {
    String reference = object.getString("$ref");
    return reference == null ? object : (JsonObject) at(reference.substring(1));
  }

  /** The shape that a place of the document has as its schema (RFC 6901). */
  Shape shapeAt(String pointer) {
    return shape((JsonObject) at(pointer), false);
  }

  private Object at(String pointer) {
    return Objects.requireNonNull(JsonPointer.from(pointer).queryJson(document), pointer);
  }

  /** All operations, in the order of the contract. */
  Collection<Operation> operations() {
    return Collections.unmodifiableCollection(operations.values());
  }

  /**
   * The operation of a route; null when the contract has none.
   *
   * @param path the router's, with colons
   */
  @Nullable Operation operation(HttpMethod method, String path) {
    return operations.get(method + " " + path.replaceAll(":(\\w+)", "{$1}"));
  }
}
