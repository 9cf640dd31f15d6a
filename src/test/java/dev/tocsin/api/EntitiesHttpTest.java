package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Caller;
import dev.tocsin.access.Kind;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import dev.tocsin.catalog.CustomEntity;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers do with entities of their own, over HTTP. */
class EntitiesHttpTest {
  private static final String ENTITIES = "catalog/entities";
  private static final String LEAD = ENTITIES + "/Lead";

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  private JsonObject makeLead() {
    return parsed(acme.put(LEAD, json("{'family':'crm','dateFields':['wonDate']}")));
  }

  @Test
  void a_new_one_is_shown_in_full_and_found() {
    HttpResponse<Buffer> made =
        acme.put(LEAD, json("{'name':'Lead','family':'crm','dateFields':['won','lost']}"));

    assertThat(made.statusCode()).isEqualTo(200);
    assertThat(made.bodyAsString())
        .isEqualTo(
            json(
                "{'name':'Lead','family':'crm','dateFields':['lost','won'],"
                    + "'eventNames':['crm.lead.created','crm.lead.deleted','crm.lead.updated'],"
                    + "'declaredInFile':false,'version':1,'dtCreated':'2026-11-23T08:00:00Z',"
                    + "'dtLastModified':'2026-11-23T08:00:00Z','createdBy':'"
                    + ACME.serviceUser()
                    + "','lastModifiedBy':'"
                    + ACME.serviceUser()
                    + "'}"));
    assertThat(acme.get(LEAD).bodyAsString()).isEqualTo(made.bodyAsString());
    assertThat(acme.get(ENTITIES).bodyAsString())
        .isEqualTo("{\"data\":[" + made.bodyAsString() + "]}");
    assertThat(new ApiClient(api, BOLT).get(LEAD).statusCode()).isEqualTo(404);
    assertThat(acme.get(ENTITIES + "/lead").statusCode()).isEqualTo(404);
  }

  @Test
  void its_events_are_types_at_once_for_rules_and_ingest_until_it_is_deleted() {
    assertThat(rejected()).isEqualTo(1);
    makeLead();

    assertThat(parsed(acme.get("events/types")).getJsonArray("events").contains("crm.lead.updated"))
        .isTrue();
    assertThat(rejected()).isZero();
    assertThat(acme.post("notifications/configurations", rule()).statusCode()).isEqualTo(200);
    assertThat(parsed(acme.get("events?eventType=CustomEvent")).getJsonArray("data")).hasSize(1);
    assertThat(acme.delete(LEAD).statusCode()).isEqualTo(200);
    assertThat(rejected()).isEqualTo(1);
    assertThat(acme.post("notifications/configurations", rule()).statusCode()).isEqualTo(400);
  }

  /** The name may have been acknowledged a moment ago, so nobody can say that it is wrong. */
  @Test
  void a_name_that_cannot_be_looked_up_is_not_refused() {
    api.catalogs.away = true;
    HttpResponse<Buffer> unknown =
        acme.post("events", json("{'eventName':'crm.lead.created','new':{'id':'l1'}}"));
    HttpResponse<Buffer> known =
        acme.post("events", json("{'eventName':'configuration.plan.created','new':{'id':'p1'}}"));

    assertThat(unknown.statusCode()).isEqualTo(503);
    assertThat(unknown.getHeader("retry-after")).isEqualTo("1");
    assertThat(known.statusCode()).isEqualTo(200);
    assertThat(acme.get("events/types").statusCode()).isEqualTo(503);
    api.catalogs.away = false;
    assertThat(parsed(acme.get("events")).getJsonArray("data")).hasSize(1);
  }

  private int rejected() {
    JsonObject answer =
        parsed(acme.post("events", json("{'eventName':'crm.lead.created','new':{'id':'l1'}}")));
    return answer.getJsonArray("rejected").size();
  }

