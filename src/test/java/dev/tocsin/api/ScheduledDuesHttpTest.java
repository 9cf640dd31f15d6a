package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.ADMINISTRATOR;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Statement;
import dev.tocsin.api.ScheduledDues.Appointment;
import dev.tocsin.api.ScheduledDues.Position;
import dev.tocsin.api.ScheduledDues.Status;
import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.evaluate.EntityKey;
import dev.tocsin.evaluate.EntityState;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is due, what would be, and how far a configuration is, over HTTP. */
class ScheduledDuesHttpTest {
  private static final String DUE = "scheduledevents/due";
  private static final UUID CONFIGURATION = new UUID(7, 7);
  private static final String PROPOSED =
      json("{'name':'scheduled.bill.near','entity':'Bill','field':'endDate','offset':-1}");

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  private void due(String bill, String at, @Nullable String outcome) {
    api.dues.put(
        ACME.organization(),
        new Appointment(
            new Position(
                Instant.parse(at), CONFIGURATION, Instant.parse("2026-11-01T00:00:00Z"), bill),
            new Content(new EventName("scheduled.bill.near"), "Bill", "endDate", -1),
            "2026-11-25",
            ZoneId.of("Europe/Paris"),
            outcome,
            outcome == null ? null : Instant.parse("2026-11-23T07:00:01Z")));
  }

  private static List<String> ids(JsonObject page) {
    List<String> ids = new ArrayList<>();
    JsonArray data = page.getJsonArray("data");
    for (int i = 0; i < data.size(); i++) {
      ids.add(data.getJsonObject(i).getString("entityId"));
    }
    return ids;
  }

  @Test
  void what_is_due_is_listed_with_why_in_the_order_of_time() {
    due("b2", "2026-11-24T23:00:00Z", null);
    due("b1", "2026-11-23T07:00:00Z", null);

    JsonArray data = parsed(acme.get(DUE)).getJsonArray("data");

    assertThat(data).hasSize(2);
    assertThat(data.getJsonObject(0).getString("state")).isEqualTo("OVERDUE");
    assertThat(data.getJsonObject(1).encode())
        .isEqualTo(
            json(
                "{'configurationId':'"
                    + CONFIGURATION
                    + "','name':'scheduled.bill.near','entity':'Bill','field':'endDate',"
                    + "'offset':-1,'entityId':'b2','value':'2026-11-25','timeZone':'Europe/Paris',"
                    + "'due':'2026-11-24T23:00:00Z','state':'WAITING',"
                    + "'dtArmed':'2026-11-01T00:00:00Z'}"));
    assertThat(parsed(new ApiClient(api, BOLT).get(DUE)).getJsonArray("data")).isEmpty();
  }

  @Test
  void pages_go_on_where_they_ended_and_filters_hold() {
    for (int i = 1; i <= 5; i++) {
      due("b" + i, "2026-11-2" + i + "T00:00:00Z", null);
    }
    JsonObject first = parsed(acme.get(DUE + "?pageSize=2"));
    JsonObject second =
        parsed(acme.get(DUE + "?pageSize=2&nextToken=" + first.getString("nextToken")));
    JsonObject third =
        parsed(acme.get(DUE + "?pageSize=2&nextToken=" + second.getString("nextToken")));

    assertThat(ids(first)).containsExactly("b1", "b2");
    assertThat(ids(second)).containsExactly("b3", "b4");
    assertThat(ids(third)).containsExactly("b5");
    assertThat(third.containsKey("nextToken")).isFalse();
    assertThat(ids(parsed(acme.get(DUE + "?from=2026-11-22T00:00:00Z&to=2026-11-24T00:00:00Z"))))
        .containsExactly("b2", "b3");
    assertThat(ids(parsed(acme.get(DUE + "?entityId=b4")))).containsExactly("b4");
    assertThat(ids(parsed(acme.get(DUE + "?configurationId=" + new UUID(1, 1))))).isEmpty();
  }

  @Test
  void what_ended_is_listed_of_one_entity() {
    due("b1", "2026-11-23T07:00:00Z", "FIRED");

    assertThat(ids(parsed(acme.get(DUE + "?entityId=b1")))).isEmpty();
    JsonObject ended =
        parsed(acme.get(DUE + "?entityId=b1&includeEnded=true"))
            .getJsonArray("data")
            .getJsonObject(0);
    assertThat(ended.getString("state")).isEqualTo("FIRED");
    assertThat(ended.getString("dtEnded")).isEqualTo("2026-11-23T07:00:01Z");
    assertThat(acme.get(DUE + "?includeEnded=true").statusCode()).isEqualTo(400);
  }

