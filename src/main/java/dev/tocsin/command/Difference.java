package dev.tocsin.command;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What applying a file would change of an object.
 *
 * @param section of the file
 * @param name or code
 * @param fields those that differ; none for what is made or removed
 * @param reason what stands in the way; empty when nothing does
 */
record Difference(Sign sign, String section, String name, List<Field> fields, String reason) {
  Difference {
    Objects.requireNonNull(sign);
    fields = List.copyOf(fields);
  }

  /** What would become of it, or that nothing would. */
  enum Sign {
    MADE("+"),
    CHANGED("~"),
    REMOVED("-"),
    IN_CONFLICT("!");

    private final String text;

    Sign(String text) {
      this.text = text;
    }
  }

  /** A field that differs. */
  record Field(String name, String before, String after) {
    /** A text of several lines with what went and what came, and the lines around once. */
    @Override
    public String toString() {
      if (before.indexOf('\n') < 0 && after.indexOf('\n') < 0) {
        return name + ": " + before + " -> " + after;
      }
      List<String> was = before.lines().toList();
      List<String> is = after.lines().toList();
      if (was.equals(is)) {
        return name + ": differs only in how lines end";
      }
      int shorter = Math.min(was.size(), is.size());
      int first = 0;
      while (first < shorter && was.get(first).equals(is.get(first))) {
        first++;
      }
      int last = 0;
      while (last < shorter - first
          && was.get(was.size() - 1 - last).equals(is.get(is.size() - 1 - last))) {
        last++;
      }
      return name
          + ":"
          + marked("  ", was.subList(0, first))
          + marked("- ", was.subList(first, was.size() - last))
          + marked("+ ", is.subList(first, is.size() - last))
          + marked("  ", was.subList(was.size() - last, was.size()));
    }

    private static String marked(String mark, List<String> lines) {
      return lines.stream().map(line -> "\n      " + mark + line).collect(Collectors.joining());
    }
  }

  /** All differences from what there is to what is wanted, section by section. */
  static List<Difference> between(Forms there, Forms wanted) {
    List<Difference> all = new ArrayList<>();
    for (String section :
        List.of(
            "policies",
            "serviceUsers",
            "entities",
            "scheduledEvents",
            "webhooks",
            "notifications")) {
      Map<String, Form> before = there.sections().getOrDefault(section, Map.of());
      Map<String, Form> after = wanted.sections().getOrDefault(section, Map.of());
      TreeSet<String> names = new TreeSet<>(before.keySet());
      names.addAll(after.keySet());
      for (String name : names) {
        Difference one =
            of(section, name, before.get(name), after.get(name), there.blocking().get(name));
        if (one != null) {
          all.add(one);
        }
      }
    }
    return all;
  }

  private static @Nullable Difference of(
      String section,
      String name,
      @Nullable Form before,
      @Nullable Form after,
      @Nullable String blocking) {
    if (before == null) {
      return new Difference(Sign.MADE, section, name, List.of(), "");
    }
    if (after == null) {
      return before.isDeclared() ? removed(section, name, blocking) : null;
    }
    boolean isKnownByCode = section.equals("webhooks") || section.equals("notifications");
    if (!before.isDeclared() && isKnownByCode) {
      return new Difference(
          Sign.IN_CONFLICT, section, name, List.of(), "it was made through the API");
    }
    List<Field> fields = new ArrayList<>();
    after.fields().keySet().stream()
        .sorted()
        .forEach(field -> {
          String is = before.fields().getOrDefault(field, "");
          String wanted = after.fields().getOrDefault(field, "");
          if (!is.equals(wanted)) {
            fields.add(new Field(field, is, wanted));
          }
        });
    if (!before.isDeclared()) {
      fields.add(new Field("declaredInFile", "false", "true"));
    }
    return fields.isEmpty() ? null : new Difference(Sign.CHANGED, section, name, fields, "");
  }

  private static Difference removed(String section, String name, @Nullable String blocking) {
    return section.equals("webhooks") && blocking != null
        ? new Difference(
            Sign.IN_CONFLICT,
            section,
            name,
            List.of(),
            "it is declared no more, and the notification configuration "
                + blocking
                + " that was made through the API is sent to it")
        : new Difference(Sign.REMOVED, section, name, List.of(), "");
  }

  JsonObject json() {
    return new JsonObject()
        .put("what", sign.name())
        .put("section", section)
        .put("name", name)
        .put("reason", reason.isEmpty() ? null : reason)
        .put(
            "fields",
            new JsonArray(
                fields.stream()
                    .map(field ->
                        new JsonObject()
                            .put("name", field.name())
                            .put("before", field.before())
                            .put("after", field.after()))
                    .toList()));
  }

  @Override
  public String toString() {
    return sign.text
        + " "
        + section
        + " "
        + name
        + (reason.isEmpty() ? "" : ": " + reason)
        + fields.stream().map(field -> "\n    " + field).collect(Collectors.joining());
  }
}
