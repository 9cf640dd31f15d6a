package dev.tocsin.fuzz;

import dev.tocsin.event.Change;
import dev.tocsin.event.Payload;
import dev.tocsin.rule.CalculationLimits;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Events that hold the worst values for whatever fields a calculation reads: every field that is
 * asked for is there. No value is larger than an event that the server takes by default.
 */
final class AdversarialEvents {
  /** Half of {@code ingest.eventBytesMax}, for each of the two states. */
  private static final int STATE_BYTES = 128 << 10;

  private static final int COMPARED_MAX = CalculationLimits.DEFAULTS.comparedTextMax();
  private static final int TEXT_MAX = CalculationLimits.DEFAULTS.textMax();
  private static final int PATTERN_TEXT_MAX = CalculationLimits.DEFAULTS.patternTextMax();
  private static final int ITEMS_MAX = CalculationLimits.DEFAULTS.itemsMax();

  private static final BigDecimal LONGEST = new BigDecimal("9".repeat(100));
  private static final BigDecimal FRACTION = new BigDecimal("0." + "3".repeat(98));

  /** The same numbers with as many digits as an event's may have, to the right of the point. */
  private static final BigDecimal HALVES = new BigDecimal("1.5" + "0".repeat(97));

  private static final BigDecimal NINES = new BigDecimal("9".repeat(50));

  private AdversarialEvents() {}

  /** The events by name, in a fixed order. */
  static Map<String, Change> all() {
    Map<String, Change> events = new LinkedHashMap<>();
    events.put("no states", change(_ -> null, _ -> null));
    events.put("numbers of 100 digits", same(LONGEST));
    events.put("fractions of 98 digits", same(FRACTION));
    events.put("long numbers by fractions", change(_ -> LONGEST, _ -> FRACTION));
    events.put("long numbers and fractions in turn", inTurn(LONGEST, FRACTION));
    events.put("halves with 97 zeros behind", same(HALVES));
    events.put("halves with and without zeros", inTurn(HALVES, new BigDecimal("1.5")));
    events.put(
        "nines with and without zeros",
        inTurn(NINES, new BigDecimal(NINES + "." + "0".repeat(49))));
    events.put("huge exponents", same(new BigDecimal("1e999999999")));
    events.put("tiny exponents", same(new BigDecimal("1e-999999999")));
    events.put("zeros of huge scale", same(new BigDecimal("0e2147483647")));
    events.put(
        "huge and tiny exponents in turn",
        inTurn(new BigDecimal("-9.9e999999999"), new BigDecimal("7e-999999999")));
    events.put("largest and smallest whole numbers", inTurn(Long.MAX_VALUE, Long.MIN_VALUE));
    events.put("exponents just allowed", inTurn(1000L, new BigDecimal("1.99")));
    events.put("small whole numbers", inTurn(7L, 3L));
    events.put("texts that differ at their end", ofTexts("x".repeat(STATE_BYTES - 1)));
    events.put(
        "texts beyond Latin that differ at their end",
        ofTexts("\u0436".repeat(STATE_BYTES / 2 - 1)));
    events.put("the longest texts that are compared", ofTexts("x".repeat(COMPARED_MAX - 1)));
    events.put(
        "the longest texts beyond Latin that are compared",
        ofTexts("\u0436".repeat(COMPARED_MAX - 1)));
    events.put("the longest texts of functions", ofTexts("x".repeat(TEXT_MAX - 1)));
    events.put("the longest texts of functions beyond Latin", same("\u0436".repeat(TEXT_MAX)));
    events.put("texts that grow as capitals", same("\u0390".repeat(TEXT_MAX)));
    events.put("texts that grow as small letters", same("\u0130".repeat(TEXT_MAX)));
    events.put("texts of final sigmas", same("\u03a3".repeat(TEXT_MAX)));
    events.put("texts of small letters of two units", same("\ud801\udc28".repeat(TEXT_MAX / 2)));
    events.put("texts of capitals of two units", same("\ud801\udc00".repeat(TEXT_MAX / 2)));
    events.put("the longest texts of patterns", ofTexts("x".repeat(PATTERN_TEXT_MAX - 1)));
    events.put("texts of 64 characters", ofTexts("x".repeat(63)));
    events.put("texts of 300 digits", same("7".repeat(300)));
    events.put("dates", inTurn("2026-11-23", "2026-11-23T23:59:59.999999999-17:59"));
    events.put(
        "a list of many values",
        same(List.copyOf(IntStream.range(0, STATE_BYTES / 4).mapToObj(Long::valueOf).toList())));
    List<Long> numbers = numbers();
    List<Long> sameNumbers = numbers();
    events.put("lists just allowed", change(_ -> numbers, _ -> sameNumbers));
    List<BigDecimal> nines = Collections.nCopies(ITEMS_MAX / 10, NINES);
    List<BigDecimal> pointedNines =
        Collections.nCopies(ITEMS_MAX / 10, new BigDecimal(NINES + ".0"));
    events.put("lists of nines with and without zeros", change(_ -> nines, _ -> pointedNines));
    List<String> texts = texts();
    List<String> sameTexts = texts();
    events.put("lists of texts", change(_ -> texts, _ -> sameTexts));
    events.put("an object of many fields", same(wide(STATE_BYTES / 16)));
    Map<String, @Nullable Object> object = wide(ITEMS_MAX);
    Map<String, @Nullable Object> turned = turned(object);
    events.put("objects just allowed", change(_ -> object, _ -> turned));
    events.put(
        "objects without end", change(AdversarialEvents::endless, AdversarialEvents::endless));
    events.put("true", same(true));
    events.put("null", same(null));
    return Collections.unmodifiableMap(events);
  }

