package dev.tocsin.ingest;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EntityChanges;
import dev.tocsin.catalog.EventType;
import dev.tocsin.event.Category;
import dev.tocsin.event.DateText;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.IncomingEvent.Timing;
import dev.tocsin.event.Payload;
import dev.tocsin.event.Transition;
import dev.tocsin.ingest.RawItem.State;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Checks the content of an item against what its event type must have. */
public final class EventCheck {
  /** Longest id of a sender, an entity or an account, in characters. */
  static final int ID_LENGTH_MAX = 255;

  private static final int QUOTED_LENGTH_MAX = 80;

  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final Catalog catalog;
  private final Duration aheadMax;

  /**
   * Checks by the catalog of the organization whose items they are.
   *
   * @param aheadMax how far ahead of now an event's time may be
   */
  public EventCheck(Catalog catalog, Duration aheadMax) {
    this.catalog = catalog;
    this.aheadMax = aheadMax;
  }

  /** Whether no other catalog could say better of an item whether its event type is one. */
  boolean knows(RawItem item) {
    return item.fault() != null || catalog.find(new EventName(item.name())) != null;
  }

  /**
   * Checks an event that did not come in a request.
   *
   * @param time the text of {@code eventTime}; null when it is not given
   * @param now what an event without a time of its own gets
   */
  public Checked check(
      EventName name,
      @Nullable String time,
      @Nullable Payload after,
      @Nullable Payload before,
      Instant now) {
    return check(new RawItem(0, "", null, name.value(), time, state(after), state(before)), now);
  }

  private static State state(@Nullable Payload payload) {
    return payload == null ? new State.Absent() : new State.Present(payload);
  }

  /**
   * Checks one item.
   *
   * @param now what an item without a time of its own gets
   */
  Checked check(RawItem item, Instant now) {
    if (item.fault() != null) {
      return item.fault();
    }
    try {
      return new Checked.Good(event(item, now));
    } catch (Fault fault) {
      return new Checked.Bad(fault.code, fault.pointer, fault.getMessage(), fault.meant);
    }
  }

  /**
   * Checks the state that an entity is said to have, or that it is gone, when there is none.
   *
   * @param item it, as an update, or a deletion
   */
  Checked check(EntityChanges changes, String entityId, RawItem item, Instant now) {
    try {
      return new Checked.Good(undecided(changes, entityId, item, now));
    } catch (Fault fault) {
      return new Checked.Bad(fault.code, fault.pointer, fault.getMessage());
    }
  }

  private IncomingEvent undecided(EntityChanges changes, String entityId, RawItem item, Instant now)
      throws Fault {
    IdempotencyKey key = item.id() == null ? null : key(null, item.id());
    Instant time = item.time() == null ? now : time(item.time(), now);
    EntityRef entity = new EntityRef(changes.entity(), id("/entityId", "entityId", entityId));
    Payload after = payload("new", item.after());
    EventType type = after == null ? changes.deleted() : changes.updated();
    requireDates(type, "new", after);
    return new IncomingEvent(
        key,
        type.name(),
        type.category(),
        time,
        item.time() == null ? Timing.ARRIVED : Timing.SENT,
        entity,
        type.transition(),
        accountId(entity, "/new/accountId", after),
        after,
        null,
        changes.names());
  }

  private IncomingEvent event(RawItem item, Instant now) throws Fault {
    EventName name = new EventName(item.name());
    EventType type = catalog.find(name);
    if (type == null) {
      throw new Fault(
          "unknown_event_name",
          "/eventName",
          Catalog.unknown(quoted(item.name())),
          catalog.meant(name));
    }
    Payload after = payload("new", item.after());
    Payload before = payload("old", item.before());
    requireSides(type, after, before);
    Payload subject = after == null ? before : after;
    requireDates(type, "new", after);
    requireDates(type, "old", before);
    EntityRef entity =
        type.entity() == null || subject == null
            ? null
            : new EntityRef(type.entity(), entityId(after == null ? "old" : "new", subject));
    return new IncomingEvent(
        item.id() == null ? null : key(item.source(), item.id()),
        type.name(),
        type.category(),
        item.time() == null ? now : time(item.time(), now),
        item.time() == null ? Timing.ARRIVED : Timing.SENT,
        entity,
        type.transition(),
        accountId(entity, after == null ? "/old/accountId" : "/new/accountId", subject),
        after,
        before);
  }

  private static @Nullable Payload payload(String side, State state) throws Fault {
    return switch (state) {
      case State.Absent absent -> null;
      case State.Present present -> present.payload();
      case State.NotAnObject other ->
          throw new Fault(
              "not_an_object", "/" + side, side + " must be an object, not " + other.type());
    };
  }

