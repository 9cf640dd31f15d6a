package dev.tocsin.api;

import dev.tocsin.api.ScheduledDues.Position;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a list of appointments goes on, and where a walk through states does, as callers hand it
 * back.
 */
final class DueToken {
  private static final byte OF_APPOINTMENTS = 4;
  private static final byte OF_STATES = 3;

  private DueToken() {}

  static String of(Position last) {
    byte[] entity = last.entityId().getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[1 + 4 * Long.BYTES + entity.length];
    ByteBuffer.wrap(bytes)
        .put(OF_APPOINTMENTS)
        .putLong(micros(last.due()))
        .putLong(last.configuration().getMostSignificantBits())
        .putLong(last.configuration().getLeastSignificantBits())
        .putLong(micros(last.armed()))
        .put(entity);
    return encoded(bytes);
  }

  private static long micros(Instant moment) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
  }

  private static Instant moment(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** The last appointment of the page before, or null if the text is no such token. */
  static @Nullable Position position(String text) {
    ByteBuffer bytes = decoded(text, OF_APPOINTMENTS);
    try {
      return bytes == null
          ? null
          : new Position(
              moment(bytes.getLong()),
              new UUID(bytes.getLong(), bytes.getLong()),
              moment(bytes.getLong()),
              rest(bytes));
    } catch (BufferUnderflowException | DateTimeException e) {
      return null;
    }
  }

  static String of(String lastEntityId) {
    byte[] entity = lastEntityId.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[1 + entity.length];
    ByteBuffer.wrap(bytes).put(OF_STATES).put(entity);
    return encoded(bytes);
  }

  /** The entity whose state was the last of the page before, or null if it is no such token. */
  static @Nullable String entityId(String text) {
    ByteBuffer bytes = decoded(text, OF_STATES);
    return bytes == null ? null : rest(bytes);
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static @Nullable ByteBuffer decoded(String text, byte kind) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      return bytes.hasRemaining() && bytes.get() == kind ? bytes : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** As text that the database can take, whatever somebody made of the token. */
  private static String rest(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes).toString().replace('\0', '\ufffd');
  }
}
