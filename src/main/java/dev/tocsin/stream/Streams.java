package dev.tocsin.stream;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * All subscriptions of a node: who may begin one, and a follower for each organization that has
 * any.
 *
 * <p>Thread-safe.
 */
public final class Streams {
  private final EventTail tail;
  private final StreamSettings settings;
  private final Executor threads;
  private final Turns turns;
  private final Timers timers;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final Room room;
  private final Counter overflow;

  /** Those of organizations that have subscriptions. */
  private final Map<OrganizationId, Following> followers = new HashMap<>();

  private boolean stopping;

  /** A follower, and how many are with it. */
  private static final class Following {
    private final Follower follower;
    private int subscriptions;

    Following(Follower follower) {
      this.follower = follower;
    }
  }

  /**
   * A node without subscriptions.
   *
   * @param threads runs work on a thread that may wait, and never refuses
   */
  public Streams(
      EventTail tail,
      StreamSettings settings,
      Executor threads,
      Timers timers,
      InstantSource clock,
      MeterRegistry meters) {
    this.tail = tail;
    this.settings = settings;
    this.threads = threads;
    this.turns = new Turns(threads, settings.catchUpsMax());
    this.timers = timers;
    this.clock = clock;
    this.meters = meters;
    this.room = new Room(settings, meters);
    this.overflow = meters.counter("tocsin.stream.overflow");
    meters.gauge("tocsin.stream.followers", this, Streams::followers);
    meters.gauge("tocsin.stream.catchingup", this, Streams::catchingUp);
    meters.gauge("tocsin.stream.held.seconds", this, Streams::heldSeconds);
  }

  /** A place among the subscriptions, with where it begins; to be used, or given back. */
  public final class Beginning {
    private final OrganizationId organization;
    private final Position from;
    private final EventTail.Start start;

    private Beginning(OrganizationId organization, Position from, EventTail.Start start) {
      this.organization = organization;
      this.from = from;
      this.start = start;
    }

    /** Shows somebody events from here on; answers how he leaves, which may be called twice. */
    public Runnable follow(Subscriber subscriber) {
      return subscribe(this, subscriber);
    }

    /** Gives the place back. */
    public void abandon() {
      room.leave(organization);
    }
  }

  /**
   * Begins a subscription: after an event, or with what is stored from now on.
   *
   * @param hidden what the subscriber may not see
   * @return complete at once when there is no room; fails as the store does
   */
  public CompletableFuture<Opening> open(
      OrganizationId organization, HiddenEvents hidden, @Nullable EventId after) {
    Opening.Full refusal = room.enter(organization);
    if (refusal != null) {
      return CompletableFuture.completedFuture(refusal);
    }
    return CompletableFuture.supplyAsync(() -> begin(organization, hidden, after), threads)
        .whenComplete((opening, failure) -> {
          if (!(opening instanceof Opening.Ready)) {
            room.leave(organization);
          }
        });
  }

  private Opening begin(OrganizationId organization, HiddenEvents hidden, @Nullable EventId after) {
    Instant now = clock.instant();
    Optional<EventTail.Start> found = tail.start(organization, hidden, after);
    if (found.isEmpty()) {
      return new Opening.Unknown();
    }
    EventTail.Start start = found.get();
    Position from =
        after == null
            ? Position.before(start.snapshot().below(), now)
            : Position.of(Objects.requireNonNull(start.transaction()), after);
    return new Opening.Ready(new Beginning(organization, from, start));
  }

  private Runnable subscribe(Beginning beginning, Subscriber subscriber) {
    OrganizationId organization = beginning.organization;
    Snapshot snapshot = beginning.start.snapshot();
    Subscription subscription =
        new Subscription(
            subscriber, beginning.from, beginning.start.transaction() == null ? snapshot : null);
    Follower follower;
    synchronized (this) {
      Following following =
          followers.computeIfAbsent(organization, none -> follow(organization, snapshot));
      following.subscriptions++;
      follower = following.follower;
    }
    follower.add(subscription);
    // Looked at only now: whoever was not there yet when all were ended sees it here.
    if (isStopping()) {
      follower.remove(subscription, End.STOPPING);
    }
    return () -> follower.remove(subscription, null);
  }

  private Following follow(OrganizationId organization, Snapshot snapshot) {
    return new Following(
        new Follower(
            organization,
            Position.before(snapshot.below(), clock.instant()),
            tail,
            settings,
            threads,
            turns,
            timers,
            clock,
            overflow,
            (subscription, why) -> left(organization, subscription, why)));
  }

  private void left(OrganizationId organization, Subscription subscription, @Nullable End why) {
    synchronized (this) {
      Following following = Objects.requireNonNull(followers.get(organization), "no follower");
      following.subscriptions--;
      if (following.subscriptions == 0) {
        followers.remove(organization);
      }
    }
    room.leave(organization);
    String reason = why == null ? "left" : why.name().toLowerCase(Locale.ROOT);
    meters.counter("tocsin.stream.ended", "reason", reason).increment();
    if (why != null) {
      subscription.subscriber().end(why);
    }
  }

  /** Events of these organizations were stored. */
  public void stored(Collection<OrganizationId> organizations) {
    for (OrganizationId organization : organizations) {
      Follower follower = find(organization);
      if (follower != null) {
        follower.wake();
      }
    }
  }

  private synchronized @Nullable Follower find(OrganizationId organization) {
    Following following = followers.get(organization);
    return following == null ? null : following.follower;
  }

  /** Looks for what no message came of, and whether everybody may still see events. */
  public void poll() {
    all().forEach(Follower::poll);
  }

  /** How often to do so. */
  Duration pollEvery() {
    return settings.pollEvery();
  }

  /** Ends all there are, and those that are about to begin, since the server stops. */
  public void endAll() {
    synchronized (this) {
      stopping = true;
    }
    all().forEach(follower -> follower.removeAll(End.STOPPING));
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  private synchronized List<Follower> all() {
    return followers.values().stream().map(following -> following.follower).toList();
  }

  private synchronized int followers() {
    return followers.size();
  }

  private int catchingUp() {
    return all().stream().mapToInt(Follower::catchingUp).sum();
  }

  /** For how long the event has been kept back that is so the longest. */
  private double heldSeconds() {
    Instant now = clock.instant();
    return all().stream()
            .map(Follower::heldSince)
            .filter(Objects::nonNull)
            .mapToLong(since -> Math.max(0, Duration.between(since, now).toMillis()))
            .max()
            .orElse(0)
        / 1_000.0;
  }
}
