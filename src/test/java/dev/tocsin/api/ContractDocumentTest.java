package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.OpenAPIVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** That the contract is a good one: valid, complete, and true to itself. */
class ContractDocumentTest {
  private static final Set<String> KEYWORDS =
      Set.of(
          "$ref",
          "type",
          "description",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "enum",
          "const",
          "format",
          "pattern",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "minItems",
          "maxItems",
          "anyOf",
          "oneOf",
          "dependentRequired",
          "propertyNames",
          "contentEncoding");

  /** With these a flaw has no one place any more that an answer could name. */
  private static final Set<String> CHOICES = Set.of("anyOf", "oneOf", "allOf", "not", "if");

  /** What is in them is somebody else's. */
  private static final Set<String> PAYLOADS = Set.of("newDto", "oldDto", "configData");

  private static final JsonObject DOCUMENT = Contract.document();

  @Test
  void it_is_an_OpenAPI_document() {
    Vertx vertx = Vertx.vertx();
    try {
      OutputUnit result =
          ApiFixture.await(
              OpenAPIVersion.V3_1
                  .getRepository(vertx, "app://")
                  .compose(schemas ->
                      OpenAPIVersion.V3_1.validateContract(vertx, schemas, Contract.document())));
      assertThat(result.getValid()).as(String.valueOf(result.getErrors())).isTrue();
    } finally {
      ApiFixture.await(vertx.close());
    }
  }

  @Test
  void every_schema_that_is_used_has_an_example_that_is_valid() {
    Contract contract = Contract.load();
    List<String> checked = new ArrayList<>();
    walk(
        JsonPointer.create(),
        DOCUMENT,
        (pointer, object) -> {
          if (object.getValue("schema") instanceof JsonObject) {
            assertThat(object.containsKey("example")).as(pointer + " has an example").isTrue();
            assertThat(contract.shapeAt(pointer + "/schema").breaches(object.getValue("example")))
                .as(pointer)
                .isEmpty();
            checked.add(pointer);
          }
        });
    assertThat(checked).hasSizeGreaterThan(100);
  }

  /** In YAML a comma within braces is easily the end of a text. */
  @Test
  void schemas_have_no_keyword_by_accident() {
    schemas((pointer, schema) -> assertThat(schema.fieldNames()).as(pointer).isSubsetOf(KEYWORDS));
  }

  @Test
  void every_reference_leads_to_something_and_everything_is_referred_to() {
    Set<String> used = new TreeSet<>();
    walk(
        JsonPointer.create(),
        DOCUMENT,
        (pointer, object) -> {
          if (object.getValue("$ref") instanceof String reference) {
            used.add(reference);
          }
        });
    Set<String> there = new TreeSet<>();
    DOCUMENT
        .getJsonObject("components")
        .forEach(kind -> {
          if (!kind.getKey().equals("securitySchemes")) {
            ((JsonObject) kind.getValue())
                .fieldNames()
                .forEach(name -> there.add("#/components/" + kind.getKey() + "/" + name));
          }
        });
    assertThat(used).isEqualTo(there);
  }

  @Test
  void a_flaw_of_a_request_has_one_place() {
    requestSchemas((name, schema) ->
        schemas(
            name,
            schema,
            (pointer, part) -> {
              if (!pointer.equals("IngestRequest")) {
                assertThat(part.fieldNames()).as(pointer).doesNotContainAnyElementsOf(CHOICES);
              }
            }));
  }

  @Test
  void a_property_that_is_not_required_may_be_null_in_a_request() {
    requestSchemas((name, schema) -> {
      JsonObject properties = schema.getJsonObject("properties", new JsonObject());
      for (String property : properties.fieldNames()) {
        JsonObject resolved = resolved(properties.getJsonObject(property));
        Object type = resolved.getValue("type");
        if (!schema.getJsonArray("required", new JsonArray()).contains(property) && type != null) {
          assertThat(type).as(name + "/" + property).isInstanceOf(JsonArray.class);
          assertThat((JsonArray) type).as(name + "/" + property).contains("null");
        }
      }
    });
  }

  @Test
  void answers_have_no_properties_that_are_not_described() {
    DOCUMENT
        .getJsonObject("components")
        .getJsonObject("schemas")
        .forEach(named -> {
          if (!isOfRequests(named.getKey())) {
            schemas(
                named.getKey(),
                (JsonObject) named.getValue(),
                (pointer, schema) -> {
                  String last = pointer.substring(pointer.lastIndexOf('/') + 1);
                  if ("object".equals(schema.getValue("type")) && !PAYLOADS.contains(last)) {
                    assertThat(schema.containsKey("additionalProperties")).as(pointer).isTrue();
                  }
                });
          }
        });
  }

