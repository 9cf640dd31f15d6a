package dev.tocsin.faults;

import com.hazelcast.core.HazelcastInstance;
import dev.tocsin.app.Main;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Errors in a node's log that no fault explains.
 *
 * <p>What Hazelcast logs while members are cut off and come back, it logs as errors in ever other
 * places. It carries nothing that a promise rests on, which campaigns with a dead bus show; so its
 * errors are counted, and what becomes of them is for the audit of everything else to find.
 */
final class LoggedErrors {
  private static final int LINES_SHOWN = 8;
  private static final String CLASS = ".class";

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
          // Vert.x hears that a member left before it knows where this node's own bus listens. It
          // would have said that again, which it does anyway when it does know.
          new Explained(
              "HazelcastClusterManager",
              "Failed to handle memberRemoved",
              "",
              "because \"this.nodeInfo\" is null"));

  /**
   * Loggers are shown without their packages, so those that are named as a class of ours are ours.
   */
  private static final Set<String> OF_HAZELCAST = ofHazelcast();

  private LoggedErrors() {}

  /**
   * An error that is none.
   *
   * @param logger its whole name, as the log shows it
   * @param message a part of the message
   * @param thrown how the line below begins, which says what was thrown; empty for anything
   * @param through a part of any line of the trace; empty for anything
   */
  private record Explained(String logger, String message, String thrown, String through) {
    boolean explains(Matcher beginning, List<String> trace) {
      return beginning.group("logger").equals(logger)
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
      if (isError(beginning) && !OF_HAZELCAST.contains(beginning.group("logger"))) {
        List<String> trace = log.subList(i + 1, nextBeginning(log, i + 1));
        if (EXPLAINED.stream().noneMatch(known -> known.explains(beginning, trace))) {
          errors.add(shown(log.get(i), trace));
        }
      }
    }
    return errors;
  }

  /** How many entries are Hazelcast's. */
  static long hazelcasts(List<String> log) {
    return log.stream()
        .map(BEGINNING::matcher)
        .filter(LoggedErrors::isError)
        .filter(beginning -> OF_HAZELCAST.contains(beginning.group("logger")))
        .count();
  }

  private static boolean isError(Matcher beginning) {
    return beginning.matches() && beginning.group("level").equals("ERROR");
  }

  private static Set<String> ofHazelcast() {
    Set<String> names = classesBeside(HazelcastInstance.class);
    names.removeAll(classesBeside(Main.class));
    return Set.copyOf(names);
  }

  /** The simple names of all classes in the jar, or directory, that a class is in. */
  private static Set<String> classesBeside(Class<?> one) {
    try {
      Path place = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return simpleNames(place);
      }
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        return simpleNames(jar.getPath("/com/hazelcast"));
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("cannot read what is beside " + one, e);
    }
  }

  private static Set<String> simpleNames(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(file -> file.endsWith(CLASS) && file.indexOf('$') < 0)
          .map(file -> file.substring(0, file.length() - CLASS.length()))
          .collect(Collectors.toCollection(HashSet::new));
    }
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
