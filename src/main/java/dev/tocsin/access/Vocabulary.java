package dev.tocsin.access;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.spelling.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What may stand in statements, and what is said of anything else. */
public final class Vocabulary {
  private static final Set<String> EFFECTS = texts(Effect.values(), Effect::text);
  private static final Set<String> ACTIONS = texts(Action.values(), Action::text);

  /** Those that actions have, and billing, which has some of the resources. */
  private static final List<String> SERVICES =
      List.of(
          "analytics",
          "anomalies",
          "audit",
          "billing",
          "config",
          "exports",
          "forecast",
          "healthscores",
          "marketplace",
          "measurements");

  /** What others call what is done. */
  private static final Map<String, String> OTHER_WORDS =
      Map.ofEntries(
          Map.entry("add", "create"),
          Map.entry("change", "update"),
          Map.entry("edit", "update"),
          Map.entry("get", "retrieve"),
          Map.entry("list", "retrieve"),
          Map.entry("modify", "update"),
          Map.entry("read", "retrieve"),
          Map.entry("remove", "delete"),
          Map.entry("view", "retrieve"),
          Map.entry("write", "update"));

  private final Set<String> types;
  private final Set<String> suggested;

  private Vocabulary(Set<String> types, Set<String> suggested) {
    this.types = Set.copyOf(types);
    this.suggested = Set.copyOf(suggested);
  }

  /** The vocabulary of organizations whose events are those of a catalog. */
  public static Vocabulary of(Catalog catalog) {
    return of(catalog, HiddenEvents.NONE);
  }

  /** The same, for somebody to whom no entity is suggested that is hidden from him. */
  public static Vocabulary of(Catalog catalog, HiddenEvents hidden) {
    Set<String> types = texts(Kind.values(), Kind::text);
    catalog.entityNames().forEach(entity -> types.add(entity.toLowerCase(Locale.ROOT)));
    Set<String> suggested = new TreeSet<>(types);
    suggested.removeIf(hidden::hidesEntity);
    return new Vocabulary(types, suggested);
  }

  private static <T> Set<String> texts(T[] values, Function<T, String> text) {
    return new TreeSet<>(Arrays.stream(values).map(text).toList());
  }

  /** What is wrong with an effect; null when nothing is. */
  public @Nullable String flawOfEffect(String text) {
    return Effect.of(text) != null
        ? null
        : "must be allow or deny" + Nearest.suggestion(text, EFFECTS);
  }

  /** What is wrong with an action; null when nothing is. */
  public @Nullable String flawOfAction(String text) {
    if (Action.of(text) != null) {
      return null;
    }
    Optional<String> meant = meantAction(text).or(() -> Nearest.meant(text, ACTIONS));
    return "must be an action such as config:retrieve" + Nearest.suggestion(meant);
  }

  /** What is spelled right, but for another word, or without the service it belongs to. */
  private static Optional<String> meantAction(String text) {
    String lowered = text.toLowerCase(Locale.ROOT);
    int end = Math.max(lowered.lastIndexOf(':'), lowered.lastIndexOf('_'));
    String word = lowered.substring(end + 1);
    String service = end < 0 ? "config:" : lowered.substring(0, end + 1);
    return Optional.ofNullable(Action.of(service + OTHER_WORDS.getOrDefault(word, word)))
        .map(Action::text);
  }

  /** What is wrong with a resource; null when nothing is. */
  public @Nullable String flawOfResource(String text) {
    ResourceName name = ResourceName.of(text);
    if (name == null) {
      return text.contains("/group/")
          ? "names a resource group, and there are none here: name a type or an item"
          : "must be *, config:*, or such as config:product/* or config:product/item/an-id";
    }
    if (name.service() != null && !SERVICES.contains(name.service())) {
      return "no service is named " + name.service() + Nearest.suggestion(name.service(), SERVICES);
    }
    return name.type() == null || types.contains(name.type())
        ? null
        : "no type of resource is named "
            + name.type()
            + Nearest.suggestion(name.type(), suggested);
  }
}
