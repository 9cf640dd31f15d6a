package dev.tocsin.evaluate;

/** Why a commit did not go through; what each means for its events differs. */
public abstract sealed class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private LedgerException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The store could not be reached, or was lost on the way: the commit may have happened. */
  public static final class Unavailable extends LedgerException {
    private static final long serialVersionUID = 1;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The commit met another one and was rolled back; the same events may go through next time. */
  public static final class Conflict extends LedgerException {
    private static final long serialVersionUID = 1;

    public Conflict(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Something in the commit cannot be stored, now or later; it was rolled back. */
  public static final class Refused extends LedgerException {
    private static final long serialVersionUID = 1;

    public Refused(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
