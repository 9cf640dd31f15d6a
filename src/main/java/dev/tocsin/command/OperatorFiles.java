package dev.tocsin.command;

import dev.tocsin.config.Configuration;
import dev.tocsin.config.DeclaredFiles;
import dev.tocsin.config.OrganizationFiles;
import dev.tocsin.config.Problem;
import dev.tocsin.config.SecretSources;
import dev.tocsin.config.Settings;
import dev.tocsin.config.SettingsReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Organizations' files as somebody names them on the command line, read as a server would.
 *
 * @param problems those of the files and of the settings
 * @param notes secrets that are not here, which nothing is wrong with
 */
record OperatorFiles(DeclaredFiles files, List<Problem> problems, List<Problem> notes) {
  OperatorFiles {
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  /**
   * Reads files, those of directories, and those of configuration directories such as {@code conf}.
   *
   * @param settings the directory with the {@code tocsin.yaml} whose limits count; null for that of
   *     a configuration directory that was named, or else for the defaults
   * @throws Misuse when there is nothing to be read
   */
  static OperatorFiles read(List<String> names, @Nullable String settings, SecretSources secrets) {
    if (names.isEmpty()) {
      throw new Misuse("name the files to read, or their directory");
    }
    @Nullable Path limits = settings == null ? null : directory(settings);
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      Path path = Path.of(name);
      Path organizations = path.resolve("organizations");
      if (Files.isDirectory(organizations)) {
        files.addAll(listed(organizations));
        limits = limits == null ? path : limits;
      } else if (Files.isDirectory(path)) {
        files.addAll(listed(path));
      } else if (path.endsWith(Configuration.SETTINGS)) {
        throw new Misuse(
            name
                + " is no organization's file; name its directory: then its limits count, and"
                + " organizations/ is read");
      } else if (Files.exists(path)) {
        files.add(path);
      } else {
        throw new Misuse("there is no file or directory " + name);
      }
    }
    List<Problem> problems = new ArrayList<>();
    Settings read =
        limits == null ? SettingsReader.defaults() : SettingsReader.readFile(limits, problems);
    DeclaredFiles declared =
        OrganizationFiles.read(files, secrets, OrganizationFiles.Limits.of(read));
    problems.addAll(declared.problems());
    return new OperatorFiles(declared, problems, secrets.notes());
  }

  private static Path directory(String name) {
    Path path = Path.of(name);
    if (!Files.isDirectory(path)) {
      throw new Misuse("there is no directory " + name);
    }
    return path;
  }

  private static List<Path> listed(Path directory) {
    try {
      List<Path> files = OrganizationFiles.files(directory);
      if (files.isEmpty()) {
        throw new Misuse("there is no file *.yaml in " + directory);
      }
      return files;
    } catch (UncheckedIOException e) {
      throw new Misuse(directory + " cannot be listed: " + e.getCause());
    }
  }
}
