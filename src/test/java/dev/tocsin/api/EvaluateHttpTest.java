package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Caller;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import dev.tocsin.evaluate.EntityKey;
import dev.tocsin.evaluate.EntityState;
import dev.tocsin.event.Category;
import dev.tocsin.event.Change;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.Explanation;
import dev.tocsin.rule.Parsed;
import dev.tocsin.rule.ParsedCalculation;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers learn of calculations, over HTTP. */
class EvaluateHttpTest {
  private static final String EVALUATE = "notifications/evaluate";
  private static final String RULES = "notifications/configurations";
  private static final EventName UPDATED = new EventName("configuration.commitment.updated");

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void a_calculation_is_tried_on_a_stored_event_and_nothing_fires() {
    EventId event = stored("{\"id\":\"c1\",\"amount\":1000}", "{\"id\":\"c1\",\"amount\":900}");
    String before = api.contents();

    assertThat(evaluated("'eventId':'" + event + "','calculation':'new.amount > old.amount'"))
        .isEqualTo(json("{'success':true,'result':true,'outcome':'fires'}"));
    assertThat(evaluated("'eventId':'" + event + "','calculation':'new.amount < old.amount'"))
        .isEqualTo(json("{'success':true,'result':false,'outcome':'doesNotFire'}"));
    assertThat(evaluated("'eventId':'" + event + "','calculation':'now() == \\\"2026\\\"'"))
        .contains("doesNotFire");
    assertThat(api.contents()).isEqualTo(before);
  }

  @Test
  void an_event_may_be_given_instead_and_happens_now_unless_it_says_when() {
    assertThat(
            evaluated(
                "'calculation':'now() == \\\"2026-11-23T08:00:00.000Z\\\" AND new.amount == 5.0',"
                    + "'event':{'eventName':'configuration.commitment.updated','new':{'id':'c1','amount':5}}"))
        .contains("\"result\":true");
    assertThat(
            evaluated(
                "'calculation':'date(now()) == \\\"2026-01-31\\\" AND old.amount == 5',"
                    + "'event':{'eventName':'configuration.commitment.deleted',"
                    + "'eventTime':'2026-01-31T10:00:00+02:00','old':{'id':'c1','amount':5}}"))
        .contains("\"result\":true");
  }

  @Test
  void a_given_update_without_old_is_judged_by_the_last_known_state_and_the_answer_says_so() {
    api.states.put(
        new EntityKey(ACME.organization(), new EntityRef("Commitment", "c1")),
        new EntityState(new EventId(api.ids.next()), api.now(), payload("{\"amount\":900}")));

    assertThat(given("c1", "old.amount == 900"))
        .isEqualTo(json("{'success':true,'result':true,'outcome':'fires','oldFilledIn':true}"));
    assertThat(given("c2", "old.amount == null"))
        .isEqualTo(json("{'success':true,'result':true,'outcome':'fires'}"));
    assertThat(
            evaluated(
                "'calculation':'old.amount == 5','event':{'eventName':'"
                    + UPDATED
                    + "','new':{'id':'c1'},'old':{'amount':5}}"))
        .isEqualTo(json("{'success':true,'result':true,'outcome':'fires'}"));
    assertThat(
            evaluated(
                "'calculation':'old.amount == null','event':{'eventName':'"
                    + UPDATED
                    + "','eventTime':'2026-11-23T07:59:59Z','new':{'id':'c1'}}"))
        .isEqualTo(json("{'success':true,'result':true,'outcome':'fires'}"));
  }

  @Test
  void a_last_known_state_is_filled_in_only_for_whom_may_see_the_event_it_is_of() {
    api.states.put(
        new EntityKey(ACME.organization(), new EntityRef("Commitment", "c1")),
        new EntityState(new EventId(api.ids.next()), api.now(), payload("{\"amount\":900}")));
    Caller author =
        new Caller(ACME.organization(), new ServiceUserId(new UUID(0xBEL, 77)), "author");
    api.permit(
        author,
        new Statement(
            "allow", List.of("config:retrieve"), List.of("config:notificationconfiguration/*")));
    String trial =
        json(
            "{'calculation':'old.amount == null','event':{'eventName':'"
                + UPDATED
                + "','new':{'id':'c1'}}}");

    assertThat(acme.post(EVALUATE, trial).bodyAsString()).contains("doesNotFire", "oldFilledIn");
    assertThat(new ApiClient(api, author).post(EVALUATE, trial).bodyAsString())
        .isEqualTo(json("{'success':true,'result':true,'outcome':'fires'}"));
  }

