package dev.tocsin.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who runs on a data directory, by the file that a postmaster keeps there. */
final class PostmasterPid {
  private PostmasterPid() {}

  /**
   * The postmaster that runs on a data directory. The file outlives a kill, and its number may by
   * now be another process's; so a process counts only if its command line names the directory.
   */
  static Optional<ProcessHandle> running(Path cluster) throws IOException {
    try {
      List<String> lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
      return lines.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
              .filter(ProcessHandle::isAlive)
              .filter(process -> isPostgresOf(process, cluster));
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean isPostgresOf(ProcessHandle process, Path cluster) {
    try {
      String commandLine = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
      return commandLine.contains("postgres") && commandLine.contains(cluster.toString());
    } catch (IOException e) {
      return false; // It has just ended.
    }
  }
}
