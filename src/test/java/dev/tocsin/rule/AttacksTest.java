package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Change;
import dev.tocsin.event.Payload;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no attack achieves, whatever its outcome; that the outcome is the one its case says, {@link
 * CalculationsTest} shows.
 */
class AttacksTest {
  private static final int TEXTS_MIN = 1_900;
  private static final Set<Class<?>> VALUES =
      Set.of(String.class, Boolean.class, Long.class, BigDecimal.class);
  private static final Set<Class<?>> RECORDS =
      Stream.concat(Stream.of(FieldPath.class), leaves(Node.class)).collect(Collectors.toSet());

  static Stream<CalculationCase> attacks() {
    return CalculationCase.attacks();
  }

  static Stream<CalculationCase> accepted() {
    return attacks().filter(one -> parsed(one) instanceof Parsed.Valid);
  }

  @Test
  void the_attacks_are_many_and_no_two_are_the_same() {
    List<String> texts = attacks().map(CalculationCase::calculation).toList();
    assertThat(texts).hasSizeGreaterThan(TEXTS_MIN).doesNotHaveDuplicates();
  }

  /**
   * The copies can be changed, which a payload that was read cannot, so that a change would show.
   */
  @ParameterizedTest
  @MethodSource("accepted")
  void no_attack_changes_the_event_or_learns_from_a_run_before(CalculationCase one) {
    Change change =
        new Change(one.change().time(), copy(one.change().after()), copy(one.change().before()));
    Outcome first = evaluated(one, change);
    assertThat(change.after()).isEqualTo(one.change().after());
    assertThat(change.before()).isEqualTo(one.change().before());
    assertThat(evaluated(one, change)).isEqualTo(first);
  }

  /** A tree holds nothing that could lead to a class, a method or an object of the JVM. */
  @ParameterizedTest
  @MethodSource("accepted")
  void an_accepted_attack_is_a_tree_of_known_nodes_and_plain_values(CalculationCase one)
      throws ReflectiveOperationException {
    requireClosed(new Parser(one.calculation(), CalculationLimits.DEFAULTS).calculation());
  }

  @Test
  void nodes_can_be_of_no_other_classes() {
    assertThat(leaves(Node.class)).allMatch(Class::isRecord);
  }

  /** Messages are shown in browsers, terminals and logs. */
  @ParameterizedTest
  @MethodSource("attacks")
  void a_refusal_repeats_nothing_that_cannot_be_seen(CalculationCase one) {
    if (parsed(one) instanceof Parsed.Invalid(List<Problem> problems)) {
      assertThat(problems).allMatch(problem -> isVisible(problem.message()));
    }
  }

  private static boolean isVisible(String message) {
    return message.length() < 300 && message.chars().allMatch(c -> c >= ' ' && c < 127);
  }

  private static void requireClosed(@Nullable Object part) throws ReflectiveOperationException {
    switch (part) {
      case null -> {}
      case Span _ -> {}
      case TextPattern pattern -> requireClosed(pattern.source());
      case Collection<?> several -> {
        for (Object one : several) {
          requireClosed(one);
        }
      }
      case Enum<?> constant ->
          assertThat(constant.getDeclaringClass().getPackageName())
              .isEqualTo(Node.class.getPackageName());
      case Record node -> {
        assertThat(RECORDS).contains(node.getClass());
        for (RecordComponent component : node.getClass().getRecordComponents()) {
          requireClosed(component.getAccessor().invoke(node));
        }
      }
      default -> assertThat(VALUES).contains(part.getClass());
    }
  }

  /** The classes of a sealed interface that are not interfaces. */
  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(AttacksTest::leaves)
        : Stream.of(type);
  }

  private static Parsed parsed(CalculationCase one) {
    return Calculations.parse(one.calculation(), CalculationLimits.DEFAULTS);
  }

  private static Outcome evaluated(CalculationCase one, Change change) {
    return switch (parsed(one)) {
      case Parsed.Valid(Calculation calculation) -> calculation.evaluate(change);
      case Parsed.Invalid(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  // javac leaves the @Nullable of a compact constructor's parameter out of the class file that the
  // tests are compiled against
  @SuppressWarnings({"unchecked", "NullAway"})
  private static @Nullable Payload copy(@Nullable Payload payload) {
    return payload == null
        ? null
        : new Payload(payload.json(), (Map<String, @Nullable Object>) copyOf(payload.fields()));
  }

  private static @Nullable Object copyOf(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> object -> {
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
        object.forEach((name, field) -> copy.put(name, copyOf(field)));
        yield copy;
      }
      case List<?> array -> {
        List<@Nullable Object> copy = new ArrayList<>();
        array.forEach(item -> copy.add(copyOf(item)));
        yield copy;
      }
      case null, default -> value;
    };
  }
}
