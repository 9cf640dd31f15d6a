package dev.tocsin.store;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How to run PostgreSQL, which refuses to run as root, when the server itself runs as root, as it
 * does in many containers.
 *
 * <p>In a user namespace of its own a process of root's is root to nobody: it keeps its access to
 * files that belong to root, so data directories need no other owner, and loses every privilege.
 */
enum Unprivileged {
  /** We are not root. */
  AS_WE_ARE,
  /** We are, and the kernel gives us a namespace. */
  IN_A_NAMESPACE;

  private static final int TRIAL_SECONDS = 10;

  /** The way that works on this machine. */
  static Unprivileged find() throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return AS_WE_ARE;
    }
    try {
      Process trial =
          new ProcessBuilder(IN_A_NAMESPACE.command(List.of("true"))).inheritIO().start();
      if (trial.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS) && trial.exitValue() == 0) {
        return IN_A_NAMESPACE;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException(
        "the embedded PostgreSQL cannot run as root, and 'unshare --user' does not work here:"
            + " run the server as another user, or give it a PostgreSQL by postgres.uri");
  }

  /** A command to be run in this way; the process is the command itself, with its own pid. */
  List<String> command(List<String> command) {
    return switch (this) {
      case AS_WE_ARE -> command;
      case IN_A_NAMESPACE ->
          Stream.concat(Stream.of("unshare", "--user"), command.stream()).toList();
    };
  }
}
