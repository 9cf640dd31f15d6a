package dev.tocsin.faults;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Entities that all senders change, through all nodes, without saying what they were before: that
 * the server has to know. Of every other one they say when it changed, each time later than before;
 * of the rest the server says it, by whatever its clock is. Thread-safe.
 */
final class SharedEntities {
  static final String EVENT = "configuration.plangroup.updated";

  /** The rule that fires when an entity comes to cost so much, and only then. */
  static final String CROSSED = "crossed";

  static final String CALCULATION = "old.minimumSpend < 500 AND new.minimumSpend >= 500";

  private static final int LIMIT = 500;
  private static final int COUNT = 20;

  /** The first few are changed by several at the same moment. */
  private static final int CROWDED = 2;

  private static final int CROWDED_OF_A_HUNDRED = 70;
  private static final int LEVELS = 1_000;
  private static final String PREFIX = "shared-";

  private final AtomicLongArray times = new AtomicLongArray(COUNT);

  /** An update of one of them, which {@code sender} is the id of. */
  JsonObject update(String sender, Random random) {
    int entity = random.nextInt(random.nextInt(100) < CROWDED_OF_A_HUNDRED ? CROWDED : COUNT);
    JsonObject event =
        new JsonObject()
            .put("id", sender)
            .put("eventName", EVENT)
            .put(
                "new",
                new JsonObject()
                    .put("id", PREFIX + entity)
                    .put("sentAs", sender)
                    .put("minimumSpend", random.nextInt(LEVELS)));
    return hasTimes(entity) ? event.put("eventTime", later(entity).toString()) : event;
  }

  private Instant later(int entity) {
    long now = System.currentTimeMillis();
    return Instant.ofEpochMilli(times.updateAndGet(entity, before -> Math.max(before + 1, now)));
  }

  private static boolean hasTimes(int entity) {
    return entity % 2 == 0;
  }

  /** Whether senders say of an entity when it changed, so that some changes may come late. */
  static boolean hasTimes(String id) {
    return id.startsWith(PREFIX) && hasTimes(Integer.parseInt(id.substring(PREFIX.length())));
  }

  /** Whether the rule must fire between two states. */
  static boolean isCrossed(JsonObject before, JsonObject after) {
    return level(before) < LIMIT && level(after) >= LIMIT;
  }

  private static int level(JsonObject state) {
    return state.getInteger("minimumSpend");
  }
}
