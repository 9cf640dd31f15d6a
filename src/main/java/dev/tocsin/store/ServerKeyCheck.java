package dev.tocsin.store;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.security.MessageDigest;

/**
 * Keeps a server with another secret key than the database's away from it: it could open no
 * webhook's credentials, and would know no access key's secret.
 */
public final class ServerKeyCheck {
  private ServerKeyCheck() {}

  /**
   * Compares with what the first server left there; the first server leaves it.
   *
   * @param checkValue derived from the secret key so that nothing can be told from it, the same for
   *     the same key
   * @throws IllegalStateException when the database belongs to another key
   */
  public static void verify(Database database, byte[] checkValue) {
    // A server that claims at the same moment is waited for, so the look finds the one that won.
    database.run("serverKeyClaim", Tuple.of(Buffer.buffer(checkValue)));
    Buffer kept =
        Rows.first(database.run("serverKeyFind", Tuple.tuple()))
            .orElseThrow()
            .getBuffer("check_value");
    if (!MessageDigest.isEqual(kept.getBytes(), checkValue)) {
      throw new IllegalStateException(
          "this database was set up with another secret key: start the server with that key, since"
              + " with this one it can neither open webhooks' credentials nor verify access keys");
    }
  }
}
