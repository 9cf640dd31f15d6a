package dev.tocsin.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The contract as a page for people: one file without scripts that asks for nothing else, so that
 * it can be read wherever the server can be reached.
 */
final class ApiPage {
  private static final List<String> METHODS = List.of("get", "put", "post", "delete");

  private static final String STYLE =
      """
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
        color: #1c2330; background: #fff }
      code, pre { font: 14px/1.45 ui-monospace, monospace; background: #f3f5f8; border-radius: 4px }
      code { padding: .1em .3em } pre { padding: .8rem; overflow-x: auto }
      a { color: #0b5cad } h2 { margin-top: 3rem; border-bottom: 1px solid #d5dbe5 }
      h3 { margin: 2.2rem 0 .3rem } table { border-collapse: collapse; width: 100%; margin: .6rem 0 }
      td, th { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
        border-bottom: 1px solid #e6eaf1 }
      .method { display: inline-block; min-width: 4.2em; font-weight: 600 } .type { color: #56627a }
      summary { cursor: pointer; color: #56627a }
      @media (prefers-color-scheme: dark) { body { color: #dde3ee; background: #12161d }
        code, pre { background: #1c222c } a { color: #7db8f5 } td, th, h2 { border-color: #2c3442 }
        .type, summary { color: #9aa7bd } }
      """;

  private final JsonObject document;
  private final StringBuilder page = new StringBuilder(256 << 10);

  private ApiPage(JsonObject document) {
    this.document = document;
  }

  /** The page of a contract. */
  static String of(JsonObject document) {
    ApiPage page = new ApiPage(document);
    page.write();
    return page.page.toString();
  }

  private void write() {
    JsonObject info = document.getJsonObject("info");
    String title = info.getString("title") + " API";
    page.append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>")
        .append(escaped(title))
        .append("</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n")
        .append(STYLE)
        .append("</style>\n<h1>")
        .append(escaped(title))
        .append("</h1>\n");
    paragraphs(info.getString("description"));
    page.append("<p>For programs: <a href=\"/openapi.yaml\">openapi.yaml</a>.</p>\n");
    contents();
    for (Object tag : document.getJsonArray("tags")) {
      group((JsonObject) tag);
    }
    schemas();
  }

  private void contents() {
    page.append("<nav><table>\n");
    for (Object tag : document.getJsonArray("tags")) {
      for (Operation operation : operations(((JsonObject) tag).getString("name"))) {
        page.append("<tr><td><span class=\"method\">")
            .append(operation.method)
            .append("</span> <a href=\"#")
            .append(operation.id())
            .append("\"><code>")
            .append(escaped(operation.path))
            .append("</code></a><td>")
            .append(text(operation.json.getString("summary")))
            .append('\n');
      }
    }
    page.append("</table></nav>\n");
  }

  /** An operation, with what the path has for all of them. */
  private record Operation(String method, String path, JsonObject json, JsonArray shared) {
    String id() {
      return json.getString("operationId");
    }
  }

