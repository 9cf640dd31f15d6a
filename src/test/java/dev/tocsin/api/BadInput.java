package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table of bad input under {@code src/test/resources/api/bad-input}: a request that
 * is wrong, and the exact answer it gets. Whoever runs a row, against whichever stores, also checks
 * that nothing was stored.
 *
 * <p>A file holds {@code about}, {@code rows}, and what its rows have in common ({@code method},
 * {@code path}, {@code token}, {@code headers}, {@code status}). A row holds what is {@code wrong},
 * and the rest of:
 *
 * <ul>
 *   <li>{@code token}: the placeholder whose value is sent as bearer token; null for none
 *   <li>{@code basic}: {@code key:secret} to be sent as Basic authorization
 *   <li>{@code headers}
 *   <li>{@code body}: JSON; or {@code text}: text, sent as UTF-8; or {@code utf16}: text, sent as
 *       that; or {@code hex}: bytes; or {@code bytes}: so many blanks
 *   <li>{@code status}, {@code answer} (JSON) and perhaps {@code answerHeaders}
 * </ul>
 *
 * <p>Texts may hold placeholders. {@code {org}}, {@code {otherOrg}} and {@code {nobody}} are the
 * caller's organization, another that exists, and an id that is in use nowhere; {@code {rule}},
 * {@code {webhook}}, {@code {integration}} and {@code {event}} exist in the caller's organization,
 * each resource with version 1, the rule with code {@code taken}, and so does the webhook; {@code
 * {otherRule}}, {@code {otherWebhook}}, {@code {otherIntegration}} and {@code {otherEvent}} in the
 * other. {@code {valid}}, {@code {foreign}}, {@code {expired}}, {@code {forged}} and {@code
 * {unsigned}} are tokens, {@code {key}} and {@code {secret}} an access key.
 */
public record BadInput(String file, JsonObject fields) {
  /** The rows of all files. */
  public static Stream<BadInput> all() {
    try (Stream<Path> files = Files.list(folder())) {
      return files.sorted().toList().stream().flatMap(BadInput::in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(BadInput.class.getResource("/api/bad-input")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<BadInput> in(Path path) {
    JsonObject file;
    try {
      file = new JsonObject(Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonArray rows = file.getJsonArray("rows");
    JsonObject common = file.copy();
    common.remove("rows");
    return rows.stream()
        .map(row ->
            new BadInput(path.getFileName().toString(), common.copy().mergeIn((JsonObject) row)));
  }

  @Override
  public String toString() {
    return file + ": " + fields.getString("wrong");
  }

  /** Sends the request and compares the answer. */
  public void check(Vertx vertx, int port, Map<String, String> placeholders) {
    JsonObject filled = new JsonObject(fill(fields.encode(), placeholders));
    WebClient client = ContractCheck.client(vertx);
    try {
      HttpRequest<Buffer> request =
          client.request(
              HttpMethod.valueOf(filled.getString("method")),
              port,
              "127.0.0.1",
              filled.getString("path"));
      authorize(request, filled);
      filled
          .getJsonObject("headers", new JsonObject())
          .forEach(header -> request.putHeader(header.getKey(), (String) header.getValue()));
      Buffer body = body(filled);
      HttpResponse<Buffer> response =
          ApiFixture.await(body == null ? request.send() : request.sendBuffer(body));
      compare(filled, response);
    } finally {
      client.close();
    }
  }

  private static String fill(String text, Map<String, String> placeholders) {
    String filled = text;
    for (Map.Entry<String, String> placeholder : placeholders.entrySet()) {
      filled = filled.replace("{" + placeholder.getKey() + "}", placeholder.getValue());
    }
    return filled;
  }

  private static void authorize(HttpRequest<Buffer> request, JsonObject row) {
    String token = row.getString("token");
    if (token != null) {
      request.putHeader("authorization", "Bearer " + token);
    }
    String basic = row.getString("basic");
    if (basic != null) {
      byte[] pair = basic.getBytes(StandardCharsets.UTF_8);
      request.putHeader("authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }
  }

  private static @Nullable Buffer body(JsonObject row) {
    if (row.containsKey("body")) {
      return Buffer.buffer(Json.encode(row.getValue("body")));
    }
    if (row.containsKey("text")) {
      return Buffer.buffer(row.getString("text"));
    }
    if (row.containsKey("utf16")) {
      return Buffer.buffer(row.getString("utf16").getBytes(StandardCharsets.UTF_16BE));
    }
    if (row.containsKey("hex")) {
      return Buffer.buffer(HexFormat.of().parseHex(row.getString("hex")));
    }
    return row.containsKey("bytes") ? Buffer.buffer(" ".repeat(row.getInteger("bytes"))) : null;
  }

  private static void compare(JsonObject row, HttpResponse<Buffer> response) {
    assertThat(
            new JsonObject()
                .put("status", response.statusCode())
                .put("answer", response.bodyAsJsonObject()))
        .isEqualTo(
            new JsonObject()
                .put("status", row.getInteger("status"))
                .put("answer", row.getJsonObject("answer")));
    assertThat(response.getHeader("content-type")).isEqualTo("application/json");
    row.getJsonObject("answerHeaders", new JsonObject())
        .forEach(header ->
            assertThat(response.getHeader(header.getKey()))
                .as(header.getKey())
                .isEqualTo(header.getValue()));
  }
}
