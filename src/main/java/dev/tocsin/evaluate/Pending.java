package dev.tocsin.evaluate;

import dev.tocsin.event.EventId;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.flow.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An event that waits to be committed. It keeps its id over every attempt, so that after a commit
 * whose outcome was lost the store can be asked whether the event is there.
 */
final class Pending {
  /** What a row costs beside its payload, so that many small events are bounded too. */
  private static final int ROW_BYTES = 200;

  private final Submission submission;
  private final int index;
  private final IncomingEvent event;
  private final List<Pending> twins = new ArrayList<>(0);
  private @Nullable EventId id;
  private boolean uncertain;

  Pending(Submission submission, int index, IncomingEvent event) {
    this.submission = submission;
    this.index = index;
    this.event = event;
  }

  OrganizationId organization() {
    return submission.organization();
  }

  Submission submission() {
    return submission;
  }

  IncomingEvent event() {
    return event;
  }

  /** What no other event may share while this one is being committed: its entity, its key. */
  Stream<Object> claims() {
    return Stream.<@Nullable Object>of(event.changed(), event.key()).filter(Objects::nonNull);
  }

  int bytes() {
    return ROW_BYTES + length(event.after()) + length(event.before());
  }

  private static int length(@Nullable Payload payload) {
    return payload == null ? 0 : payload.json().length();
  }

  /** Given with the first judgement. */
  @Nullable EventId id() {
    return id;
  }

  /** The id of an event that was judged before. */
  EventId idGiven() {
    return Objects.requireNonNull(id);
  }

  /** Whether a commit of this event can have been tried at all. */
  boolean wasJudged() {
    return id != null;
  }

  boolean isSettled() {
    return submission.isSettled(index);
  }

  boolean isStored() {
    return submission.isStored(index);
  }

  void identify(EventId given) {
    id = given;
  }

  /** Whether an earlier commit of this event may have happened without our knowing. */
  boolean isUncertain() {
    return uncertain;
  }

  void doubt(boolean doubt) {
    uncertain = doubt;
  }

  /** Lets another event with the same key share the fate of this one, as its repetition. */
  void adopt(Pending twin) {
    twins.add(twin);
  }

  void stored(Settlement.Stored stored) {
    submission.settle(index, stored);
    Settlement.Duplicate repetition =
        new Settlement.Duplicate(stored.id(), stored.decided(), stored.notifications());
    twins.forEach(twin -> twin.repeated(repetition));
  }

  /**
   * Settles what makes no event, and so uses no key.
   *
   * @return those that shared its key, which are events of their own now
   */
  List<Pending> withoutEvent(Settlement settlement) {
    submission.settle(index, settlement);
    List<Pending> freed = List.copyOf(twins);
    twins.clear();
    return freed;
  }

  void repeated(Settlement.Duplicate duplicate) {
    submission.settle(index, duplicate);
    twins.forEach(twin -> twin.repeated(duplicate));
  }

  void unsettled(Settlement.Unsettled unsettled) {
    submission.settle(index, unsettled);
    twins.forEach(twin -> twin.unsettled(unsettled));
  }
}
