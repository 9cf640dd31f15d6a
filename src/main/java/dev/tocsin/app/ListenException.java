package dev.tocsin.app;

/**
 * The server cannot listen where it is to; the message is for the operator, and says what to do.
 */
final class ListenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ListenException(String message, Throwable cause) {
    super(message, cause);
  }
}
