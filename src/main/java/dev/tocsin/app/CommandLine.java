package dev.tocsin.app;

import dev.tocsin.command.Command;
import java.util.List;

/** The program behind {@code scripts/tocsin}. */
public final class CommandLine {
  private CommandLine() {}

  /** Ends with 0, 1 or 2, as {@link Command} says. */
  public static void main(String[] arguments) {
    Command command = new Command(System.getenv(), System.out, System.err);
    System.exit(command.run(List.of(arguments)));
  }
}