  @Test
  void what_is_wrong_with_the_query_is_named() {
    for (String wrong :
        List.of(
            "?from=tomorrow",
            "?configurationId=x",
            "?nextToken=AQ",
            "?nextToken=BAAA",
            "?nextToken=AgAGRGh4BgAAAZMvIExteRi7JwjxniU8S2JpbGwtMQ",
            "?nextToken=Aw",
            "?pageSize=101",
            "?pageSize=0")) {
      assertThat(acme.get(DUE + wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    assertThat(parsed(acme.get(DUE + "?nextToken=BAAA")).getString("code"))
        .isEqualTo("bad_next_token");
  }

  /** It is a call of our own: whoever filters by what it does not know is not to get everything. */
  @Test
  void a_filter_that_there_is_not_is_refused_with_what_there_is() {
    assertThat(flaw(acme.get(DUE + "?state=OVERDUE&from=2026-11-22T00:00:00Z")))
        .isEqualTo(
            "state: there is no such parameter, there are configurationId, entityId, from,"
                + " includeEnded, nextToken, pageSize, to");
    assertThat(flaw(acme.get(DUE + "?id=b1"))).startsWith("id: there is no such parameter");
    assertThat(flaw(acme.get(DUE + "?entityIds=b1")))
        .isEqualTo("entityIds: there is no such parameter, did you mean entityId?");
    assertThat(flaw(acme.post(DUE + "?entityId=b1", PROPOSED)))
        .isEqualTo("entityId: there is no such parameter, there are from, nextToken, pageSize, to");
  }

  private static String flaw(HttpResponse<Buffer> refused) {
    assertThat(refused.statusCode()).isEqualTo(400);
    JsonArray errors = parsed(refused).getJsonArray("errors");
    assertThat(errors).hasSize(1);
    JsonObject error = errors.getJsonObject(0);
    return error.getString("parameter") + ": " + error.getString("message");
  }

  @Test
  void appointments_of_entities_that_are_hidden_are_hidden() {
    due("b1", "2026-11-24T00:00:00Z", null);
    due("b2", "2026-11-25T00:00:00Z", null);
    deny("config:bill/item/b1");

    assertThat(ids(parsed(acme.get(DUE)))).containsExactly("b2");
  }

  private void bill(String id, String endDate) {
    api.states.put(
        new EntityKey(ACME.organization(), new EntityRef("Bill", id)),
        new EntityState(
            new EventId(new UUID(1, 1)),
            api.now(),
            Samples.payload(json("{'endDate':'" + endDate + "','accountId':'a-" + id + "'}"))));
  }

  @Test
  void what_a_proposed_configuration_would_fire_is_listed_and_nothing_is_kept() {
    bill("b1", "2026-11-20");
    bill("b2", "2026-11-23");
    bill("b3", "2026-11-26");
    bill("b4", "2026-11-24T09:00:00+01:00");
    api.dues.zone = ZoneId.of("Europe/Paris");
    String before = api.contents();

    JsonObject all = parsed(acme.post(DUE, PROPOSED));

    assertThat(all.encode())
        .isEqualTo(
            json(
                "{'data':[{'entityId':'b1','value':'2026-11-20','timeZone':'Europe/Paris',"
                    + "'due':'2026-11-18T23:00:00Z','state':'SKIPPED'},"
                    + "{'entityId':'b2','value':'2026-11-23','timeZone':'Europe/Paris',"
                    + "'due':'2026-11-21T23:00:00Z','state':'SKIPPED'},"
                    + "{'entityId':'b3','value':'2026-11-26','timeZone':'Europe/Paris',"
                    + "'due':'2026-11-24T23:00:00Z','state':'WAITING'},"
                    + "{'entityId':'b4','value':'2026-11-24T09:00:00+01:00',"
                    + "'timeZone':'Europe/Paris','due':'2026-11-23T08:00:00Z',"
                    + "'state':'OVERDUE'}],'scanned':4}"));
    assertThat(ids(parsed(acme.post(DUE + "?from=2026-11-23T08:00:00Z", PROPOSED))))
        .containsExactly("b3", "b4");
    assertThat(api.contents()).isEqualTo(before);
  }

  @Test
  void a_proposal_goes_through_the_states_page_by_page() {
    bill("b1", "2026-11-26");
    bill("b2", "soon enough");
    bill("b3", "2026-11-27");

    JsonObject first = parsed(acme.post(DUE + "?pageSize=1", PROPOSED));
    JsonObject second =
        parsed(acme.post(DUE + "?pageSize=1&nextToken=" + first.getString("nextToken"), PROPOSED));

    assertThat(ids(first)).containsExactly("b1");
    assertThat(first.getInteger("scanned")).isEqualTo(1);
    assertThat(ids(second)).containsExactly("b3");
    assertThat(second.containsKey("nextToken")).isFalse();
  }

  @Test
  void a_proposal_is_held_to_what_a_configuration_is() {
    assertThat(acme.post(DUE, json("{'name':'scheduled.bill.x'}")).statusCode()).isEqualTo(400);
  }

  @Test
  void a_proposal_shows_nothing_of_an_account_that_is_hidden() {
    deny("config:account/item/a-b1");
    bill("b1", "2026-11-26");
    bill("b2", "2026-11-26");

    assertThat(ids(parsed(acme.post(DUE, PROPOSED)))).containsExactly("b2");
  }

  @Test
  void nothing_is_proposed_of_an_entity_that_is_hidden() {
    deny("config:bill/*");

    assertThat(acme.post(DUE, PROPOSED).statusCode()).isEqualTo(400);
  }

  private void deny(String resource) {
    api.permit(
        ACME, ADMINISTRATOR, new Statement("deny", List.of("config:retrieve"), List.of(resource)));
  }

  @Test
  void a_status_tells_how_far_a_configuration_is() {
    String id = parsed(acme.post("scheduledevents/configurations", PROPOSED)).getString("id");
    String path = "scheduledevents/configurations/" + id + "/status";
    Instant now = Instant.parse("2026-11-23T08:00:00Z");
    api.dues.put(UUID.fromString(id), new Status(9, 5, 1, now, null, 6, 2, 3, 4, now, null));

    assertThat(acme.get(path).bodyAsString())
        .isEqualTo(
            json(
                "{'id':'"
                    + id
                    + "','arming':{'state':'RUNNING','scanned':9,'armed':5,'skipped':1,"
                    + "'dtStarted':'2026-11-23T08:00:00Z'},'waiting':6,'overdue':2,'fired':3,"
                    + "'skipped':4,'nextDue':'2026-11-23T08:00:00Z'}"));
    assertThat(new ApiClient(api, BOLT).get(path).statusCode()).isEqualTo(404);
  }
}
