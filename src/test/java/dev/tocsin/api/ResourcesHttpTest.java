package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tocsin.access.Caller;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import dev.tocsin.flow.RulesChanged;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.IntegrationId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers do with resources, over HTTP. */
class ResourcesHttpTest {
  private static final String RULES = "notifications/configurations";
  private static final String WEBHOOKS = "integrationdestinations/webhooks";
  private static final String INTEGRATIONS = "integrationconfigs";

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void a_created_rule_is_shown_in_full_with_every_default() {
    HttpResponse<Buffer> created =
        acme.post(
            RULES,
            json(
                "{'name':'Near','description':'90 %','code':'near','version':7,"
                    + "'eventName':'configuration.commitment.updated',"
                    + "'calculation':'new.amountSpent >= new.amount * 0.9'}"));

    assertThat(created.statusCode()).isEqualTo(200);
    assertThat(created.bodyAsString())
        .isEqualTo(
            json(
                "{'id':'"
                    + parsed(created).getString("id")
                    + "','name':'Near','description':'90 %','code':'near',"
                    + "'eventName':'configuration.commitment.updated','active':true,"
                    + "'alwaysFireEvent':false,'calculation':'new.amountSpent >= new.amount * 0.9',"
                    + "'declaredInFile':false,'version':1,'dtCreated':'2026-11-23T08:00:00Z',"
                    + "'dtLastModified':'2026-11-23T08:00:00Z','createdBy':'"
                    + ACME.serviceUser()
                    + "','lastModifiedBy':'"
                    + ACME.serviceUser()
                    + "'}"));
    assertThat(created.getHeader("x-content-type-options")).isEqualTo("nosniff");
    assertThat(acme.get(RULES + "/" + parsed(created).getString("id")).bodyAsString())
        .isEqualTo(created.bodyAsString());
  }

  @Test
  void a_rule_is_replaced_by_what_was_read_with_one_thing_changed() {
    JsonObject rule = parsed(acme.post(RULES, rule("near", "'alwaysFireEvent':true")));
    api.advance(Duration.ofSeconds(1));

    HttpResponse<Buffer> replaced =
        acme.put(RULES + "/" + rule.getString("id"), rule.copy().put("active", false).encode());

    assertThat(replaced.statusCode()).isEqualTo(200);
    assertThat(parsed(replaced))
        .isEqualTo(
            rule.put("active", false)
                .put("version", 2)
                .put("dtLastModified", "2026-11-23T08:00:01Z"));
  }

  @Test
  void a_deleted_rule_is_shown_a_last_time() {
    JsonObject rule = parsed(acme.post(RULES, rule("near", "'alwaysFireEvent':true")));
    String path = RULES + "/" + rule.getString("id");

    assertThat(parsed(acme.delete(path))).isEqualTo(rule);
    assertThat(acme.get(path).statusCode()).isEqualTo(404);
    assertThat(acme.delete(path).statusCode()).isEqualTo(404);
  }

  @Test
  void every_change_is_announced_to_those_who_evaluate_before_its_author_hears_of_it() {
    String rule = parsed(acme.post(RULES, rule("a", "'alwaysFireEvent':true"))).getString("id");
    String webhook = parsed(acme.post(WEBHOOKS, webhook("'empty':true"))).getString("id");
    acme.put(WEBHOOKS + "/" + webhook + "/active?active=false", "");
    acme.delete(RULES + "/" + rule);
    acme.post(RULES, "{}");

    assertThat(api.rulesChanged)
        .extracting(RulesChanged::organization, RulesChanged::version)
        .containsExactly(
            tuple(ACME.organization(), 1L),
            tuple(ACME.organization(), 2L),
            tuple(ACME.organization(), 3L),
            tuple(ACME.organization(), 4L));
  }

