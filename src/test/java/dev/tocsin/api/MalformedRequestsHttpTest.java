package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.EventId;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Thousands of requests that are wrong in one way each: all are refused with a message that names
 * what is wrong, and nothing is stored. {@code -Dmalformed.seed} runs others.
 */
class MalformedRequestsHttpTest {
  private static final int REQUESTS = 2_000;
  private static final int MESSAGE_LENGTH_MAX = 3_000;
  private static final Pattern INNARDS =
      Pattern.compile(
          "\\b(java|javax|jdk|io\\.vertx|io\\.netty|dev\\.tocsin|com\\.\\w+|org\\.\\w+)\\."
              + "|Exception|\\n|\\tat ");

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);
  private final WebClient web = ContractCheck.client(api.vertx);
  private final Map<String, String> ids = new LinkedHashMap<>();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void every_malformed_request_is_refused_with_what_is_wrong_and_stores_nothing() {
    long seed = Long.getLong("malformed.seed", 20_261_123);
    Random random = new Random(seed);
    makeOneOfEach();
    MalformedRequests requests = new MalformedRequests(this::place);
    assertThat(requests.ways()).isGreaterThan(REQUESTS / 2);
    String before = api.contents();
    List<String> flaws = new ArrayList<>();
    List<MalformedRequests.Malformed> all = new ArrayList<>();
    while (all.size() < REQUESTS) {
      all.addAll(requests.round(random));
    }
    for (MalformedRequests.Malformed request : all.subList(0, REQUESTS)) {
      String flaw = flawOf(request);
      String after = api.contents();
      if (!after.equals(before)) {
        flaw = flaw == null ? "something was stored" : flaw;
        before = after;
      }
      if (flaw != null) {
        flaws.add(request.what() + ": " + flaw);
      }
    }

    assertThat(flaws).as("-Dmalformed.seed=" + seed).isEmpty();
  }

  /** Or it would not be known what is wrong with the others. */
  @Test
  void the_requests_that_are_broken_were_right_before() {
    makeOneOfEach();
    for (MalformedRequests.Malformed request : new MalformedRequests(this::place).unbroken()) {
      if (request.target().contains("/events/stream")) {
        continue; // Being right, it would go on for ever.
      }
      HttpResponse<Buffer> answer = answer(request);

      if (answer.statusCode() != 200) {
        assertThat(parsed(answer).getString("code"))
            .as(request.what() + ": " + answer.bodyAsString())
            .isIn("not_found", "stale_version", "code_taken", "name_taken", "in_use", "wrong_name");
      }
    }
  }

  private @Nullable String flawOf(MalformedRequests.Malformed request) {
    HttpResponse<Buffer> answer;
    try {
      answer = answer(request);
    } catch (CompletionException e) {
      return "is not answered: " + e.getCause();
    }
    int status = answer.statusCode();
    String text = answer.bodyAsString();
    if (status < 400 || status > 499) {
      return "answered " + status + " " + text;
    }
    String message = parsed(answer).getString("message");
    if (!Pattern.compile(request.names()).matcher(message).find()) {
      return "does not name " + request.names() + ": " + text;
    }
    if (message.length() > MESSAGE_LENGTH_MAX) {
      return "says too much: " + message.length() + " characters";
    }
    return INNARDS.matcher(message).find() ? "shows its innards: " + text : null;
  }

  private HttpResponse<Buffer> answer(MalformedRequests.Malformed request) {
    HttpRequest<Buffer> http =
        web.request(request.method(), api.port(), "127.0.0.1", request.target());
    if (request.target().startsWith("/oauth/")) {
      http.basicAuthentication(ACME.accessKey(), ApiFixture.SECRET);
    } else {
      http.bearerTokenAuthentication(api.token(ACME));
    }
    request.headers().forEach(http::putHeader);
    return ApiFixture.await(
        request.body() == null ? http.send() : http.sendBuffer(Buffer.buffer(request.body())));
  }

  private void makeOneOfEach() {
    ids.put("/events/", event());
    ids.put("/catalog/entities/", "Lead");
    acme.put("catalog/entities/Lead", json("{'family':'crm','dateFields':['followUp']}"));
    make(
        "notifications/configurations",
        "{'name':'n','description':'d','code':'c','eventName':'configuration.plan.created',"
            + "'alwaysFireEvent':true}");
    make(
        "integrationdestinations/webhooks",
        "{'name':'n','description':'d','url':'https://example.com/',"
            + "'credentials':{'type':'M3TER_SIGNED_REQUEST','empty':true}}");
    make("integrationconfigs", "{'entityType':'Notification','destination':'Webhook'}");
    make(
        "scheduledevents/configurations",
        "{'name':'scheduled.bill.due','entity':'Bill','field':'dueDate','offset':1}");
    make(
        "permissionpolicies",
        "{'name':'n','permissionPolicy':[{'effect':'allow','action':['all'],'resource':['*']}]}");
    make("serviceusers", "{'name':'ci'}");
    ids.put("/integrationruns/", run());
  }

  private String event() {
    return parsed(
            acme.post(
                "events", json("{'eventName':'configuration.plan.created','new':{'id':'p'}}")))
        .getJsonArray("accepted")
        .getJsonObject(0)
        .getString("id");
  }

  private void make(String path, String body) {
    JsonObject made = parsed(acme.post(path, json(body)));
    ids.put("/" + path + "/", Objects.requireNonNull(made.getString("id"), made.encode()));
  }

  private String run() {
    IntegrationRun run =
        new IntegrationRun(
            new RunId(api.ids.next()),
            new IntegrationRun.What(
                new RuleId(UUID.fromString(ids.get("/notifications/configurations/"))),
                new EventId(UUID.fromString(ids.get("/events/"))),
                new EventId(api.ids.next()),
                new IntegrationId(UUID.fromString(ids.get("/integrationconfigs/"))),
                new WebhookId(UUID.fromString(ids.get("/integrationdestinations/webhooks/")))),
            IntegrationRunStatus.ERROR,
            "https://example.com/",
            1,
            "the receiver answered 500",
            null,
            api.now(),
            api.now(),
            null,
            1,
            api.now());
    api.runs.put(ACME.organization(), run);
    return run.id().toString();
  }

  /** A path with the ids of what there is. */
  private String place(String path) {
    String filled = path;
    for (Map.Entry<String, String> one : ids.entrySet()) {
      if (path.contains(one.getKey())) {
        filled = filled.replace("{id}", one.getValue());
      }
    }
    return filled
        .replace("{orgId}", ACME.organization().toString())
        .replace("{entityType}", "Notification")
        .replace("{entityId}", ids.get("/notifications/configurations/"))
        .replace("{destinationId}", ids.get("/integrationdestinations/webhooks/"))
        .replace("{id}", ids.get("/events/"));
  }
}