  private static void requireSides(
      EventType type, @Nullable Payload after, @Nullable Payload before) throws Fault {
    if (type.category() == Category.CUSTOM && type.entity() == null) {
      // Nobody said what such events are: they may be about what is, or about what was.
      if (after == null && before == null) {
        throw new Fault("missing_new", "/new", type.name() + " must have new or old");
      }
      return;
    }
    boolean needsOld = type.transition() == Transition.DELETED;
    if (needsOld && before == null) {
      throw new Fault("missing_old", "/old", type.name() + " must have old");
    }
    if (!needsOld && after == null) {
      throw new Fault("missing_new", "/new", type.name() + " must have new");
    }
    if (needsOld && after != null) {
      throw new Fault(
          "unexpected_new", "/new", type.name() + " must not have new: the entity is gone");
    }
    if (type.transition() == Transition.CREATED && before != null) {
      throw new Fault(
          "unexpected_old", "/old", type.name() + " must not have old: the entity is new");
    }
  }

  private static String entityId(String side, Payload subject) throws Fault {
    Object id = subject.fields().get("id");
    if (id instanceof String text && !text.isEmpty()) {
      return id("/" + side + "/id", side + ".id", text);
    }
    throw new Fault(
        "missing_entity_id", "/" + side + "/id", side + ".id must be a text: the id of the entity");
  }

  private static IdempotencyKey key(@Nullable String source, String id) throws Fault {
    return source == null
        ? IdempotencyKey.ofSender(id("/id", "id", id))
        : IdempotencyKey.ofCloudEvent(source, id);
  }

  private static String id(String pointer, String what, String text) throws Fault {
    if (text.isEmpty() || text.length() > ID_LENGTH_MAX) {
      throw new Fault("bad_id", pointer, what + " must have 1 to " + ID_LENGTH_MAX + " characters");
    }
    if (!isPlain(text)) {
      throw new Fault(
          "bad_id", pointer, what + " must not have control characters or half surrogates");
    }
    return text;
  }

  /** Whether a text has neither control characters nor half surrogates. */
  static boolean isPlain(String text) {
    return text.codePoints().allMatch(EventCheck::isPlain);
  }

  private static boolean isPlain(int codePoint) {
    int type = Character.getType(codePoint);
    return type != Character.CONTROL && type != Character.SURROGATE;
  }

  /**
   * An Account's own id for its own events, else what the entity says. What is no text is refused
   * and not passed over: filters and denials go by the account.
   */
  private static @Nullable String accountId(
      @Nullable EntityRef entity, String pointer, @Nullable Payload subject) throws Fault {
    if (entity != null && entity.entity().equals("Account")) {
      return entity.id();
    }
    Object account = subject == null ? null : subject.fields().get("accountId");
    if (account == null || account.equals("")) {
      return null;
    }
    if (account instanceof String text) {
      return id(pointer, "accountId", text);
    }
    throw new Fault("bad_id", pointer, "accountId must be a text: the id of the account");
  }

  private Instant time(String text, Instant now) throws Fault {
    Instant time = DateText.instant(text);
    if (time != null) {
      Instant stored = time.truncatedTo(ChronoUnit.MICROS);
      if (!stored.isBefore(EARLIEST) && !stored.isAfter(LATEST)) {
        if (stored.isAfter(now.plus(aheadMax))) {
          throw new Fault(
              "bad_event_time",
              "/eventTime",
              "eventTime may be " + aheadMax + " ahead of the server's clock, which says " + now);
        }
        return stored;
      }
    }
    throw new Fault(
        "bad_event_time",
        "/eventTime",
        "eventTime must be a date and time with offset, such as 2026-11-23T08:00:00Z, not "
            + quoted(text));
  }

  private static void requireDates(EventType type, String side, @Nullable Payload payload)
      throws Fault {
    if (payload == null) {
      return;
    }
    for (String field : type.dateFields()) {
      Object value = payload.fields().get(field);
      if (value != null && !(value instanceof String text && DateText.isDate(text))) {
        throw new Fault(
            "bad_date",
            "/" + side + "/" + field.replace("~", "~0").replace("/", "~1"),
            side + "." + field + " must be a date (2026-11-23) or a date and time with offset");
      }
    }
  }

  /** A text as messages show it: the beginning of a long one. */
  static String quoted(String text) {
    if (text.length() <= QUOTED_LENGTH_MAX) {
      return '"' + text + '"';
    }
    boolean splits = Character.isHighSurrogate(text.charAt(QUOTED_LENGTH_MAX - 1));
    return '"' + text.substring(0, splits ? QUOTED_LENGTH_MAX - 1 : QUOTED_LENGTH_MAX) + "…\"";
  }

  /** The first thing that is wrong with an item. */
  private static final class Fault extends Exception {
    private static final long serialVersionUID = 1;
    private final String code;
    private final String pointer;
    private final transient @Nullable EventName meant;

    Fault(String code, String pointer, String message) {
      this(code, pointer, message, null);
    }

    Fault(String code, String pointer, String message, @Nullable EventName meant) {
      super(message, null, false, false);
      this.code = code;
      this.pointer = pointer;
      this.meant = meant;
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
