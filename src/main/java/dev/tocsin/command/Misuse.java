package dev.tocsin.command;

/** The command cannot be carried out as it was given; the message says why. */
final class Misuse extends RuntimeException {
  private static final long serialVersionUID = 1;

  Misuse(String message) {
    super(message, null, false, false);
  }
}
