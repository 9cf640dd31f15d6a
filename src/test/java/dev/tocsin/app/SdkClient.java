package dev.tocsin.app;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A client that behaves as m3ter's SDKs do: it asks for a token before every single call, joins
 * lists in the query by commas, sends headers of its own, and tries again twice after 408, 409, 429
 * and any 5xx. What they would wait for in between is noted, not waited for.
 */
final class SdkClient implements AutoCloseable {
  private static final int RETRIES = 2;
  private static final Set<Integer> RETRIED = Set.of(408, 409, 429);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server;
  private final String organization;
  private final String credentials;
  private final List<Integer> statuses = new ArrayList<>();
  private final List<Long> waits = new ArrayList<>();

  SdkClient(URI server, String organization, String key, String secret) {
    this.server = server;
    this.organization = organization;
    this.credentials =
        Base64.getEncoder().encodeToString((key + ":" + secret).getBytes(StandardCharsets.UTF_8));
  }

  /** An answer, whatever it says. */
  record Answer(int status, JsonObject body) {
    JsonObject ok() {
      if (status != 200) {
        throw new AssertionError(status + " " + body.encode());
      }
      return body;
    }
  }

  Answer get(String path, Map<String, ?> query) {
    return call("GET", path, query, null);
  }

  Answer post(String path, @Nullable JsonObject body) {
    return call("POST", path, Map.of(), body);
  }

  Answer put(String path, Map<String, ?> query, @Nullable JsonObject body) {
    return call("PUT", path, query, body);
  }

  Answer delete(String path) {
    return call("DELETE", path, Map.of(), null);
  }

  /** All items of a list, page by page, until a page has no token. */
  List<JsonObject> all(String path, Map<String, ?> query) {
    List<JsonObject> all = new ArrayList<>();
    String next = null;
    do {
      Map<String, Object> page = new LinkedHashMap<>(query);
      if (next != null) {
        page.put("nextToken", next);
      }
      JsonObject answer = get(path, page).ok();
      JsonArray data = answer.getJsonArray("data");
      data.forEach(item -> all.add((JsonObject) item));
      next = data.isEmpty() ? null : answer.getString("nextToken");
    } while (next != null);
    return all;
  }

  /** Every status that was answered, retried ones included. */
  List<Integer> statuses() {
    return List.copyOf(statuses);
  }

  /** What would have been waited before each request that was sent again, in milliseconds. */
  List<Long> waits() {
    return List.copyOf(waits);
  }

  private Answer call(String method, String path, Map<String, ?> query, @Nullable JsonObject body) {
    JsonObject token =
        send(
                "POST",
                "/oauth/token",
                "Basic " + credentials,
                new JsonObject().put("grant_type", "client_credentials"))
            .ok();
    String below = "/organizations/" + organization + "/" + path + encoded(query);
    return send(method, below, "Bearer " + token.getString("access_token"), body);
  }

  /** Lists are joined by a comma, and the comma encoded with the rest. */
  private static String encoded(Map<String, ?> query) {
    String joined =
        query.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(text(each.getValue())))
            .collect(Collectors.joining("&"));
    return joined.isEmpty() ? "" : "?" + joined;
  }

  private static String text(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
        : value.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Answer send(String method, String path, String authorization, @Nullable JsonObject body) {
    for (int attempt = 0; ; attempt++) {
      HttpResponse<String> response = exchange(method, path, authorization, body, attempt);
      statuses.add(response.statusCode());
      if (attempt == RETRIES || !isRetried(response)) {
        String text = response.body();
        return new Answer(
            response.statusCode(), text.startsWith("{") ? new JsonObject(text) : new JsonObject());
      }
      waits.add(wait(response));
    }
  }

  private HttpResponse<String> exchange(
      String method, String path, String authorization, @Nullable JsonObject body, int attempt) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .header("Authorization", authorization)
            .header("Accept", "application/json")
            .header("X-Stainless-Lang", "test")
            .header("X-Stainless-Retry-Count", Integer.toString(attempt));
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, BodyPublishers.ofString(body.encode()));
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private static boolean isRetried(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("x-should-retry")
        .map(Boolean::parseBoolean)
        .orElse(RETRIED.contains(response.statusCode()) || response.statusCode() >= 500);
  }

  /** In milliseconds; without the jitter that the SDKs add. */
  private static long wait(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("retry-after-ms")
        .map(Long::parseLong)
        .or(() ->
            response.headers().firstValue("retry-after").map(text -> Long.parseLong(text) * 1_000))
        .orElse(500L);
  }

  @Override
  public void close() {
    http.close();
  }
}