  @Test
  void whom_an_entity_is_hidden_from_is_not_warned_by_what_is_known_of_its_fields() {
    Caller reader =
        new Caller(ACME.organization(), new ServiceUserId(new UUID(0xBEL, 79)), "reader");
    api.permit(
        reader,
        new Statement("allow", List.of("all"), List.of("*")),
        new Statement("deny", List.of("config:retrieve"), List.of("config:commitment/*")));
    ApiClient hidden = new ApiClient(api, reader);
    String trial = json("{'calculation':'new.amuont == 1','eventName':'" + UPDATED + "'}");
    String rule =
        json(
            "{'name':'n','description':'d','code':'%s','calculation':'new.amuont == 1',"
                + "'eventName':'"
                + UPDATED
                + "'}");

    assertThat(acme.post(EVALUATE, trial).bodyAsString()).contains("did you mean");
    assertThat(hidden.post(EVALUATE, trial).bodyAsString()).isEqualTo("{\"success\":true}");
    assertThat(acme.post("notifications/configurations", rule.formatted("a")).bodyAsString())
        .contains("did you mean");
    assertThat(hidden.post("notifications/configurations", rule.formatted("b")).bodyAsString())
        .contains("dtCreated")
        .doesNotContain("warnings", "did you mean");
  }

  @Test
  void a_last_known_state_is_not_filled_in_for_whom_its_entity_is_hidden() {
    api.states.put(
        new EntityKey(ACME.organization(), new EntityRef("Commitment", "c1")),
        new EntityState(new EventId(api.ids.next()), api.now(), payload("{\"amount\":900}")));
    Caller reader =
        new Caller(ACME.organization(), new ServiceUserId(new UUID(0xBEL, 78)), "reader");
    api.permit(
        reader,
        new Statement("allow", List.of("all"), List.of("*")),
        new Statement("deny", List.of("config:retrieve"), List.of("config:commitment/*")));

    assertThat(
            new ApiClient(api, reader)
                .post(
                    EVALUATE,
                    json(
                        "{'calculation':'old.amount == null','event':{'eventName':'"
                            + UPDATED
                            + "','new':{'id':'c1'}}}"))
                .bodyAsString())
        .isEqualTo(json("{'success':true,'result':true,'outcome':'fires'}"));
  }

  private String given(String id, String calculation) {
    return evaluated(
        "'calculation':'"
            + calculation
            + "','event':{'eventName':'"
            + UPDATED
            + "','new':{'id':'"
            + id
            + "'}}");
  }