  @Test
  void a_list_goes_from_new_to_old_and_each_item_is_on_one_page() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.addFirst(
          parsed(acme.post(RULES, rule("r" + i, "'alwaysFireEvent':true"))).getString("id"));
    }
    new ApiClient(api, BOLT).post(RULES, rule("r", "'alwaysFireEvent':true"));

    JsonObject first = parsed(acme.get(RULES + "?pageSize=3"));
    JsonObject last =
        parsed(acme.get(RULES + "?pageSize=3&nextToken=" + first.getString("nextToken")));

    assertThat(ids(first)).isEqualTo(made.subList(0, 3));
    assertThat(ids(last)).isEqualTo(made.subList(3, 5));
    assertThat(last.fieldNames()).containsExactly("data");
  }

  @Test
  void rules_are_listed_by_state_event_name_and_ids_joined_or_repeated() {
    String on = parsed(acme.post(RULES, rule("on", "'alwaysFireEvent':true"))).getString("id");
    String off =
        parsed(acme.post(RULES, rule("off", "'alwaysFireEvent':true,'active':false")))
            .getString("id");

    assertThat(ids(parsed(acme.get(RULES + "?active=false")))).containsExactly(off);
    assertThat(ids(parsed(acme.get(RULES + "?active=true")))).containsExactly(on);
    assertThat(ids(parsed(acme.get(RULES + "?eventName=configuration.plan.created")))).isEmpty();
    assertThat(ids(parsed(acme.get(RULES + "?ids=" + on + "%2C" + off)))).containsExactly(off, on);
    assertThat(ids(parsed(acme.get(RULES + "?ids=" + on + "&ids=" + off))))
        .containsExactly(off, on);
    assertThat(ids(parsed(acme.get(RULES + "?ids=" + on + "," + UUID.fromString("0-0-0-0-1")))))
        .containsExactly(on);
    assertThat(ids(parsed(acme.get(RULES + "?ids=&eventName=&active=&pageSize=&nextToken="))))
        .containsExactly(off, on);
  }

  @Test
  void a_webhook_is_shown_without_what_it_signs_with() {
    HttpResponse<Buffer> created =
        acme.post(WEBHOOKS, webhook("'apiKey':'the-api-key','secret':'the-secret','name':'c'"));
    JsonObject webhook = parsed(created);
    JsonObject credentials = webhook.getJsonObject("credentials");

    assertThat(created.statusCode()).isEqualTo(200);
    assertThat(created.bodyAsString()).doesNotContain("the-api-key", "the-secret");
    assertThat(webhook.fieldNames())
        .containsExactly(
            "id",
            "name",
            "description",
            "url",
            "active",
            "declaredInFile",
            "version",
            "dtCreated",
            "dtLastModified",
            "createdBy",
            "lastModifiedBy",
            "credentials");
    assertThat(credentials.getString("destinationId")).isEqualTo(webhook.getString("id"));
    assertThat(credentials.getString("id")).isNotEqualTo(webhook.getString("id"));
    assertThat(credentials.getString("type")).isEqualTo("M3TER_SIGNED_REQUEST");
    assertThat(credentials.getString("destination")).isEqualTo("WEBHOOK");
    assertThat(credentials.getString("name")).isEqualTo("c");
    assertThat(credentials.getBoolean("empty")).isFalse();
  }

  @Test
  void a_webhook_sent_back_as_it_was_shown_keeps_its_credentials() {
    JsonObject webhook = parsed(acme.post(WEBHOOKS, webhook("'apiKey':'k','secret':'s'")));

    JsonObject replaced =
        parsed(
            acme.put(
                WEBHOOKS + "/" + webhook.getString("id"), webhook.put("name", "New").encode()));

    assertThat(replaced.getString("name")).isEqualTo("New");
    assertThat(replaced.getInteger("version")).isEqualTo(2);
    assertThat(api.webhooks.credentials(UUID.fromString(webhook.getString("id"))))
        .isEqualTo(new Credentials.Signed("k", List.of("s")));
  }

  @Test
  void a_webhook_is_switched_off_and_on_by_a_call_without_a_body() {
    String path =
        WEBHOOKS + "/" + parsed(acme.post(WEBHOOKS, webhook("'empty':true"))).getString("id");

    assertThat(parsed(acme.put(path + "/active?active=false", "")).getBoolean("active")).isFalse();
    assertThat(parsed(acme.get(path)).getBoolean("active")).isFalse();
    assertThat(parsed(acme.put(path + "/active?active=true", "")).getBoolean("active")).isTrue();
  }

  @Test
  void an_integration_keeps_its_data_as_it_was_sent() {
    HttpResponse<Buffer> created =
        acme.post(
            INTEGRATIONS,
            json(
                "{'entityType':'Notification','entityId':'r','destination':'Webhook',"
                    + "'destinationId':'w','name':'ä','configData': {'b' : 1.10, 'a':[ ]} }"));

    assertThat(created.bodyAsString())
        .isEqualTo(
            json(
                "{'id':'"
                    + parsed(created).getString("id")
                    + "','entityType':'Notification','entityId':'r','destination':'Webhook',"
                    + "'destinationId':'w','configData':{'b' : 1.10, 'a':[ ]},'name':'ä',"
                    + "'enabled':true,'authorized':true,'triggerType':'EVENT','status':'WAITING',"
                    + "'declaredInFile':false,'version':1,'dtCreated':'2026-11-23T08:00:00Z',"
                    + "'dtLastModified':'2026-11-23T08:00:00Z','createdBy':'"
                    + ACME.serviceUser()
                    + "','lastModifiedBy':'"
                    + ACME.serviceUser()
                    + "','warnings':["
                    + "{'pointer':'/entityId','message':"
                    + "'nothing will be sent: no notification configuration has this id'},"
                    + "{'pointer':'/destinationId','message':"
                    + "'nothing will be sent: no webhook has this id'}]}"));
    assertThat(ids(parsed(acme.get(INTEGRATIONS + "?destinationId=w")))).hasSize(1);
    assertThat(ids(parsed(acme.get(INTEGRATIONS + "?destinationId=x")))).isEmpty();
  }

  @Test
  void an_integration_by_which_nothing_will_be_sent_is_saved_with_a_warning() {
    String rule = parsed(acme.post(RULES, rule("c", "'alwaysFireEvent':true"))).getString("id");
    String hook = parsed(acme.post(WEBHOOKS, webhook("'empty':true"))).getString("id");

    assertThat(warnings(acme, "notification", rule, "WEBHOOK", hook)).isEmpty();
    assertThat(warnings(acme, "Notifcation", rule, "Webhok", hook))
        .containsExactly(
            "/entityType nothing will be sent: what this server sends are Notifications to"
                + " Webhooks, did you mean Notification?",
            "/destination nothing will be sent: what this server sends are Notifications to"
                + " Webhooks, did you mean Webhook?");
    assertThat(warnings(acme, "Bill", rule, "Webhook", null))
        .containsExactly(
            "/entityType nothing will be sent: what this server sends are Notifications to"
                + " Webhooks",
            "/destinationId nothing will be sent: no webhook is named");
    assertThat(warnings(acme, "Notification", hook, "Webhook", rule))
        .containsExactly(
            "/entityId nothing will be sent: no notification configuration has this id",
            "/destinationId nothing will be sent: no webhook has this id");
  }

  @Test
  void a_second_integration_of_the_same_two_is_saved_with_a_warning_that_names_the_first() {
    String rule = parsed(acme.post(RULES, rule("c", "'alwaysFireEvent':true"))).getString("id");
    String hook = parsed(acme.post(WEBHOOKS, webhook("'empty':true"))).getString("id");
    assertThat(warnings(acme, "Notification", rule, "Webhook", hook)).isEmpty();
    String first = ids(parsed(acme.get(INTEGRATIONS))).getFirst();

    assertThat(warnings(acme, "NOTIFICATION", rule.toUpperCase(Locale.ROOT), "webhook", hook))
        .containsExactly(
            "/destinationId every notification is sent twice while both are enabled: the"
                + " integration configuration "
                + first
                + " links the same two");
    String second = ids(parsed(acme.get(INTEGRATIONS))).getFirst();
    JsonObject shown = parsed(acme.get(INTEGRATIONS + "/" + first));
    assertThat(
            parsed(acme.put(INTEGRATIONS + "/" + first, shown.encode()))
                .getJsonArray("warnings")
                .getJsonObject(0)
                .getString("message"))
        .endsWith("configuration " + second + " links the same two");
    acme.delete(INTEGRATIONS + "/" + second);
    assertThat(
            parsed(acme.put(INTEGRATIONS + "/" + first, shown.put("version", 2).encode()))
                .containsKey("warnings"))
        .isFalse();
    Caller linker =
        new Caller(ACME.organization(), new ServiceUserId(new UUID(0, 99)), "linker-key");
    api.permit(
        linker,
        new Statement("allow", List.of("all"), List.of("*")),
        new Statement(
            "deny",
            List.of("config:retrieve"),
            List.of("config:integrationconfiguration/item/" + first)));
    assertThat(warnings(new ApiClient(api, linker), "Notification", rule, "Webhook", hook))
        .isEmpty();
  }

  /** Else he could find out which ids there are. */
  @Test
  void of_ends_that_an_author_may_not_read_he_is_told_nothing() {
    String hook = parsed(acme.post(WEBHOOKS, webhook("'empty':true"))).getString("id");
    String none = new UUID(0x7000, Long.MIN_VALUE).toString();
    Caller linker =
        new Caller(ACME.organization(), new ServiceUserId(new UUID(0, 99)), "linker-key");
    api.permit(
        linker,
        new Statement("allow", List.of("all"), List.of("config:integrationconfiguration/*")),
        new Statement("allow", List.of("config:retrieve"), List.of("config:webhook/item/" + hook)));
    ApiClient client = new ApiClient(api, linker);

    assertThat(warnings(client, "Notification", none, "Webhook", none)).isEmpty();
    assertThat(warnings(client, "Notification", none, "Webhook", hook)).isEmpty();
    assertThat(warnings(client, "Notification", "x", "Webhook", hook))
        .containsExactly(
            "/entityId nothing will be sent: no notification configuration has this id");
  }

  private static List<String> warnings(
      ApiClient client, String type, String id, String destination, @Nullable String to) {
    JsonObject link =
        new JsonObject()
            .put("entityType", type)
            .put("entityId", id)
            .put("destination", destination)
            .put("destinationId", to);
    JsonObject saved = parsed(client.post(INTEGRATIONS, link.encode()));
    JsonObject again =
        parsed(client.put(INTEGRATIONS + "/" + saved.getString("id"), saved.encode()));
    assertThat(again.getJsonArray("warnings")).isEqualTo(saved.getJsonArray("warnings"));
    assertThat(parsed(client.get(INTEGRATIONS + "/" + saved.getString("id"))).fieldNames())
        .doesNotContain("warnings");
    return saved.getJsonArray("warnings", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .map(warning -> warning.getString("pointer") + " " + warning.getString("message"))
        .toList();
  }

  @Test
  void a_disabled_integration_is_enabled_again() {
    String id =
        parsed(
                acme.post(
                    INTEGRATIONS, json("{'entityType':'Notification','destination':'Webhook'}")))
            .getString("id");
    api.integrations.disable(
        new Author(ACME.organization(), "system", api.now()),
        new IntegrationId(UUID.fromString(id)));

    assertThat(parsed(acme.get(INTEGRATIONS + "/" + id)).getString("status")).isEqualTo("DISABLED");
    JsonObject enabled = parsed(acme.post(INTEGRATIONS + "/" + id + "/enable", ""));
    assertThat(enabled.getBoolean("enabled")).isTrue();
    assertThat(enabled.getInteger("version")).isEqualTo(3);
    assertThat(enabled.getJsonObject("configData")).isEqualTo(new JsonObject());
  }

  @Test
  void a_link_is_disabled_and_enabled_by_its_author() {
    String body = "{'entityType':'Notification','destination':'Webhook'%s}";
    JsonObject off =
        parsed(acme.post("integrationconfigs", json(body.formatted(",'enabled':false"))));
    String path = "integrationconfigs/" + off.getString("id");
    JsonObject on = parsed(acme.put(path, json(body.formatted(",'enabled':true,'version':1"))));
    JsonObject same = parsed(acme.put(path, json(body.formatted(",'version':2"))));
    JsonObject offAgain = parsed(acme.put(path, same.copy().put("enabled", false).encode()));
    JsonObject still = parsed(acme.put(path, json(body.formatted(",'enabled':null,'version':4"))));

    assertThat(List.of(off, on, same, offAgain, still))
        .extracting(link -> link.getBoolean("enabled"))
        .containsExactly(false, true, true, false, false);
    assertThat(still.getString("status")).isEqualTo("DISABLED");
  }

  @Test
  void the_integrations_of_an_entity_are_a_list_with_the_first_ones_properties() {
    String link = "{'entityType':'Notification','entityId':'%s','destination':'Webhook'}";
    String first = parsed(acme.post(INTEGRATIONS, json(link.formatted("r")))).getString("id");
    acme.post(INTEGRATIONS, json(link.formatted("other")));
    String last = parsed(acme.post(INTEGRATIONS, json(link.formatted("r")))).getString("id");
    String ofEntity = INTEGRATIONS + "/entity/Notification?entityId=r";

    JsonObject listed = parsed(acme.get(ofEntity));
    assertThat(ids(listed)).containsExactly(last, first);
    assertThat(listed.getString("id")).isEqualTo(last);
    assertThat(listed.getString("status")).isEqualTo("WAITING");
    JsonObject page = parsed(acme.get(ofEntity + "&pageSize=1"));
    assertThat(ids(parsed(acme.get(ofEntity + "&nextToken=" + page.getString("nextToken")))))
        .containsExactly(first);
    assertThat(acme.get(INTEGRATIONS + "/entity/Bill").bodyAsString())
        .isEqualTo(json("{'data':[]}"));
  }

  private static String rule(String code, String rest) {
    return json(
        "{'name':'n','description':'d','code':'"
            + code
            + "','eventName':'configuration.commitment.updated',"
            + rest
            + "}");
  }

  private static String webhook(String credentials) {
    return json(
        "{'name':'n','description':'d','url':'http://127.0.0.1:9911/hook',"
            + "'credentials':{'type':'M3TER_SIGNED_REQUEST',"
            + credentials
            + "}}");
  }

  private static List<String> ids(JsonObject page) {
    JsonArray data = page.getJsonArray("data");
    return data.stream()
        .map(item -> ((JsonObject) item).getString("id"))
        .collect(Collectors.toList());
  }
}
