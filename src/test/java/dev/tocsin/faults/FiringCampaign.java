package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ServerPlan;
import dev.tocsin.process.ServerProcess;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Two servers fire thousands of scheduled events that are due at the same moment, and one of them,
 * or both, are killed meanwhile and started again. Each must have been fired, once.
 *
 * <p>The same bills get another date in each round, when the last one has come: so some of the
 * events of the round before are still owed, and have to come all the same.
 */
final class FiringCampaign {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration FIRED_WITHIN = Duration.ofMinutes(2);
  private static final int BATCH = 500;
  private static final int COMPLAINTS_SHOWN = 20;

  /** Long enough to have all bills posted, on a machine that has other things to do. */
  private static final Duration AHEAD = Duration.ofSeconds(4);

  /** When the kill is at the latest, after all are due. */
  private static final Duration KILL_WITHIN = Duration.ofSeconds(20);

  /** Of days: what is due a day before the date is late at once, within the late window. */
  private static final List<Integer> OFFSETS = List.of(0, -1);

  private final PostgresFixture postgres;
  private final List<ServerPlan> plans;
  private final Random random;
  private final int kills;
  private final int bills;
  private final List<String> complaints = new ArrayList<>();

  /** How often each event was found that there must be, by configuration, bill and due time. */
  private final Map<String, Integer> found = new LinkedHashMap<>();

  private int owedAtKills;
  private int storedAtKills;

  /** What a campaign came to. */
  record Result(Map<String, String> figures, List<String> complaints, int owedAtKills) {
    Result {
      complaints = List.copyOf(complaints);
    }

    @Override
    public String toString() {
      return figures.entrySet().stream()
              .map(figure -> String.format("%-34s %s%n", figure.getKey(), figure.getValue()))
              .collect(Collectors.joining())
          + complaints.stream()
              .limit(COMPLAINTS_SHOWN)
              .map(complaint -> "  " + complaint + "\n")
              .collect(Collectors.joining());
    }
  }

  /**
   * A campaign.
   *
   * @param postgres what both servers share
   * @param bills how many are due at a time, each with two events
   */
  FiringCampaign(PostgresFixture postgres, Path home, long seed, int kills, int bills)
      throws IOException {
    this.postgres = postgres;
    this.plans = List.of(plan(home.resolve("one")), plan(home.resolve("two")));
    this.random = new Random(seed);
    this.kills = kills;
    this.bills = bills;
  }

  private ServerPlan plan(Path home) throws IOException {
    return ServerPlan.ofClassPath(home)
        .with("TOCSIN_POSTGRES_URI", postgres.uri())
        .with("TOCSIN_SECRETS_KEY", "a secret that both servers are given")
        .with("TOCSIN_INGEST_ANSWER_WITHIN", "PT2S")
        .with("TOCSIN_SCHEDULE_LATE_WINDOW", "P2D")
        .with("TOCSIN_SCHEDULE_LEASE", "PT4S")
        .with("TOCSIN_SCHEDULE_BATCH_MAX", "100");
  }

  /** Runs it, and says what was found. */
  Result run() throws IOException, InterruptedException {
    List<ServerProcess> servers = new ArrayList<>();
    try {
      for (ServerPlan plan : plans) {
        servers.add(ServerProcess.start(plan, READY_WITHIN));
      }
      List<String> configurations = new ArrayList<>();
      try (ApiClient api = client(servers.getFirst())) {
        for (int offset : OFFSETS) {
          configurations.add(configure(api, offset));
        }
      }
      for (int round = 0; round < kills; round++) {
        postAndKill(servers, configurations, round);
      }
      awaitAllFired();
      try (ApiClient api = client(servers.getFirst())) {
        count(api);
      }
      return result();
    } finally {
      for (ServerProcess server : servers) {
        server.close();
      }
    }
  }

  private static ApiClient client(ServerProcess server) {
    return new ApiClient(server.address(), ApiClient.Account.DEMO);
  }

  private static String configure(ApiClient api, int offset)
      throws IOException, InterruptedException {
    return api.create(
        "/scheduledevents/configurations",
        new JsonObject()
            .put("name", "scheduled.bill.e" + Math.abs(offset))
            .put("entity", "Bill")
            .put("field", "endDate")
            .put("offset", offset));
  }

