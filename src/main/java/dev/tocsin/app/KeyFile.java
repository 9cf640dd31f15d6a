package dev.tocsin.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * The file that holds the server's secret when the settings do not give one.
 *
 * <p>It appears under its name only when it is whole and on the disk, and is never replaced: what
 * the first secret encrypted cannot be read with another. Servers that start at once all have the
 * secret of whichever made the file.
 */
final class KeyFile {
  private static final int SECRET_BYTES = 32;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private KeyFile() {}

  /**
   * The secret in a file, which is made if it is missing.
   *
   * @throws IOException when the file cannot be read or made, is empty, or others may read it
   */
  static String secret(Path path, SecureRandom random) throws IOException {
    Path file = path.toAbsolutePath();
    if (!Files.exists(file)) {
      make(file, random);
    }
    if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
      throw new IOException(
          "others than its owner may use the key file " + file + "; its mode must be 0600");
    }
    String secret = Files.readString(file).strip();
    if (secret.isEmpty()) {
      throw new IOException(
          "the key file "
              + file
              + " is empty; put the secret back from a copy, or delete the file if the server"
              + " never ran with it");
    }
    return secret;
  }

  private static void make(Path file, SecureRandom random) throws IOException {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    Path directory = Files.createDirectories(file.getParent());
    Path unfinished =
        Files.createTempFile(
            directory, "key-", ".unfinished", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      write(unfinished, Base64.getEncoder().encodeToString(secret) + "\n");
      // A link, unlike a rename, does not replace the file of a server that was faster.
      Files.createLink(file, unfinished);
    } catch (FileAlreadyExistsException e) {
      // The other server's secret is as good as this one.
    } finally {
      Files.delete(unfinished);
    }
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  private static void write(Path file, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
