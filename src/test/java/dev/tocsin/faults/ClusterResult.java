package dev.tocsin.faults;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** What a campaign came to. */
record ClusterResult(
    long seed, List<String> schedule, Map<String, Long> figures, List<String> complaints) {
  ClusterResult {
    schedule = List.copyOf(schedule);
    complaints = List.copyOf(complaints);
  }

  JsonObject json() {
    JsonObject all = new JsonObject();
    figures.forEach(all::put);
    return new JsonObject()
        .put("seed", seed)
        .put("schedule", schedule)
        .put("figures", all)
        .put("complaints", complaints);
  }

  @Override
  public String toString() {
    return "seed "
        + seed
        + (complaints.isEmpty() ? " ok " : " FAILED ")
        + figures
        + "\n  "
        + String.join("\n  ", schedule)
        + (complaints.isEmpty() ? "" : "\n! " + String.join("\n! ", complaints));
  }
}
