package dev.tocsin.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;

/** Processor time as Linux counts it, in seconds. */
final class ProcessorTime {
  private static final double TICKS_A_SECOND = 100;

  private ProcessorTime() {}

  /** What a process and its children that ended have used; nothing if it has just ended. */
  static double of(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      // The name before the parenthesis may have spaces; eleven fields follow it before these.
      StringTokenizer fields = new StringTokenizer(stat.substring(stat.lastIndexOf(')') + 1));
      for (int i = 0; i < 11; i++) {
        fields.nextToken();
      }
      long ticks = 0;
      for (int i = 0; i < 4; i++) {
        ticks += Long.parseLong(fields.nextToken());
      }
      return ticks / TICKS_A_SECOND;
    } catch (IOException e) {
      return 0;
    }
  }

  /** What all processors did, whoever it was for. */
  static double ofMachine() throws IOException {
    String all = Files.readAllLines(Path.of("/proc/stat")).getFirst().substring("cpu".length());
    StringTokenizer fields = new StringTokenizer(all);
    long busy = 0;
    for (int i = 0; i < 8; i++) {
      long ticks = Long.parseLong(fields.nextToken());
      busy += i == 3 || i == 4 ? 0 : ticks; // Idle, alone or until a disk answers.
    }
    return busy / TICKS_A_SECOND;
  }
}
