package dev.tocsin.stream;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.stream.Subscription.Outcome;
import io.micrometer.core.instrument.Counter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the events of one organization for all who subscribed to them on this node: reads each
 * once, and shows it to everybody who has come as far. Whoever is behind reads by himself, in turns
 * with all others who are, until he has caught up, and then joins the others; whoever cannot be
 * shown something goes back to that.
 *
 * <p>Two things make that free of gaps and repetitions. Up to the shared place, no event can come
 * any more that is not there; so a read that began after the place was known finds all up to it.
 * And the shared place moves under the same lock under which somebody joins, so he is either among
 * those who are shown what lies between, or behind the place it moved to.
 *
 * <p>Thread-safe.
 */
final class Follower {
  private static final Logger log = LoggerFactory.getLogger(Follower.class);

  private final OrganizationId organization;
  private final EventTail tail;
  private final StreamSettings settings;
  private final Turns turns;
  private final Timers timers;
  private final InstantSource clock;
  private final Counter overflow;
  private final BiConsumer<Subscription, @Nullable End> left;
  private final Bell bell;
  private final HeldLooks heldLooks;

  /** Everybody, with the bell of his own reading. */
  private final Map<Subscription, Bell> members = new HashMap<>();

  /** Those who have come as far as the shared place. */
  private final Set<Subscription> live = new HashSet<>();

  private Position position;
  private boolean checksDue;
  private volatile @Nullable Instant heldSince;

  /** So that an outage is logged once, and not by every look. */
  private volatile boolean failing;

  /**
   * A follower that nobody is with yet.
   *
   * @param position where it begins; nothing before it is missing
   * @param threads run what is done for all who are live; nothing is before it
   * @param turns of those who are behind
   * @param overflow counts those who had no room for what others were shown
   * @param left told of everybody who is no member any more, and why if that was not his own wish
   */
  Follower(
      OrganizationId organization,
      Position position,
      EventTail tail,
      StreamSettings settings,
      Executor threads,
      Turns turns,
      Timers timers,
      InstantSource clock,
      Counter overflow,
      BiConsumer<Subscription, @Nullable End> left) {
    this.organization = organization;
    this.position = position;
    this.tail = tail;
    this.settings = settings;
    this.turns = turns;
    this.timers = timers;
    this.clock = clock;
    this.overflow = overflow;
    this.left = left;
    this.bell = new Bell(threads, this::step);
    this.heldLooks = new HeldLooks(timers, settings.pollEvery(), bell::ring);
  }

  /** Takes somebody in, who begins where his subscription stands. */
  void add(Subscription subscription) {
    Bell own = new Bell(work -> turns.take(organization, work), () -> catchUp(subscription));
    synchronized (this) {
      members.put(subscription, own);
      // Or he would wait until everything was read from where the last one fell back.
      if (live.isEmpty() && subscription.beginsWithPresent()) {
        position = position.orLater(subscription.position());
      }
      if (!subscription.position().isBefore(position)) {
        goLive(subscription);
      }
    }
    wake(subscription, own);
  }

  private void wake(Subscription subscription, Bell own) {
    if (isLive(subscription)) {
      bell.ring();
    } else {
      own.ring();
    }
  }

  /** Lets somebody go; nothing happens when he is gone already. */
  void remove(Subscription subscription, @Nullable End why) {
    synchronized (this) {
      live.remove(subscription);
      if (members.remove(subscription) == null) {
        return;
      }
    }
    left.accept(subscription, why);
  }

  /** Lets everybody go. */
  void removeAll(End why) {
    members().forEach(one -> remove(one, why));
  }

  /** There may be new events. */
  void wake() {
    bell.ring();
  }

  /** Looks whether there are, and whether everybody may still see them. */
  void poll() {
    synchronized (this) {
      checksDue = true;
    }
    bell.ring();
  }

  /** Since when events are there that may not be passed; null when there are none. */
  @Nullable Instant heldSince() {
    return heldSince;
  }

  synchronized int catchingUp() {
    return members.size() - live.size();
  }

  private synchronized List<Subscription> members() {
    return List.copyOf(members.keySet());
  }

  private synchronized boolean isLive(Subscription subscription) {
    return live.contains(subscription);
  }

  private synchronized boolean takeChecksDue() {
    boolean due = checksDue;
    checksDue = false;
    return due;
  }

  private synchronized @Nullable Position sharedPlace() {
    return live.isEmpty() ? null : position;
  }

