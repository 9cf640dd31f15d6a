package dev.tocsin.api;

import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Bodies of events are read by a reader of their own, in one pass. That it lets through what the
 * contract does, and nothing else, is shown by bodies of all kinds.
 */
class IngestByContractHttpTest {
  private static final int BODIES = 1_500;
  private static final List<String> FIELDS =
      List.of("id", "eventName", "eventTime", "new", "old", "events", "surprise");

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void the_reader_and_the_contract_let_the_same_bodies_through() {
    long seed = Long.getLong("bodies.seed", 4_711);
    Random random = new Random(seed);
    Shape shape = Contract.load().shapeAt("/components/schemas/IngestRequest");
    int passed = 0;
    for (int i = 0; i < BODIES; i++) {
      JsonObject body = random.nextBoolean() ? event(random) : batch(random);
      boolean passes = shape.breaches(body).isEmpty();
      passed += passes ? 1 : 0;

      assertThat(acme.post("events", body.encode()).statusCode())
          .as("-Dbodies.seed=" + seed + " " + body.encode())
          .isEqualTo(passes ? 200 : 400);
    }
    assertThat(passed).isBetween(BODIES / 5, BODIES * 4 / 5);
  }

  private static JsonObject batch(Random random) {
    JsonArray events = new JsonArray();
    for (int i = random.nextInt(4); i > 0; i--) {
      events.add(random.nextInt(20) == 0 ? value(random) : event(random));
    }
    JsonObject batch = new JsonObject().put("events", events);
    return random.nextInt(10) == 0 ? batch.put(any(FIELDS, random), value(random)) : batch;
  }

  /** Mostly of the form, with fields in any order. */
  private static JsonObject event(Random random) {
    List<String> fields = new ArrayList<>();
    for (String field : FIELDS) {
      int times = field.equals("eventName") ? 19 : FIELDS.indexOf(field) < 5 ? 10 : 0;
      if (random.nextInt(20) <= times) {
        fields.add(random.nextInt(fields.size() + 1), field);
      }
    }
    JsonObject event = new JsonObject();
    for (String field : fields) {
      event.put(field, random.nextInt(12) == 0 ? value(random) : right(field, random));
    }
    return event;
  }

  private static Object right(String field, Random random) {
    return switch (field) {
      case "eventName" -> any(List.of("configuration.plan.created", "no.such.event", ""), random);
      case "new", "old" -> new JsonObject().put("id", "p-" + random.nextInt(9));
      default -> field + random.nextInt();
    };
  }

  private static @Nullable Object value(Random random) {
    return switch (random.nextInt(7)) {
      case 0 -> null;
      case 1 -> random.nextInt();
      case 2 -> random.nextDouble();
      case 3 -> random.nextBoolean();
      case 4 -> new JsonArray().add(random.nextInt());
      case 5 -> new JsonObject().put("x", random.nextInt());
      default -> "text" + random.nextInt();
    };
  }

  private static String any(List<String> texts, Random random) {
    return Objects.requireNonNull(texts.get(random.nextInt(texts.size())));
  }
}
