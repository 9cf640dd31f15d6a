package dev.tocsin.event;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event that passed validation and is not stored yet.
 *
 * @param key null when the sender gave no id to recognise a repetition by
 * @param time when the change happened; truncated to microseconds, which is what is stored
 * @param timing whether that is what the sender says or when it arrived
 * @param entity null for an event that is about no entity, such as a failure
 * @param transition what happened to the entity; {@link Transition#NONE} when nothing did
 * @param after the new state; null for a deletion
 * @param before the old state as sent; null when it was not sent, or there was none
 * @param names what it may be named, when its sender gives the entity's state and does not say what
 *     happened: that is told from the stored state. Until then it is named as if it were an update,
 *     or a deletion when there is no new state. Null for an event that says what happened
 */
public record IncomingEvent(
    @Nullable IdempotencyKey key,
    EventName name,
    Category category,
    Instant time,
    Timing timing,
    @Nullable EntityRef entity,
    Transition transition,
    @Nullable String accountId,
    @Nullable Payload after,
    @Nullable Payload before,
    @Nullable ChangeNames names) {
  public IncomingEvent {
    Objects.requireNonNull(name);
    Objects.requireNonNull(category);
    Objects.requireNonNull(time);
    Objects.requireNonNull(timing);
    Objects.requireNonNull(transition);
  }

  /** An event that says what happened. */
  public IncomingEvent(
      @Nullable IdempotencyKey key,
      EventName name,
      Category category,
      Instant time,
      Timing timing,
      @Nullable EntityRef entity,
      Transition transition,
      @Nullable String accountId,
      @Nullable Payload after,
      @Nullable Payload before) {
    this(key, name, category, time, timing, entity, transition, accountId, after, before, null);
  }

  /** Where an event's time comes from. */
  public enum Timing {
    /** The sender says when the change happened. */
    SENT,
    /** The sender does not say, so it happened when it arrived, after all that arrived before. */
    ARRIVED
  }

  /** The same event, arrived no earlier than a moment. */
  public IncomingEvent arrivedAfter(Instant moment) {
    return timing == Timing.SENT || !moment.isAfter(time)
        ? this
        : new IncomingEvent(
            key,
            name,
            category,
            moment,
            timing,
            entity,
            transition,
            accountId,
            after,
            before,
            names);
  }

  /** Whether what happened is still to be told from the stored state. */
  public boolean isUndecided() {
    return names != null;
  }

  /** The event that tells of what happened, which was told from the stored state. */
  public IncomingEvent decided(Transition change, @Nullable String account) {
    EventName decided = names == null ? name : names.of(change);
    return new IncomingEvent(
        key, decided, category, time, timing, entity, change, account, after, before);
  }

  /** The entity whose state the event changes; null when it changes none. */
  public @Nullable EntityRef changed() {
    return transition == Transition.NONE ? null : entity;
  }

  /** Whether the old state, which the sender left out, is to be taken from the entity's store. */
  public boolean wantsStoredState() {
    return isUndecided() || lacksOld();
  }

  private boolean lacksOld() {
    return transition == Transition.UPDATED && before == null && entity != null;
  }
}
