package dev.tocsin.bridge;

import dev.tocsin.api.Reception.Reply;
import dev.tocsin.event.EventJson;
import java.util.Map;
import java.util.regex.Pattern;

/** The addresses that clients use, and the texts they are sent. {@code docs/bus.md} has it all. */
final class Protocol {
  /** The one version of all forms that there is. */
  static final String VERSION = "1";

  /** Where events are sent to. */
  static final String INGEST = "tocsin.ingest";

  /** Where events are asked for; over a bridge with a dot and the organization. */
  static final String EVENTS = "tocsin.events";

  /** Likewise for notifications alone. */
  static final String NOTIFICATIONS = "tocsin.notifications";

  /**
   * Where a member of the cluster has events sent to. Of this form alone, so that nobody has the
   * server talk to what it did not mean to; long enough not to be guessed.
   */
  static final Pattern DELIVER_TO = Pattern.compile("tocsin\\.client\\.[A-Za-z0-9_-]{32,128}");

  private Protocol() {}

  /** An answer: what HTTP would have answered. */
  static String answer(Reply reply) {
    return append(open(), reply).append('}').toString();
  }

  /** The first message of a subscription over a bridge. */
  static String subscribed(long keepAliveSeconds) {
    return open()
        .append(",\"type\":\"subscribed\",\"keepAliveSeconds\":")
        .append(keepAliveSeconds)
        .append('}')
        .toString();
  }

  /**
   * An event.
   *
   * @param sequence its number in the subscription, from 1 on
   * @param json the event as the API returns it
   */
  static String event(long sequence, String json) {
    return open("event", sequence).append(",\"event\":").append(json).append("}").toString();
  }

  /**
   * Says that a subscription is there.
   *
   * @param sequence the number of the last event that was sent
   */
  static String alive(long sequence) {
    return open("alive", sequence).append('}').toString();
  }

  /** The last message of a subscription. */
  static String end(long sequence, Reply why) {
    return append(open("end", sequence), why).append('}').toString();
  }

  private static StringBuilder open() {
    return new StringBuilder(256).append("{\"version\":").append(VERSION);
  }

  private static StringBuilder open(String type, long sequence) {
    return open().append(",\"type\":\"").append(type).append("\",\"sequence\":").append(sequence);
  }

  private static StringBuilder append(StringBuilder out, Reply reply) {
    out.append(",\"status\":").append(reply.status()).append(",\"headers\":{");
    String comma = "";
    for (Map.Entry<String, String> header : reply.headers().entrySet()) {
      EventJson.appendText(out.append(comma), header.getKey()).append(':');
      EventJson.appendText(out, header.getValue());
      comma = ",";
    }
    return out.append("},\"body\":").append(reply.json());
  }
}
