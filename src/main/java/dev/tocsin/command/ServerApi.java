package dev.tocsin.command;

import dev.tocsin.event.OrganizationId;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What a running server answers to somebody with a token. Waits for it. */
final class ServerApi implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI server;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final String token;

  /**
   * Asks a server for a token.
   *
   * @throws Misuse when it cannot be reached, or gives none
   */
  ServerApi(URI server, String accessKey, String secret) {
    this.server = server;
    String basic =
        Base64.getEncoder()
            .encodeToString((accessKey + ":" + secret).getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        request("/oauth/token")
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"grant_type\":\"client_credentials\"}"))
            .build();
    this.token = send(request).getString("access_token", "");
  }

  /** All that a list of an organization has. */
  List<JsonObject> list(OrganizationId organization, String path) {
    List<JsonObject> all = new ArrayList<>();
    String next = "";
    while (next != null) {
      String page =
          next.isEmpty() ? "" : "?nextToken=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
      HttpRequest request =
          request("/organizations/" + organization + path + page)
              .header("Authorization", "Bearer " + token)
              .build();
      JsonObject body = send(request);
      JsonArray data = body.getJsonArray("data", new JsonArray());
      data.forEach(one -> all.add((JsonObject) one));
      next = body.getString("nextToken");
    }
    return all;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path)).timeout(PATIENCE);
  }

  private JsonObject send(HttpRequest request) {
    String path = request.uri().getPath();
    try {
      HttpResponse<String> response =
          http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      JsonObject body = new JsonObject(response.body());
      if (response.statusCode() != 200) {
        throw new Misuse(
            "the server answered "
                + response.statusCode()
                + " to "
                + path
                + ": "
                + body.getString("message", body.getString("error", "")));
      }
      return body;
    } catch (DecodeException e) {
      throw new Misuse("what is at " + server + " does not answer as Tocsin does, to " + path);
    } catch (IOException e) {
      throw new Misuse("the server at " + server + " cannot be asked: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Misuse("interrupted while the server was asked");
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
