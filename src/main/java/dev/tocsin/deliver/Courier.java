package dev.tocsin.deliver;

import dev.tocsin.deliver.Attempted.Next;
import dev.tocsin.event.Horizon;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.StoreUnavailable;
import dev.tocsin.webhook.Answer;
import dev.tocsin.webhook.WebhookRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of deliver: holds the runs of its webhooks, makes the attempts, and writes down what
 * came of them.
 *
 * <p>A run is held from {@link #accept} until its outcome is written. It is attempted only while
 * its lease outlasts the attempt, so two nodes never attempt one run at the same time; a run that
 * waited too long is forgotten here and claimed again by a sweep, as is one whose event expired
 * meanwhile, which the sweep then ends.
 *
 * <p>Not thread-safe: one verticle's context makes all calls, some of them while another waits for
 * the store.
 */
public final class Courier {
  private static final Logger log = LoggerFactory.getLogger(Courier.class);

  /** What an attempt may take beyond its timeout: noticing that it is over, and writing it down. */
  private static final Duration LEASE_MARGIN = Duration.ofSeconds(2);

  private final DeliverSettings settings;
  private final Room room;
  private final Sender sender;
  private final DeliveryStore store;
  private final InstantSource clock;
  private final Horizon horizon;
  private final RetryPolicy retries;
  private final Reports reports;
  private final Counter expired;
  private final Counter withheld;
  private final RunQueues queues;
  private final Outcomes outcomes;
  private Runnable outcomeReady = () -> {};
  private Runnable whenQuiet = () -> {};
  private int inFlight;
  private int releasing;
  private boolean starting;
  private boolean stopped;

  /**
   * A courier that holds nothing yet.
   *
   * @param room shared by every instance on this node
   * @param clock the database's clock as this node knows it, since leases are compared with it
   * @param horizon how far back events are kept: what has expired is not sent any more
   */
  public Courier(
      DeliverSettings settings,
      Room room,
      Sender sender,
      DeliveryStore store,
      InstantSource clock,
      Horizon horizon,
      RandomGenerator random,
      MeterRegistry meters) {
    this.settings = settings;
    this.room = room;
    this.sender = sender;
    this.store = store;
    this.clock = clock;
    this.horizon = horizon;
    this.retries = new RetryPolicy(settings, random);
    this.reports = new Reports(settings.timeout(), meters);
    this.expired = meters.counter("tocsin.deliver.expired");
    this.withheld = meters.counter("tocsin.deliver.withheld");
    this.queues =
        new RunQueues(settings.perOrganizationConcurrency(), settings.perWebhookConcurrency());
    this.outcomes = new Outcomes(store, room, settings.outcomeBatchMax(), meters);
  }

  /**
   * What one round of writing did, in outcomes.
   *
   * @param taken those that are dealt with
   * @param dropped those of them that came after their lease was lost
   * @param interrupted whether the store could not be reached, so that the next round should wait
   */
  public record Round(int taken, int dropped, boolean interrupted) {}

  /** Sets what to call whenever {@link #writeAll} has something to do. */
  public void whenOutcomeReady(Runnable call) {
    outcomeReady = call;
  }

  /** Takes the runs that there is room for, and starts what may start. */
  public void accept(List<LeasedRun> runs) {
    if (stopped) {
      release(runs);
      return;
    }
    for (LeasedRun run : runs) {
      if (room.enter(run.organization(), run.destination().id())) {
        queues.add(run);
      }
    }
    startWhatMay();
  }

  /** An answer that comes before its send returns ends up here again; the outer call goes on. */
  private void startWhatMay() {
    if (starting) {
      return;
    }
    starting = true;
    try {
      while (!stopped && inFlight < settings.inFlightMax()) {
        LeasedRun run = queues.next();
        if (run == null) {
          return;
        }
        start(run);
      }
    } finally {
      starting = false;
    }
  }

  private void start(LeasedRun run) {
    Instant now = clock.instant();
    if (!run.leaseEnd().isAfter(now.plus(settings.timeout()).plus(LEASE_MARGIN))) {
      expired.increment();
      forget(run);
      return;
    }
    if (horizon.hides(run.organization(), run.message().cause().id())) {
      withheld.increment();
      forget(run);
      return;
    }
    inFlight++;
    room.started();
    Attempt attempt = new Attempt(run, now);
    if (run.lacksMapping()) {
      attempt.end(
          new Answer.Unsent("there is no mapping of account " + run.message().cause().accountId()));
      return;
    }
    try {
      WebhookRequest request =
          new WebhookRequest(
              run.destination(), run.message().id(), NotificationBody.of(run.message()));
      sender.send(request, attempt::end);
    } catch (RuntimeException e) {
      log.error(
          "attempt failed organization={} run={} webhook={}",
          run.organization(),
          run.id(),
          run.destination().id(),
          e);
      attempt.end(new Answer.Unreachable("the request could not be made"));
    }
  }

  /** Leaves a run to the sweep that claims it when its lease ends, or ends it. */
  private void forget(LeasedRun run) {
    room.leave(run.organization(), run.destination().id());
    queues.finished(run);
  }

  /** An attempt under way. It ends once, even if its sender answers first and fails afterwards. */
  private final class Attempt {
    private final LeasedRun run;
    private final Instant started;
    private boolean ended;

    private Attempt(LeasedRun run, Instant started) {
      this.run = run;
      this.started = started;
    }

    private void end(Answer answer) {
      if (!ended) {
        ended = true;
        finish(run, started, answer);
      }
    }
  }

  private void finish(LeasedRun run, Instant started, Answer answer) {
    Instant now = clock.instant();
    // The clock only goes back when the database's own was set back by more than a second.
    Duration took = now.isAfter(started) ? Duration.between(started, now) : Duration.ZERO;
    Next next = retries.after(answer, run.attempt());
    outcomes.add(reports.attempted(run, started, took, answer, next));
    inFlight--;
    room.ended();
    queues.finished(run);
    startWhatMay();
    outcomeReady.run();
  }

  /** Writes down the next batch of outcomes, if there are any. */
  public Round runOnce() {
    return outcomes.runOnce();
  }

  /**
   * Writes down every outcome there is, those included that arrive meanwhile.
   *
   * @return whether that was possible; if not, it should be tried again after a pause
   */
  public boolean writeAll() {
    try {
      while (!outcomes.isIdle()) {
        if (runOnce().interrupted()) {
          return false;
        }
      }
    } catch (RuntimeException e) {
      log.error("outcomes not written", e);
      return false;
    }
    tellIfQuiet();
    return true;
  }

  /**
   * Starts nothing any more, and gives back what waits or still arrives, so that it is sent by
   * another node or after the next start without waiting for its lease. What is in flight goes on.
   *
   * @param call what to call, once or more often, when no attempt is in flight and every outcome is
   *     written
   */
  public void stop(Runnable call) {
    whenQuiet = call;
    stopped = true;
    List<LeasedRun> waiting = queues.takeAll();
    waiting.forEach(run -> room.leave(run.organization(), run.destination().id()));
    release(waiting);
  }

  /** What cannot be given back is claimed by a sweep when its lease ends. */
  private void release(List<LeasedRun> runs) {
    releasing++;
    try {
      if (!runs.isEmpty()) {
        store.release(runs);
      }
    } catch (StoreUnavailable e) {
      log.warn("runs not released {} cause=\"{}\"", FirstFew.of(runs), e.getMessage());
    } catch (RuntimeException e) {
      log.error("runs not released {}", FirstFew.of(runs), e);
    } finally {
      releasing--;
    }
    tellIfQuiet();
  }

  private void tellIfQuiet() {
    if (stopped && isQuiet()) {
      whenQuiet.run();
    }
  }

  /** Whether nothing is in flight, being written or being given back. */
  public boolean isQuiet() {
    return unfinished() == 0 && releasing == 0;
  }

  /** How many runs are in flight or not written down; zero once {@link #isQuiet}. */
  public int unfinished() {
    return inFlight + outcomes.size();
  }
}
