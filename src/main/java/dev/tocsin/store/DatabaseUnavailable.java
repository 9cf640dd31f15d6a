package dev.tocsin.store;

/**
 * The database could not be reached, or was lost before it answered. Whether the statement took
 * effect is then not known.
 */
public final class DatabaseUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The message names the statement, never its parameters. */
  public DatabaseUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
