package dev.tocsin.faults;

import com.hazelcast.core.HazelcastInstance;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Errors in a node's log that no fault explains.
 *
 * <p>Which errors Hazelcast logs while members are cut off and come back varies, and no promise
 * rests on it, as campaigns with a dead bus show. So its errors are counted, and what becomes of
 * them is for the audit of everything else to find.
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
   * Loggers are shown without their packages, so those are left out that are also named as a class
   * of ours or of another library's.
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
    Path hazelcast = placeOf(HazelcastInstance.class);
    Set<String> names = classesIn(hazelcast);
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path other = Path.of(entry);
      if (!other.equals(hazelcast) && Files.exists(other)) {
        names.removeAll(classesIn(other));
      }
    }
    return Set.copyOf(names);
  }

  private static Path placeOf(Class<?> one) {
    return Path.of(URI.create(one.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  /** The simple names of all classes in a jar, or a directory. */
  private static Set<String> classesIn(Path place) {
    try {
      if (Files.isDirectory(place)) {
        try (Stream<Path> files = Files.walk(place)) {
          return simpleNames(files.map(Path::toString));
        }
      }
      try (JarFile jar = new JarFile(place.toFile())) {
        return simpleNames(jar.stream().map(JarEntry::getName));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> simpleNames(Stream<String> files) {
    return files
        .filter(file -> file.endsWith(CLASS) && file.indexOf('$') < 0)
        .map(file -> file.substring(file.lastIndexOf('/') + 1, file.length() - CLASS.length()))
        .collect(Collectors.toCollection(HashSet::new));
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
