package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ServerPlan;
import dev.tocsin.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * Rules change, one change after the other, while events come in as fast as they are answered.
 * Every outcome is checked against the {@link RuleTimeline}, and what the server keeps is measured
 * before the changes, half-way and after them.
 */
final class RuleChangeCampaign {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final int SLOTS = 24;
  private static final int SENDERS = 8;

  private final Path home;
  private final long seed;
  private final int changes;
  private final int calm;
  private final Random random;
  private final RuleTimeline timeline;
  private final Outcomes outcomes;
  private final Map<String, String> figures = new LinkedHashMap<>();
  private int senders;
  private double longestFollow;

  /**
   * What a campaign came to.
   *
   * @param wrong outcomes that no order of the changes explains
   */
  record Result(Map<String, String> figures, int wrong, List<String> complaints) {
    @Override
    public String toString() {
      return figures.entrySet().stream()
              .map(figure -> String.format("%-34s %s%n", figure.getKey(), figure.getValue()))
              .collect(Collectors.joining())
          + String.format("%-34s %d%n", "wrong outcomes", wrong)
          + complaints.stream()
              .map(complaint -> "  " + complaint + "\n")
              .collect(Collectors.joining());
    }
  }

  /** A part of a campaign: what happens while events come in. */
  private interface Scene {
    void play() throws IOException, InterruptedException, TimeoutException;
  }

  /**
   * A campaign.
   *
   * @param changes how many; half of them after the first measurement of what they left behind
   * @param calm how many events come in before and afterwards, without changes
   */
  RuleChangeCampaign(Path home, long seed, int changes, int calm) {
    this.home = home;
    this.seed = seed;
    this.changes = changes;
    this.calm = calm;
    this.random = new Random(seed);
    this.timeline = new RuleTimeline(SLOTS + changes);
    this.outcomes = new Outcomes(timeline);
  }

  /** Runs it, and says what was found. */
  Result run() throws IOException, InterruptedException, ExecutionException, TimeoutException {
    // Compiles after far fewer evaluations than is useful, so that classes come and go.
    ServerPlan plan =
        ServerPlan.ofClassPath(home)
            .with("TOCSIN_CALCULATIONS_COMPILED_MAX", "16")
            .with("TOCSIN_CALCULATIONS_COMPILE_AFTER", "500");
    try (ServerProcess server = ServerProcess.start(plan, READY_WITHIN);
        ApiClient api = new ApiClient(server.address(), ApiClient.Account.DEMO)) {
      RuleAuthor author = new RuleAuthor(api, timeline, random.nextLong());
      author.begin(SLOTS);
      during(server, "events/s without changes", () -> outcomes.await(calm));
      figures.put("kept before", ServerMeters.afterCollection(server).kept());
      change(server, author, changes / 2, "first half");
      figures.put("kept half-way", ServerMeters.afterCollection(server).kept());
      change(server, author, changes - changes / 2, "second half");
      ServerMeters after = ServerMeters.afterCollection(server);
      figures.put("kept after", after.kept());
      during(server, "events/s without changes, at last", () -> outcomes.await(calm));
      report(author, after);
      api.list(
          "/events?pageSize=100&eventType=Notification",
          notification -> outcomes.compare(notification, author.versions()));
      outcomes.compared();
      return new Result(figures, outcomes.wrong(), outcomes.complaints());
    }
  }

  private void change(ServerProcess server, RuleAuthor author, int count, String half)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    long began = System.nanoTime();
    during(
        server,
        "events/s, " + half,
        () -> {
          for (int i = 0; i < count && outcomes.wrong() == 0; i++) {
            author.change(SLOTS);
            if (i % 100 == 0) {
              watch(server);
            }
          }
        });
    double seconds = (System.nanoTime() - began) / 1e9;
    figures.put("changes/s, " + half, String.format(Locale.ROOT, "%.1f", count / seconds));
  }

  /** The meter forgets its longest after two minutes. */
  private void watch(ServerProcess server) throws IOException, InterruptedException {
    longestFollow =
        Math.max(longestFollow, ServerMeters.read(server).sum("tocsin_rules_follow_seconds_max"));
  }

  /** Plays a scene while events come in, and notes how many a second did. */
  private void during(ServerProcess server, String figure, Scene scene)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    AtomicBoolean over = new AtomicBoolean();
    long before = outcomes.checked();
    long began = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ApiClient api = new ApiClient(server.address(), ApiClient.Account.DEMO)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        String name = "s" + senders++;
        running.add(
            threads.submit(new UpdateSender(name, seed + senders, api, timeline, outcomes, over)));
      }
      try {
        scene.play();
      } finally {
        over.set(true);
      }
      for (Future<?> sender : running) {
        sender.get();
      }
    }
    watch(server);
    double seconds = (System.nanoTime() - began) / 1e9;
    figures.put(
        figure, String.format(Locale.ROOT, "%.0f", (outcomes.checked() - before) / seconds));
  }

  private void report(RuleAuthor author, ServerMeters meters) {
    Histogram micros = author.micros();
    figures.put("changes", micros.getTotalCount() + " " + author.kinds());
    figures.put(
        "a change, p50 / p99 / longest",
        String.format(
            Locale.ROOT,
            "%.1f / %.1f / %.1f ms",
            micros.getValueAtPercentile(50) / 1e3,
            micros.getValueAtPercentile(99) / 1e3,
            micros.getMaxValue() / 1e3));
    double follows = meters.sum("tocsin_rules_follow_seconds_count");
    figures.put(
        "changes followed, mean / longest",
        String.format(
            Locale.ROOT,
            "%.0f times, %.3f / %.3f ms",
            follows,
            meters.sum("tocsin_rules_follow_seconds_sum") / follows * 1e3,
            longestFollow * 1e3));
    figures.put("events judged again", count(meters, "tocsin_events_stale_total"));
    figures.put("calculations compiled", count(meters, "tocsin_rules_compilations_total"));
    figures.put("classes unloaded", count(meters, "jvm_classes_unloaded_classes_total"));
    figures.put("events checked", "" + outcomes.checked());
    figures.put("of these, during a change", "" + outcomes.overlapping());
    figures.put("of these, told states apart", "" + outcomes.telling());
    figures.put("notifications", "" + outcomes.told());
  }

  private static String count(ServerMeters meters, String meter) {
    return String.format(Locale.ROOT, "%.0f", meters.sum(meter));
  }

  /** {@code RuleChangeCampaign <home> <seed> <changes>}; ends with 1 when an outcome was wrong. */
  public static void main(String[] arguments) throws Exception {
    long seed = Long.parseLong(arguments[1]);
    System.out.println("seed " + seed);
    Result result =
        new RuleChangeCampaign(Path.of(arguments[0]), seed, Integer.parseInt(arguments[2]), 200_000)
            .run();
    System.out.print(result);
    System.exit(result.wrong() == 0 ? 0 : 1);
  }
}
