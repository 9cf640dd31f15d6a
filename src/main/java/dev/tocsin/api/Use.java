package dev.tocsin.api;

import dev.tocsin.access.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Something that names something else, which therefore has to stay.
 *
 * @param name what people know it by: a notification configuration's code
 */
public record Use(Kind kind, UUID id, String name) {
  private static final int NAMED_MAX = 3;

  public Use {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(id);
    Objects.requireNonNull(name);
  }

  /**
   * Says what uses there are, by kind: {@code permission policies a (its id), b (its id) and
   * others}. Names need not be unique, and calls ask for ids.
   *
   * @param uses more of a kind than are named only if there are more
   * @param nameable those that whoever is told may know of
   */
  static String told(List<Use> uses, Predicate<Use> nameable) {
    Map<Kind, List<Use>> byKind = new LinkedHashMap<>();
    uses.forEach(use -> byKind.computeIfAbsent(use.kind(), kind -> new ArrayList<>()).add(use));
    return byKind.entrySet().stream()
        .map(entry -> told(entry.getKey(), entry.getValue(), nameable))
        .collect(Collectors.joining("; "));
  }

  private static String told(Kind kind, List<Use> uses, Predicate<Use> nameable) {
    List<String> names = uses.stream().limit(NAMED_MAX).filter(nameable).map(Use::shown).toList();
    String others = names.size() < uses.size() ? " and others" : "";
    return plural(kind) + (names.isEmpty() ? "" : " " + String.join(", ", names) + others);
  }

  private String shown() {
    return name + " (" + id + ")";
  }

  private static String plural(Kind kind) {
    return switch (kind) {
      case NOTIFICATION_CONFIGURATION -> "notification configurations";
      case SCHEDULED_EVENT_CONFIGURATION -> "scheduled event configurations";
      case PERMISSION_POLICY -> "permission policies";
      default -> kind.text();
    };
  }
}
