package dev.tocsin.faults;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Holds the runs that are stored, and what receivers took, against the links that there are: one
 * run for each notification and link, no request without a claim, and no claim of what somebody
 * holds.
 */
final class Deliveries {
  /** A node that stops gives back what it has not begun; what reaches it then, once more. */
  private static final int RELEASES_OF_A_STOP = 2;

  private final BiConsumer<String, String> complaints;
  private final Duration lease;

  /** A link of a rule to a webhook, as its author was told. */
  record Link(String id, String rule, String webhook) {}

  /** While a node was stopped in order. */
  record Stop(Instant from, Instant to) {}

  /** What belongs together, whichever links lead there. */
  private record Path(String notification, String webhook) {}

  /**
   * A run as it is stored.
   *
   * @param claims its fence: each of them may send one request
   * @param recorded attempts that are written down, {@code refused} of which the receiver answered
   *     500, so that he did not take them
   * @param claimed when it first was, in milliseconds by PostgreSQL's clock
   * @param millis from then to its end
   * @param goesOn whether an attempt was written down after one that had succeeded
   */
  record Run(
      String id,
      String notification,
      String rule,
      String link,
      String webhook,
      String status,
      int claims,
      int recorded,
      int refused,
      long claimed,
      long millis,
      boolean goesOn) {
    private boolean isDuring(Stop stop) {
      return claimed <= stop.to().toEpochMilli() && claimed + millis >= stop.from().toEpochMilli();
    }

    static Run of(JsonObject row) {
      return new Run(
          row.getString("id"),
          row.getString("notification"),
          row.getString("rule"),
          row.getString("link"),
          row.getString("webhook"),
          row.getString("status"),
          row.getInteger("claims"),
          row.getInteger("recorded"),
          row.getInteger("refused"),
          row.getLong("claimed"),
          row.getLong("millis"),
          row.getBoolean("goesOn"));
    }
  }

  /**
   * A judge.
   *
   * @param lease how long nobody else may claim a run
   */
  Deliveries(Duration lease, BiConsumer<String, String> complaints) {
    this.lease = lease;
    this.complaints = complaints;
  }

  /**
   * Judges all of an organization.
   *
   * @param rules of each notification, by its id
   * @param taken how often each notification was taken, by webhook and id
   * @param stops when nodes were stopped in order
   */
  void judge(
      List<Run> runs,
      Map<String, String> rules,
      Collection<Link> links,
      Map<String, Map<String, Integer>> taken,
      List<Stop> stops) {
    runs.forEach(run -> judge(run, stops));
    Set<Path> paths = perLink(runs, rules, links);
    Map<Path, Integer> bounds = new HashMap<>();
    for (Run run : runs) {
      Path path = new Path(run.notification(), run.webhook());
      bounds.merge(path, run.claims() - run.refused(), Integer::sum);
      if (!paths.contains(path)) {
        complaints.accept("run where no link leads", run.toString());
      }
    }
    taken.forEach((webhook, here) ->
        here.forEach((notification, times) -> {
          Path path = new Path(notification, webhook);
          if (!paths.contains(path)) {
            complaints.accept("delivered where no link leads", path.toString());
          } else if (times > bounds.getOrDefault(path, 0)) {
            complaints.accept(
                "delivered more often than claimed",
                path + " " + times + " times, and not " + bounds.getOrDefault(path, 0));
          }
        }));
    for (Path path : paths) {
      if (!taken.getOrDefault(path.webhook(), Map.of()).containsKey(path.notification())) {
        complaints.accept("not delivered", path.toString());
      }
    }
  }

  /** A claim that left no attempt was lost: its lease was over, or its node stopped. */
  private void judge(Run run, List<Stop> stops) {
    if (!run.status().equals("COMPLETE")) {
      complaints.accept("run that did not complete", run.toString());
    }
    if (run.goesOn()) {
      complaints.accept("attempted after it had succeeded", run.toString());
    }
    int lost = run.claims() - run.recorded();
    if (lost < 0) {
      complaints.accept("attempts without claims", run.toString());
    } else if (lost
        > run.millis() / lease.toMillis()
            + RELEASES_OF_A_STOP * stops.stream().filter(run::isDuring).count()) {
      complaints.accept("claimed before the lease was over", run.toString());
    }
  }

  /** One run of each notification for each link of its rule; answers where they all lead. */
  private Set<Path> perLink(List<Run> runs, Map<String, String> rules, Collection<Link> links) {
    Map<String, Integer> counts = new HashMap<>();
    runs.forEach(run -> counts.merge(run.notification() + " " + run.link(), 1, Integer::sum));
    Map<String, List<Link>> byRule = links.stream().collect(Collectors.groupingBy(Link::rule));
    Set<Path> paths = new HashSet<>();
    rules.forEach((notification, rule) -> {
      for (Link link : byRule.getOrDefault(rule, List.of())) {
        paths.add(new Path(notification, link.webhook()));
        if (!counts.containsKey(notification + " " + link.id())) {
          complaints.accept("notification without a run", notification + " over " + link);
        }
      }
    });
    counts.forEach((which, times) -> {
      if (times > 1) {
        complaints.accept("two runs of one notification and link", which);
      }
    });
    return paths;
  }
}