  private List<Operation> operations(String tag) {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, Object> path : document.getJsonObject("paths")) {
      JsonObject item = (JsonObject) path.getValue();
      for (String method : METHODS) {
        JsonObject operation = item.getJsonObject(method);
        if (operation != null && operation.getJsonArray("tags").contains(tag)) {
          operations.add(
              new Operation(
                  method.toUpperCase(Locale.ROOT),
                  path.getKey(),
                  operation,
                  item.getJsonArray("parameters", new JsonArray())));
        }
      }
    }
    return operations;
  }

  private void group(JsonObject tag) {
    page.append("<h2>").append(escaped(tag.getString("name"))).append("</h2>\n");
    paragraphs(tag.getString("description"));
    operations(tag.getString("name")).forEach(this::operation);
  }

  private void operation(Operation operation) {
    page.append("<h3 id=\"")
        .append(operation.id())
        .append("\">")
        .append(text(operation.json.getString("summary")))
        .append("</h3>\n<p><span class=\"method\">")
        .append(operation.method)
        .append("</span> <code>")
        .append(escaped(operation.path))
        .append("</code></p>\n");
    paragraphs(operation.json.getString("description"));
    JsonArray parameters = operation.shared.copy();
    parameters.addAll(operation.json.getJsonArray("parameters", new JsonArray()));
    parameters(parameters);
    JsonObject body = operation.json.getJsonObject("requestBody");
    if (body != null) {
      page.append("<h4>Request</h4>\n");
      content(resolved(body));
    }
    page.append("<h4>Answers</h4>\n<table>\n");
    for (Map.Entry<String, Object> answer : operation.json.getJsonObject("responses")) {
      JsonObject response = resolved((JsonObject) answer.getValue());
      page.append("<tr><td>")
          .append(escaped(answer.getKey()))
          .append("<td>")
          .append(text(response.getString("description")));
      content(response);
    }
    page.append("</table>\n");
  }

  private void parameters(JsonArray parameters) {
    if (parameters.isEmpty()) {
      return;
    }
    page.append("<h4>Parameters</h4>\n<table>\n");
    for (Object each : parameters) {
      JsonObject parameter = resolved((JsonObject) each);
      member(
          parameter.getString("name"),
          resolved(parameter.getJsonObject("schema")),
          parameter.getBoolean("required", false),
          "in the " + parameter.getString("in"),
          parameter.getString("description"));
    }
    page.append("</table>\n");
  }

  private void content(JsonObject described) {
    for (Map.Entry<String, Object> media : described.getJsonObject("content", new JsonObject())) {
      JsonObject content = (JsonObject) media.getValue();
      page.append("<p><code>")
          .append(escaped(media.getKey()))
          .append("</code> <span class=\"type\">")
          .append(type(content.getJsonObject("schema", new JsonObject())))
          .append("</span></p>\n");
      Object example = content.getValue("example");
      if (example != null) {
        page.append("<details><summary>Example</summary><pre>")
            .append(escaped(pretty(example)))
            .append("</pre></details>\n");
      }
    }
  }

  private static String pretty(Object example) {
    return switch (example) {
      case JsonObject object -> object.encodePrettily();
      case JsonArray array -> array.encodePrettily();
      default -> example.toString();
    };
  }

  private void schemas() {
    page.append("<h2>Shapes</h2>\n");
    JsonObject schemas = document.getJsonObject("components").getJsonObject("schemas");
    for (Map.Entry<String, Object> schema : schemas) {
      JsonObject shape = (JsonObject) schema.getValue();
      page.append("<h3 id=\"schema-")
          .append(escaped(schema.getKey()))
          .append("\">")
          .append(escaped(schema.getKey()))
          .append(" <span class=\"type\">")
          .append(type(shape))
          .append("</span></h3>\n");
      paragraphs(shape.getString("description"));
      members(shape);
    }
  }

  private void members(JsonObject shape) {
    JsonObject properties = shape.getJsonObject("properties");
    if (properties == null) {
      return;
    }
    JsonArray required = shape.getJsonArray("required", new JsonArray());
    page.append("<table>\n");
    for (Map.Entry<String, Object> property : properties) {
      JsonObject schema = (JsonObject) property.getValue();
      String described = schema.getString("description");
      member(
          property.getKey(),
          schema,
          required.contains(property.getKey()),
          "",
          described == null ? resolved(schema).getString("description") : described);
    }
    page.append("</table>\n");
  }

  private void member(
      String name,
      JsonObject schema,
      boolean required,
      String where,
      @Nullable String description) {
    page.append("<tr><td><code>")
        .append(escaped(name))
        .append("</code><td><span class=\"type\">")
        .append(type(schema))
        .append(required ? ", required" : "")
        .append(where.isEmpty() ? "" : ", " + where)
        .append("</span><td>")
        .append(description == null ? "" : text(description));
    nested(schema);
  }

  /** Objects that have no name of their own are shown where they are. */
  private void nested(JsonObject schema) {
    if (schema.containsKey("properties")) {
      members(schema);
    }
    JsonObject items = schema.getJsonObject("items");
    if (items != null && items.containsKey("properties")) {
      members(items);
    }
  }

  /** What a value may be, in one line of HTML. */
  private String type(JsonObject schema) {
    String reference = schema.getString("$ref");
    if (reference != null) {
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      return "<a href=\"#schema-" + escaped(name) + "\">" + escaped(name) + "</a>";
    }
    for (String choice : List.of("oneOf", "anyOf")) {
      JsonArray options = schema.getJsonArray(choice);
      if (options != null && !schema.containsKey("type")) {
        return options.stream()
            .map(option -> type((JsonObject) option))
            .collect(Collectors.joining(" or "));
      }
    }
    String name =
        switch (schema.getValue("type")) {
          case null -> "anything";
          case JsonArray several ->
              several.stream().map(String::valueOf).collect(Collectors.joining(" or "));
          case Object one -> one.toString();
        };
    JsonObject items = schema.getJsonObject("items");
    return escaped(name) + (items == null ? "" : " of " + type(items)) + bounds(schema);
  }

  private static String bounds(JsonObject schema) {
    List<String> bounds = new ArrayList<>();
    bound(bounds, schema, "format", "%s");
    bound(bounds, schema, "const", "always %s");
    bound(bounds, schema, "minLength", "%s characters at least");
    bound(bounds, schema, "maxLength", "%s characters at most");
    bound(bounds, schema, "minimum", "from %s");
    bound(bounds, schema, "maximum", "up to %s");
    bound(bounds, schema, "minItems", "%s items at least");
    bound(bounds, schema, "maxItems", "%s items at most");
    bound(bounds, schema, "pattern", "%s");
    JsonArray values = schema.getJsonArray("enum");
    if (values != null) {
      bounds.add(values.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    }
    return bounds.isEmpty() ? "" : " (" + escaped(String.join("; ", bounds)) + ")";
  }

  private static void bound(List<String> bounds, JsonObject schema, String keyword, String form) {
    Object value = schema.getValue(keyword);
    if (value != null) {
      bounds.add(form.formatted(value));
    }
  }

  private JsonObject resolved(JsonObject object) {
    String reference = object.getString("$ref");
    if (reference == null) {
      return object;
    }
    JsonObject found = document;
    for (String step : reference.substring(2).split("/", -1)) {
      found = Objects.requireNonNull(found.getJsonObject(step), reference);
    }
    return found;
  }

  private void paragraphs(@Nullable String description) {
    if (description != null) {
      for (String paragraph : description.strip().split("\n\\s*\n", -1)) {
        page.append("<p>").append(text(paragraph)).append("</p>\n");
      }
    }
  }

  /** Text with code between backticks. */
  private static String text(String described) {
    return escaped(described).replaceAll("`([^`]*)`", "<code>$1</code>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
