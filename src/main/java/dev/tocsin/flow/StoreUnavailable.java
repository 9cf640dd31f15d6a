package dev.tocsin.flow;

/**
 * The store could not be reached, or was lost before it answered. Whether what was asked of it took
 * effect is then not known.
 */
public final class StoreUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The message names the statement, never its parameters; it is for the log, not for callers. */
  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
