package dev.tocsin.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; the message lists every problem. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  /** For these problems, of which there is at least one. */
  public ConfigurationException(List<Problem> problems) {
    super(message(problems));
    this.problems = Problem.inOrder(problems);
  }

  private static String message(List<Problem> problems) {
    return "the configuration has "
        + (problems.size() == 1 ? "a problem" : problems.size() + " problems")
        + Problem.inOrder(problems).stream().map(p -> "\n  " + p).collect(Collectors.joining());
  }

  /** Every problem, in the order of the files and their lines. */
  public List<Problem> problems() {
    return problems;
  }
}
