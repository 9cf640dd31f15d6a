package dev.tocsin.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Secrets by reference: {@code ${NAME}} or {@code ${NAME:default}} names a variable. */
final class Reference {
  private static final int SECRET_LENGTH_MAX = 500;
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(?::([^}]*))?}");

  private Reference() {}

  /**
   * The text of a key, with the reference it may consist of resolved. A variable that is empty is
   * one not set.
   */
  static String resolve(YamlMap map, String key, Map<String, String> environment) {
    String text = map.text(key, SECRET_LENGTH_MAX);
    Matcher reference = REFERENCE.matcher(text);
    if (!reference.matches()) {
      if (text.contains("${")) {
        map.problem(key, "a reference must be the whole value: ${NAME} or ${NAME:default}");
      }
      return text;
    }
    String name = reference.group(1);
    if (name.startsWith("TOCSIN_")) {
      map.problem(
          key, "variables that begin with TOCSIN_ are settings; give " + name + " another name");
      return text;
    }
    return value(map, key, reference, environment.getOrDefault(name, ""));
  }

  private static String value(YamlMap map, String key, Matcher reference, String set) {
    String name = reference.group(1);
    String preset = reference.group(2);
    String value = set.isEmpty() && preset != null ? preset : set;
    if (value.isEmpty()) {
      map.problem(key, "the variable " + name + " is not set and has no default");
    } else {
      YamlMap.fault(value, SECRET_LENGTH_MAX)
          .ifPresent(fault -> map.problem(key, "in the variable " + name + ", " + fault));
    }
    return value;
  }
}
