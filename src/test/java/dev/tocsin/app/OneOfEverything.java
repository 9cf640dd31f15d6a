package dev.tocsin.app;

import dev.tocsin.api.TenantWalk;
import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Posted;
import dev.tocsin.process.Receiver;
import dev.tocsin.process.Receiver.Inbox;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An organization that has one of everything, and two of what is listed in pages. All its texts
 * hold one word, by which they can be found wherever they come out.
 */
final class OneOfEverything {
  private static final String WEBHOOKS = "/integrationdestinations/webhooks";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Ids that its events were sent with; each is used once only. */
  private static final List<String> KEYS =
      List.of("key", "key in a batch", "key to put", "key to delete");

  private final ApiClient api;
  private final Receiver receiver;
  private final String word;
  private final Map<String, List<String>> names = new HashMap<>();

  private OneOfEverything(ApiClient api, Receiver receiver, String word) {
    this.api = api;
    this.receiver = receiver;
    this.word = word;
  }

  /**
   * Makes everything; answers the names of things by their kind.
   *
   * @param receiver refuses what comes for {@code /<word>-refuses}
   * @param word small letters
   */
  static Map<String, List<String>> in(ApiClient api, Receiver receiver, Inbox inbox, String word)
      throws IOException, InterruptedException {
    OneOfEverything made = new OneOfEverything(api, receiver, word);
    String webhook = made.resources();
    made.access(webhook);
    made.catalog();
    made.events();
    made.awaitTold(inbox);
    made.deliveries(webhook, inbox);
    made.pages();
    return made.names;
  }

  private void note(String thing, String name) {
    names.computeIfAbsent(thing, made -> new ArrayList<>()).add(name);
  }

  private List<String> all(String thing) {
    return names.getOrDefault(thing, List.of());
  }

  private String resources() throws IOException, InterruptedException {
    String refuses =
        api.webhook(word + "-refuses", receiver.url("/" + word + "-refuses"), word, word);
    String takes = api.webhook(word + "-takes", receiver.url("/" + word + "-takes"), word, word);
    note("webhook", refuses);
    note("webhook", takes);
    String rule =
        api.rule(word + "-spent", "configuration.commitment.updated", "new.note == '" + word + "'");
    String told = api.ruleThatAlwaysFires(word + "-failed", "integration.perform.error");
    note("rule", rule);
    note("rule", told);
    note("code", word + "-spent");
    note("code", word + "-refuses");
    note("code to put", word + "-failed");
    note("code to put", word + "-takes");
    note("eventName", "notification." + word + "-spent");
    note("link", api.link(rule, refuses));
    note("link", api.link(told, takes));
    for (String name : List.of("scheduled.bill." + word, "scheduled.bill." + word + "-again")) {
      note(
          "scheduled",
          api.create(
              "/scheduledevents/configurations",
              new JsonObject()
                  .put("name", name)
                  .put("entity", "Bill")
                  .put("field", "dueDate")
                  .put("offset", 5)));
    }
    note("scheduledName", "scheduled.bill." + word);
    note("scheduledName to put", "scheduled.bill." + word + "-again");
    note("eventName", "scheduled.bill." + word);
    return refuses;
  }

  private void access(String webhook) throws IOException, InterruptedException {
    String user = api.create("/serviceusers", new JsonObject().put("name", word));
    note("serviceUser", user);
    note("resource", "config:webhook/item/" + webhook);
    note("resource", "config:" + word + "lead/*");
    note("resource", "config:account/item/" + word + "-account");
    for (String name : List.of(word, word + " again")) {
      JsonObject statement =
          new JsonObject()
              .put("effect", "deny")
              .put("action", List.of("all"))
              .put("resource", List.of("config:webhook/item/" + webhook));
      String policy =
          api.create(
              "/permissionpolicies",
              new JsonObject().put("name", name).put("permissionPolicy", List.of(statement)));
      note("policy", policy);
      api.post(
              "/permissionpolicies/" + policy + "/addtoserviceuser",
              new JsonObject().put("principalId", user))
          .ok();
    }
    note(
        "accessKey",
        api.call("POST", "/serviceusers/" + user + "/accesskeys", null)
            .ok()
            .getString("accessKey"));
  }

