package dev.tocsin.faults;

import dev.tocsin.faults.Appointments.Date;
import dev.tocsin.faults.Appointments.Dated;
import dev.tocsin.faults.Appointments.Distance;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * One sender's bills, and balances of the same ids: their dates come, are moved before that and
 * after it, and go with them.
 */
final class DatedEntities {
  private static final int NEAR_MILLIS = 8_000;
  private static final int AT_LAST_MILLIS = 2_000;
  private static final int OVER_SECONDS_MIN = 120;
  private static final int FAR_SECONDS_MIN = 3_600;
  private static final int SPREAD_SECONDS = 600;

  private final Random random;
  private final Appointments appointments;
  private final List<Held> living = new ArrayList<>();

  /** None is made a second time: what was deleted has no state that the next one is of. */
  private final Set<Dated> made = new HashSet<>();

  /** An entity, and the date that was acknowledged last. */
  private record Held(Dated which, Date date) {}

  /** An event that is to be sent, and what is to be noted when it is acknowledged. */
  record Change(JsonObject event, Runnable acknowledged) {}

  DatedEntities(Random random, Appointments appointments) {
    this.random = random;
    this.appointments = appointments;
  }

  /**
   * Whatever may happen next.
   *
   * @param sender the event's id
   */
  Change next(String sender) {
    int percent = random.nextInt(100);
    if (living.isEmpty() || percent < 35) {
      return dated(sender, new Dated(Appointments.BILL, "of-" + sender));
    }
    Held one = living.get(random.nextInt(living.size()));
    Dated beside = new Dated(Appointments.BALANCE, one.which().id());
    if (percent < 55 && !made.contains(beside)) {
      return dated(sender, beside);
    }
    return percent < 88 ? dated(sender, one.which()) : deleted(sender, one.which());
  }

  /** What is left to be done so that all dates come soon; {@code sender} begins the ids. */
  List<Change> last(String sender) {
    return living.stream()
        .filter(held -> held.date().distance() == Distance.FAR)
        .map(held ->
            dated(
                sender + "-" + held.which().entity() + "-" + held.which().id(),
                held.which(),
                date(held.which(), Distance.NEAR, AT_LAST_MILLIS)))
        .toList();
  }

  private Change dated(String sender, Dated which) {
    int percent = random.nextInt(100);
    Distance distance = percent < 20 ? Distance.OVER : percent < 75 ? Distance.NEAR : Distance.FAR;
    return dated(sender, which, date(which, distance, NEAR_MILLIS));
  }

  /** Bills have even milliseconds and balances odd ones, so that one id has no date twice. */
  private Date date(Dated which, Distance distance, int nearMillis) {
    Instant now = Instant.now();
    int seconds = random.nextInt(SPREAD_SECONDS);
    Instant due =
        switch (distance) {
          case OVER -> now.minusSeconds(OVER_SECONDS_MIN + seconds);
          case NEAR -> now.plusMillis(random.nextInt(nearMillis));
          case FAR -> now.plusSeconds(FAR_SECONDS_MIN + seconds);
        };
    long even = due.toEpochMilli() & ~1L;
    long odd = which.entity().equals(Appointments.BALANCE) ? 1 : 0;
    return new Date(Instant.ofEpochMilli(even + odd), distance);
  }

  private Change dated(String sender, Dated which, Date date) {
    JsonObject state =
        new JsonObject()
            .put("id", which.id())
            .put("sentAs", sender)
            .put(ScheduleAuthor.FIELD, date.due().toString());
    return new Change(
        event(sender, which, "updated").put("new", state),
        () -> {
          made.add(which);
          living.removeIf(held -> held.which().equals(which));
          living.add(new Held(which, date));
          appointments.dated(which, date);
        });
  }

  private Change deleted(String sender, Dated which) {
    JsonObject state = new JsonObject().put("id", which.id()).put("sentAs", sender);
    return new Change(
        event(sender, which, "deleted").put("old", state),
        () -> {
          living.removeIf(held -> held.which().equals(which));
          appointments.deleted(which);
        });
  }

  private static JsonObject event(String sender, Dated which, String what) {
    return new JsonObject()
        .put("id", sender)
        .put("eventName", "billing." + which.entity().toLowerCase(Locale.ROOT) + "." + what);
  }
}
