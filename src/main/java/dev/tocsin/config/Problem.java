package dev.tocsin.config;

/**
 * Something in the configuration that is not as it has to be.
 *
 * @param place the file with its line, or the environment variable
 * @param message what is wrong and what was expected; never shows a secret
 */
public record Problem(String place, String message) {
  @Override
  public String toString() {
    return place + ": " + message;
  }
}