  private void catalog() throws IOException, InterruptedException {
    String entity = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) + "lead";
    api.put(
            "/catalog/entities/" + entity,
            new JsonObject()
                .put("family", word + "family")
                .put("dateFields", List.of(word + "Date")))
        .ok();
    note("entity", entity);
    note("family", word + "family");
    note("eventName", word + "family." + entity.toLowerCase(Locale.ROOT) + ".created");
    note("entityId", word + "-commitment");
    note("accountId", word + "-account");
    KEYS.forEach(key -> note(key, word + " " + key));
  }

  private void events() throws IOException, InterruptedException {
    JsonObject state =
        new JsonObject()
            .put("id", word + "-commitment")
            .put("accountId", word + "-account")
            .put("note", word)
            .put(word + "Field", 1);
    JsonArray events =
        new JsonArray()
            .add(event("configuration.commitment.updated", state))
            .add(event("configuration.account.created", state(word + "-account")))
            .add(event(all("eventName").getLast(), state))
            .add(event("configuration.commitment.update", state))
            .add(event("dataexport.job.failure", state));
    for (int i = 0; i < KEYS.size(); i++) {
      events.getJsonObject(i == 3 ? 4 : i).put("id", all(KEYS.get(i)).getFirst());
    }
    Posted posted = api.events(new JsonObject().put("events", events));
    posted.accepted().forEach(one -> note("event", one.id()));
    cloudEvent("key of a CloudEvent", "/billing");
    cloudEvent("key of a CloudEvent in a batch", "/catalog");
    note("event", posted.accepted().getFirst().notifications().getFirst().id());
    note("event", posted.rejected().getFirst().failureEvent());
    note(
        "event",
        api.put(
                "/entities/" + all("entity").getFirst() + "/" + word + "-lead",
                state(word + "-lead"))
            .ok()
            .getString("eventId"));
    api.put("/events/" + all("event").getFirst() + "/actioned?actioned=true", state(word)).ok();
    for (String bill : List.of(word + "-bill", word + "-bill-again")) {
      JsonObject due = state(bill).put("dueDate", "2999-12-31");
      note("event", api.put("/entities/Bill/" + bill, due).ok().getString("eventId"));
    }
  }

  /** From a source that the contract's examples have. */
  private void cloudEvent(String key, String source) throws IOException, InterruptedException {
    JsonObject event =
        new JsonObject()
            .put("specversion", "1.0")
            .put("type", "configuration.plan.deleted")
            .put("source", source)
            .put("id", word + " " + key)
            .put("data", new JsonObject().put("old", state(word + "-plan")));
    Posted posted = ApiClient.posted(api.cloudEvents("[" + event.encode() + "]").ok());
    note("event", posted.accepted().getFirst().id());
    note(key, word + " " + key);
  }

  private JsonObject state(String id) {
    return new JsonObject().put("id", id).put("note", word);
  }

  private static JsonObject event(String name, JsonObject state) {
    return new JsonObject().put("eventName", name).put("new", state);
  }

  /** The first run fails, is told of, and is replayed, and so again. */
  private void deliveries(String webhook, Inbox inbox) throws IOException, InterruptedException {
    String run = api.list("/integrationruns?webhookId=" + webhook).getFirst().getString("id");
    note("run", run);
    api.post("/integrationruns/" + run + "/replay", new JsonObject().put("key", word + "-replay"))
        .ok();
    note("replayKey", word + "-replay");
    awaitTold(inbox);
    api.list("/events?eventType=IntegrationEvent")
        .forEach(one -> note("event", one.getString("id")));
  }

  private void awaitTold(Inbox inbox) throws InterruptedException {
    while (!inbox.next(PATIENCE).orElseThrow().path().equals("/" + word + "-takes")) {
      // Those that are refused.
    }
  }

  private void pages() throws IOException, InterruptedException {
    page("events", "/events");
    page("rules", "/notifications/configurations");
    page("webhooks", WEBHOOKS);
    page("links", "/integrationconfigs");
    page("runs", "/integrationruns");
    page("scheduled", "/scheduledevents/configurations");
    page("due", "/scheduledevents/due");
    note(
        "page of proposed",
        api.post(
                "/scheduledevents/due?pageSize=1",
                new JsonObject()
                    .put("name", "scheduled.bill." + word)
                    .put("entity", "Bill")
                    .put("field", "dueDate")
                    .put("offset", 5))
            .ok()
            .getString("nextToken"));
    page("policies", "/permissionpolicies");
    page("serviceUsers", "/serviceusers");
  }

  private void page(String what, String path) throws IOException, InterruptedException {
    note("page of " + what, api.get(path + "?pageSize=1").ok().getString("nextToken"));
  }

  /** What has the form of a name, and names nothing. */
  static String never(String thing, String name, String word, String otherWord) {
    if (thing.startsWith("page of ")) {
      return TenantWalk.neighbour(name);
    }
    if (name.toLowerCase(Locale.ROOT).contains(word)) {
      return name.replace(word, otherWord)
          .replace(
              word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1),
              otherWord.substring(0, 1).toUpperCase(Locale.ROOT) + otherWord.substring(1));
    }
    // An id or an access key: its last character is another.
    char last = name.charAt(name.length() - 1);
    return name.substring(0, name.length() - 1) + (last == '7' ? '8' : '7');
  }
}
