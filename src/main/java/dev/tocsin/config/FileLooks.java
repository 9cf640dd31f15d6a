package dev.tocsin.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells what files hold, look after look. A file is read again only if its size, its time or its
 * identity is another, or its time so late that it may have been written twice within it. Links are
 * followed, so that whoever exchanges what they lead to is noticed.
 */
final class FileLooks {
  /** More than the times of files are coarse by. */
  private static final Duration LATELY = Duration.ofSeconds(2);

  private static final String ABSENT = "absent";

  private final InstantSource clock;
  private Map<Path, Seen> seen = Map.of();

  /**
   * Nothing seen yet.
   *
   * @param clock the machine's own, by which files have their times
   */
  FileLooks(InstantSource clock) {
    this.clock = clock;
  }

  private record Stamp(long size, FileTime modified, @Nullable Object key) {
    Stamp {
      Objects.requireNonNull(modified);
    }
  }

  private record Seen(Stamp stamp, String digest) {}

  /** What each of these holds now, as a text that is the same exactly for the same content. */
  Map<Path, String> at(Collection<Path> files) {
    Map<Path, Seen> now = new HashMap<>();
    Map<Path, String> contents = new TreeMap<>();
    for (Path file : files) {
      try {
        Seen one = look(file);
        now.put(file, one);
        contents.put(file, one.digest());
      } catch (NoSuchFileException e) {
        contents.put(file, ABSENT);
      } catch (IOException e) {
        contents.put(file, "unreadable: " + e.getMessage());
      }
    }
    seen = now;
    return contents;
  }

  private Seen look(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    Stamp stamp = new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    Seen before = seen.get(file);
    boolean isLate = stamp.modified().toInstant().isAfter(clock.instant().minus(LATELY));
    return before != null && before.stamp().equals(stamp) && !isLate
        ? before
        : new Seen(stamp, digest(file));
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      DigestInputStream digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
      digesting.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
