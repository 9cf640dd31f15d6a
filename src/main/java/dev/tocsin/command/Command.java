package dev.tocsin.command;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** A command as it was given: what it prints, and the status that its process ends with. */
public final class Command {
  /** It was done, and nothing is to be said against it. */
  public static final int GOOD = 0;

  /** It was done, and found something. */
  public static final int FOUND = 1;

  /** It could not be done. */
  public static final int FAILED = 2;

  private static final String USAGE =
      """
      scripts/tocsin config check FILE|DIRECTORY…
          Says what is wrong with organizations' files, without a server and a database.
          --settings DIR       the directory of the tocsin.yaml whose limits count; of a
                               directory such as conf its own, else the defaults
          --secrets skip       secrets that are not here are noted (default); check: are problems
          --json               for machines
          Ends with 0 when nothing is wrong, with 1 when something is.

      scripts/tocsin config diff FILE|DIRECTORY…
          Says what applying organizations' files would change on a running server: + what would
          be made, ~ changed, - removed, ! what stands in the way.
          --server URL         http://127.0.0.1:8480 unless given
          --key KEY            access key of somebody who may read it all, or TOCSIN_ACCESS_KEY
          --secret SECRET      its secret, or, which others cannot see, TOCSIN_ACCESS_SECRET
          --settings DIR, --json as above
          Ends with 0 when there is no difference, with 1 when there is one.

      Either ends with 2 when it cannot be done. scripts/start starts a server.
      """;

  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;

  /** A command that prints what it finds to one, and what it fails for to the other. */
  public Command(Map<String, String> environment, PrintStream out, PrintStream err) {
    this.environment = Map.copyOf(environment);
    this.out = out;
    this.err = err;
  }

  /** Carries out what was given; the status to end with. */
  public int run(List<String> given) {
    if (given.isEmpty() || given.contains("--help") || given.equals(List.of("help"))) {
      out.print(USAGE);
      return given.isEmpty() ? FAILED : GOOD;
    }
    List<String> rest = given.subList(Math.min(2, given.size()), given.size());
    try {
      return switch (String.join(" ", given.subList(0, Math.min(2, given.size())))) {
        case "config check" -> new ConfigCheck(environment, out).run(rest) ? GOOD : FOUND;
        case "config diff" -> new ConfigDiff(environment, out).run(rest) ? GOOD : FOUND;
        default ->
            throw new Misuse("there is no such command; scripts/tocsin says which there are");
      };
    } catch (Misuse e) {
      err.println("tocsin: " + e.getMessage());
      return FAILED;
    }
  }
}
