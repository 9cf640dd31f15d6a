package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
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
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Changes rules through the API, one change after the other, and keeps the timeline of them. */
final class RuleAuthor {
  private static final String PATH = "/notifications/configurations";

  private final ApiClient api;
  private final RuleTimeline timeline;
  private final Random random;
  private final Histogram micros = new Histogram(3);
  private final Map<Integer, Held> held = new TreeMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private final Map<Kind, Integer> kinds = new TreeMap<>();
  private int nextCode;

  /** What is done to a rule. */
  enum Kind {
    CREATED,
    LIMIT_CHANGED,
    REWRITTEN,
    SWITCHED,
    DELETED
  }

  /** A rule as the server has it. */
  private record Held(ChangingRule rule, String id, long version) {}

  RuleAuthor(ApiClient api, RuleTimeline timeline, long seed) {
    this.api = api;
    this.timeline = timeline;
    this.random = new Random(seed);
  }

  /** Creates a rule in each of so many slots. */
  void begin(int slots) throws IOException, InterruptedException {
    for (int slot = 0; slot < slots; slot++) {
      write(ChangingRule.random(slot, code(), random), null);
    }
  }

  /** Makes any change to one of so many rules. */
  void change(int slots) throws IOException, InterruptedException {
    int slot = random.nextInt(slots);
    Held old = held.get(slot);
    Kind kind = old == null ? Kind.CREATED : kind(random.nextInt(100));
    kinds.merge(kind, 1, Integer::sum);
    long began = System.nanoTime();
    if (old == null) {
      write(ChangingRule.random(slot, code(), random), null);
    } else if (kind == Kind.DELETED) {
      delete(old);
    } else {
      write(changed(old.rule(), kind), old);
    }
    micros.recordValue((System.nanoTime() - began) / 1_000);
  }

  private static Kind kind(int percent) {
    if (percent < 8) {
      return Kind.DELETED;
    }
    if (percent < 25) {
      return Kind.SWITCHED;
    }
    return percent < 50 ? Kind.REWRITTEN : Kind.LIMIT_CHANGED;
  }

  private ChangingRule changed(ChangingRule rule, Kind kind) {
    return switch (kind) {
      case LIMIT_CHANGED -> rule.withOtherLimit(code(), random);
      case SWITCHED -> rule.switched(code());
      case CREATED, REWRITTEN, DELETED -> ChangingRule.random(rule.slot(), code(), random);
    };
  }

  private String code() {
    return "rule_" + nextCode++;
  }

  private void write(ChangingRule rule, @Nullable Held old)
      throws IOException, InterruptedException {
    timeline.request(rulesWith(rule.slot(), rule));
    JsonObject saved =
        old == null
            ? api.post(PATH, rule.json()).ok()
            : api.put(PATH + "/" + old.id(), rule.json().put("version", old.version())).ok();
    timeline.acknowledge();
    String id = Objects.requireNonNull(saved.getString("id"), "id");
    long version = saved.getLong("version");
    held.put(rule.slot(), new Held(rule, id, version));
    versions.put(rule.code(), version);
  }

  private void delete(Held old) throws IOException, InterruptedException {
    timeline.request(rulesWith(old.rule().slot(), null));
    api.delete(PATH + "/" + old.id()).ok();
    timeline.acknowledge();
    held.remove(old.rule().slot());
  }

  private List<ChangingRule> rulesWith(int slot, @Nullable ChangingRule rule) {
    List<ChangingRule> rules = new ArrayList<>();
    held.values().stream()
        .map(Held::rule)
        .filter(other -> other.slot() != slot)
        .forEach(rules::add);
    if (rule != null) {
      rules.add(rule);
    }
    rules.sort(Comparator.comparingInt(ChangingRule::slot));
    return rules;
  }

  /** The version that the server gave each rule when it had this code. */
  Map<String, Long> versions() {
    return versions;
  }

  /** How many changes there were of each kind. */
  Map<Kind, Integer> kinds() {
    return kinds;
  }

  /** How long changes took, in microseconds. */
  Histogram micros() {
    return micros;
  }
}
