package dev.tocsin.process;

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
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls the server's API over HTTP as one organization's program. Thread-safe; asks for a token
 * once, and again when the server no longer takes it.
 */
public final class ApiClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI server;
  private final Account account;
  private final Witness witness;
  private final Duration patience;
  private volatile @Nullable String token;

  /** Whose program it is, and how it proves that. */
  public record Account(String organization, String accessKey, String secret) {
    /** The one of {@code conf/organizations/demo.yaml}. */
    public static final Account DEMO =
        new Account("00000000-0000-4000-8000-000000000001", "demo-key", "demo-secret");

    @Override
    public String toString() {
      return "Account[" + organization + ", " + accessKey + "]";
    }
  }

  /** What the server answered; an empty object when it sent no JSON. */
  public record Answer(int status, Map<String, List<String>> headers, JsonObject body) {
    /** The body of an answer that says yes. */
    public JsonObject ok() throws IOException {
      if (status / 100 != 2) {
        throw new IOException("the server answered " + status + ": " + body.encode());
      }
      return body;
    }

    /** Whether the request was refused, for a reason of this code. */
    public boolean isRefused(String code) {
      return status == 400 && code.equals(body.getString("code"));
    }
  }

  /** What became of posted events. */
  public record Posted(List<Accepted> accepted, List<Rejected> rejected) {
    public Posted {
      accepted = List.copyOf(accepted);
      rejected = List.copyOf(rejected);
    }
  }

  /** An event that is durable, with the notifications that it set off. */
  public record Accepted(int index, String id, boolean isDuplicate, List<Fired> notifications) {
    public Accepted {
      notifications = List.copyOf(notifications);
    }
  }

  /** A notification: the id of its event, which is the webhook's too, and the rule's code. */
  public record Fired(String id, String code) {}

  /** An event that was not stored, and why. */
  public record Rejected(int index, String code, String message, String failureEvent) {}

  /** A request, as it is sent to a path. */
  public record Call(String method, String path, @Nullable JsonObject body) {}

  /** Told of each request and its answer. */
  @FunctionalInterface
  public interface Witness {
    void saw(Call call, HttpResponse<String> response);
  }

  /** A client of the server at an address. */
  public ApiClient(URI server, Account account) {
    this(server, account, (call, response) -> {});
  }

  /** The same, with a witness, who throws when he does not like what he sees. */
  public ApiClient(URI server, Account account, Witness witness) {
    this(server, account, witness, PATIENCE);
  }

  /** One that waits so long for an answer. */
  public ApiClient(URI server, Account account, Duration patience) {
    this(server, account, (call, response) -> {}, patience);
  }

  private ApiClient(URI server, Account account, Witness witness, Duration patience) {
    this.patience = patience;
    this.server = server;
    this.account = account;
    this.witness = witness;
  }

  /** Asks for a token. */
  public Answer token() throws IOException, InterruptedException {
    String basic =
        Base64.getEncoder()
            .encodeToString(
                (account.accessKey() + ":" + account.secret()).getBytes(StandardCharsets.UTF_8));
    return send(
        new Call("POST", "/oauth/token", new JsonObject().put("grant_type", "client_credentials")),
        "Basic " + basic);
  }

  /** Calls a path of the organization's, such as {@code /events}. */
  public Answer call(String method, String path, @Nullable JsonObject body)
      throws IOException, InterruptedException {
    Call call = new Call(method, "/organizations/" + account.organization() + path, body);
    String before = token;
    String used = before == null ? renewed() : before;
    Answer answer = send(call, "Bearer " + used);
    if (answer.status() != 403 || before == null) {
      return answer;
    }
    return send(call, "Bearer " + renewed());
  }

  private String renewed() throws IOException, InterruptedException {
    String fresh = Objects.requireNonNull(token().ok().getString("access_token"), "access_token");
    token = fresh;
    return fresh;
  }

  private HttpRequest request(Call call, String authorization) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(call.path()))
            .timeout(patience)
            .header("Accept", "application/json")
            .header("Authorization", authorization);
    JsonObject body = call.body();
    return body == null
        ? request.method(call.method(), HttpRequest.BodyPublishers.noBody()).build()
        : request
            .header("Content-Type", "application/json")
            .method(call.method(), HttpRequest.BodyPublishers.ofString(body.encode()))
            .build();
  }

  private Answer send(Call call, String authorization) throws IOException, InterruptedException {
    return send(call, request(call, authorization));
  }

  private Answer send(Call call, HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    witness.saw(call, response);
    JsonObject body =
        response.body().startsWith("{") ? new JsonObject(response.body()) : new JsonObject();
    return new Answer(response.statusCode(), response.headers().map(), body);
  }

  /** Posts CloudEvents in a batch. */
  public Answer cloudEvents(String batch) throws IOException, InterruptedException {
    String before = token;
    Call call = new Call("POST", "/organizations/" + account.organization() + "/events", null);
    return send(
        call,
        HttpRequest.newBuilder(server.resolve(call.path()))
            .timeout(patience)
            .header("Content-Type", "application/cloudevents-batch+json")
            .header("Authorization", "Bearer " + (before == null ? renewed() : before))
            .POST(HttpRequest.BodyPublishers.ofString(batch))
            .build());
  }

  public Answer get(String path) throws IOException, InterruptedException {
    return call("GET", path, null);
  }

  public Answer post(String path, JsonObject body) throws IOException, InterruptedException {
    return call("POST", path, body);
  }

  public Answer put(String path, JsonObject body) throws IOException, InterruptedException {
    return call("PUT", path, body);
  }

  public Answer delete(String path) throws IOException, InterruptedException {
    return call("DELETE", path, null);
  }

  /** Every element of a list, over all its pages. */
  public List<JsonObject> list(String path) throws IOException, InterruptedException {
    List<JsonObject> all = new ArrayList<>();
    list(path, all::add);
    return all;
  }

  /** Tells of every element of a list, page by page, so that it may be long. */
  public void list(String path, Consumer<JsonObject> element)
      throws IOException, InterruptedException {
    String page = path;
    while (page != null) {
      JsonObject body = get(page).ok();
      objects(body, "data").forEach(element);
      String next = body.getString("nextToken");
      page =
          next == null
              ? null
              : path + (path.contains("?") ? "&" : "?") + "nextToken=" + encoded(next);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Creates something; answers its id. */
  public String create(String path, JsonObject body) throws IOException, InterruptedException {
    return Objects.requireNonNull(post(path, body).ok().getString("id"), "id");
  }

  /** Creates a webhook that signs with a secret. */
  public String webhook(String code, URI url, String apiKey, String secret)
      throws IOException, InterruptedException {
    return create(
        "/integrationdestinations/webhooks",
        new JsonObject()
            .put("code", code)
            .put("name", code)
            .put("description", "receives " + code)
            .put("url", url.toString())
            .put("active", true)
            .put(
                "credentials",
                new JsonObject()
                    .put("type", "M3TER_SIGNED_REQUEST")
                    .put("apiKey", apiKey)
                    .put("secret", secret)));
  }

  /** Creates a rule that fires when its calculation is true. */
  public String rule(String code, String eventName, String calculation)
      throws IOException, InterruptedException {
    return rule(code, eventName, new JsonObject().put("calculation", calculation));
  }

  /** Creates a rule that fires on every event of a name. */
  public String ruleThatAlwaysFires(String code, String eventName)
      throws IOException, InterruptedException {
    return rule(code, eventName, new JsonObject().put("alwaysFireEvent", true));
  }

  private String rule(String code, String eventName, JsonObject condition)
      throws IOException, InterruptedException {
    return create(
        "/notifications/configurations",
        new JsonObject()
            .put("code", code)
            .put("name", code)
            .put("description", "fires on " + eventName)
            .put("eventName", eventName)
            .put("active", true)
            .mergeIn(condition));
  }

  /** Sends a rule's notifications to a webhook; answers the integration configuration's id. */
  public String link(String rule, String webhook) throws IOException, InterruptedException {
    return Objects.requireNonNull(linking(rule, webhook).ok().getString("id"), "id");
  }

  /** The same; answers whatever the server does. */
  public Answer linking(String rule, String webhook) throws IOException, InterruptedException {
    return post(
        "/integrationconfigs",
        new JsonObject()
            .put("entityType", "Notification")
            .put("entityId", rule)
            .put("destination", "Webhook")
            .put("destinationId", webhook)
            .put("configData", new JsonObject()));
  }

  /** Posts one event, or {@code {"events": […]}}. */
  public Posted events(JsonObject body) throws IOException, InterruptedException {
    return posted(post("/events", body).ok());
  }

  /** The answer to posted events, read. */
  public static Posted posted(JsonObject body) {
    return new Posted(
        objects(body, "accepted").stream()
            .map(event ->
                new Accepted(
                    event.getInteger("index"),
                    event.getString("id"),
                    event.getBoolean("duplicate"),
                    objects(event, "notifications").stream()
                        .map(fired -> new Fired(fired.getString("id"), fired.getString("code")))
                        .toList()))
            .toList(),
        objects(body, "rejected").stream()
            .map(event ->
                new Rejected(
                    event.getInteger("index"),
                    event.getString("code"),
                    event.getString("message"),
                    event.getString("failureEventId")))
            .toList());
  }

  private static List<JsonObject> objects(JsonObject in, String key) {
    return in.getJsonArray(key, new JsonArray()).stream().map(JsonObject.class::cast).toList();
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
