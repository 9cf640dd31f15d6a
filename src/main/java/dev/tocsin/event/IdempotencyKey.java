package dev.tocsin.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * What makes a repeated submission recognisable, digested to 16 bytes: half of a SHA-256, so that
 * two different keys of an organization meeting by chance is out of the question and meeting by
 * design costs 2^64 hashes.
 *
 * <p>Keys of different origins live in different name spaces: a client's id can never collide with
 * a key the server makes for itself.
 */
public record IdempotencyKey(UUID digest) {
  /** The key for the id that a client gave its event. */
  public static IdempotencyKey ofSender(String id) {
    return digest("sender:" + id);
  }

  /** The key for a CloudEvent, whose id is unique within its source only. */
  public static IdempotencyKey ofCloudEvent(String source, String id) {
    return digest("cloudevent:" + joined(source, id));
  }

  /** The key for the failure event of a client's rejected event. */
  public static IdempotencyKey ofRejection(String id) {
    return digest("rejection:" + id);
  }

  /** The key for the failure event of a rejected CloudEvent. */
  public static IdempotencyKey ofRejectedCloudEvent(String source, String id) {
    return digest("rejected-cloudevent:" + joined(source, id));
  }

  /** Both in one text that no other two make, wherever they could be split. */
  private static String joined(String source, String id) {
    return source.length() + ":" + source + id;
  }

  /** The key that a stage of this server gives an event of its making. */
  public static IdempotencyKey ofProducer(String key) {
    return digest("producer:" + key);
  }

  private static IdempotencyKey digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      ByteBuffer bytes = ByteBuffer.wrap(hash);
      return new IdempotencyKey(new UUID(bytes.getLong(), bytes.getLong()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
