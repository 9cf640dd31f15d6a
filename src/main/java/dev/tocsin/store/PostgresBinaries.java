package dev.tocsin.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The PostgreSQL that comes with the server as an archive, unpacked next to the data. */
final class PostgresBinaries {
  /** Changes with the archive, so that a new version is unpacked beside the old one. */
  private static final String FOLDER = "postgresql-18.6";

  private PostgresBinaries() {}

  /**
   * Unpacks the archive unless it is there already.
   *
   * @return the folder with {@code bin}, {@code lib} and {@code share}
   */
  static Path unpack(Path directory) throws IOException {
    Path home = directory.resolve(FOLDER);
    if (Files.isDirectory(home)) {
      return home;
    }
    // Unpacked apart and then renamed, so that a half-unpacked folder is never taken for a whole.
    Path temporary = Files.createTempDirectory(directory, "unpacking-");
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (InputStream resource = archive();
        var tar =
            new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(resource)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        extract(tar, entry, temporary);
      }
    }
    try {
      Files.move(temporary, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | AtomicMoveNotSupportedException e) {
      delete(temporary);
      throw e;
    }
    return home;
  }

  private static InputStream archive() throws IOException {
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String name =
        switch (processor) {
          case "amd64", "x86_64" -> "/postgres-linux-x86_64.txz";
          case "aarch64", "arm64" -> "/postgres-linux-arm_64.txz";
          default -> throw new IOException("no embedded PostgreSQL for the processor " + processor);
        };
    InputStream resource = PostgresBinaries.class.getResourceAsStream(name);
    if (resource == null) {
      throw new IOException("the embedded PostgreSQL " + name + " is not on the class path");
    }
    return resource;
  }

  private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path into)
      throws IOException {
    Path target = into.resolve(entry.getName()).normalize();
    if (!target.startsWith(into)) {
      throw new IOException("the archive reaches out of its folder: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
    } else if (entry.isSymbolicLink()) {
      Files.createDirectories(target.getParent());
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else {
      Files.createDirectories(target.getParent());
      Files.copy(tar, target);
      boolean executable = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }

  /** Deletes a folder and everything in it. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
