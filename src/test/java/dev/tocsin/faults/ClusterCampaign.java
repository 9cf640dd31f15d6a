package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One campaign on a cluster: trouble by a schedule, and load meanwhile, of an organization of its
 * own. When all is quiet again, everything there is must be what it should be.
 */
final class ClusterCampaign {
  /** The rule that fires on each scheduled event. */
  static final String RING = "ring";

  private static final String SCHEDULED = "scheduled.bill.ended";

  /** What a node logs of another that it does not reach any more. */
  private static final String MEMBER_LOST = " Membership node left ";

  private static final int SENDERS = 3;
  private static final int READERS = 2;
  private static final Duration DECLARED_WITHIN = Duration.ofSeconds(30);
  private static final Duration SUBSTANCE_WITHIN = Duration.ofSeconds(30);
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);

  private final ClusterGround ground;
  private final long seed;
  private final int millis;
  private final List<Trouble> schedule;
  private final Account account;
  private final ClusterJournal journal = new ClusterJournal();
  private final RuleTimeline timeline = new RuleTimeline(ClusterAuthor.CHANGES_MAX);
  private final Outcomes outcomes = new Outcomes(timeline);
  private final SharedEntities shared = new SharedEntities();
  private final Random random;
  private final List<URI> addresses;
  private final ClusterTables tables;
  private final List<Long> logged = new ArrayList<>();
  private final CountDownLatch read = new CountDownLatch(1);
  private final Map<Trouble.Kind, Integer> suffered = new EnumMap<>(Trouble.Kind.class);

  /** Who changes what events set off. */
  private record Authors(ClusterAuthor rules, ScheduleAuthor schedule) {}

  /**
   * A campaign.
   *
   * @param millis how long trouble and load last
   */
  ClusterCampaign(ClusterGround ground, long seed, int millis) {
    this.ground = ground;
    this.seed = seed;
    this.millis = millis;
    this.schedule = Trouble.schedule(seed, ClusterGround.NODES, millis);
    this.random = new Random(seed);
    UUID organization = UUID.randomUUID();
    this.account = new Account(organization.toString(), "key-" + organization, "secret");
    this.addresses = ground.nodes().stream().map(ClusterNode::address).toList();
    this.tables = new ClusterTables(ground.postgres(), account.organization());
  }

  /** What is said of one that could not be run to its end. */
  ClusterResult failed(String why) {
    List<String> complaints = new ArrayList<>(journal.complaints());
    complaints.add(why);
    return new ClusterResult(seed, happenings(), Map.of(), complaints);
  }

  private List<String> happenings() {
    return schedule.stream().map(Trouble::toString).toList();
  }

  /**
   * Runs it, and says what was found. Begins with nodes that run, so that what went wrong in the
   * campaign before is no complaint of this one.
   */
  ClusterResult run() throws IOException, InterruptedException {
    for (ClusterNode node : ground.nodes()) {
      node.revive();
    }
    ground.declare(account);
    for (ClusterNode node : ground.nodes()) {
      logged.add(node.logged());
    }
    try (ClusterReceivers receivers =
            new ClusterReceivers(ground.network().here(), journal::broken, random);
        Doors doors = new Doors(addresses, account, journal.givenUp());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        return run(doors, receivers, threads);
      } finally {
        read.countDown();
        journal.over().countDown();
        journal.givenUp().countDown();
        threads.shutdownNow(); // Or closing them would wait for whatever does not end.
      }
    }
  }

  /** When nodes were stopped in order, in this campaign and before. */
  private List<Deliveries.Stop> stops() {
    return ground.nodes().stream().flatMap(node -> node.stops().stream()).toList();
  }

  private ClusterResult run(Doors doors, ClusterReceivers receivers, ExecutorService threads)
      throws IOException, InterruptedException {
    awaitDeclared(doors);
    Authors authors = begin(doors, receivers);
    List<StreamReader> readers = follow(doors, threads);
    List<Future<?>> work = new ArrayList<>();
    work.add(threads.submit(authors.rules()));
    work.add(threads.submit(authors.schedule()));
    for (int i = 0; i < SENDERS; i++) {
      long one = random.nextLong();
      work.add(
          threads.submit(
              new ClusterSender("s" + i, one, doors, journal, timeline, outcomes, shared)));
    }
    List<Future<?>> troubles = trouble(threads);
    journal.over().countDown();
    long settling = System.nanoTime();
    recover(troubles, threads);
    finish(work);
    awaitQuiet();
    return audit(doors, authors, receivers, readers, settling);
  }

  private void awaitDeclared(Doors doors) throws IOException, InterruptedException {
    long until = System.nanoTime() + DECLARED_WITHIN.toNanos();
    for (int node = 0; node < addresses.size(); ) {
      if (knows(doors.node(node))) {
        node++;
      } else if (System.nanoTime() > until) {
        throw new IOException("node " + node + " did not take up the organization");
      } else {
        journal.over().await(50, TimeUnit.MILLISECONDS);
      }
    }
  }

  private static boolean knows(ApiClient node) throws InterruptedException {
    try {
      return node.token().status() == 200;
    } catch (IOException e) {
      return false; // It takes its time, and is asked again.
    }
  }

  private Authors begin(Doors doors, ClusterReceivers receivers)
      throws IOException, InterruptedException {
    ApiClient api = doors.calm();
    receivers.register(api);
    List<String> webhooks = receivers.webhooks();
    api.create(
        ScheduleAuthor.PATH,
        new JsonObject()
            .put("name", SCHEDULED)
            .put("entity", Appointments.BILL)
            .put("field", ScheduleAuthor.FIELD)
            .put("offset", 0));
    link(api, api.ruleThatAlwaysFires(RING, SCHEDULED), webhooks.getFirst());
    link(
        api,
        api.rule(SharedEntities.CROSSED, SharedEntities.EVENT, SharedEntities.CALCULATION),
        webhooks.getLast());
    ScheduleAuthor schedule = new ScheduleAuthor(doors, journal, random.nextLong());
    schedule.begin();
    ClusterAuthor rules = new ClusterAuthor(doors, journal, timeline, random.nextLong(), webhooks);
    rules.begin();
    return new Authors(rules, schedule);
  }

  private void link(ApiClient api, String rule, String webhook)
      throws IOException, InterruptedException {
    journal.linked(new Deliveries.Link(api.link(rule, webhook), rule, webhook));
  }

  /** Has readers subscribe, who then know an event to go on after. */
  private List<StreamReader> follow(Doors doors, ExecutorService threads)
      throws IOException, InterruptedException {
    List<StreamReader> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      StreamReader reader =
          new StreamReader(addresses, account.organization(), doors, random.nextLong(), read);
      readers.add(reader);
      threads.execute(reader);
      reader.awaitConnected(DECLARED_WITHIN);
    }
    JsonObject opening =
        new JsonObject()
            .put("id", "opening")
            .put("eventName", "configuration.account.created")
            .put("new", new JsonObject().put("id", "opening"));
    journal.sent(opening);
    journal.acknowledged("opening", doors.calm().events(opening).accepted().getFirst());
    for (StreamReader reader : readers) {
      reader.await(1, DECLARED_WITHIN);
    }
    return readers;
  }

  /** Has everything happen in its time; answers what has not ended. */
  private List<Future<?>> trouble(ExecutorService threads) throws InterruptedException {
    long began = System.nanoTime();
    List<Future<?>> running = new ArrayList<>();
    for (Trouble trouble : schedule) {
      await(began, trouble.at());
      for (ClusterNode node : ground.nodes()) {
        if (trouble.kind() == Trouble.Kind.KILL_ALL || node == ground.nodes().get(trouble.node())) {
          running.add(threads.submit(() -> suffer(node, trouble)));
        }
      }
    }
    await(began, millis);
    awaitSubstance();
    return running;
  }

  /** Nodes may have been away nearly all the time. Then the load lasts until there was some. */
  private void awaitSubstance() throws InterruptedException {
    long until = System.nanoTime() + SUBSTANCE_WITHIN.toNanos();
    while (outcomes.statesShown() < 2
        || journal.appointments().size() < 3
        || journal.acknowledged().keySet().stream().noneMatch(ClusterSender::isShared)) {
      if (System.nanoTime() > until || journal.givenUp().await(100, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  private Void suffer(ClusterNode node, Trouble trouble) throws IOException, InterruptedException {
    if (node.suffer(trouble, journal.over())) {
      synchronized (suffered) {
        suffered.merge(trouble.kind(), 1, Integer::sum);
      }
    }
    return null;
  }

  private void await(long began, int until) throws InterruptedException {
    journal.givenUp().await(until - (System.nanoTime() - began) / 1_000_000, TimeUnit.MILLISECONDS);
  }

  private void recover(List<Future<?>> troubles, ExecutorService threads)
      throws InterruptedException {
    finish(troubles);
    List<Future<?>> all = new ArrayList<>();
    for (ClusterNode node : ground.nodes()) {
      all.add(
          threads.submit(() -> {
            node.recover();
            return null;
          }));
    }
    finish(all);
  }

  /** Waits for the end of what was begun; what fails, or does not end, is a complaint. */
  private void finish(List<Future<?>> work) throws InterruptedException {
    long until = System.nanoTime() + SETTLED_WITHIN.toNanos();
    for (Future<?> one : work) {
      try {
        one.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        journal.broken("failed: " + e.getCause());
      } catch (TimeoutException e) {
        journal.broken("something did not end within " + SETTLED_WITHIN);
        journal.givenUp().countDown();
      }
    }
  }

  /** Waits until nothing waits or is leased any more. */
  private void awaitQuiet() throws InterruptedException {
    long until = System.nanoTime() + SETTLED_WITHIN.toNanos();
    String waiting = tables.waiting();
    while (!waiting.isEmpty()
        && System.nanoTime() < until
        && !journal.givenUp().await(200, TimeUnit.MILLISECONDS)) {
      waiting = tables.waiting();
    }
    if (!waiting.isEmpty()) {
      journal.broken("left for ever:" + waiting);
    }
  }

  private ClusterResult audit(
      Doors doors,
      Authors authors,
      ClusterReceivers receivers,
      List<StreamReader> readers,
      long settling)
      throws IOException, InterruptedException {
    ClusterAudit audit = new ClusterAudit(journal);
    List<JsonObject> events = doors.calm().list("/events?pageSize=100");
    audit.events(
        events,
        new ClusterAudit.Known(
            outcomes,
            authors.rules().versions(),
            authors.schedule().entity(),
            tables.lastEvents()));
    audit.found("fired otherwise than it notified", tables.firedOtherwise());
    audit.found("state of another event than the latest", tables.statesOtherwise());
    List<Deliveries.Run> runs = tables.runs();
    new Deliveries(ClusterGround.LEASE, audit::complain)
        .judge(runs, audit.notifications(), journal.links(), receivers.taken(), stops());
    boolean inTime = true;
    for (StreamReader reader : readers) {
      inTime &= reader.hasSeen(events.size(), SETTLED_WITHIN.dividedBy(READERS));
    }
    if (!inTime) {
      audit.complain("streams are behind", "after " + SETTLED_WITHIN);
    }
    audit.streams(readers.stream().map(StreamReader::seen).toList());
    long membersLost = 0;
    long hazelcastErrors = 0;
    for (int node = 0; node < addresses.size(); node++) {
      List<String> log = ground.nodes().get(node).logSince(logged.get(node));
      for (String error : LoggedErrors.in(log)) {
        audit.complain("logged as an error", "node " + node + " " + error);
      }
      hazelcastErrors += LoggedErrors.hazelcasts(log);
      membersLost += log.stream().filter(line -> line.contains(MEMBER_LOST)).count();
    }
    Map<String, Long> figures = figures(doors, audit, receivers, readers, settling);
    figures.put("runs", (long) runs.size());
    figures.put("takeovers", runs.stream().mapToLong(run -> run.claims() - run.recorded()).sum());
    figures.put("membersLost", membersLost);
    figures.put("hazelcastErrors", hazelcastErrors);
    figures.put("scheduleTurns", (long) authors.schedule().turns());
    audit.substance(figures);
    return new ClusterResult(seed, happenings(), figures, audit.complaints());
  }

  private Map<String, Long> figures(
      Doors doors,
      ClusterAudit audit,
      ClusterReceivers receivers,
      List<StreamReader> readers,
      long settling) {
    Map<String, Long> figures = new LinkedHashMap<>();
    synchronized (suffered) {
      figures.put("faults", suffered.values().stream().mapToLong(Integer::longValue).sum());
      for (Trouble.Kind kind : Trouble.Kind.values()) {
        figures.put(kind.name(), (long) suffered.getOrDefault(kind, 0));
      }
    }
    figures.put("sent", (long) journal.sent().size());
    figures.put("acknowledged", (long) journal.acknowledged().size());
    figures.put("requestsRepeated", (long) doors.repeated());
    figures.put("ruleChanges", (long) timeline.changes());
    figures.put("duringChange", outcomes.overlapping());
    figures.put("toldStatesApart", outcomes.telling());
    figures.put("changesShown", outcomes.statesShown());
    figures.put("sharedUpdates", (long) audit.sharedUpdates());
    figures.put("cameLate", (long) audit.late());
    figures.put("dated", (long) journal.appointments().size());
    figures.put("fired", (long) audit.fired());
    figures.put("stored", (long) audit.stored());
    figures.put("notifications", (long) audit.notifications().size());
    figures.put("webhooksRepeated", (long) receivers.repeated());
    figures.put("streamsOpened", readers.stream().mapToLong(StreamReader::connections).sum());
    figures.put("settledAfterMillis", (System.nanoTime() - settling) / 1_000_000);
    return figures;
  }
}
