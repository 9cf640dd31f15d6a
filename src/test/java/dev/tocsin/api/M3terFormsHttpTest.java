package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.EventId;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That every call of m3ter's is answered in the form that its clients expect. */
class M3terFormsHttpTest {
  private static final Path TABLE = Path.of("src/test/resources/api/m3ter/forms.json");
  private static final Path PAGE = Path.of("docs/api-compatibility.md");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);
  private final Map<String, String> made = new HashMap<>();
  private JsonObject table = new JsonObject();

  @BeforeEach
  void read() throws IOException {
    table = new JsonObject(Files.readString(TABLE));
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void every_answer_has_the_form_that_the_table_says() {
    makeWhatNoRowMakes();
    M3terForms forms = new M3terForms(table.getJsonObject("forms"));
    List<String> flaws = new ArrayList<>();
    for (Object each : table.getJsonArray("rows")) {
      JsonObject row = (JsonObject) each;
      HttpResponse<Buffer> answer = call(row);
      String call = row.getString("call");
      if (answer.statusCode() == row.getInteger("status", 200)) {
        row.getJsonArray("forms")
            .forEach(form ->
                forms
                    .flaws((String) form, parsed(answer))
                    .forEach(flaw -> flaws.add(call + " as " + form + ": " + flaw)));
        keep(row, answer);
      } else {
        flaws.add(call + " answered " + answer.statusCode() + " " + answer.bodyAsString());
      }
    }
    assertThat(flaws).isEmpty();
  }

  @Test
  void every_call_of_the_server_is_in_the_table_or_beyond_m3ter() {
    Set<String> calls = calls();
    table.getJsonArray("beyond").forEach(call -> calls.add((String) call));
    Set<String> operations = new TreeSet<>();
    Contract.load()
        .operations()
        .forEach(one ->
            operations.add(one.method() + " " + one.path().replace("/organizations/{orgId}/", "")));

    assertThat(calls).isEqualTo(operations);
  }

  @Test
  void every_call_of_the_table_is_on_the_page() throws IOException {
    Set<String> told = new TreeSet<>();
    Matcher rows = Pattern.compile("(?m)^\\| `([^`]+)` \\|").matcher(Files.readString(PAGE));
    while (rows.find()) {
      assertThat(told.add(rows.group(1))).as(rows.group(1)).isTrue();
    }

    assertThat(told).isEqualTo(calls());
  }

  /** The judge is not lenient. */
  @Test
  void what_is_missing_or_of_another_type_is_found() {
    M3terForms forms = new M3terForms(table.getJsonObject("forms"));

    assertThat(forms.flaws("PermissionPolicyPage", new JsonObject("{\"data\":[{\"id\":7}]}")))
        .containsExactly(
            "/data/0/id must be uuid and is 7",
            "/data/0/name is missing",
            "/data/0/permissionPolicy is missing");
    assertThat(forms.flaws("EventFields", new JsonObject("{\"events\":{\"a\":{\"new.b\":\"x\"}}}")))
        .hasSize(1);
    assertThat(forms.flaws("EventTypes", new JsonObject("{\"events\":\"none\"}"))).hasSize(1);
  }

  private Set<String> calls() {
    Set<String> calls = new TreeSet<>();
    table.getJsonArray("rows").forEach(row -> calls.add(((JsonObject) row).getString("call")));
    return calls;
  }

  private void makeWhatNoRowMakes() {
    made.put("event", event("commitment-1"));
    made.put("actionedEvent", event("commitment-2"));
    acme.put("events/" + made.get("actionedEvent") + "/actioned?actioned=true", "");
    made.put("serviceUser", parsed(acme.post("serviceusers", "{\"name\":\"ci\"}")).getString("id"));
  }

  private String event(String id) {
    JsonObject state = new JsonObject().put("id", id).put("amount", 10).put("amountSpent", 9);
    JsonObject event =
        new JsonObject()
            .put("eventName", "configuration.commitment.updated")
            .put("new", state)
            .put("old", state);
    return parsed(acme.post("events", event.encode()))
        .getJsonArray("accepted")
        .getJsonObject(0)
        .getString("id");
  }

  private HttpResponse<Buffer> call(JsonObject row) {
    String[] call = row.getString("call").split(" ", 2);
    String path = filled(call[1], row.getJsonObject("at", new JsonObject()));
    String query = row.getString("query");
    String body = row.containsKey("body") ? filled(row.getJsonObject("body").encode()) : null;
    if (path.equals("/oauth/token")) {
      return ApiFixture.await(
          ContractCheck.client(api.vertx)
              .post(api.port(), "127.0.0.1", path)
              .basicAuthentication(ACME.accessKey(), ApiFixture.SECRET)
              .sendBuffer(Buffer.buffer(Objects.requireNonNull(body))));
    }
    return ApiFixture.await(
        acme.send(
            HttpMethod.valueOf(call[0]), query == null ? path : path + "?" + filled(query), body));
  }

  /** With what the row says stands at each place. */
  private String filled(String path, JsonObject at) {
    return PLACEHOLDER
        .matcher(path)
        .replaceAll(place -> {
          String name = at.getString(place.group(1));
          return made.getOrDefault(name, name);
        });
  }

  /** With the ids of what was made. */
  private String filled(String text) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(place -> made.getOrDefault(place.group(1), place.group(1)));
  }

  private void keep(JsonObject row, HttpResponse<Buffer> answer) {
    String name = row.getString("keep");
    if (name != null) {
      made.put(name, Objects.requireNonNull(parsed(answer).getString("id")));
    }
    if ("link".equals(name)) {
      made.put("run", run());
    }
  }

  /** A run of the link, which failed. */
  private String run() {
    IntegrationRun run =
        new IntegrationRun(
            new RunId(api.ids.next()),
            new IntegrationRun.What(
                new RuleId(id("rule")),
                new EventId(id("event")),
                new EventId(api.ids.next()),
                new IntegrationId(id("link")),
                new WebhookId(id("webhook"))),
            IntegrationRunStatus.ERROR,
            "https://hooks.example.com/in",
            1,
            "the receiver answered 500",
            null,
            api.now(),
            api.now().plusSeconds(9),
            null,
            1,
            api.now());
    api.runs.put(
        ACME.organization(),
        run,
        new IntegrationRun.Attempt(
            1, api.now(), Duration.ofMillis(9), 500, "the receiver answered 500", "no"));
    return run.id().toString();
  }

  private UUID id(String name) {
    return UUID.fromString(Objects.requireNonNull(made.get(name), name));
  }
}