  private static Change same(@Nullable Object value) {
    return change(_ -> value, _ -> value);
  }

  /** One value for one half of all names, the other for the rest. */
  private static Change inTurn(Object one, Object other) {
    Function<String, @Nullable Object> fields = name -> name.hashCode() % 2 == 0 ? one : other;
    return change(fields, name -> name.hashCode() % 2 == 0 ? other : one);
  }

  /** Texts that no comparison can tell apart, or find equal, before their last character. */
  private static Change ofTexts(String prefix) {
    String after = prefix + "a";
    String again = prefix + "a"; // as long to compare as it is to read, being another object
    String before = prefix + "b";
    return change(name -> name.hashCode() % 2 == 0 ? after : again, _ -> before);
  }

  private static List<Long> numbers() {
    return IntStream.range(0, ITEMS_MAX).mapToObj(i -> Long.valueOf(1_000 + i)).toList();
  }

  /** As many characters as are compared, in as many texts. */
  private static List<String> texts() {
    return IntStream.range(0, ITEMS_MAX / 2).mapToObj(i -> ("\u0436" + i).repeat(16)).toList();
  }

  private static Map<String, @Nullable Object> wide(int size) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    IntStream.range(0, size).forEach(i -> fields.put("field" + i, (long) i));
    return Collections.unmodifiableMap(fields);
  }

  /** An equal object that has its fields in another order. */
  private static Map<String, @Nullable Object> turned(Map<String, @Nullable Object> object) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    List.copyOf(object.entrySet())
        .reversed()
        .forEach(field -> fields.put(field.getKey(), field.getValue()));
    return Collections.unmodifiableMap(fields);
  }

  private static Object endless(String name) {
    return new Fields(AdversarialEvents::endless);
  }

  // javac leaves the @Nullable of a compact constructor's parameter out of the class file that the
  // tests are compiled against
  @SuppressWarnings("NullAway")
  private static Change change(
      Function<String, @Nullable Object> after, Function<String, @Nullable Object> before) {
    return new Change(
        Instant.EPOCH, new Payload("{}", new Fields(after)), new Payload("{}", new Fields(before)));
  }

  /** An object that has every field. */
  private static final class Fields extends AbstractMap<String, @Nullable Object> {
    private final Function<String, @Nullable Object> values;

    Fields(Function<String, @Nullable Object> values) {
      this.values = values;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
      return name instanceof String known ? values.apply(known) : null;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
      return true;
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
      return Set.of();
    }
  }
}
