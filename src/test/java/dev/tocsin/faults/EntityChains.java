package dev.tocsin.faults;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the server took for the states before updates that did not say them. Of each entity they are
 * one chain: the state before an update is what just one other update left behind. So no update was
 * lost, and none was made of a state that was over.
 *
 * <p>An update that says it was before one that is stored already is late: it has no state before
 * it, and nothing comes of it.
 */
final class EntityChains {
  private final BiConsumer<String, String> complaints;
  private final Map<String, List<Update>> byEntity = new HashMap<>();
  private int late;

  /**
   * An update as it is stored.
   *
   * @param sender its sender's id, which is in its state
   */
  private record Update(
      String id, String sender, Instant time, JsonObject after, @Nullable JsonObject before) {
    @Nullable String beforeSender() {
      return before == null ? null : before.getString("sentAs");
    }
  }

  EntityChains(BiConsumer<String, String> complaints) {
    this.complaints = complaints;
  }

  /** An update of an entity, as it is listed. */
  void add(JsonObject event) {
    JsonObject data = event.getJsonObject("m3terEvent").getJsonObject("eventData");
    JsonObject after = data.getJsonObject("newDto");
    String entity = event.getString("eventName").split("\\.", -1)[1];
    byEntity
        .computeIfAbsent(entity + "/" + after.getString("id"), none -> new ArrayList<>())
        .add(
            new Update(
                event.getString("id"),
                after.getString("sentAs"),
                event.getInstant("eventTime"),
                after,
                data.getJsonObject("oldDto")));
  }

  /**
   * Judges all of them.
   *
   * @param last the id of the event that each stored state is of, by entity and id; entities that
   *     were deleted have none
   */
  void judge(Map<String, String> last) {
    byEntity.forEach((entity, updates) -> {
      Map<String, Update> bySender = new HashMap<>();
      updates.forEach(update -> bySender.put(update.sender(), update));
      Set<String> followed = follow(entity, updates, bySender);
      Update end = end(entity, updates, followed);
      String id = end == null ? null : end.id();
      if (id != null && last.containsKey(entity) && !id.equals(last.get(entity))) {
        complain("not the last state", entity, "of " + last.get(entity) + " instead of " + id);
      }
    });
  }

  /** Goes from each update to the one before; answers those that were come to. */
  private Set<String> follow(String entity, List<Update> updates, Map<String, Update> bySender) {
    Set<String> followed = new HashSet<>();
    for (Update update : updates) {
      JsonObject before = update.before();
      String sender = update.beforeSender();
      if (before == null || sender == null) {
        continue;
      }
      Update left = bySender.get(sender);
      if (left == null || !left.after().equals(before)) {
        complain("old state that nobody left", entity, update.id() + " has " + before);
      } else if (left.time().isAfter(update.time())) {
        complain("old state that is younger", entity, update.id() + " after " + left.id());
      } else if (!followed.add(sender)) {
        complain("two updates of one state", entity, "of " + left.id() + ", one " + update.id());
      }
    }
    return followed;
  }

  /** The end of the chain, after a look at what does not belong to it. */
  private @Nullable Update end(String entity, List<Update> updates, Set<String> followed) {
    List<Update> first =
        updates.stream()
            .filter(update -> update.before() == null && followed.contains(update.sender()))
            .toList();
    List<Update> ends =
        updates.stream()
            .filter(update -> update.before() != null && !followed.contains(update.sender()))
            .toList();
    List<Update> alone =
        updates.stream()
            .filter(update -> update.before() == null && !followed.contains(update.sender()))
            .toList();
    if (first.size() > 1 || ends.size() > 1) {
      complain("more than one chain", entity, "from " + ids(first) + " to " + ids(ends));
      return null;
    }
    Update latest = updates.stream().max(Comparator.comparing(Update::time)).orElseThrow();
    Update end = ends.isEmpty() ? latest : ends.getFirst();
    boolean mayBeLate =
        SharedEntities.hasTimes(entity.substring(entity.indexOf('/') + 1))
            && end.id().equals(latest.id());
    if (!mayBeLate && updates.size() > 1 && !alone.isEmpty()) {
      complain("update without the state before", entity, ids(alone) + ", the last is " + end.id());
    }
    late += mayBeLate ? alone.size() - (ends.isEmpty() ? 1 : 0) : 0;
    return end;
  }

  private static List<String> ids(List<Update> updates) {
    return updates.stream().map(Update::id).toList();
  }

  private void complain(String kind, String entity, String what) {
    complaints.accept(kind, entity + ": " + what);
  }

  /** Updates that came after later ones. */
  int late() {
    return late;
  }
}
