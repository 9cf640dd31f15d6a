package dev.tocsin.config;

import dev.tocsin.webhook.Network;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of one section: from the environment if it has the key's variable, else from the
 * file, else the default. Every problem is noted and the default taken, so that reading goes on and
 * finds the next. No message shows a value, since it may be a secret.
 */
final class Section {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15}) ?(B|KiB|MiB|GiB)?");
  private static final Pattern NETWORK = Pattern.compile("([0-9A-Fa-f.:]+)/(\\d{1,3})");

  private static final int LIST_TEXT_LENGTH_MAX = 100;

  private final String name;
  private final YamlMap file;
  private final Map<String, String> environment;
  private final List<Problem> problems;
  private final Map<String, Key> keys;

  /**
   * A key that was read.
   *
   * @param range what its value may be, as messages and the shipped file say it
   * @param place where its value stands; null when it has its default
   * @param isRefused whether a problem was noted for it
   */
  record Key(String range, @Nullable String place, boolean isRefused) {}

  /**
   * Nothing read yet.
   *
   * @param name of the section; empty for the keys that stand outside of any
   * @param file what the file says in this section
   * @param problems where to note what is wrong
   * @param keys where to note what was asked for, by its full name
   */
  Section(
      String name,
      YamlMap file,
      Map<String, String> environment,
      List<Problem> problems,
      Map<String, Key> keys) {
    this.name = name;
    this.file = file;
    this.environment = environment;
    this.problems = problems;
    this.keys = keys;
  }

  /** The variable that overrides a key: {@code http.bodyBytesMax} by TOCSIN_HTTP_BODY_BYTES_MAX. */
  static String variable(String key) {
    return "TOCSIN_"
        + key.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** A key whose value is text. */
  String text(String key, String preset) {
    return value(key, preset, "a text", "", Section::printable);
  }

  /** A key that may be left out, or have an empty value, which says the same. */
  @Nullable String optionalText(String key, Pattern form, String kind) {
    return optionalText(key, form.asMatchPredicate(), kind);
  }

  /** The same, of any form that can be told. */
  @Nullable String optionalText(String key, Predicate<String> form, String kind) {
    String text =
        value(
            key,
            "",
            kind,
            "",
            raw -> raw.isEmpty() || form.test(raw) ? Optional.of(raw) : Optional.empty());
    return text.isEmpty() ? null : text;
  }

  private static Optional<String> printable(String text) {
    return text.isBlank() || text.chars().anyMatch(Character::isISOControl)
        ? Optional.empty()
        : Optional.of(text);
  }

  /** A key that is true or false. */
  boolean flag(String key, boolean preset) {
    return value(
        key,
        preset,
        "true or false",
        "",
        raw ->
            raw.equals("true") || raw.equals("false")
                ? Optional.of(Boolean.valueOf(raw))
                : Optional.empty());
  }

  /** A key whose value is the path of a file or directory. */
  Path path(String key, Path preset) {
    return value(key, preset, "a path", "", raw -> printable(raw).flatMap(Section::path));
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Notes what is wrong with a key's value beyond its form. */
  void refuse(String key, String message) {
    Reading reading = new Reading(key);
    problems.add(new Problem(reading.place(), reading.full + ": " + message));
  }

  /** A key whose value is a whole number within bounds. */
  int integer(String key, int preset, int min, int max) {
    return value(
        key,
        preset,
        "a whole number",
        String.format(Locale.ROOT, "%,d to %,d", min, max),
        raw ->
            raw.matches("-?\\d{1,18}")
                ? within(Long.parseLong(raw), (long) min, (long) max).map(Long::intValue)
                : Optional.empty());
  }

  /** A key whose value is a fraction within bounds. */
  double fraction(String key, double preset, double min, double max) {
    return value(
        key,
        preset,
        "a number",
        BigDecimal.valueOf(min) + " to " + BigDecimal.valueOf(max),
        raw ->
            raw.matches("\\d{1,9}(\\.\\d{1,9})?")
                ? within(Double.valueOf(raw), min, max)
                : Optional.empty());
  }

  /** A key whose value is a size in bytes: a number, or one with B, KiB, MiB or GiB. */
  long bytes(String key, long preset, long min, long max) {
    return value(
        key,
        preset,
        "a size such as 64KiB or 5MiB",
        size(min) + " to " + size(max),
        raw -> size(raw).flatMap(size -> within(size, min, max)));
  }

  private static Optional<Long> size(String value) {
    Matcher size = SIZE.matcher(value);
    if (!size.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(size.group(1));
    // At most 10^15 * 2^30, which a long may not hold; no bound is anywhere near.
    return switch (size.group(2)) {
      case "KiB" -> Optional.of(Math.clamp(number, 0, Long.MAX_VALUE >> 10) << 10);
      case "MiB" -> Optional.of(Math.clamp(number, 0, Long.MAX_VALUE >> 20) << 20);
      case "GiB" -> Optional.of(Math.clamp(number, 0, Long.MAX_VALUE >> 30) << 30);
      case null, default -> Optional.of(number);
    };
  }

  private static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB"};
    int unit = 0;
    long number = bytes;
    while (number != 0 && number % 1024 == 0 && unit < units.length - 1) {
      number /= 1024;
      unit++;
    }
    return number + units[unit];
  }

  /** A key whose value is a time span as ISO 8601 writes it, such as PT15S or P28D. */
  Duration duration(String key, Duration preset, Duration min, Duration max) {
    return value(
        key,
        preset,
        "a time span such as PT15S or P28D",
        span(min) + " to " + span(max),
        raw -> span(raw).flatMap(span -> within(span, min, max)));
  }

  /** A key whose value is a list of time spans; in the environment, with commas between them. */
  List<Duration> durations(
      String key, List<Duration> preset, int sizeMax, Duration min, Duration max) {
    return list(
        key,
        preset,
        String.format(
            Locale.ROOT, "1 to %,d time spans of %s to %s", sizeMax, span(min), span(max)),
        1,
        sizeMax,
        raw -> span(raw).flatMap(span -> within(span, min, max)));
  }

  private static Optional<Duration> span(String value) {
    try {
      return Optional.of(Duration.parse(value));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String span(Duration span) {
    return span.equals(Duration.ofDays(span.toDays())) && !span.isZero()
        ? "P" + span.toDays() + "D"
        : span.toString();
  }

  /** A key whose value is a list of networks such as 10.0.0.0/8 or fd00::/8, which may be empty. */
  List<Network> networks(String key, int sizeMax) {
    return list(
        key,
        List.of(),
        String.format(Locale.ROOT, "0 to %,d networks such as 10.0.0.0/8 or fd00::/8", sizeMax),
        0,
        sizeMax,
        Section::network);
  }

  /**
   * A key whose value is a list of texts, which may be empty.
   *
   * @param kind what they are, as messages and the shipped file say it
   */
  List<String> texts(String key, int sizeMax, Pattern form, String kind) {
    return list(
        key,
        List.of(),
        String.format(Locale.ROOT, "0 to %,d %s", sizeMax, kind),
        0,
        sizeMax,
        raw -> form.matcher(raw).matches() ? Optional.of(raw) : Optional.empty());
  }

  private static Optional<Network> network(String value) {
    Matcher network = NETWORK.matcher(value);
    try {
      return network.matches()
          ? Optional.of(
              new Network(
                  InetAddress.ofLiteral(network.group(1)), Integer.parseInt(network.group(2))))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static <T extends Comparable<T>> Optional<T> within(T value, T min, T max) {
    return value.compareTo(min) >= 0 && value.compareTo(max) <= 0
        ? Optional.of(value)
        : Optional.empty();
  }

  private <T> T value(
      String key, T preset, String kind, String range, Function<String, Optional<T>> parse) {
    Reading reading = new Reading(key);
    String raw = reading.variableValue == null ? file.scalar(key) : reading.variableValue;
    Optional<T> value = raw == null ? Optional.of(preset) : parse.apply(raw);
    if (value.isEmpty()) {
      reading.refuse(range.isEmpty() ? kind : kind + " from " + range);
    }
    reading.end(range);
    return value.orElse(preset);
  }

  private <T> List<T> list(
      String key,
      List<T> preset,
      String range,
      int sizeMin,
      int sizeMax,
      Function<String, Optional<T>> parse) {
    Reading reading = new Reading(key);
    Optional<List<String>> raws = reading.values();
    List<T> values =
        raws.map(texts -> texts.stream().map(parse).flatMap(Optional::stream).toList())
            .orElse(preset);
    if (raws.isPresent()
        && (values.size() < raws.get().size()
            || values.size() < sizeMin
            || values.size() > sizeMax)) {
      reading.refuse(range);
    }
    reading.end(range);
    return values;
  }

  /** Reading one key: where its value comes from, and what was wrong with it. */
  private final class Reading {
    private final String key;
    private final String full;
    private final @Nullable String variableValue;
    private final int problemsBefore = problems.size();

    Reading(String key) {
      this.key = key;
      this.full = name.isEmpty() ? key : name + "." + key;
      String value = environment.get(variable(full));
      // An empty variable is one not set: there is no other way to unset one in many a launcher.
      this.variableValue = value == null || value.isBlank() ? null : value.strip();
    }

    Optional<List<String>> values() {
      if (variableValue != null) {
        return Optional.of(Stream.of(variableValue.split(",", -1)).map(String::strip).toList());
      }
      List<String> texts =
          file.texts(key, LIST_TEXT_LENGTH_MAX).stream().map(YamlMap.Text::value).toList();
      return file.has(key) ? Optional.of(texts) : Optional.empty();
    }

    /** Unless the file's form was found wrong already. */
    void refuse(String expected) {
      if (problems.size() == problemsBefore) {
        problems.add(new Problem(place(), full + ": " + expected + " was expected"));
      }
    }

    private String place() {
      return variableValue == null ? file.place(key) : variable(full);
    }

    void end(String range) {
      boolean isSet = variableValue != null || file.has(key);
      keys.put(full, new Key(range, isSet ? place() : null, problems.size() > problemsBefore));
    }
  }
}
