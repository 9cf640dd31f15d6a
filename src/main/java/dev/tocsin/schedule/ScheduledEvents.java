package dev.tocsin.schedule;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tocsin.event.Category;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.IncomingEvent.Timing;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import dev.tocsin.event.Transition;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes scheduled events: the state of the entity, exactly as it was received, with a last member
 * that says what the event is about. A member of that name in the state gives way to it.
 */
final class ScheduledEvents {
  /** The member that is added. */
  static final String MEMBER = "scheduled";

  private ScheduledEvents() {}

  /** The event; its key is the same whenever it is made. */
  static IncomingEvent of(DueEvent due) {
    Payload payload = payload(due);
    return new IncomingEvent(
        IdempotencyKey.ofProducer(
            "schedule:" + due.configuration() + ":" + due.entity().id() + ":" + due.due()),
        due.name(),
        Category.SCHEDULED,
        due.due(),
        Timing.SENT,
        due.entity(),
        Transition.NONE,
        account(due.entity(), payload),
        payload,
        null);
  }

  private static @Nullable String account(EntityRef entity, Payload state) {
    if (entity.entity().equals("Account")) {
      return entity.id();
    }
    return state.fields().get("accountId") instanceof String account && !account.isEmpty()
        ? account
        : null;
  }

  private static Payload payload(DueEvent due) {
    try {
      Payload state = JsonValues.payload(due.state());
      Payload added = JsonValues.payload(member(due));
      Map<String, @Nullable Object> fields = new LinkedHashMap<>(state.fields());
      String before = fields.containsKey(MEMBER) ? without(due.state()) : due.state();
      fields.remove(MEMBER);
      String open = before.substring(0, before.lastIndexOf('}'));
      String json =
          open + (fields.isEmpty() ? "" : ",") + "\"" + MEMBER + "\":" + added.json() + "}";
      fields.put(MEMBER, added.fields());
      return new Payload(json, fields);
    } catch (IOException e) {
      throw new IllegalStateException(
          "the state of %s is not JSON, organization %s"
              .formatted(due.entity(), due.organization()),
          e);
    }
  }

  private static String member(DueEvent due) {
    StringBuilder out = new StringBuilder(256).append("{\"configurationId\":\"");
    out.append(due.configuration()).append("\",\"entity\":");
    EventJson.appendText(out, due.entity().entity()).append(",\"field\":");
    EventJson.appendText(out, due.field()).append(",\"value\":");
    EventJson.appendText(out, due.value()).append(",\"offset\":").append(due.offset());
    return out.append(",\"due\":\"").append(due.due()).append("\"}").toString();
  }

  /** The text of an object without the member, and without the comma that parted it from others. */
  private static String without(String state) throws IOException {
    try (JsonParser parser = JsonValues.factory().createParser(state)) {
      parser.nextToken();
      int end = (int) parser.currentLocation().getCharOffset();
      boolean isFirst = true;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        int endBefore = end;
        boolean isMember = parser.currentName().equals(MEMBER);
        parser.nextToken();
        parser.skipChildren();
        parser.finishToken();
        end = (int) parser.currentLocation().getCharOffset();
        if (isMember) {
          String rest = state.substring(end);
          return state.substring(0, endBefore) + (isFirst ? withoutComma(rest) : rest);
        }
        isFirst = false;
      }
    }
    return state;
  }

  private static String withoutComma(String rest) {
    String next = rest.stripLeading();
    return next.startsWith(",") ? next.substring(1) : rest;
  }
}