  @Test
  void one_that_is_named_stays_and_what_names_it_is_told_to_who_may_know() {
    makeLead();
    Use rule = new Use(Kind.NOTIFICATION_CONFIGURATION, new UUID(1, 1), "lead_won");
    Use policy = new Use(Kind.PERMISSION_POLICY, new UUID(1, 2), "no leads");
    Use hidden = new Use(Kind.NOTIFICATION_CONFIGURATION, new UUID(1, 3), "secret");
    api.catalogs.uses = (organization, entity) -> List.of(rule, policy, hidden);
    Caller someone = new Caller(ACME.organization(), new ServiceUserId(new UUID(0, 77)), "limited");
    api.permit(
        someone,
        new Statement("allow", List.of("all"), List.of("*")),
        new Statement(
            "deny",
            List.of("config:retrieve"),
            List.of("config:notificationconfiguration/item/" + hidden.id())),
        new Statement("deny", List.of("config:retrieve"), List.of("config:permissionpolicy/*")));
    ApiClient limited = new ApiClient(api, someone);

    JsonObject refused = parsed(acme.delete(LEAD));
    assertThat(refused.getString("code")).isEqualTo("in_use");
    assertThat(refused.getString("message"))
        .isEqualTo(
            "change or delete first what needs it as it is: notification configurations lead_won ("
                + rule.id()
                + "), secret ("
                + hidden.id()
                + "); permission policies no leads ("
                + policy.id()
                + ")");
    assertThat(parsed(limited.delete(LEAD)).getString("message"))
        .endsWith(
            "notification configurations lead_won ("
                + rule.id()
                + ") and others; permission policies");
    assertThat(acme.get(LEAD).statusCode()).isEqualTo(200);
  }

  /** A file may remove an entity whatever names it. */
  @Test
  void a_rule_keeps_an_event_name_that_is_none_any_more_and_gets_no_other_such() {
    makeLead();
    JsonObject rule = parsed(acme.post("notifications/configurations", rule()));
    assertThat(api.notifications.named).extracting(CustomEntity::name).containsExactly("Lead");
    acme.delete(LEAD);
    String path = "notifications/configurations/" + rule.getString("id");

    JsonObject off = parsed(acme.put(path, rule.copy().put("active", false).encode()));
    assertThat(off.getBoolean("active")).isFalse();
    HttpResponse<Buffer> other =
        acme.put(path, off.copy().put("eventName", "crm.lead.created").encode());
    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(parsed(other).getJsonArray("errors").getJsonObject(0).getString("pointer"))
        .isEqualTo("/eventName");
  }

  @Test
  void a_policy_keeps_resources_that_are_none_any_more_and_gets_no_other_such() {
    makeLead();
    acme.put(ENTITIES + "/Deal", json("{'family':'crm'}"));
    JsonObject policy =
        parsed(
            acme.post(
                "permissionpolicies",
                json(
                    "{'name':'p','permissionPolicy':[{'effect':'deny',"
                        + "'action':['config:retrieve'],'resource':['config:lead/*']}]}")));
    assertThat(api.access.named).extracting(CustomEntity::name).containsExactly("Lead");
    acme.delete(LEAD);
    acme.delete(ENTITIES + "/Deal");
    String path = "permissionpolicies/" + policy.getString("id");

    JsonObject renamed = parsed(acme.put(path, policy.copy().put("name", "q").encode()));
    assertThat(renamed.getString("name")).isEqualTo("q");
    assertThat(
            acme.put(path, renamed.encode().replace("config:lead/*", "config:deal/*")).statusCode())
        .isEqualTo(400);
  }

  private static String rule() {
    return json(
        "{'name':'n','description':'d','code':'c','eventName':'crm.lead.updated',"
            + "'calculation':'new.anything == 1'}");
  }

  @Test
  void its_fields_are_those_declared_and_rules_on_others_get_no_warning_before_any_is_learned() {
    makeLead();
    JsonObject fields =
        parsed(acme.get("events/fields?eventName=crm.lead.created")).getJsonObject("events");

    assertThat(fields.getJsonObject("crm.lead.created"))
        .isEqualTo(new JsonObject().put("new.id", "string").put("new.wonDate", "string"));
    assertThat(acme.post("notifications/configurations", rule()).bodyAsString())
        .doesNotContain("warnings");
  }

