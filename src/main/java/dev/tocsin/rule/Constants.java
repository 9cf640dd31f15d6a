package dev.tocsin.rule;

import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The values a compiled calculation is handed when it is loaded. It keeps them in static final
 * fields, which the JIT takes for constants all the way down: a field's name is as if written out.
 *
 * <p>A method for each type, so that the calculation needs no cast, which Groovy would bring its
 * run time for.
 */
final class Constants {
  private final @Nullable Object[] values;

  Constants(List<? extends @Nullable Object> values) {
    this.values = values.toArray();
  }

  /**
   * Those of the class that asks.
   *
   * @param asking a lookup of that class
   */
  static Constants of(MethodHandles.Lookup asking) throws IllegalAccessException {
    return Objects.requireNonNull(
        MethodHandles.classData(asking, ConstantDescs.DEFAULT_NAME, Constants.class));
  }

  /** A value as an operand, which may be null. */
  @Nullable Object value(int index) {
    return values[index];
  }

  String text(int index) {
    return (String) known(index);
  }

  Whole whole(int index) {
    return (Whole) known(index);
  }

  ConstantSet set(int index) {
    return (ConstantSet) known(index);
  }

  TextPattern pattern(int index) {
    return (TextPattern) known(index);
  }

  Condition condition(int index) {
    return (Condition) known(index);
  }

  Comparison comparison(int index) {
    return (Comparison) known(index);
  }

  Arithmetic arithmetic(int index) {
    return (Arithmetic) known(index);
  }

  Functions functions(int index) {
    return (Functions) known(index);
  }

  Functions.Unary unary(int index) {
    return (Functions.Unary) known(index);
  }

  Functions.Binary binary(int index) {
    return (Functions.Binary) known(index);
  }

  Functions.OfChange ofChange(int index) {
    return (Functions.OfChange) known(index);
  }

  private Object known(int index) {
    return Objects.requireNonNull(values[index]);
  }
}
