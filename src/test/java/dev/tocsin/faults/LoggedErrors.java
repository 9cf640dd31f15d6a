package dev.tocsin.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Errors in a node's log that no fault explains. */
final class LoggedErrors {
  private static final int LINES_SHOWN = 8;

  /** How an entry begins. Any other line belongs to the entry before it. */
  private static final Pattern BEGINNING =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z (?<level>[A-Z]+) +(?<logger>\\S+) (?<message>.*)");

  /** What libraries log of faults that they get over. */
  private static final List<Explained> EXPLAINED =
      List.of(
          // Vert.x ends a message twice when its connection to another node closes just then. The
          // message is lost, as messages on the event bus may be.
          new Explained(
              "ContextImpl",
              "Unhandled exception",
              "java.lang.IllegalStateException: Promise already completed",
              "io.vertx.core.eventbus.impl.clustered.OutboundConnection"),
          // Hazelcast was told of a member that was killed, by one that did not know.
          new Explained("FetchMembersViewOp", "claims mastership but", "", ""),
          // A member that was taken for dead asks something before it has noticed.
          new Explained("PartitionIteratingOperation", "Not Member!", "", ""),
          // An operation on a partition that moved was tried again, and its first try had been
          // answered all the same: Hazelcast takes one of the two answers.
          new Explained(
              "",
              "already responseReceived for callback",
              "com.hazelcast.spi.exception.ResponseAlreadySentException",
              "com.hazelcast.spi.impl.operationservice"),
          // Vert.x hears that a member left before it knows where this node's own bus listens. It
          // would have said that again, which it does anyway when it does know.
          new Explained(
              "HazelcastClusterManager",
              "Failed to handle memberRemoved",
              "",
              "because \"this.nodeInfo\" is null"));

  private LoggedErrors() {}

  /**
   * An error that is none.
   *
   * @param logger its whole name, as the log shows it; empty for any
   * @param message a part of the message
   * @param thrown how the line below begins, which says what was thrown; empty for anything
   * @param through a part of any line of the trace; empty for anything
   */
  private record Explained(String logger, String message, String thrown, String through) {
    boolean explains(Matcher beginning, List<String> trace) {
      return (logger.isEmpty() || beginning.group("logger").equals(logger))
          && beginning.group("message").contains(message)
          && (thrown.isEmpty() || (!trace.isEmpty() && trace.getFirst().startsWith(thrown)))
          && (through.isEmpty() || trace.stream().anyMatch(line -> line.contains(through)));
    }
  }

  /** Each with the beginning of its stack trace. */
  static List<String> in(List<String> log) {
    List<String> errors = new ArrayList<>();
    for (int i = 0; i < log.size(); i++) {
      Matcher beginning = BEGINNING.matcher(log.get(i));
      if (beginning.matches() && beginning.group("level").equals("ERROR")) {
        List<String> trace = log.subList(i + 1, nextBeginning(log, i + 1));
        if (EXPLAINED.stream().noneMatch(known -> known.explains(beginning, trace))) {
          errors.add(shown(log.get(i), trace));
        }
      }
    }
    return errors;
  }

  private static int nextBeginning(List<String> log, int from) {
    int next = from;
    while (next < log.size() && !BEGINNING.matcher(log.get(next)).matches()) {
      next++;
    }
    return next;
  }

  private static String shown(String beginning, List<String> trace) {
    List<String> lines = new ArrayList<>();
    lines.add(beginning);
    trace.stream().limit(LINES_SHOWN - 1).forEach(lines::add);
    return String.join("\n    ", lines);
  }
}
