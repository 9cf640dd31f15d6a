package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Changes rules through any node, one change after the other, and keeps the timeline of them. When
 * a node does not answer, he asks for the same change again elsewhere, until he knows that it was
 * made: by its version or its code none is made twice, however late a node gets to it.
 */
final class ClusterAuthor implements Callable<Void> {
  static final int CHANGES_MAX = 2_000;

  private static final String PATH = "/notifications/configurations";
  private static final int SLOTS = 12;
  private static final int FIRST_SLOTS = 6;
  private static final int PAUSE_MILLIS = 300;

  private final Doors doors;
  private final ClusterJournal journal;
  private final RuleTimeline timeline;
  private final Random random;
  private final List<String> webhooks;
  private final Map<Integer, Held> held = new TreeMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private int nextCode;

  /** A rule as the server has it. */
  private record Held(ChangingRule rule, String id, long version) {}

  ClusterAuthor(
      Doors doors,
      ClusterJournal journal,
      RuleTimeline timeline,
      long seed,
      List<String> webhooks) {
    this.doors = doors;
    this.journal = journal;
    this.timeline = timeline;
    this.random = new Random(seed);
    this.webhooks = webhooks;
  }

  /** Makes the rules that there are from the beginning. */
  void begin() throws IOException, InterruptedException {
    for (int slot = 0; slot < FIRST_SLOTS; slot++) {
      create(slot);
    }
  }

  @Override
  public Void call() throws IOException, InterruptedException {
    while (!journal.isOver() && timeline.changes() < CHANGES_MAX - 1) {
      int slot = random.nextInt(SLOTS);
      Held old = held.get(slot);
      if (old == null) {
        create(slot);
      } else {
        update(changed(old.rule()), old);
      }
      journal.over().await(random.nextInt(PAUSE_MILLIS), TimeUnit.MILLISECONDS);
    }
    return null;
  }

  private ChangingRule changed(ChangingRule rule) {
    int percent = random.nextInt(100);
    if (percent < 30 || !rule.active()) {
      return rule.switched(code());
    }
    return percent < 60
        ? ChangingRule.random(rule.slot(), code(), random)
        : rule.withOtherLimit(code(), random);
  }

  private String code() {
    return "rule_" + nextCode++;
  }

  /**
   * A rule that is off at first, and switched on when it has its links: so all that fires has to be
   * delivered. Every other rule is sent to all webhooks, the rest to one.
   */
  private void create(int slot) throws IOException, InterruptedException {
    ChangingRule rule = ChangingRule.random(slot, code(), random).switched(code());
    Answer answer = doors.post(random, PATH, rule.json());
    JsonObject saved = answer.isRefused("code_taken") ? find(rule.code()) : answer.ok();
    Held made = held(rule, saved);
    for (int i = 0; i < webhooks.size(); i++) {
      if (slot % 2 == 0 || slot / 2 % webhooks.size() == i) {
        String webhook = webhooks.get(i);
        JsonObject link = doors.ask(random, new Linking(made.id(), webhook)).ok();
        journal.linked(new Deliveries.Link(link.getString("id"), made.id(), webhook));
      }
    }
    update(rule.switched(code()), made);
  }

  /**
   * A link has nothing that a second one could not have, too. So who asks again looks first; of two
   * that a late node makes all the same, either will do.
   */
  private static final class Linking implements Doors.Try {
    private final String rule;
    private final String webhook;
    private boolean isRepeated;

    private Linking(String rule, String webhook) {
      this.rule = rule;
      this.webhook = webhook;
    }

    @Override
    public Answer at(ApiClient node) throws IOException, InterruptedException {
      if (isRepeated) {
        Answer there =
            node.get(
                "/integrationconfigs/entity/Notification?entityId="
                    + rule
                    + "&destinationId="
                    + webhook);
        if (there.body().getString("id") != null || there.status() != 200) {
          return there;
        }
      }
      isRepeated = true;
      return node.linking(rule, webhook);
    }
  }

  private void update(ChangingRule rule, Held old) throws IOException, InterruptedException {
    timeline.request(rulesWith(rule));
    JsonObject body = rule.json().put("version", old.version());
    Answer answer = doors.ask(random, node -> node.put(PATH + "/" + old.id(), body));
    JsonObject saved = answer.isRefused("stale_version") ? read(old.id()) : answer.ok();
    if (!rule.code().equals(saved.getString("code"))) {
      throw new IOException("asked for " + body + ", and there is " + saved);
    }
    timeline.acknowledge();
    Held now = held(rule, saved);
    held.put(rule.slot(), now);
    versions.put(rule.code(), now.version());
  }

  private JsonObject read(String id) throws IOException, InterruptedException {
    return doors.ask(random, node -> node.get(PATH + "/" + id)).ok();
  }

  private JsonObject find(String code) throws IOException, InterruptedException {
    Answer all = doors.ask(random, node -> node.get(PATH + "?pageSize=100"));
    return all.ok().getJsonArray("data").stream()
        .map(JsonObject.class::cast)
        .filter(rule -> code.equals(rule.getString("code")))
        .findFirst()
        .orElseThrow(() -> new IOException(code + " was taken, and is not there"));
  }

  private static Held held(ChangingRule rule, JsonObject saved) {
    return new Held(
        rule, Objects.requireNonNull(saved.getString("id"), "id"), saved.getLong("version"));
  }

  private List<ChangingRule> rulesWith(ChangingRule rule) {
    List<ChangingRule> rules = new ArrayList<>();
    held.values().stream()
        .map(Held::rule)
        .filter(other -> other.slot() != rule.slot())
        .forEach(rules::add);
    rules.add(rule);
    rules.sort(Comparator.comparingInt(ChangingRule::slot));
    return rules;
  }

  /** The version that the server gave each rule when it had this code. */
  Map<String, Long> versions() {
    return versions;
  }
}
