package dev.tocsin.api;

import dev.tocsin.event.DateText;
import dev.tocsin.spelling.Nearest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The query of a call, read parameter by parameter. What is wrong with one is kept, and something
 * harmless returned in its place; {@link #error} names everything that is wrong.
 *
 * <p>An empty parameter counts as absent. One that nobody reads is ignored, since clients may send
 * more than we know of, unless it is spelled almost like one that is read: a list that ignores a
 * misspelt filter answers what nobody asked for. A call that only we have may refuse all that it
 * does not read.
 */
final class Query {
  /** Most ids in one list; what fits into the longest address we accept. */
  static final int IDS_MAX = 200;

  /** Longest text that is looked for. */
  static final int TEXT_LENGTH_MAX = 500;

  /** Longest token: some hold the id of an entity. */
  private static final int TOKEN_LENGTH_MAX = 4_000;

  /** How many items a page has when the caller does not say. */
  static final int PAGE_SIZE_PRESET = 100;

  private static final int MISSPELT_EDITS_MAX = 2;

  /** Shorter names are few edits from any other. */
  private static final int MISSPELT_LENGTH_MIN = 4;

  private final Map<String, List<String>> parameters;
  private final Set<String> read = new TreeSet<>();
  private final List<Flaw> flaws = new ArrayList<>();
  private List<Flaw> contract = List.of();
  private boolean badNextToken;
  private boolean refusesOthers;

  /** The parameters, decoded, each with all its values in their order. */
  Query(Map<String, List<String>> parameters) {
    this.parameters = Map.copyOf(parameters);
  }

  @Nullable String text(String name) {
    return text(name, TEXT_LENGTH_MAX);
  }

  private @Nullable String text(String name, int lengthMax) {
    List<String> values = values(name);
    if (values.size() > 1) {
      flaw(name, "may be given once");
      return null;
    }
    if (values.isEmpty()) {
      return null;
    }
    String value = values.getFirst();
    if (value.length() > lengthMax || !Texts.isStorable(value)) {
      flaw(name, "may have " + lengthMax + " characters, none of them NUL");
      return null;
    }
    return value;
  }

  @Nullable Boolean flag(String name) {
    String value = text(name);
    return switch (value) {
      case null -> null;
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> {
        flaw(name, "must be true or false");
        yield null;
      }
    };
  }

  /** A flag that must be given. */
  boolean requiredFlag(String name) {
    if (values(name).isEmpty()) {
      flaw(name, "is required: true or false");
    }
    return Boolean.TRUE.equals(flag(name));
  }

  /** A date and time with its offset. */
  @Nullable Instant moment(String name) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    Instant moment = DateText.instant(value);
    if (moment == null) {
      flaw(name, "must be a date and time with offset, such as 2026-11-23T08:00:00Z");
    }
    return moment;
  }

  /** Ids, joined by commas (as SDKs send them), repeated (as m3ter documents them), or both. */
  List<UUID> ids(String name) {
    List<UUID> ids = new ArrayList<>();
    for (String value : values(name)) {
      for (String text : value.split(",", -1)) {
        UUID id = Uuids.parse(text.strip());
        if (id == null) {
          flaw(name, "must be UUIDs, joined by commas or repeated");
          return List.of();
        }
        ids.add(id);
      }
    }
    if (ids.size() > IDS_MAX) {
      flaw(name, "may be " + IDS_MAX + " ids, and are " + ids.size());
      return List.of();
    }
    return ids;
  }

  /** Texts, joined by commas, repeated, or both. */
  List<String> texts(String name, int max) {
    List<String> texts = new ArrayList<>();
    for (String value : values(name)) {
      for (String text : value.split(",", -1)) {
        String stripped = text.strip();
        if (stripped.length() > TEXT_LENGTH_MAX || !Texts.isStorable(stripped)) {
          flaw(name, "may each have " + TEXT_LENGTH_MAX + " characters, none of them NUL");
          return List.of();
        }
        if (!stripped.isEmpty()) {
          texts.add(stripped);
        }
      }
    }
    if (texts.size() > max) {
      flaw(name, "may be " + max + " texts, and are " + texts.size());
      return List.of();
    }
    return texts;
  }

  /** Which page is asked for, by {@code pageSize} and {@code nextToken}. */
  PageRequest page(int sizeMax) {
    return new PageRequest(pageSize(sizeMax), nextToken(PageToken::parse));
  }

  /** How many items a page may have. */
  int pageSize(int sizeMax) {
    String wanted = text("pageSize");
    if (wanted == null) {
      return PAGE_SIZE_PRESET;
    }
    int size = 0;
    try {
      size = Integer.parseInt(wanted);
    } catch (NumberFormatException e) {
      // Is no size of a page.
    }
    if (size < 1 || size > sizeMax) {
      flaw("pageSize", "must be a whole number from 1 to " + sizeMax);
      return 1;
    }
    return size;
  }

  /**
   * Where a page begins; null for the first one.
   *
   * @param parse reads a token; null if it is none
   */
  <T> @Nullable T nextToken(Function<String, @Nullable T> parse) {
    String token = text("nextToken", TOKEN_LENGTH_MAX);
    T after = token == null ? null : parse.apply(token);
    if (token != null && after == null) {
      badNextToken = true;
      flaw("nextToken", "must be the nextToken of the page before");
    }
    return after;
  }

  /** Has every parameter refused that nobody reads. */
  void refuseOthers() {
    refusesOthers = true;
  }

  /** Notes what is wrong by the contract. */
  void hold(Contract.Operation operation) {
    contract = ContractFlaws.ofQuery(operation, parameters);
  }

  /** Everything that is wrong, or null; to be asked once every parameter is read. */
  @Nullable ApiError error() {
    List<Flaw> all = ContractFlaws.joined(flaws, contract);
    for (String name : new TreeSet<>(parameters.keySet())) {
      if (!read.contains(name)) {
        whatIsMeant(name)
            .ifPresent(
                meant -> all.add(new Flaw.InQuery(name, "there is no such parameter" + meant)));
      }
    }
    if (all.isEmpty()) {
      return null;
    }
    return ApiError.flawed(badNextToken ? "bad_next_token" : "bad_parameter", all);
  }

  /** How to go on about one that nobody reads; empty when it is ignored. */
  private Optional<String> whatIsMeant(String name) {
    Optional<String> nearest =
        name.length() < MISSPELT_LENGTH_MIN
            ? Optional.empty()
            : Nearest.within(MISSPELT_EDITS_MAX, name, read);
    if (nearest.isPresent() || !refusesOthers) {
      return nearest.map(meant -> ", did you mean " + meant + "?");
    }
    return Optional.of(", there are " + String.join(", ", read));
  }

  private List<String> values(String name) {
    read.add(name);
    return parameters.getOrDefault(name, List.of()).stream()
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** Keeps what is wrong with a parameter. */
  void flaw(String parameter, String message) {
    flaw(new Flaw.InQuery(parameter, message));
  }

  /** Keeps what is wrong, also with a header that counts in place of a parameter. */
  void flaw(Flaw flaw) {
    flaws.add(flaw);
  }
}
