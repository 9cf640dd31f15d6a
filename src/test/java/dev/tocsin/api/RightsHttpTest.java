package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.ADMINISTRATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.access.Caller;
import dev.tocsin.access.Kind;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import dev.tocsin.catalog.FieldType;
import dev.tocsin.catalog.LearnedField;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.flow.Settlement.Fired;
import dev.tocsin.rule.RuleId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers may do by their policies, over HTTP. */
class RightsHttpTest {
  private static final String RULES = "notifications/configurations";
  private static final UUID SOMETHING = new UUID(0x7000, Long.MIN_VALUE);

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);
  private int users = 10;

  @AfterEach
  void close() {
    api.close();
  }

  /** Whatever route is added: it is in the router, and so it is asked here. */
  @Test
  void every_route_of_an_organization_asks_for_a_right_before_anything_else() {
    ApiClient nobody = caller();
    Set<String> asked = new TreeSet<>();
    for (Route route : api.api().router(api.vertx, () -> false).getRoutes()) {
      String path = route.getPath();
      if (path != null && path.startsWith(OrganizationRoutes.PREFIX) && route.methods() != null) {
        String below =
            path.substring(OrganizationRoutes.PREFIX.length())
                .replaceAll(":\\w+", SOMETHING.toString());
        for (HttpMethod method : route.methods()) {
          HttpResponse<Buffer> answer = ApiFixture.await(nobody.send(method, below, "no JSON"));
          assertThat(answer.statusCode()).as(method + " " + path).isEqualTo(403);
          assertThat(parsed(answer).getString("code"))
              .as(method + " " + path)
              .isEqualTo("not_permitted");
          asked.add(method + " " + below);
        }
      }
    }
    assertThat(asked)
        .hasSizeGreaterThan(40)
        .contains("POST events", "GET events/types", "POST notifications/evaluate");
  }

  @Test
  void a_route_of_an_organization_without_a_right_or_a_contract_cannot_be_added() {
    RouteTable routes = new RouteTable(Router.router(api.vertx), Contract.shared());

    assertThatThrownBy(() -> routes.open(HttpMethod.GET, OrganizationRoutes.PREFIX + "secrets"))
        .hasMessage("GET /organizations/:orgId/secrets asks for no right");
    assertThatThrownBy(() -> routes.guarded(HttpMethod.GET, "rights", Need.retrieve(Kind.EVENT)))
        .hasMessage("GET /organizations/:orgId/rights is not in the contract");
    assertThat(routes.guarded(HttpMethod.GET, "events", Need.retrieve(Kind.EVENT)).getPath())
        .isEqualTo(OrganizationRoutes.PREFIX + "events");
  }

  /** Whatever of it is there already when the rights are. */
  @Test
  void the_body_of_a_call_whose_rights_have_to_be_looked_up_is_read_from_its_beginning() {
    String large = "x".repeat(200_000);
    JsonObject state = new JsonObject().put("id", "l-1").put("name", large);
    JsonObject body =
        new JsonObject().put("eventName", "configuration.plan.created").put("new", state);
    for (int i = 0; i < 20; i++) {
      HttpResponse<Buffer> answer = caller(ADMINISTRATOR).post("events", body.encode());

      assertThat(answer.statusCode()).isEqualTo(200);
      String id = parsed(answer).getJsonArray("accepted").getJsonObject(0).getString("id");
      assertThat(acme.get("events/" + id).bodyAsString()).contains(large);
    }
  }

  @Test
  void who_may_only_read_rules_reads_them_and_is_told_what_he_lacks_for_more() {
    ApiClient reader =
        caller(statement("allow", "config:retrieve", "config:notificationconfiguration/*"));
    String rule = rule("near");

    assertThat(reader.get(RULES).statusCode()).isEqualTo(200);
    assertThat(reader.get(RULES + "/" + rule).statusCode()).isEqualTo(200);
    assertThat(parsed(reader.delete(RULES + "/" + rule)).getString("message"))
        .isEqualTo(
            "the policies of the service user do not permit config:delete on"
                + " config:notificationconfiguration/item/"
                + rule);
    assertThat(parsed(reader.post(RULES, "{}")).getString("message"))
        .isEqualTo(
            "the policies of the service user do not permit config:create on"
                + " config:notificationconfiguration/*");
    assertThat(reader.get("integrationdestinations/webhooks").statusCode()).isEqualTo(403);
  }

  @Test
  void a_policy_is_given_to_those_only_whom_the_giver_may_change() {
    String user = parsed(acme.post("serviceusers", json("{'name':'ci'}"))).getString("id");
    String other = parsed(acme.post("serviceusers", json("{'name':'cd'}"))).getString("id");
    JsonArray policies = parsed(acme.get("permissionpolicies")).getJsonArray("data");
    String path = "permissionpolicies/" + policies.getJsonObject(0).getString("id");
    ApiClient giver =
        caller(
            ADMINISTRATOR, statement("deny", "config:update", "config:serviceuser/item/" + user));

    for (String call : List.of("/addtoserviceuser", "/removefromserviceuser")) {
      assertThat(parsed(giver.post(path + call, json("{'principalId':'" + user + "'}"))))
          .isEqualTo(
              new JsonObject()
                  .put(
                      "message",
                      "the policies of the service user do not permit config:update on"
                          + " config:serviceuser/item/"
                          + user)
                  .put("code", "not_permitted"));
      assertThat(giver.post(path + call, json("{'principalId':'" + other + "'}")).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void a_denied_item_is_left_out_of_full_pages_and_cannot_be_reached() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      made.addFirst(rule("r" + i));
    }
    String denied = made.remove(3);
    String alsoDenied = made.removeFirst();
    ApiClient ci =
        caller(
            ADMINISTRATOR,
            statement("deny", "all", "config:notificationconfiguration/item/" + denied),
            statement(
                "deny", "config:retrieve", "config:notificationconfiguration/item/" + alsoDenied));

    JsonObject first = parsed(ci.get(RULES + "?pageSize=3"));
    JsonObject last =
        parsed(ci.get(RULES + "?pageSize=3&nextToken=" + first.getString("nextToken")));
    assertThat(ids(first)).isEqualTo(made.subList(0, 3));
    assertThat(ids(last)).isEqualTo(made.subList(3, 5));
    assertThat(last.containsKey("nextToken")).isFalse();
    assertThat(ids(parsed(ci.get(RULES + "?pageSize=5")))).isEqualTo(made);
    assertThat(ci.get(RULES + "/" + denied).statusCode()).isEqualTo(403);
    assertThat(ci.delete(RULES + "/" + denied).statusCode()).isEqualTo(403);
    assertThat(ci.get(RULES + "/" + alsoDenied).statusCode()).isEqualTo(403);
    assertThat(ci.delete(RULES + "/" + made.getFirst()).statusCode()).isEqualTo(200);
  }

  @Test
  void a_change_of_a_policy_is_in_force_with_the_next_call() {
    String user = parsed(acme.post("serviceusers", json("{'name':'ci'}"))).getString("id");
    JsonObject key = parsed(acme.post("serviceusers/" + user + "/accesskeys", ""));
    JsonObject policy =
        parsed(
            acme.post(
                "permissionpolicies",
                json(
                    "{'name':'p','permissionPolicy':[{'effect':'allow',"
                        + "'action':['config:retrieve'],'resource':['config:event/*']}]}")));
    String path = "permissionpolicies/" + policy.getString("id");
    acme.post(path + "/addtoserviceuser", json("{'principalId':'" + user + "'}"));
    ApiClient ci =
        new ApiClient(
            api,
            new Caller(
                ACME.organization(),
                new ServiceUserId(UUID.fromString(user)),
                key.getString("accessKey")));
    assertThat(ci.get("events").statusCode()).isEqualTo(200);

    policy.getJsonArray("permissionPolicy").getJsonObject(0).put("effect", "deny");
    acme.put(path, policy.encode());
    assertThat(ci.get("events").statusCode()).isEqualTo(403);
    policy.getJsonArray("permissionPolicy").getJsonObject(0).put("effect", "allow");
    acme.put(path, policy.put("version", 2).encode());
    assertThat(ci.get("events").statusCode()).isEqualTo(200);
    acme.delete(path);
    assertThat(ci.get("events").statusCode()).isEqualTo(403);
  }

  @Test
  void a_denied_entity_hides_its_events_wherever_events_are_shown() {
    String product = event("configuration.product.created", "p-1", "a-1");
    String plan = event("configuration.plan.created", "l-1", "a-1");
    String others = event("configuration.plan.created", "l-2", "a-2");
    ApiClient ci =
        caller(
            ADMINISTRATOR,
            statement("deny", "config:retrieve", "config:product/*"),
            statement("deny", "config:retrieve", "config:account/item/a-2"));

    assertThat(ids(parsed(ci.get("events")))).containsExactly(plan);
    assertThat(ids(parsed(acme.get("events")))).containsExactly(others, plan, product);
    for (String hidden : List.of(product, others)) {
      assertThat(ci.get("events/" + hidden).bodyAsString())
          .isEqualTo(ci.get("events/" + SOMETHING).bodyAsString());
      assertThat(ci.put("events/" + hidden + "/actioned?actioned=true", "").statusCode())
          .isEqualTo(404);
      assertThat(ci.post("notifications/evaluate", evaluation(hidden)).statusCode()).isEqualTo(404);
    }
    assertThat(
            ids(
                parsed(
                    ci.put(
                        "events/actioned",
                        json("{'actioned':true,'ids':['" + product + "','" + plan + "']}")))))
        .containsExactly(plan);
    assertThat(ids(parsed(acme.get("events?includeActioned=false"))))
        .containsExactly(others, product);
    assertThat(ci.post("notifications/evaluate", evaluation(plan)).statusCode()).isEqualTo(200);
    assertThat(parsed(ci.get("events/types")).getJsonArray("events"))
        .contains("configuration.plan.created", "configuration.account.created")
        .doesNotContain("configuration.product.created", "configuration.product.deleted");
    assertThat(parsed(ci.get("events/fields")).getJsonObject("events").fieldNames())
        .contains("configuration.plan.created")
        .doesNotContain("configuration.product.created");
    assertThat(
            parsed(ci.get("events/fields?eventName=configuration.product.created"))
                .getString("message"))
        .isEqualTo("eventName: no event type is named \"configuration.product.created\"");
  }

  @Test
  void an_entity_of_an_organization_is_denied_in_policies_like_any_other() {
    String lead = "{'family':'crm'}";
    assertThat(
            parsed(acme.post("permissionpolicies", policy("config:lead/*"))).getString("message"))
        .contains("no type of resource is named lead");
    acme.put("catalog/entities/Lead", json(lead));
    assertThat(acme.post("permissionpolicies", policy("config:lead/*")).statusCode())
        .isEqualTo(200);
    acme.put("catalog/entities/Visit", json(lead));
    String hidden = event("crm.lead.created", "x-1", null);
    String visit = event("crm.visit.created", "x-1", null);
    api.learnedFields.put(
        ACME.organization(), learned("Lead"), learned("Visit"), learned("crm.lead.created"));
    ApiClient ci = caller(ADMINISTRATOR, statement("deny", "config:retrieve", "config:lead/*"));

    assertThat(ids(parsed(ci.get("events")))).containsExactly(visit);
    assertThat(ci.get("events/" + hidden).statusCode()).isEqualTo(404);
    assertThat(parsed(acme.get("catalog/fields")).getJsonArray("data")).hasSize(3);
    assertThat(parsed(ci.get("catalog/fields")).getJsonArray("data"))
        .extracting(field -> ((JsonObject) field).getString("entity"))
        .containsExactly("Visit");
    assertThat(parsed(ci.get("catalog/fields?entity=Lead")).getJsonArray("data")).isEmpty();
    assertThat(parsed(ci.get("catalog/fields?eventName=crm.lead.created")).getString("message"))
        .isEqualTo("eventName: no event type is named \"crm.lead.created\"");
  }

  /** Its name need not be that of its entity, and then it may be about either. */
  @Test
  void a_scheduled_event_type_is_hidden_with_its_entity_whatever_it_is_named() {
    String name = "scheduled.plan.due";
    api.catalogs.scheduled.create(
        new Author(ACME.organization(), "somebody", api.now()),
        SOMETHING,
        new ScheduledEventConfiguration.Content(new EventName(name), "Bill", "dueDate", 1),
        Set.of());
    api.learnedFields.put(
        ACME.organization(), learned("Bill"), learned("Plan"), learned("scheduled.plan.due"));
    ApiClient noBills = caller(ADMINISTRATOR, statement("deny", "all", "config:bill/*"));
    ApiClient noPlans = caller(ADMINISTRATOR, statement("deny", "all", "config:plan/*"));

    assertThat(parsed(acme.get("events/types")).getJsonArray("events")).contains(name);
    for (ApiClient ci : List.of(noBills, noPlans)) {
      assertThat(parsed(ci.get("events/types")).getJsonArray("events")).doesNotContain(name);
      assertThat(parsed(ci.get("events/fields")).getJsonObject("events").containsKey(name))
          .isFalse();
      assertThat(ci.get("events/fields?eventName=" + name).statusCode()).isEqualTo(400);
      assertThat(parsed(ci.get("events/fields?eventName=scheduled.plan.dua")).getString("message"))
          .doesNotContain(name);
      assertThat(
              parsed(ci.post("events", json("{'eventName':'scheduled.plan.dua','new':{'id':'p'}}")))
                  .encode())
          .doesNotContain(name);
    }
    assertThat(parsed(noBills.get("catalog/fields")).getJsonArray("data"))
        .extracting(field -> ((JsonObject) field).getString("entity"))
        .containsExactly("Plan");
    assertThat(parsed(noPlans.get("catalog/fields")).getJsonArray("data"))
        .extracting(field -> ((JsonObject) field).getString("entity"))
        .containsExactly("Bill");
  }

  @Test
  void a_denied_entity_is_not_declared_nor_scheduled_nor_suggested() {
    String scheduled = "scheduledevents/configurations";
    acme.put("catalog/entities/Lead", json("{'family':'crm','dateFields':['won']}"));
    acme.put("catalog/entities/Visit", json("{'family':'crm','dateFields':['end']}"));
    List<String> visible = new ArrayList<>();
    String hidden = "";
    for (int i = 0; i < 5; i++) {
      hidden = scheduled("lead", "Lead", "won", i);
      visible.addFirst(scheduled("visit", "Visit", "end", i));
    }
    ApiClient ci = caller(ADMINISTRATOR, statement("deny", "config:retrieve", "config:lead/*"));

    assertThat(parsed(ci.get("catalog/entities")).getJsonArray("data"))
        .extracting(one -> ((JsonObject) one).getString("name"))
        .containsExactly("Visit");
    assertThat(ci.get("catalog/entities/Lead").statusCode()).isEqualTo(404);
    assertThat(ci.put("catalog/entities/Lead", json("{'family':'crm'}")).statusCode())
        .isEqualTo(404);
    assertThat(ci.delete("catalog/entities/Lead").statusCode()).isEqualTo(404);
    JsonObject first = parsed(ci.get(scheduled + "?pageSize=3"));
    JsonObject last =
        parsed(ci.get(scheduled + "?pageSize=3&nextToken=" + first.getString("nextToken")));
    assertThat(ids(first)).isEqualTo(visible.subList(0, 3));
    assertThat(ids(last)).isEqualTo(visible.subList(3, 5));
    String one = scheduled + "/" + hidden;
    assertThat(ci.get(one).statusCode()).isEqualTo(404);
    assertThat(ci.put(one, parsed(acme.get(one)).encode()).statusCode()).isEqualTo(404);
    assertThat(ci.delete(one).statusCode()).isEqualTo(404);
    assertThat(acme.get(one).statusCode()).isEqualTo(200);
  }

  /** Else who is told "did you mean" is told what there is. */
  @Test
  void nothing_is_suggested_that_is_hidden() {
    acme.put("catalog/entities/Lead", json("{'family':'crm','dateFields':['won']}"));
    ApiClient ci = caller(ADMINISTRATOR, statement("deny", "config:retrieve", "config:lead/*"));
    String name = "'eventName':'crm.laed.created'";
    String rule = "{'name':'n','description':'d','code':'c','alwaysFireEvent':true," + name + "}";
    List<String> suggested = new ArrayList<>();
    for (ApiClient client : List.of(acme, ci)) {
      for (HttpResponse<Buffer> answer :
          List.of(
              client.post("events", json("{" + name + ",'new':{'id':'l'}}")),
              client.post(RULES, json(rule)),
              client.post("notifications/evaluate", json("{'calculation':'true'," + name + "}")),
              client.post(
                  "notifications/evaluate",
                  json("{'calculation':'true','event':{" + name + ",'new':{'id':'l'}}}")),
              client.get("catalog/fields?eventName=crm.laed.created"),
              client.get("events/fields?eventName=crm.laed.created"),
              client.post("permissionpolicies", policy("config:laed/*")),
              client.post(
                  "scheduledevents/configurations",
                  json("{'name':'scheduled.laed.x','entity':'Laed','field':'won','offset':1}")))) {
        String text = parsed(answer).encode();
        assertThat(text).containsIgnoringCase("laed");
        suggested.add(text.contains("did you mean") ? client == acme ? "all" : text : "");
      }
    }

    assertThat(suggested.subList(0, 8)).containsOnly("all");
    assertThat(suggested.subList(8, 16)).containsOnly("");
    assertThat(
            ci.post(
                    "scheduledevents/configurations",
                    json("{'name':'scheduled.lead.x','entity':'Lead','field':'x','offset':1}"))
                .bodyAsString())
        .contains("there is no entity")
        .doesNotContain("won");
  }

  private String scheduled(String stem, String entity, String field, int number) {
    return parsed(
            acme.post(
                "scheduledevents/configurations",
                new JsonObject()
                    .put("name", "scheduled." + stem + ".n" + number)
                    .put("entity", entity)
                    .put("field", field)
                    .put("offset", number)
                    .encode()))
        .getString("id");
  }

  @Test
  void the_answer_to_posting_names_those_notifications_only_that_the_sender_may_read() {
    RuleId hidden = new RuleId(new UUID(1, 1));
    api.fired.add(new Fired(new EventId(new UUID(1, 3)), hidden, "hidden"));
    api.fired.add(new Fired(new EventId(new UUID(1, 4)), new RuleId(new UUID(1, 2)), "shown"));
    ApiClient ci =
        caller(
            ADMINISTRATOR,
            statement(
                "deny", "config:retrieve", "config:notificationconfiguration/item/" + hidden));
    ApiClient sender = caller(statement("allow", "config:create", "config:event/*"));
    String event = json("{'id':'k','eventName':'configuration.plan.created','new':{'id':'l'}}");

    assertThat(codes(acme.post("events", event))).containsExactly("hidden", "shown");
    assertThat(codes(ci.post("events", event))).containsExactly("shown");
    assertThat(codes(sender.post("events", event))).isEmpty();
  }

  private static List<String> codes(HttpResponse<Buffer> answer) {
    return parsed(answer)
        .getJsonArray("accepted")
        .getJsonObject(0)
        .getJsonArray("notifications")
        .stream()
        .map(one -> ((JsonObject) one).getString("code"))
        .toList();
  }

  @Test
  void entities_are_named_in_rights_by_their_names() {
    acme.put("catalog/entities/Lead", json("{'family':'crm'}"));
    acme.put("catalog/entities/Visit", json("{'family':'crm'}"));
    ApiClient ci =
        caller(
            ADMINISTRATOR,
            statement("deny", "all", "config:customentity/item/Lead"),
            statement("deny", "config:create", "config:customentity/*"));

    assertThat(parsed(ci.get("catalog/entities")).getJsonArray("data"))
        .extracting(one -> ((JsonObject) one).getString("name"))
        .containsExactly("Visit");
    assertThat(ci.get("catalog/entities/Lead").statusCode()).isEqualTo(403);
    assertThat(ci.put("catalog/entities/Lead", json("{'family':'crm','version':1}")).statusCode())
        .isEqualTo(403);
    assertThat(ci.put("catalog/entities/Visit", json("{'family':'a','version':1}")).statusCode())
        .isEqualTo(200);
    assertThat(
            parsed(ci.put("catalog/entities/Call", json("{'family':'crm'}"))).getString("message"))
        .isEqualTo(
            "the policies of the service user do not permit config:create on"
                + " config:customentity/item/Call");
    assertThat(acme.get("catalog/entities/Call").statusCode()).isEqualTo(404);
  }

  private static String policy(String resource) {
    return json(
        "{'name':'p','permissionPolicy':[{'effect':'deny','action':['all'],'resource':['"
            + resource
            + "']}]}");
  }

  private LearnedField learned(String subject) {
    return new LearnedField(subject, "tier", FieldType.STRING, api.now(), api.now());
  }

  /** A change answers what it changed, and a deletion what is gone. */
  @Test
  void who_may_not_see_a_resource_may_not_change_or_delete_it_either() {
    String hook = "integrationdestinations/webhooks/" + webhook();
    String rule = RULES + "/" + rule("near");
    ApiClient blind =
        caller(
            ADMINISTRATOR,
            statement("deny", "config:retrieve", "config:webhook/*"),
            statement("deny", "config:retrieve", "config:notificationconfiguration/*"));
    ApiClient changer = caller(statement("allow", "config:update", "config:*"));

    for (ApiClient client : List.of(blind, changer)) {
      for (String call : List.of(hook + "/active?active=true", hook, rule)) {
        HttpResponse<Buffer> answer = client.put(call, "{}");
        assertThat(answer.statusCode()).as(call).isEqualTo(403);
        assertThat(parsed(answer).getString("message")).contains("config:retrieve");
      }
      assertThat(client.delete(rule).statusCode()).isEqualTo(403);
    }
    assertThat(acme.get(rule).statusCode()).isEqualTo(200);
  }

  private String webhook() {
    return parsed(
            acme.post(
                "integrationdestinations/webhooks",
                json(
                    "{'name':'n','description':'d','url':'https://example.com/',"
                        + "'credentials':{'type':'M3TER_SIGNED_REQUEST','empty':true}}")))
        .getString("id");
  }

  @Test
  void who_may_not_see_events_sees_none_and_evaluates_none() {
    String plan = event("configuration.plan.created", "l-1", null);
    ApiClient ci = caller(ADMINISTRATOR, statement("deny", "config:retrieve", "config:event/*"));

    for (String path : List.of("events", "events/" + plan, "events/types", "events/fields")) {
      assertThat(ci.get(path).statusCode()).as(path).isEqualTo(403);
    }
    assertThat(ci.put("events/" + plan + "/actioned?actioned=true", "").statusCode())
        .isEqualTo(404);
    assertThat(ci.post("notifications/evaluate", evaluation(plan)).statusCode()).isEqualTo(404);
    assertThat(
            ci.post("events", json("{'eventName':'configuration.plan.created','new':{'id':'l'}}"))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void an_allowed_event_is_read_and_no_other() {
    String plan = event("configuration.plan.created", "l-1", null);
    String other = event("configuration.plan.created", "l-2", null);
    ApiClient ci = caller(statement("allow", "config:retrieve", "config:event/item/" + plan));

    assertThat(ci.get("events/" + plan).statusCode()).isEqualTo(200);
    assertThat(ci.get("events/" + other).statusCode()).isEqualTo(403);
    assertThat(ci.get("events").statusCode()).isEqualTo(403);
  }

  private ApiClient caller(Statement... statements) {
    Caller caller =
        new Caller(
            ACME.organization(), new ServiceUserId(new UUID(0xBEL, users)), "key-" + users++);
    api.permit(caller, statements);
    return new ApiClient(api, caller);
  }

  private static Statement statement(String effect, String action, String resource) {
    return new Statement(effect, List.of(action), List.of(resource));
  }

  private String rule(String code) {
    return parsed(
            acme.post(
                RULES,
                json(
                    "{'name':'n','description':'d','alwaysFireEvent':true,'code':'"
                        + code
                        + "','eventName':'configuration.plan.created'}")))
        .getString("id");
  }

  private String event(String name, String id, @Nullable String account) {
    JsonObject state = new JsonObject().put("id", id).put("accountId", account);
    JsonObject answer =
        parsed(
            acme.post(
                "events", new JsonObject().put("eventName", name).put("new", state).encode()));
    return answer.getJsonArray("accepted").getJsonObject(0).getString("id");
  }

  private static String evaluation(String event) {
    return json("{'calculation':'true','eventId':'" + event + "'}");
  }

  private static List<String> ids(JsonObject page) {
    JsonArray data = page.getJsonArray("data");
    return data.stream().map(item -> ((JsonObject) item).getString("id")).toList();
  }
}
