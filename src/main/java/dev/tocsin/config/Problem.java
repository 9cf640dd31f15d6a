package dev.tocsin.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something in the configuration that is not as it has to be.
 *
 * @param place the file with its line, or the environment variable
 * @param message what is wrong and what was expected; never shows a secret
 */
public record Problem(String place, String message) {
  private static final Pattern LINE = Pattern.compile("(.*):(\\d{1,9})");

  /** These in the order of their lines, the files in the order in which they come first. */
  public static List<Problem> inOrder(List<Problem> problems) {
    Map<String, List<Problem>> byFile = new LinkedHashMap<>();
    problems.forEach(
        problem -> byFile.computeIfAbsent(problem.file(), file -> new ArrayList<>()).add(problem));
    return byFile.values().stream()
        .flatMap(file -> file.stream().sorted(Comparator.comparingInt(Problem::line)))
        .toList();
  }

  /** The file; or whatever else the place is. */
  public String file() {
    Matcher place = LINE.matcher(this.place);
    return place.matches() ? place.group(1) : this.place;
  }

  /** The line; 0 when there is none. */
  public int line() {
    Matcher place = LINE.matcher(this.place);
    return place.matches() ? Integer.parseInt(place.group(2)) : 0;
  }

  @Override
  public String toString() {
    return place + ": " + message;
  }
}
