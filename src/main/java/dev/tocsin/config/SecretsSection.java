package dev.tocsin.config;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads where the secret comes from, and what tokens are signed with besides. */
final class SecretsSection {
  /** Long enough to be no guess away. */
  private static final Pattern SECRET = Pattern.compile("\\P{Cntrl}{32,}");

  /** Without what separates keys in a variable. */
  private static final Pattern TOKEN_KEY = Pattern.compile("[!-+\\--~]{32,100}");

  /** Enough for two replacements at a time. */
  private static final int TOKEN_KEYS_MAX = 4;

  private SecretsSection() {}

  static Settings.Secrets read(Section secrets, Path data) {
    return new Settings.Secrets(
        secrets.optionalText("key", SECRET, "a text of at least 32 characters"),
        secrets.path("keyFile", data.resolve("secrets.key")),
        secrets.texts("tokenKeys", TOKEN_KEYS_MAX, TOKEN_KEY, "texts of 32 to 100 characters"));
  }
}
