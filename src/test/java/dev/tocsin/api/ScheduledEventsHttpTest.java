package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.event.EventName;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers do with scheduled event configurations, over HTTP. */
class ScheduledEventsHttpTest {
  private static final String SCHEDULED = "scheduledevents/configurations";
  private static final String NEAR =
      json("{'name':'scheduled.bill.endDateEvent','entity':'Bill','field':'endDate','offset':5}");

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void a_created_one_is_shown_in_full_and_found_and_listed() {
    HttpResponse<Buffer> created = acme.post(SCHEDULED, NEAR);
    String id = parsed(created).getString("id");

    assertThat(created.statusCode()).isEqualTo(200);
    assertThat(created.bodyAsString())
        .isEqualTo(
            json(
                "{'id':'"
                    + id
                    + "','name':'scheduled.bill.endDateEvent','entity':'Bill','field':'endDate',"
                    + "'offset':5,'declaredInFile':false,'version':1,'dtCreated':'2026-11-23T08:00:00Z',"
                    + "'dtLastModified':'2026-11-23T08:00:00Z','createdBy':'"
                    + ACME.serviceUser()
                    + "','lastModifiedBy':'"
                    + ACME.serviceUser()
                    + "'}"));
    assertThat(acme.get(SCHEDULED + "/" + id).bodyAsString()).isEqualTo(created.bodyAsString());
    assertThat(acme.get(SCHEDULED + "?ids=" + id + "&pageSize=1").bodyAsString())
        .isEqualTo("{\"data\":[" + created.bodyAsString() + "]}");
    assertThat(acme.get(SCHEDULED + "?pageSize=101").statusCode()).isEqualTo(400);
    ApiClient bolt = new ApiClient(api, BOLT);
    assertThat(bolt.get(SCHEDULED + "/" + id).statusCode()).isEqualTo(404);
    assertThat(bolt.get(SCHEDULED).bodyAsString()).isEqualTo("{\"data\":[]}");
  }

  @Test
  void its_name_is_an_event_type_at_once_with_the_entitys_fields_until_it_is_deleted() {
    String id = parsed(acme.post(SCHEDULED, NEAR)).getString("id");

    JsonObject types = parsed(acme.get("events/types"));
    assertThat(types.getJsonArray("events").contains("scheduled.bill.endDateEvent")).isTrue();
    JsonObject fields =
        parsed(acme.get("events/fields?eventName=scheduled.bill.endDateEvent"))
            .getJsonObject("events")
            .getJsonObject("scheduled.bill.endDateEvent");
    assertThat(fields.fieldNames())
        .contains("new.endDate")
        .allMatch(field -> field.startsWith("new."));
    assertThat(acme.post("notifications/configurations", rule()).statusCode()).isEqualTo(200);
    assertThat(post().getJsonArray("accepted")).hasSize(1);
    JsonObject event =
        parsed(acme.get("events?eventType=ScheduledEvent")).getJsonArray("data").getJsonObject(0);
    assertThat(event.getString("resourceId")).isEqualTo("b1");
    assertThat(acme.delete(SCHEDULED + "/" + id).statusCode()).isEqualTo(200);
    assertThat(post().getJsonArray("rejected")).hasSize(1);
    assertThat(acme.get(SCHEDULED + "/" + id).statusCode()).isEqualTo(404);
  }

  private JsonObject post() {
    return parsed(
        acme.post("events", json("{'eventName':'scheduled.bill.endDateEvent','new':{'id':'b1'}}")));
  }

  private static String rule() {
    return json(
        "{'name':'n','description':'d','code':'c','eventName':'scheduled.bill.endDateEvent',"
            + "'alwaysFireEvent':true}");
  }

  @Test
  void one_sent_back_as_it_was_shown_is_replaced_and_a_stale_one_is_not() {
    JsonObject made = parsed(acme.post(SCHEDULED, NEAR));
    String path = SCHEDULED + "/" + made.getString("id");
    api.advance(Duration.ofSeconds(1));

    JsonObject replaced = parsed(acme.put(path, made.copy().put("offset", -3).encode()));

    assertThat(replaced)
        .isEqualTo(
            made.copy()
                .put("offset", -3)
                .put("version", 2)
                .put("dtLastModified", "2026-11-23T08:00:01Z"));
    assertThat(parsed(acme.put(path, made.encode())).getString("code")).isEqualTo("stale_version");
    assertThat(parsed(acme.put(path, NEAR)).getString("code")).isEqualTo("stale_version");
  }

