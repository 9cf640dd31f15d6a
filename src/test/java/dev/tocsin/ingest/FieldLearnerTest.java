package dev.tocsin.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.FieldType;
import dev.tocsin.event.Category;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.IncomingEvent.Timing;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.event.Transition;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FieldLearnerTest {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  private static final OrganizationId ACME = new OrganizationId(new UUID(0, 1));
  private static final OrganizationId BOLT = new OrganizationId(new UUID(0, 2));

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private FieldLearner learner = new FieldLearner(LearnSamples.SETTINGS, meters);

  private void learn(String after) {
    learn(ACME, 1, event(after, null), NOW);
  }

  private void learn(OrganizationId organization, long catalog, IncomingEvent event, Instant now) {
    learner.learn(organization, catalog, event, now);
  }

  private static IncomingEvent event(String after, @Nullable String before) {
    return event(payload(after), before == null ? null : payload(before));
  }

  private static IncomingEvent event(Payload after, @Nullable Payload before) {
    return new IncomingEvent(
        null,
        new EventName("crm.lead.updated"),
        Category.CUSTOM,
        NOW,
        Timing.ARRIVED,
        new EntityRef("Lead", "l1"),
        Transition.UPDATED,
        null,
        after,
        before);
  }

  private static Payload payload(String json) {
    try {
      return JsonValues.payload(json.replace('\'', '"'));
    } catch (IOException e) {
      throw new IllegalStateException(json, e);
    }
  }

  private List<String> taken() {
    return learner.take().stream().map(field -> field.path() + " " + field.type()).toList();
  }

  @Test
  void every_field_of_both_states_is_learned_with_its_type() {
    IncomingEvent event =
        event(
            "{'id':'l1','n':1,'big':3000000000,'huge':1e30,'d':1.5,'b':true,'a':[{'x':1}],'z':null,"
                + "'m':{'tier':'gold','deep':{'er':1}}}",
            "{'id':'l1','gone':'x'}");
    learn(ACME, 1, event, NOW);

    assertThat(taken())
        .containsExactly(
            "id STRING",
            "n INT",
            "big LONG",
            "huge DOUBLE",
            "d DOUBLE",
            "b BOOLEAN",
            "a ARRAY",
            "m MAP",
            "m.tier STRING",
            "m.deep MAP",
            "gone STRING");
    assertThat(meters.counter("tocsin.catalog.learned.skipped").count()).isEqualTo(1);
  }

  @Test
  void what_was_seen_is_not_learned_again_and_a_new_type_of_it_is() {
    learn("{'a':1,'b':2}");
    learn("{'a':5,'b':6}");
    learn("{'b':6,'a':5}");
    learn("{'a':5}");
    learn("{'a':'x'}");

    assertThat(taken()).containsExactly("a INT", "b INT", "a STRING");
  }

  @Test
  void after_a_while_and_with_another_catalog_it_is_seen_anew() {
    learn("{'a':1}");
    learn(ACME, 1, event("{'a':1}", null), NOW.plus(Duration.ofMinutes(59)));
    learn(ACME, 1, event("{'a':1}", null), NOW.plus(Duration.ofMinutes(61)));
    learn(ACME, 2, event("{'a':1}", null), NOW.plus(Duration.ofMinutes(61)));

    assertThat(learner.take())
        .extracting(SeenField::at)
        .containsExactly(NOW, NOW.plus(Duration.ofMinutes(61)), NOW.plus(Duration.ofMinutes(61)));
  }

  @Test
  void organizations_and_entities_are_learned_of_apart() {
    IncomingEvent fact =
        new IncomingEvent(
            null,
            new EventName("scheduled.lead.won"),
            Category.SCHEDULED,
            NOW,
            Timing.ARRIVED,
            new EntityRef("Lead", "l1"),
            Transition.NONE,
            null,
            payload("{'a':1}"),
            null);
    learn("{'a':1}");
    learn(BOLT, 1, event("{'a':1}", null), NOW);
    learn(ACME, 1, fact, NOW);

    assertThat(learner.take())
        .containsExactly(
            new SeenField(ACME, "Lead", "a", FieldType.INT, NOW),
            new SeenField(BOLT, "Lead", "a", FieldType.INT, NOW),
            new SeenField(ACME, "scheduled.lead.won", "a", FieldType.INT, NOW));
  }

  @Test
  void names_that_make_no_path_and_long_paths_are_left_out() {
    learn(
        "{'a.b':1,'':1,'c\\u0000d':1,'" + "x".repeat(31) + "':1,'m':{'" + "y".repeat(29) + "':1}}");
    assertThat(taken()).containsExactly("m MAP");
    assertThat(meters.counter("tocsin.catalog.learned.skipped").count()).isEqualTo(5);
  }

  @Test
  void an_organization_is_learned_of_up_to_a_limit_and_others_beyond_it() {
    for (int i = 0; i < 150; i++) {
      learn("{'f" + i + "':1}");
    }
    learn(BOLT, 1, event("{'a':1}", null), NOW);

    assertThat(learner.take()).hasSize(100).allMatch(field -> field.organization().equals(ACME));
    assertThat(learner.take()).hasSize(1);
    assertThat(meters.counter("tocsin.catalog.learned.dropped").count()).isEqualTo(50);
  }

  @Test
  void what_found_no_place_to_wait_is_learned_when_it_is_seen_again() {
    learner = new FieldLearner(settings(10_000, 2), meters);
    learn("{'a':1,'b':1,'c':1}");
    assertThat(taken()).containsExactly("a INT", "b INT");
    learn("{'a':1,'b':1,'c':1}");

    assertThat(taken()).containsExactly("c INT");
    assertThat(meters.counter("tocsin.catalog.learned.dropped").count()).isEqualTo(1);
  }

  @Test
  void what_is_remembered_of_all_organizations_is_bounded_and_makes_room_with_time() {
    learner = new FieldLearner(settings(3, 1_000), meters);
    learn("{'a':1}");
    learn(BOLT, 1, event("{'b':1}", null), NOW);
    learn(BOLT, 1, event("{'c':1}", null), NOW);
    assertThat(taken()).containsExactly("a INT", "b INT");

    learn(BOLT, 1, event("{'c':1}", null), NOW.plus(Duration.ofHours(1)));
    learn(BOLT, 1, event("{'d':1}", null), NOW.plus(Duration.ofHours(1)));
    assertThat(taken()).containsExactly("c INT", "d INT");
  }

  /**
   * A walk over one event goes on with what was seen so far while another event begins anew; here
   * the other one comes while the first one's fields are read.
   */
  @Test
  void what_a_walk_adds_to_what_was_forgotten_meanwhile_takes_no_room_for_good() {
    learner = new FieldLearner(settings(4, 1_000), meters);
    for (int i = 0; i < 5; i++) {
      long catalog = 2L * i;
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("a", 1L);
      fields.put(
          "m",
          new AbstractMap<String, Object>() {
            @Override
            public Set<Map.Entry<String, Object>> entrySet() {
              learn(ACME, catalog + 1, event("{'z':1}", null), NOW);
              return Map.<String, Object>of("b", 1L).entrySet();
            }
          });
      learn(ACME, catalog, event(new Payload("{}", fields), null), NOW);
    }
    taken();

    learn(ACME, 100, event("{'c':1,'d':1,'e':1}", null), NOW);
    assertThat(taken()).containsExactly("c INT", "d INT", "e INT");
  }

  @Test
  void nothing_is_learned_where_no_field_may_be() {
    learner =
        new FieldLearner(
            new LearnSettings(0, 10, 2, 30, 1_000, 100, 1_000, Duration.ofHours(1)), meters);
    learn("{'a':1}");
    assertThat(taken()).isEmpty();
  }

  private static LearnSettings settings(int rememberedMax, int pendingMax) {
    return new LearnSettings(100, 10, 2, 30, pendingMax, 100, rememberedMax, Duration.ofHours(1));
  }
}
