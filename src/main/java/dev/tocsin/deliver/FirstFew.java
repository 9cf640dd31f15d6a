package dev.tocsin.deliver;

import dev.tocsin.flow.LeasedRun;
import java.util.Collection;
import java.util.stream.Collectors;

/** Many runs in one log line: how many they are, and which the first of them are. */
final class FirstFew {
  private static final int NAMED_MAX = 5;

  private FirstFew() {}

  /** {@code count=2 runs=organization/run,organization/run}; of many, only the first are named. */
  static String of(Collection<LeasedRun> runs) {
    String names =
        runs.stream()
            .limit(NAMED_MAX)
            .map(run -> run.organization() + "/" + run.id())
            .collect(Collectors.joining(","));
    return "count=" + runs.size() + " runs=" + names + (runs.size() > NAMED_MAX ? ",…" : "");
  }
}
