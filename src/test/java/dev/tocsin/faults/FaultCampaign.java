package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.Receiver;
import dev.tocsin.process.ServerPlan;
import dev.tocsin.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Clients post while the server, its PostgreSQL or both are killed or stopped at random moments and
 * started again. {@link Findings} then compares what there is with what the clients were told.
 */
final class FaultCampaign {
  private static final String SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofMinutes(2);
  private static final int WAIT_MILLIS_MAX = 1_500;

  /** As {@code scripts/kill-test} mixes them. */
  static final List<Fault> KILLS =
      List.of(
          Fault.KILL_SERVER,
          Fault.KILL_SERVER,
          Fault.KILL_SERVER,
          Fault.KILL_POSTGRESQL,
          Fault.KILL_POSTGRESQL,
          Fault.KILL_BOTH);

  /** What an operator may count on. */
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private final long seed;
  private final List<Fault> mix;
  private final int count;
  private final int clients;
  private final ServerPlan plan;
  private final Random random;
  private final Journal journal = new Journal();
  private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
  private final List<Duration> outages = new ArrayList<>();

  /** What is done to the processes. */
  enum Fault {
    /** SIGKILL to the server, whose PostgreSQL stays without it. */
    KILL_SERVER,
    /** SIGKILL to PostgreSQL, which the server has to start again. */
    KILL_POSTGRESQL,
    /** SIGKILL to both, as a power cut does. */
    KILL_BOTH,
    /** SIGTERM to the server, as an operator does. */
    TERMINATE
  }

  /**
   * A campaign.
   *
   * @param mix what to choose from, each as likely as it often stands there
   * @param count how many faults
   */
  FaultCampaign(Path home, long seed, List<Fault> mix, int count, int clients) throws IOException {
    this.seed = seed;
    this.mix = mix;
    this.count = count;
    this.clients = clients;
    this.random = new Random(seed);
    this.plan =
        ServerPlan.ofClassPath(home)
            .with("TOCSIN_DELIVERY_TIMEOUT", "PT1S")
            .with("TOCSIN_DELIVERY_LEASE", "PT5S")
            .with("TOCSIN_DELIVERY_SWEEP_EVERY", "PT0.2S")
            .with(
                "TOCSIN_DELIVERY_RETRY_DELAYS",
                "PT0.2S,PT0.5S,PT1S,PT2S,PT2S,PT2S,PT5S,PT5S,PT5S,PT5S,PT5S,PT5S");
  }

  /** Runs it, and says what was found. */
  Findings run() throws IOException, InterruptedException {
    Arrivals arrivals = new Arrivals(journal::broken, random.nextLong());
    try (Receiver receiver = Receiver.start(SECRET, arrivals)) {
      receiver.answer(arrivals::answer);
      ServerProcess server = ServerProcess.start(plan, READY_WITHIN);
      try (ApiClient api = new ApiClient(server.address(), ApiClient.Account.DEMO)) {
        setUp(api, receiver);
        List<Thread> senders = startClients(server);
        for (int i = 0; i < count && !journal.isOver(); i++) {
          server = disturb(server);
        }
        journal.end();
        for (Thread sender : senders) {
          sender.join();
        }
        return Findings.of(journal, arrivals, api, done, outages);
      } finally {
        server.close();
      }
    }
  }

  private static void setUp(ApiClient api, Receiver receiver)
      throws IOException, InterruptedException {
    String webhook = api.webhook("receiver", receiver.url("/hook"), "key", SECRET);
    api.link(
        api.ruleThatAlwaysFires(Sent.ACCOUNT_CREATED, "configuration.account.created"), webhook);
    api.link(
        api.rule(
            Sent.CROSSED_90,
            "configuration.commitment.updated",
            "new.amountSpent >= new.amount * 90 / 100"
                + " AND (old.amountSpent < old.amount * 90 / 100 OR old.amountSpent == null)"),
        webhook);
  }

  private List<Thread> startClients(ServerProcess server) {
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      ApiClient api = new ApiClient(server.address(), ApiClient.Account.DEMO);
      Client client = new Client("client" + i, seed + i, api, journal);
      senders.add(Thread.ofVirtual().start(client));
    }
    return senders;
  }

  /**
   * Does something at a random moment, and goes on once an event that was sent after that is
   * acknowledged.
   */
  private ServerProcess disturb(ServerProcess server) throws IOException, InterruptedException {
    journal.over().await(random.nextInt(WAIT_MILLIS_MAX), TimeUnit.MILLISECONDS);
    Fault fault = mix.get(random.nextInt(mix.size()));
    done.merge(fault, 1, Integer::sum);
    long before = System.nanoTime();
    switch (fault) {
      case KILL_SERVER -> server.kill();
      case KILL_POSTGRESQL -> server.postgres().forEach(ProcessHandle::destroyForcibly);
      case KILL_BOTH -> server.killWithPostgres();
      case TERMINATE -> stop(server);
    }
    Journal.Period after = journal.fault();
    ServerProcess next =
        server.handle().isAlive() ? server : ServerProcess.start(plan, READY_WITHIN);
    long acknowledged;
    try {
      acknowledged = after.awaitAcknowledgement(ACKNOWLEDGED_WITHIN);
    } catch (TimeoutException e) {
      journal.broken("nothing was acknowledged within two minutes after " + fault);
      acknowledged = System.nanoTime();
    }
    outages.add(Duration.ofNanos(acknowledged - before));
    return next;
  }

  private void stop(ServerProcess server) throws IOException {
    ServerProcess.Exit exit = server.stop(STOP_WITHIN);
    if (exit.code() != 128 + 15) {
      journal.broken("after SIGTERM the server ended with " + exit.code());
    }
    if (!server.postgres().isEmpty()) {
      journal.broken("the server left its PostgreSQL behind");
    }
  }

  /**
   * {@code FaultCampaign <home> <seed> <kills> <clients>}; ends with 1 when a promise was broken.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    long seed = Long.parseLong(arguments[1]);
    System.out.println("seed " + seed);
    Findings findings =
        new FaultCampaign(
                Path.of(arguments[0]),
                seed,
                KILLS,
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]))
            .run();
    System.out.println(findings);
    System.exit(findings.complaints().isEmpty() ? 0 : 1);
  }
}
