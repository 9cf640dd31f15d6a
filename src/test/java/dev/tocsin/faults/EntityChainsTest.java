package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Of an entity whose updates say when they were, and of one whose updates do not. */
class EntityChainsTest {
  private static final Instant TIME = Instant.parse("2026-11-27T10:00:00Z");
  private static final String SAID = "shared-2";
  private static final String UNSAID = "shared-3";

  private final List<String> complaints = new ArrayList<>();
  private final EntityChains chains =
      new EntityChains((kind, what) -> complaints.add(kind + " " + what));
  private final Map<String, String> last = new HashMap<>();

  private static JsonObject state(String entity, String sender) {
    return new JsonObject().put("id", entity).put("sentAs", sender).put("of", sender);
  }

  private void add(String entity, String sender, int second, @Nullable String before) {
    add(entity, sender, second, before == null ? null : state(entity, before));
  }

  private void add(String entity, String sender, int second, @Nullable JsonObject before) {
    JsonObject data = new JsonObject().put("newDto", state(entity, sender));
    if (before != null) {
      data.put("oldDto", before);
    }
    chains.add(
        new JsonObject()
            .put("id", "e" + sender)
            .put("eventName", SharedEntities.EVENT)
            .put("eventTime", TIME.plusSeconds(second).toString())
            .put("m3terEvent", new JsonObject().put("eventData", data)));
  }

  private List<String> judged(String entity, String end) {
    last.put("plangroup/" + entity, "e" + end);
    chains.judge(last);
    return complaints;
  }

  private static @Nullable String nothing() {
    return null;
  }

  @Test
  void a_chain_with_late_ones_beside_it() {
    add(SAID, "a", 1, nothing());
    add(SAID, "d", 4, "a");
    add(SAID, "b", 2, nothing());
    add(SAID, "c", 3, nothing());
    add(SAID, "e", 5, "d");
    assertThat(judged(SAID, "e")).isEmpty();
    assertThat(chains.late()).isEqualTo(2);
  }

  @Test
  void all_but_the_last_may_be_late() {
    add(SAID, "c", 3, nothing());
    add(SAID, "a", 1, nothing());
    add(SAID, "b", 2, nothing());
    assertThat(judged(SAID, "c")).isEmpty();
    assertThat(chains.late()).isEqualTo(2);
  }

  @Test
  void an_update_that_was_lost_since_two_were_made_of_one_state() {
    add(UNSAID, "a", 1, nothing());
    add(UNSAID, "b", 2, "a");
    add(UNSAID, "c", 3, "a");
    assertThat(judged(UNSAID, "c"))
        .anyMatch(complaint -> complaint.startsWith("two updates of one state"));
  }

  @Test
  void a_chain_that_begins_anew() {
    add(SAID, "a", 1, nothing());
    add(SAID, "b", 2, "a");
    add(SAID, "c", 3, nothing());
    add(SAID, "d", 4, "c");
    assertThat(judged(SAID, "d"))
        .anyMatch(complaint -> complaint.startsWith("more than one chain"));
  }

  @Test
  void a_missing_state_before_where_nothing_can_be_late() {
    add(UNSAID, "a", 1, nothing());
    add(UNSAID, "b", 2, "a");
    add(UNSAID, "c", 3, nothing());
    assertThat(judged(UNSAID, "b"))
        .anyMatch(complaint -> complaint.startsWith("update without the state before"));
  }

  @Test
  void the_latest_without_the_state_before_is_not_late() {
    add(SAID, "a", 1, nothing());
    add(SAID, "b", 2, "a");
    add(SAID, "c", 3, nothing());
    assertThat(judged(SAID, "c"))
        .anyMatch(complaint -> complaint.startsWith("update without the state before"));
  }

  @Test
  void a_state_before_that_nobody_left_or_that_is_younger() {
    add(SAID, "a", 1, nothing());
    add(SAID, "b", 2, state(SAID, "a").put("of", "c"));
    add(UNSAID, "x", 5, nothing());
    add(UNSAID, "y", 4, "x");
    assertThat(judged(UNSAID, "y"))
        .anyMatch(complaint -> complaint.startsWith("old state that nobody left"))
        .anyMatch(complaint -> complaint.startsWith("old state that is younger"));
  }

  @Test
  void another_state_in_the_end_than_the_latest() {
    add(SAID, "a", 1, nothing());
    add(SAID, "b", 2, "a");
    assertThat(judged(SAID, "a"))
        .containsExactly("not the last state plangroup/shared-2: of ea instead of eb");
  }
}