  /** One read for all who are live. */
  private void step() {
    if (takeChecksDue()) {
      members().stream().filter(Subscription::isLost).forEach(one -> remove(one, End.RIGHTS_LOST));
    }
    Position from = sharedPlace();
    if (from == null) {
      heldSince = null;
      return;
    }
    Instant now = clock.instant();
    Stretch stretch = read(from, settings.readEventsMax());
    if (stretch == null) {
      return; // The next poll tries again.
    }
    Visibility visibility = new Visibility(tail, organization);
    for (Subscription one : moveTo(from, stretch.end(from, now))) {
      settle(one, one.show(stretch.events(), visibility));
    }
    goOn(stretch);
  }

  /**
   * Moves the shared place; answers those who have to be shown what it moved over.
   *
   * @param from the place from which was read. Somebody may have come since for whom older events
   *     count, which that read did not look for
   */
  private synchronized List<Subscription> moveTo(Position from, Position reached) {
    boolean looksBack = position.since().isBefore(from.since());
    position = position.orLater(looksBack ? reached.lookingBackTo(position.since()) : reached);
    return List.copyOf(live);
  }

  private void settle(Subscription subscription, Outcome outcome) {
    switch (outcome) {
      case DONE -> {}
      case FULL -> {
        overflow.increment();
        fallBack(subscription, own -> subscription.subscriber().whenRoom(own::ring));
      }
      case LOST -> remove(subscription, End.RIGHTS_LOST);
      case UNCLEAR -> fallBack(subscription, own -> timers.after(settings.pollEvery(), own::ring));
    }
  }

  /** Has somebody read by himself what he was not shown with the others. */
  private void fallBack(Subscription subscription, Consumer<Bell> later) {
    Bell own;
    synchronized (this) {
      live.remove(subscription);
      own = members.get(subscription);
    }
    if (own != null) {
      later.accept(own);
    }
  }

  private void goOn(Stretch stretch) {
    heldSince = stretch.heldSince();
    if (!stretch.events().isEmpty() || stretch.heldSince() == null) {
      heldLooks.soon();
    }
    if (stretch.hasMore()) {
      bell.ring();
    } else if (stretch.heldSince() != null) {
      heldLooks.again();
    }
  }

  private @Nullable Stretch read(Position from, int max) {
    try {
      Stretch stretch = tail.read(organization, from, max);
      failing = false;
      return stretch;
    } catch (RuntimeException e) {
      if (!failing) {
        log.warn("events not followed organization={} cause=\"{}\"", organization, e.toString());
      }
      failing = true;
      return null;
    }
  }

  /** One read for somebody who is behind. */
  private void catchUp(Subscription subscription) {
    Position shared;
    Bell own;
    synchronized (this) {
      shared = position;
      own = members.get(subscription);
      if (own == null || live.contains(subscription)) {
        return;
      }
    }
    Position from = subscription.position();
    Instant now = clock.instant();
    int max = Math.min(subscription.appetite(), settings.readEventsMax());
    Stretch stretch = read(from, max);
    if (stretch == null) {
      timers.after(settings.pollEvery(), own::ring);
      return;
    }
    switch (subscription.show(stretch.events(), new Visibility(tail, organization))) {
      case DONE -> {
        subscription.advance(stretch.end(from, now));
        if (stretch.hasMore() || !join(subscription, shared, stretch.events())) {
          own.ring();
        }
      }
      case FULL -> subscription.subscriber().whenRoom(own::ring);
      case LOST -> remove(subscription, End.RIGHTS_LOST);
      case UNCLEAR -> timers.after(settings.pollEvery(), own::ring);
    }
  }

  /**
   * Lets somebody join who has read to the end.
   *
   * @param shared the shared place before he did, so that he has read up to it
   * @param events what he read last
   * @return whether he could: if not, the others are further on again
   */
  private boolean join(Subscription subscription, Position shared, List<Placed> events) {
    subscription.advance(shared.lookingBackTo(subscription.position().since()));
    synchronized (this) {
      if (!members.containsKey(subscription)) {
        return true;
      }
      // Not to where he stands: he may have begun after an event that could not be passed yet.
      if (live.isEmpty() && !events.isEmpty()) {
        position = position.orLater(events.getLast().position());
      }
      if (subscription.position().isBefore(position)) {
        return false;
      }
      goLive(subscription);
    }
    bell.ring();
    return true;
  }

  /** From then on, what counts for him is read for all, also what has been held for long. */
  private void goLive(Subscription subscription) {
    position = position.lookingBackTo(subscription.position().since());
    live.add(subscription);
  }
}
