package dev.tocsin.ingest;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EntityChanges;
import dev.tocsin.event.ChangeNames;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.Payload;
import dev.tocsin.flow.IngestAnswer;
import dev.tocsin.flow.Settlement;
import dev.tocsin.flow.Settlement.Fired;
import dev.tocsin.flow.StateReceived;
import dev.tocsin.ingest.RawItem.State;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is said and answered of the state of an entity. Ingest does not know what a state changes:
 * the event is submitted undecided, and named where the stored state is known.
 */
final class States {
  /** Where what is wrong is not in the state, and so not in what a failure would keep. */
  private static final Set<String> PARAMETERS = Set.of("/id", "/eventTime", "/entityId");

  private States() {}

  /** The answer when there is no entity type of the name that was asked for. */
  static IngestAnswer unknown(StateReceived received, Catalog catalog) {
    String suggestion = received.suggests() ? catalog.similarEntity(received.entity()) : "";
    return new IngestAnswer.NoSuchEntity(
        "no entity is named " + EventCheck.quoted(received.entity()) + suggestion);
  }

  /** The item that a client would have posted who knew that it is an update; without its text. */
  static RawItem item(StateReceived received, EntityChanges changes, @Nullable Payload after) {
    return new RawItem(
        0,
        "",
        received.key(),
        (after == null ? changes.deleted() : changes.updated()).name().value(),
        received.time(),
        after == null ? new State.Absent() : new State.Present(after),
        new State.Absent());
  }

  /** The same with the text that the client would have posted, for the failure that keeps it. */
  static RawItem written(RawItem item) {
    StringBuilder json = new StringBuilder(256).append('{');
    if (item.id() != null) {
      EventJson.appendText(json.append("\"id\":"), item.id()).append(',');
    }
    EventJson.appendText(json.append("\"eventName\":"), item.name());
    if (item.time() != null) {
      EventJson.appendText(json.append(",\"eventTime\":"), item.time());
    }
    if (item.after() instanceof State.Present(Payload after)) {
      json.append(",\"new\":").append(after.json());
    }
    return new RawItem(
        item.index(),
        json.append('}').toString(),
        item.id(),
        item.name(),
        item.time(),
        item.after(),
        item.before());
  }

  /** What is wrong beside the state, which is answered at once; null when it is the state. */
  static @Nullable IngestAnswer badParameter(Checked.Bad bad) {
    if (!PARAMETERS.contains(bad.pointer())) {
      return null;
    }
    String parameter = bad.pointer().substring(1);
    return new IngestAnswer.BadParameter(parameter, without(parameter + " ", bad.message()));
  }

  /** What the client is told when its one event is settled. */
  static IngestAnswer answer(Checked checked, Settlement settlement) {
    return switch (settlement) {
      case Settlement.Stored(EventId id, @Nullable EventName name, List<Fired> fired) ->
          answer(checked, new IngestAnswer.Changed(id, name, false, fired));
      case Settlement.Duplicate(EventId id, @Nullable EventName name, List<Fired> fired) ->
          answer(checked, new IngestAnswer.Changed(id, name, true, fired));
      case Settlement.Unchanged unchanged -> new IngestAnswer.Unchanged();
      case Settlement.Absent absent -> new IngestAnswer.Absent();
      case Settlement.Unsettled unsettled -> throw new IllegalStateException(unsettled.reason());
    };
  }

  /** A key may have been another entity's, of whose events the caller may be told nothing. */
  private static IngestAnswer answer(Checked checked, IngestAnswer.Changed told) {
    return switch (checked) {
      case Checked.Bad bad ->
          new IngestAnswer.BadState(
              without("/new", bad.pointer()), without("new.", bad.message()), told.id());
      case Checked.Good(IncomingEvent event) -> {
        ChangeNames names = event.names();
        boolean isOwn = names != null && told.name() != null && names.include(told.name());
        yield isOwn
            ? told
            : new IngestAnswer.Changed(told.id(), null, told.duplicate(), told.notifications());
      }
    };
  }

  private static String without(String prefix, String text) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }
}