  @Test
  void operations_are_told_apart_and_say_what_they_do() {
    Set<String> ids = new TreeSet<>();
    Set<String> tags = new TreeSet<>();
    DOCUMENT.getJsonArray("tags").forEach(tag -> tags.add(((JsonObject) tag).getString("name")));
    operations((place, operation) -> {
      assertThat(operation.getString("operationId")).as(place).matches("[a-z][A-Za-z]+");
      assertThat(ids.add(operation.getString("operationId"))).as(place).isTrue();
      assertThat(operation.getString("summary")).as(place).matches("[A-Z][^.\n]{5,79}");
      assertThat(operation.getJsonArray("tags")).as(place).hasSize(1);
      assertThat(tags).as(place).contains(operation.getJsonArray("tags").getString(0));
    });
  }

  @Test
  void operations_say_what_can_go_wrong() {
    operations((place, operation) -> {
      Set<String> answers = operation.getJsonObject("responses").fieldNames();
      boolean open = operation.getJsonArray("security", new JsonArray().add("")).isEmpty();
      assertThat(answers).as(place).contains("503");
      if (!open) {
        assertThat(answers).as(place).contains("400", "403", "500");
      }
      if (place.startsWith("/organizations/")) {
        assertThat(answers).as(place).contains("429");
      }
      if (place.endsWith(" post") || place.endsWith(" put")) {
        assertThat(answers).as(place).contains("413");
      }
      if (!answers.contains("200") && !answers.contains("202")) {
        assertThat(operation.getString("description")).as(place).endsWith("is answered 404.");
      }
    });
  }

  /** The validator's engine tries every way that a pattern can match. */
  @Test
  void patterns_have_but_one_way_to_match() {
    schemas((pointer, schema) -> {
      if (schema.getValue("pattern") instanceof String pattern) {
        assertThat(pattern).as(pointer).startsWith("^").doesNotContainPattern("\\)[*+?{]");
        assertThat(pattern).as(pointer).doesNotContainPattern("[*+}][^$]*[*+}].*[*+}]");
      }
    });
  }

  @Test
  void its_lines_fit_a_screen() throws IOException {
    assertThat(Files.readAllLines(Path.of("src/main/resources/openapi.yaml")))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
  }

  private static void operations(BiConsumer<String, JsonObject> check) {
    DOCUMENT
        .getJsonObject("paths")
        .forEach(path ->
            ((JsonObject) path.getValue())
                .forEach(member -> {
                  if (member.getValue() instanceof JsonObject operation) {
                    check.accept(path.getKey() + " " + member.getKey(), operation);
                  }
                }));
  }

  /** Whether a schema is one of those that are sent, not answered. */
  private static boolean isOfRequests(String name) {
    return name.endsWith("Request")
        || name.startsWith("Given")
        || name.startsWith("Incoming")
        || name.equals("Statement");
  }

  private static void requestSchemas(BiConsumer<String, JsonObject> check) {
    DOCUMENT
        .getJsonObject("components")
        .getJsonObject("schemas")
        .forEach(named -> {
          if (isOfRequests(named.getKey())) {
            check.accept(named.getKey(), (JsonObject) named.getValue());
          }
        });
  }

  /** Every schema, and every one within it. */
  private static void schemas(BiConsumer<String, JsonObject> check) {
    DOCUMENT
        .getJsonObject("components")
        .getJsonObject("schemas")
        .forEach(named -> schemas(named.getKey(), (JsonObject) named.getValue(), check));
    walk(
        JsonPointer.create(),
        DOCUMENT,
        (pointer, object) -> {
          if (object.getValue("schema") instanceof JsonObject schema) {
            schemas(pointer + "/schema", schema, check);
          }
        });
  }

  private static void schemas(
      String pointer, JsonObject schema, BiConsumer<String, JsonObject> check) {
    check.accept(pointer, schema);
    for (String keyword : List.of("items", "additionalProperties", "propertyNames")) {
      if (schema.getValue(keyword) instanceof JsonObject inner) {
        schemas(pointer + "/" + keyword, inner, check);
      }
    }
    for (Map.Entry<String, Object> property :
        schema.getJsonObject("properties", new JsonObject())) {
      schemas(pointer + "/" + property.getKey(), (JsonObject) property.getValue(), check);
    }
    for (String choice : List.of("anyOf", "oneOf")) {
      JsonArray choices = schema.getJsonArray(choice, new JsonArray());
      for (int i = 0; i < choices.size(); i++) {
        schemas(pointer + "/" + choice + "/" + i, choices.getJsonObject(i), check);
      }
    }
  }

  private static JsonObject resolved(JsonObject schema) {
    String reference = schema.getString("$ref");
    if (reference == null) {
      return schema;
    }
    Object found = JsonPointer.from(reference.substring(1)).queryJson(DOCUMENT);
    return (JsonObject) Objects.requireNonNull(found, reference);
  }

  /** Every object outside of examples. */
  private static void walk(
      JsonPointer pointer, Object value, BiConsumer<String, JsonObject> check) {
    if (value instanceof JsonObject object) {
      check.accept(pointer.toString(), object);
      object.forEach(member -> {
        if (!member.getKey().equals("example")) {
          walk(pointer.copy().append(member.getKey()), member.getValue(), check);
        }
      });
    } else if (value instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        walk(pointer.copy().append(i), array.getValue(i), check);
      }
    }
  }
}
