package dev.tocsin.command;

import java.util.Map;
import java.util.TreeMap;

/**
 * An object of an organization, with what can be compared of it.
 *
 * @param isDeclared whether a file declares it
 * @param fields each as a text; no secret is among them
 */
record Form(boolean isDeclared, Map<String, String> fields) {
  Form {
    fields = Map.copyOf(fields);
  }

  /** One with these fields, each a name and its value. */
  static Form of(boolean isDeclared, Object... namesAndValues) {
    Map<String, String> fields = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
    }
    return new Form(isDeclared, fields);
  }
}