  private static Payload payload(String json) {
    try {
      return JsonValues.payload(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void without_an_event_a_calculation_is_only_read() {
    assertThat(evaluated("'calculation':'new.amount > 5'")).isEqualTo("{\"success\":true}");
    assertThat(
            evaluated(
                "'calculation':'new.amount > 5','eventName':'" + UPDATED + "','explain':true"))
        .isEqualTo("{\"success\":true}");
  }

  @Test
  void a_name_wins_over_an_id() {
    assertThat(
            evaluated(
                "'calculation':'new.amount > 5','eventName':'" + UPDATED + "','eventId':'none'"))
        .isEqualTo("{\"success\":true}");
  }

  @Test
  void a_calculation_that_cannot_be_read_is_an_answer() {
    assertThat(evaluated("'calculation':'new.amount => 5'"))
        .isEqualTo(
            "{\"success\":false,\"errorMessage\":\"line 1, column 12: '=>' is no operator; write '>='\","
                + "\"errors\":[{\"line\":1,\"column\":12,"
                + "\"message\":\"'=>' is no operator; write '>='\"}]}");
  }

  @Test
  void a_calculation_that_fails_says_where() {
    EventId event = stored("{\"id\":\"c1\",\"amount\":0}", null);

    assertThat(evaluated("'eventId':'" + event + "','calculation':'1 < 2 AND 8 / new.amount > 1'"))
        .isEqualTo(
            json(
                "{'success':false,'outcome':'failed',"
                    + "'errorMessage':'line 1, column 15: division by zero: new.amount is 0',"
                    + "'errors':[{'line':1,'column':15,'message':'division by zero: new.amount is"
                    + " 0'}]}"));
  }

  @Test
  void a_failure_shows_the_value_that_does_not_fit_and_no_rule_logs_it() {
    EventId event = stored("{\"id\":\"c1\",\"word\":\"soon\",\"list\":[1]}", null);

    assertThat(failure(event, "date(new.word) == now()"))
        .isEqualTo(
            "line 1, column 6: date needs a date such as 2026-11-23 or 2026-11-23T10:00:00Z:"
                + " new.word is \"soon\"");
    assertThat(failure(event, "(int) new.word > 5"))
        .isEqualTo("line 1, column 7: (int) needs a text that is a number: new.word is \"soon\"");
    assertThat(failure(event, "new.list * 2 > 5"))
        .isEqualTo("line 1, column 1: '*' needs numbers, and has an array: new.list is an array");
    assertThat(failure(event, "1 / 0 > 5")).isEqualTo("line 1, column 5: division by zero");
  }

  private String failure(EventId event, String calculation) {
    JsonObject body =
        new JsonObject().put("eventId", event.toString()).put("calculation", calculation);
    return new JsonObject(acme.post(EVALUATE, body.encode()).bodyAsString())
        .getString("errorMessage");
  }

  @Test
  void an_explanation_shows_every_part_with_what_is_long_made_short() {
    EventId event =
        stored(
            "{\"id\":\"c1\",\"text\":\""
                + "x".repeat(300)
                + "\",\"list\":[1,2],\"map\":{\"a\":1},"
                + "\"big\":1e400}",
            null);

    String answer =
        evaluated(
            "'explain':true,'eventId':'"
                + event
                + "','calculation':'new.text != null AND new.list != null AND new.map != null"
                + " AND new.big > 1 AND new.none == null AND (1 == 1 OR 8 / 0 > 1)'");

    assertThat(answer)
        .contains(
            "\"kind\":\"text\",\"value\":\"" + "x".repeat(200) + "…\",\"length\":300",
            "\"kind\":\"array\",\"size\":2,\"items\":[{\"kind\":\"number\",\"value\":1},"
                + "{\"kind\":\"number\",\"value\":2}]",
            "\"kind\":\"object\",\"size\":1,"
                + "\"fields\":[{\"name\":\"a\",\"kind\":\"number\",\"value\":1}]",
            "\"kind\":\"number\",\"value\":1E+400",
            "\"kind\":\"null\",\"value\":null",
            "\"text\":\"8 / 0 > 1\",\"line\":1,\"column\":111,\"start\":110,\"end\":119,\"skipped\":true");
  }

  @Test
  void of_an_array_ten_items_are_shown_each_by_its_beginning() {
    String long70 = "\"" + "y".repeat(70) + "\"";
    EventId event =
        stored("{\"id\":\"c1\",\"list\":[" + (long70 + ",").repeat(19) + "[1,2]]}", null);

    String answer =
        evaluated("'explain':true,'eventId':'" + event + "','calculation':'new.list == null'");

    assertThat(answer).contains("\"size\":20,\"items\":[");
    assertThat(answer.split("y{60}…\",\"length\":70", -1)).hasSize(21);
  }

  @Test
  void a_change_says_what_differs_first() {
    EventId event = stored("{\"id\":\"c1\",\"l\":[1,5]}", "{\"id\":\"c1\",\"l\":[1,2,3]}");

    assertThat(evaluated("'explain':true,'eventId':'" + event + "','calculation':'changed(new.l)'"))
        .contains(
            json(
                "'difference':{'path':'l[1]','old':{'kind':'number','value':2},"
                    + "'new':{'kind':'number','value':5}}"));
  }

  @Test
  void an_explanation_is_bounded_and_says_how_much_it_leaves_out() {
    String list = "new.amount in (" + "1000, ".repeat(399) + "7)";
    String many = "new.amount == 7" + " OR new.amount == 7".repeat(240);
    EventId event = stored("{\"id\":\"c1\",\"amount\":7}", null);
    EventId other = stored("{\"id\":\"c1\",\"amount\":8}", null);

    assertThat(explained(event, list))
        .hasSizeLessThan(12_000)
        .contains("\"omitted\":350", "\"value\":7,\"decided\":true");
    assertThat(explained(other, many.replace(" OR ", " AND ").replace("== 7", "!= 8")))
        .hasSizeLessThan(70_000)
        .contains("\"omitted\":", "\"missesOmitted\":");
    assertThat(explained(other, many)).hasSizeLessThan(70_000).contains("\"omitted\":191");
  }

  @Test
  void how_long_an_explanation_may_be_is_configured_and_what_is_cut_counted() throws IOException {
    ParsedCalculation calculation =
        ((Parsed.Valid)
                Calculations.parse(
                    "new.l != null AND new.t != null AND 1 == 1 AND 2 == 2",
                    CalculationLimits.DEFAULTS))
            .calculation();
    Change change =
        new Change(api.now(), JsonValues.payload("{\"l\":[1,2,3],\"t\":\"abcdef\"}"), null);
    Explanation explanation = calculation.explain(change);

    JsonText out = new JsonText().open();
    boolean whole =
        ExplanationJson.append(out, explanation, new ExplanationLimits(100_000, 2, 4, 1));
    assertThat(whole).isFalse();
    assertThat(out.close().toString())
        .contains(
            "\"omitted\":2",
            "\"value\":\"abcd…\",\"length\":6",
            "\"size\":3,\"items\":[{\"kind\":\"number\",\"value\":1}]");
    assertThat(
            ExplanationJson.append(
                new JsonText().open(), explanation, new ExplanationLimits(100_000, 4, 4, 1)))
        .isTrue();
    EventId event = stored("{\"id\":\"c1\",\"amount\":7}", null);
    explained(event, "new.amount == 7");
    assertThat(api.meters.counter("tocsin.explanations.cut").count()).isZero();
    explained(event, "new.amount in (" + "1000, ".repeat(399) + "7)");
    assertThat(api.meters.counter("tocsin.explanations.cut").count()).isEqualTo(1);
  }

  private String explained(EventId event, String calculation) {
    return evaluated(
        "'explain':true,'eventId':'" + event + "','calculation':'" + calculation + "'");
  }

  @Test
  void the_page_shows_what_is_answered() throws IOException {
    String page = Files.readString(Path.of("docs/calculations.md"));
    String section = page.substring(page.indexOf("\n## Asking why\n"));
    List<String> examples =
        Pattern.compile("(?s)```json\n(.*?)```")
            .matcher(section)
            .results()
            .map((MatchResult example) -> example.group(1))
            .limit(2)
            .toList();

    assertThat(new JsonObject(acme.post(EVALUATE, examples.getFirst()).bodyAsString()))
        .isEqualTo(new JsonObject(examples.getLast()));
  }

  @Test
  void the_event_of_the_functions_can_be_given() throws IOException {
    String page = Files.readString(Path.of("docs/calculations.md"));
    String section = page.substring(page.indexOf("\n## Functions\n"));
    int start = section.indexOf("```json\n") + 8;
    JsonObject event = new JsonObject(section.substring(start, section.indexOf("```", start)));
    JsonObject trial =
        new JsonObject()
            .put("event", event)
            .put("calculation", "daysBetween(now(), new.endDate) == 30");

    assertThat(acme.post(EVALUATE, trial.encode()).bodyAsString())
        .contains("\"outcome\":\"fires\"");
  }

  @Test
  void a_saved_rule_is_answered_with_what_is_probably_wrong_with_it() {
    JsonObject created = new JsonObject(acme.post(RULES, rule("new.amuont > 5")).bodyAsString());
    String path = RULES + "/" + created.getString("id");

    assertThat(created.getJsonArray("warnings").encode())
        .isEqualTo(
            json("[{'line':1,'column':1,'message':'Commitment is not known to have a field"
                    + " #amuont#, did you mean amount?'}]")
                .replace('#', '\''));
    assertThat(acme.get(path).bodyAsString()).doesNotContain("warnings");
    assertThat(acme.put(path, created.encode()).bodyAsString()).contains("\"warnings\":[{\"line\"");
    assertThat(
            acme.put(path, created.put("version", 2).put("calculation", "new.amount > 5").encode())
                .bodyAsString())
        .contains("\"version\":3")
        .doesNotContain("warnings");
    assertThat(acme.delete(path).bodyAsString()).doesNotContain("warnings");
  }

  @Test
  void warnings_come_with_a_trial_of_a_type_or_an_event() {
    assertThat(evaluated("'calculation':'new.amuont > 5','eventName':'" + UPDATED + "'"))
        .contains("\"success\":true,\"warnings\":[{\"line\":1,\"column\":1,");
    EventId event = stored("{\"id\":\"c1\"}", null);
    assertThat(evaluated("'calculation':'new.amuont > 5','eventId':'" + event + "'"))
        .contains("\"outcome\":\"doesNotFire\",\"warnings\":[{\"line\":1,\"column\":1,");
  }

  private String evaluated(String members) {
    return Objects.requireNonNull(acme.post(EVALUATE, "{" + json(members) + "}").bodyAsString());
  }

  private EventId stored(String after, @Nullable String before) {
    EventId id = new EventId(api.ids.next());
    api.events.add(
        new StoredEvent(
            ACME.organization(),
            id,
            UPDATED,
            Category.CONFIGURATION,
            api.now(),
            "c1",
            null,
            after,
            before,
            null));
    return id;
  }

  private static String rule(String calculation) {
    return new JsonObject()
        .put("name", "Rule")
        .put("description", "A rule.")
        .put("code", "rule")
        .put("eventName", UPDATED.value())
        .put("calculation", calculation)
        .encode();
  }
}