  private void postAndKill(List<ServerProcess> servers, List<String> configurations, int round)
      throws IOException, InterruptedException {
    Instant due = Instant.now().plus(AHEAD).truncatedTo(ChronoUnit.MILLIS);
    for (int first = 0; first < bills; first += BATCH) {
      try (ApiClient api = client(servers.get(first / BATCH % servers.size()))) {
        post(api, first, Math.min(bills, first + BATCH), due, round);
      }
    }
    for (int bill = 0; bill < bills; bill++) {
      for (int i = 0; i < OFFSETS.size(); i++) {
        Instant at = due.plus(OFFSETS.get(i), ChronoUnit.DAYS);
        found.put(key(configurations.get(i), "b" + bill, at), 0);
      }
    }
    awaitOwed((int) (bills * random.nextDouble(0.2, 0.95)), due.plus(KILL_WITHIN));
    List<Integer> victims =
        switch (random.nextInt(4)) {
          case 0 -> List.of(0, 1);
          case 1 -> List.of(0);
          default -> List.of(1);
        };
    for (int victim : victims) {
      servers.get(victim).kill();
    }
    owedAtKills += owed();
    storedAtKills += storedAndNotNoted();
    for (int victim : victims) {
      servers.set(victim, ServerProcess.start(plans.get(victim), READY_WITHIN));
    }
  }

  private static void post(ApiClient api, int from, int to, Instant due, int round)
      throws IOException, InterruptedException {
    JsonArray events = new JsonArray();
    for (int bill = from; bill < to; bill++) {
      JsonObject state =
          new JsonObject().put("id", "b" + bill).put("endDate", due.toString()).put("total", round);
      events.add(new JsonObject().put("eventName", "billing.bill.updated").put("new", state));
    }
    ApiClient.Posted posted = api.events(new JsonObject().put("events", events));
    if (posted.accepted().size() != to - from) {
      throw new IllegalStateException("not all were accepted: " + posted.rejected());
    }
  }

  /**
   * Until so few are owed, which is after they are due: the others were fired, quicker on one
   * machine than on another.
   */
  private void awaitOwed(int most, Instant until) {
    while (owed() > most && Instant.now().isBefore(until)) {
      Thread.onSpinWait();
    }
  }

  private int owed() {
    return Integer.parseInt(
        postgres.value("select count(*) from scheduled_due where outcome is null"));
  }

  /** What a server that only went by its notes would fire again. */
  private int storedAndNotNoted() {
    // Planned as if there were few of each, it takes minutes.
    postgres.execute("analyze scheduled_due, event");
    return Integer.parseInt(
        postgres.value(
            """
            select count(*)
            from scheduled_due s
            join scheduled_event_configuration c
              on c.organization_id = s.organization_id and c.id = s.configuration_id
            join event e
              on e.organization_id = s.organization_id and e.event_name = c.name
                and e.resource_id = s.entity_id and e.event_time = s.due_at
            where s.outcome is null
            """));
  }

  private void awaitAllFired() {
    awaitOwed(0, Instant.now().plus(FIRED_WITHIN));
    int owed = owed();
    if (owed > 0) {
      complaints.add(owed + " were not fired within " + FIRED_WITHIN);
    }
  }

  /** Reads them as any client could. */
  private void count(ApiClient api) throws IOException, InterruptedException {
    Map<String, Integer> others = new HashMap<>();
    api.list(
        "/events?pageSize=100&eventType=ScheduledEvent",
        event -> {
          JsonObject scheduled =
              event
                  .getJsonObject("m3terEvent")
                  .getJsonObject("eventData")
                  .getJsonObject("newDto")
                  .getJsonObject("scheduled");
          String key =
              key(
                  scheduled.getString("configurationId"),
                  event.getString("resourceId"),
                  event.getInstant("eventTime"));
          (found.containsKey(key) ? found : others).merge(key, 1, Integer::sum);
        });
    others.forEach((key, times) -> complaints.add(key + " was fired, and nobody asked for it"));
    found.forEach((key, times) -> {
      if (times != 1) {
        complaints.add(key + " was fired " + times + " times");
      }
    });
  }

  private static String key(String configuration, String bill, Instant due) {
    return configuration + " " + bill + " " + due;
  }

  private Result result() {
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("kills", "" + kills);
    figures.put("scheduled events", "" + found.size());
    figures.put("owed at the kills", "" + owedAtKills);
    figures.put("of these, stored and not yet noted", "" + storedAtKills);
    figures.put("not fired once", "" + complaints.size());
    return new Result(figures, complaints, owedAtKills);
  }

  /**
   * {@code FiringCampaign <home> <seed> <kills> <bills>}; ends with 1 when one was not fired once.
   */
  public static void main(String[] arguments) throws Exception {
    long seed = Long.parseLong(arguments[1]);
    System.out.println("seed " + seed);
    Result result;
    try (PostgresFixture postgres = PostgresFixture.alone()) {
      result =
          new FiringCampaign(
                  postgres,
                  Path.of(arguments[0]),
                  seed,
                  Integer.parseInt(arguments[2]),
                  Integer.parseInt(arguments[3]))
              .run();
    }
    System.out.print(result);
    System.exit(result.complaints().isEmpty() ? 0 : 1);
  }
}
