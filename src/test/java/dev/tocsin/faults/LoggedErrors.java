package dev.tocsin.faults;

import java.util.ArrayList;
import java.util.List;

/** Errors in a node's log that no fault explains. */
final class LoggedErrors {
  private static final int LINES_SHOWN = 8;

  /** What libraries log of faults that they get over. */
  private static final List<String> EXPLAINED =
      List.of(
          // Vert.x ends a message twice when its connection to another node closes just then. The
          // message is lost, as messages on the event bus may be.
          "Promise already completed",
          // Hazelcast was told of a member that was killed, by one that did not know.
          "FetchMembersViewOp");

  private LoggedErrors() {}

  /** Each with the beginning of its stack trace. */
  static List<String> in(List<String> log) {
    List<String> errors = new ArrayList<>();
    for (int i = 0; i < log.size(); i++) {
      if (log.get(i).contains(" ERROR ")) {
        String error = String.join("\n    ", log.subList(i, Math.min(log.size(), i + LINES_SHOWN)));
        if (!isExplained(error)) {
          errors.add(error);
        }
      }
    }
    return errors;
  }

  private static boolean isExplained(String error) {
    return EXPLAINED.stream().anyMatch(error::contains);
  }
}
