package dev.tocsin.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Secrets by reference: {@code ${NAME}} or {@code ${NAME:default}} names a variable. */
final class Reference {
  private static final int SECRET_LENGTH_MAX = 500;
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(?::([^}]*))?}");

  private Reference() {}

  /** The text of a key, with the reference it may consist of resolved. */
  static String resolve(YamlMap map, String key, Map<String, String> environment) {
    String text = map.text(key, SECRET_LENGTH_MAX);
    Matcher reference = REFERENCE.matcher(text);
    if (!reference.matches()) {
      if (text.contains("${")) {
        map.problem(key, "a reference must be the whole value: ${NAME} or ${NAME:default}");
      }
      return text;
    }
    String value = environment.getOrDefault(reference.group(1), reference.group(2));
    if (value == null || value.isEmpty()) {
      map.problem(key, "the variable " + reference.group(1) + " is not set and has no default");
      return text;
    }
    return value;
  }
}