  @Test
  void one_that_a_file_declares_is_shown_as_such_and_changed_by_nobody() {
    UUID id = new UUID(7, 7);
    api.catalogs.scheduled.declare(
        new Author(ACME.organization(), "system", api.now()),
        id,
        new Content(new EventName("scheduled.bill.filed"), "Bill", "endDate", 1));
    String path = SCHEDULED + "/" + id;
    JsonObject shown = parsed(acme.get(path));

    assertThat(shown.getBoolean("declaredInFile")).isTrue();
    assertThat(parsed(acme.put(path, shown.encode())).getString("code"))
        .isEqualTo("declared_in_file");
    assertThat(parsed(acme.delete(path)).getString("code")).isEqualTo("declared_in_file");
    assertThat(parsed(acme.get(path))).isEqualTo(shown);
  }

  @Test
  void a_name_is_taken_once() {
    acme.post(SCHEDULED, NEAR);
    assertThat(parsed(acme.post(SCHEDULED, NEAR)).getString("code")).isEqualTo("name_taken");
    assertThat(new ApiClient(api, BOLT).post(SCHEDULED, NEAR).statusCode()).isEqualTo(200);
  }

  @Test
  void an_entity_of_the_organizations_own_has_scheduled_events_too() {
    acme.put("catalog/entities/Lead", json("{'family':'crm','dateFields':['wonDate']}"));
    String won = json("{'name':'scheduled.lead.won','entity':'Lead','field':'wonDate','offset':0}");

    assertThat(acme.post(SCHEDULED, won).statusCode()).isEqualTo(200);
    assertThat(new ApiClient(api, BOLT).post(SCHEDULED, won).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | /name, /entity, /field, /offset",
        "{'name':'scheduled.bill.x','entity':'Bill','field':'endDate','offset':1.5} | /offset",
        "{'name':'scheduled.bill.x','entity':'Bill','field':'endDate','offset':'1'} | /offset",
        "{'name':'scheduled.bill.x','entity':'Bill','field':'endDate','offset':36501} | /offset",
        "{'name':'scheduled.bill.x','entity':'Bill','field':'endDate','offset':-9e18} | /offset",
        "{'name':'scheduled.Bill.x','entity':'Bill','field':'endDate','offset':1} | /name",
        "{'name':'scheduled.bill.','entity':'Bill','field':'endDate','offset':1} | /name",
        "{'name':'scheduled.bill.a.b','entity':'Bill','field':'endDate','offset':1} | /name",
        "{'name':'scheduled.bill.a b','entity':'Bill','field':'endDate','offset':1} | /name",
        "{'name':'10 Days After Bill','entity':'Bill','field':'endDate','offset':1} | /name",
        "{'name':'scheduled.bil.x','entity':'Bil','field':'endDate','offset':1} | /entity",
        "{'name':'scheduled.bill.x','entity':'bill','field':'endDate','offset':1} | /entity",
        "{'name':'scheduled.bill.x','entity':'Bill','field':'currency','offset':1} | /field",
        "{'name':'scheduled.alert.x','entity':'Alert','field':'at','offset':1} | /field"
      })
  void what_is_wrong_is_named_and_nothing_is_kept(String body, String pointers) {
    HttpResponse<Buffer> refused = acme.post(SCHEDULED, json(body));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(
            parsed(refused).getJsonArray("errors").stream()
                .map(error -> ((JsonObject) error).getString("pointer")))
        .containsExactly(pointers.split(", "));
    assertThat(acme.get(SCHEDULED).bodyAsString()).isEqualTo("{\"data\":[]}");
  }

  @Test
  void the_entity_and_the_field_that_may_be_meant_are_said() {
    assertThat(
            acme.post(
                    SCHEDULED,
                    json("{'name':'scheduled.bil.x','entity':'Bil','field':'x','offset':1}"))
                .bodyAsString())
        .contains("did you mean Bill?");
    assertThat(
            acme.post(
                    SCHEDULED,
                    json("{'name':'scheduled.bill.x','entity':'Bill','field':'x','offset':1}"))
                .bodyAsString())
        .contains("must be a date or date/time field of Bill: one of ", "endDate");
  }
}
