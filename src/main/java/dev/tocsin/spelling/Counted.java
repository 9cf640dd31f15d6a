package dev.tocsin.spelling;

/** Numbers of things, as they are told. */
public final class Counted {
  private Counted() {}

  /** So many of what has an s unless there is one: {@code 1 problem}, {@code 2 problems}. */
  public static String of(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
