package dev.tocsin.api;

import dev.tocsin.event.Payload;
import dev.tocsin.rule.ShownValue;
import dev.tocsin.spelling.Nearest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a JSON object that a caller sent, read one by one. What is wrong with one is
 * kept, and something harmless returned in its place, so that {@link #result} can name everything
 * that is wrong at once.
 *
 * <p>A property that is {@code null} counts as absent, and one that nobody reads is ignored:
 * clients send back what they were given, with all that is read-only.
 */
final class JsonProperties {
  /**
   * Most properties that are told to be none, and most characters that are shown of their names.
   */
  private static final int OTHERS_MAX = 100;

  private static final int SHOWN_MAX = 100;

  private final String pointer;
  private final Map<String, @Nullable Object> values;
  private final Map<String, String> sources;
  private final List<Flaw> flaws;
  private final List<Flaw> contract;

  /**
   * The properties of a whole body.
   *
   * @param values as {@code JsonValues} reads them
   * @param sources the text of each value that is an object, as received
   * @param contract what is wrong with them by the contract
   */
  JsonProperties(
      Map<String, @Nullable Object> values, Map<String, String> sources, List<Flaw> contract) {
    this("", values, sources, new ArrayList<>(), contract);
  }

  private JsonProperties(
      String pointer,
      Map<String, @Nullable Object> values,
      Map<String, String> sources,
      List<Flaw> flaws,
      List<Flaw> contract) {
    this.pointer = pointer;
    this.values = Collections.unmodifiableMap(values);
    this.sources = Map.copyOf(sources);
    this.flaws = flaws;
    this.contract = List.copyOf(contract);
  }

  boolean has(String name) {
    return values.get(name) != null;
  }

  /** Whether there is nothing, or no more than an empty text. */
  boolean lacks(String name) {
    Object value = values.get(name);
    return value == null || value.equals("");
  }

  /** A text that must be there and hold something other than blanks. */
  String text(String name, int lengthMax) {
    String text = optionalText(name, lengthMax);
    if (text == null) {
      if (lacks(name)) {
        flaw(name, "is required: a text of 1 to " + lengthMax + " characters");
      }
      return "";
    }
    if (text.isBlank()) {
      flaw(name, "must hold something other than blanks");
    }
    return text;
  }

  /** A text that may be missing; an empty one counts as missing. */
  @Nullable String optionalText(String name, int lengthMax) {
    Object value = values.get(name);
    if (value == null || value.equals("")) {
      return null;
    }
    if (!(value instanceof String text)) {
      flaw(name, "must be a text, not " + typeOf(value));
      return null;
    }
    if (text.length() > lengthMax) {
      flaw(name, "may have " + lengthMax + " characters, and has " + text.length());
      return null;
    }
    if (!Texts.isStorable(text)) {
      flaw(name, "must not have the character NUL, nor half a surrogate pair");
      return null;
    }
    return text;
  }

  boolean flag(String name, boolean preset) {
    Object value = values.get(name);
    if (value == null) {
      return preset;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    flaw(name, "must be true or false, not " + typeOf(value));
    return preset;
  }

  /** A flag that must be there. */
  boolean requiredFlag(String name) {
    if (!has(name)) {
      flaw(name, "is required: true or false");
    }
    return flag(name, false);
  }

  /** Objects that must be there, at least one; their flaws are named with ours. */
  List<JsonProperties> objects(String name, int most) {
    List<JsonProperties> objects = new ArrayList<>();
    int index = 0;
    for (Object item : items(name, most, "objects")) {
      String place = at(name) + "/" + index;
      if (item instanceof Map<?, ?> map) {
        objects.add(new JsonProperties(place, asProperties(map), Map.of(), flaws, List.of()));
      } else {
        flaws.add(new Flaw.InBody(place, "must be an object"));
      }
      index++;
    }
    return objects;
  }

  /**
   * Texts that must be there, at least one.
   *
   * @param flawOf what is wrong with a text; null when nothing is
   */
  List<String> texts(
      String name, int most, int lengthMax, Function<String, @Nullable String> flawOf) {
    List<String> texts = new ArrayList<>();
    for (Object item : items(name, most, "texts")) {
      String text = item instanceof String value && value.length() <= lengthMax ? value : null;
      String flaw =
          text == null || !Texts.isStorable(text)
              ? "must be a text of at most "
                  + lengthMax
                  + " characters, without NUL or half a surrogate pair"
              : flawOf.apply(text);
      if (flaw != null) {
        flaws.add(new Flaw.InBody(at(name) + "/" + texts.size(), flaw));
      }
      texts.add(text == null ? "" : text);
    }
    return texts;
  }

  private List<?> items(String name, int most, String what) {
    if (values.get(name) instanceof List<?> items && !items.isEmpty() && items.size() <= most) {
      return items;
    }
    flaw(name, "must be an array of 1 to " + most + " " + what);
    return List.of();
  }

  /** Ids that must be there, at least one. */
  List<UUID> ids(String name, int most) {
    Object value = values.get(name);
    if (!(value instanceof List<?> items) || items.isEmpty() || items.size() > most) {
      flaw(name, "must be an array of 1 to " + most + " UUIDs");
      return List.of();
    }
    List<UUID> ids = new ArrayList<>();
    for (Object item : items) {
      UUID id = item instanceof String text ? Uuids.parse(text) : null;
      if (id == null) {
        flaws.add(new Flaw.InBody(at(name) + "/" + ids.size(), "must be a UUID"));
        return List.of();
      }
      ids.add(id);
    }
    return ids;
  }

  /** Texts that may be missing. */
  List<String> texts(String name, int most, int lengthMax) {
    Object value = values.get(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> items) || items.size() > most) {
      flaw(name, "must be an array of at most " + most + " texts");
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (Object item : items) {
      if (!(item instanceof String text) || text.length() > lengthMax || !Texts.isStorable(text)) {
        flaws.add(
            new Flaw.InBody(
                at(name) + "/" + texts.size(),
                "must be a text of at most " + lengthMax + " characters, none of them NUL"));
        return List.of();
      }
      texts.add(text);
    }
    return texts;
  }

  /** A whole number that may be missing. */
  @Nullable Long wholeNumber(String name) {
    Object value = values.get(name);
    if (value == null || value instanceof Long) {
      return (Long) value;
    }
    boolean isTooLarge = value instanceof BigDecimal number && isWhole(number);
    flaw(
        name,
        isTooLarge
            ? "must be a smaller number"
            : "must be a whole number, not "
                + (value instanceof BigDecimal ? ShownValue.of(value) : typeOf(value)));
    return null;
  }

  private static boolean isWhole(BigDecimal number) {
    return number.signum() == 0 || number.scale() <= 0;
  }

  /** The text of an object, as received; an empty object when it is missing. */
  String objectText(String name, int lengthMax) {
    Object value = values.get(name);
    if (value == null) {
      return "{}";
    }
    String source = sources.get(name);
    if (source == null) {
      flaw(name, "must be an object, not " + typeOf(value));
      return "{}";
    }
    if (source.length() > lengthMax) {
      flaw(name, "may have " + lengthMax + " characters, and has " + source.length());
      return "{}";
    }
    return source;
  }

  /** The properties of an object, empty when it is missing; their flaws are named with ours. */
  JsonProperties object(String name) {
    Map<String, @Nullable Object> inner = Map.of();
    Object value = values.get(name);
    if (value instanceof Map<?, ?> map) {
      inner = asProperties(map);
    } else if (value != null) {
      flaw(name, "must be an object, not " + typeOf(value));
    }
    return new JsonProperties(at(name), inner, innerSources(name), flaws, List.of());
  }

  /** What the objects inside an object were received as: only the outermost are cut out at once. */
  private Map<String, String> innerSources(String name) {
    String source = sources.get(name);
    if (source == null) {
      return Map.of();
    }
    return switch (Body.parse(source.getBytes(StandardCharsets.UTF_8))) {
      case Reading.Good<JsonProperties>(JsonProperties inner) -> inner.sources;
      case Reading.Bad<JsonProperties>(ApiError error) ->
          throw new IllegalStateException("was JSON when it was read first: " + error.message());
    };
  }

  /** The state of an entity; null when it is missing. */
  @Nullable Payload payload(String name) {
    Object value = values.get(name);
    String source = objectText(name, Integer.MAX_VALUE);
    return value instanceof Map<?, ?> fields ? new Payload(source, asProperties(fields)) : null;
  }

  @SuppressWarnings("unchecked") // JsonValues makes no other maps
  private static Map<String, @Nullable Object> asProperties(Map<?, ?> map) {
    return (Map<String, @Nullable Object>) map;
  }

  /**
   * Notes every property that is none of those that are known, where nothing is sent back that was
   * given: it is misspelt then, and what was meant would be missing.
   *
   * @param what says which are known
   */
  void refuseOthers(List<String> known, String what) {
    values.keySet().stream()
        .filter(name -> !known.contains(name))
        .sorted()
        .limit(OTHERS_MAX)
        .forEach(name -> {
          String shown = name.length() > SHOWN_MAX ? name.substring(0, SHOWN_MAX) + '\u2026' : name;
          flaw(
              name.replace("~", "~0").replace("/", "~1"),
              what + ", and here is " + shown + Nearest.suggestion(name, known));
        });
  }

  /** Notes that something is wrong with a property. */
  void flaw(String name, String message) {
    flaws.add(new Flaw.InBody(at(name), message));
  }

  /** Notes a flaw whose place is not just the property. */
  void flaw(Flaw flaw) {
    flaws.add(flaw);
  }

  /** Where a property is (RFC 6901); our names need no escapes. */
  String at(String name) {
    return pointer + "/" + name;
  }

  /** What the properties make, if nothing is wrong with them; all that is wrong, otherwise. */
  <D> Reading<D> result(Supplier<D> made) {
    List<Flaw> all = ContractFlaws.joined(flaws, contract);
    return all.isEmpty()
        ? new Reading.Good<>(made.get())
        : new Reading.Bad<>(ApiError.flawed("validation_failed", all));
  }

  private static String typeOf(Object value) {
    return switch (value) {
      case String text -> "a text";
      case Boolean flag -> "a boolean";
      case Long number -> "a number";
      case BigDecimal number -> "a number";
      case List<?> list -> "an array";
      case Map<?, ?> map -> "an object";
      default -> throw new IllegalStateException("JSON has no " + value.getClass());
    };
  }
}