  @Test
  void a_replacement_needs_the_current_version() {
    JsonObject made = makeLead();
    api.advance(Duration.ofSeconds(1));
    JsonObject changed = made.copy().put("dateFields", new JsonArray().add("lostDate"));

    HttpResponse<Buffer> stale = acme.put(LEAD, json("{'family':'crm'}"));
    JsonObject replaced = parsed(acme.put(LEAD, changed.encode()));

    assertThat(stale.statusCode()).isEqualTo(400);
    assertThat(parsed(stale).getString("code")).isEqualTo("stale_version");
    assertThat(replaced)
        .isEqualTo(changed.put("version", 2).put("dtLastModified", "2026-11-23T08:00:01Z"));
  }

  @Test
  void a_deleted_one_is_shown_a_last_time() {
    JsonObject made = makeLead();
    assertThat(parsed(acme.delete(LEAD))).isEqualTo(made);
    assertThat(acme.get(LEAD).statusCode()).isEqualTo(404);
    assertThat(acme.delete(LEAD).statusCode()).isEqualTo(404);
  }

  @Test
  void everything_that_is_wrong_is_named_with_its_place() {
    HttpResponse<Buffer> refused =
        acme.put(
            ENTITIES + "/Bill", json("{'name':'x','family':'scheduled','dateFields':['a','a']}"));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(
            parsed(refused).getJsonArray("errors").stream()
                .map(error -> ((JsonObject) error).getString("pointer")))
        .containsExactly("/name", "/name", "/family", "/dateFields");
    assertThat(acme.put(ENTITIES + "/lead", json("{'family':'crm'}")).bodyAsString())
        .contains("must be a capital letter");
    assertThat(acme.put(LEAD, json("{'family':'crm','dateFields':[7]}")).bodyAsString())
        .contains("/dateFields/0");
    assertThat(acme.get(ENTITIES).bodyAsString()).isEqualTo("{\"data\":[]}");
  }

  @Test
  void a_name_that_differs_in_capitals_only_is_taken() {
    makeLead();
    assertThat(parsed(acme.put(ENTITIES + "/LEAD", json("{'family':'x'}"))).getString("code"))
        .isEqualTo("name_taken");
  }

  @Test
  void there_are_no_more_than_there_may_be() {
    for (String name : List.of("A", "B", "C")) {
      assertThat(acme.put(ENTITIES + "/" + name, json("{'family':'crm'}")).statusCode())
          .isEqualTo(200);
    }
    assertThat(parsed(acme.put(ENTITIES + "/D", json("{'family':'crm'}"))).getString("code"))
        .isEqualTo("limit_reached");
    assertThat(api.meters.counter("tocsin.catalog.full").count()).isEqualTo(1);
  }

  @Test
  void what_a_file_declares_is_marked_and_read_only() {
    api.catalogs.entities.declare(
        ACME.organization(),
        new CustomEntity("Lead", "crm", List.of()),
        new Audit(1, api.now(), api.now(), "system", "system"));

    JsonObject lead = parsed(acme.get(LEAD));
    assertThat(lead.getBoolean("declaredInFile")).isTrue();
    assertThat(parsed(acme.put(LEAD, lead.encode())).getString("code"))
        .isEqualTo("declared_in_file");
    assertThat(parsed(acme.delete(LEAD)).getString("code")).isEqualTo("declared_in_file");
  }

  @Test
  void one_that_a_scheduled_event_is_made_of_stays_with_its_date() {
    JsonObject lead = makeLead();
    acme.post(
        "scheduledevents/configurations",
        json("{'name':'scheduled.lead.won','entity':'Lead','field':'wonDate','offset':1}"));

    assertThat(api.catalogs.scheduled.named).extracting(CustomEntity::name).containsExactly("Lead");
    assertThat(parsed(acme.delete(LEAD)).getString("code")).isEqualTo("in_use");
    assertThat(
            parsed(acme.put(LEAD, lead.copy().put("dateFields", new JsonArray()).encode()))
                .getString("code"))
        .isEqualTo("in_use");
    assertThat(acme.put(LEAD, lead.encode()).statusCode()).isEqualTo(200);
  }
}
