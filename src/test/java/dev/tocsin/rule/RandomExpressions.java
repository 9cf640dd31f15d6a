package dev.tocsin.rule;

import java.util.List;
import java.util.Random;

/**
 * Random calculations of every operator and function, mostly of kinds that go together, over the
 * fields of {@link RandomChanges}.
 */
final class RandomExpressions {
  private static final int WILD_ONE_IN = 40;

  private final Random random;

  RandomExpressions(Random random) {
    this.random = random;
  }

  /** One that is true or false, with so many levels at most. */
  String condition(int depth) {
    if (depth == 0 || random.nextInt(8) == 0) {
      return random.nextInt(8) == 0 ? one("true", "false", "null") : field("f", 2);
    }
    int less = depth - 1;
    return switch (random.nextInt(18)) {
      case 0, 1 -> "(" + joined(" AND ", less) + ")";
      case 2, 3 -> "(" + joined(" OR ", less) + ")";
      case 4 -> "(NOT " + condition(less) + ")";
      case 5 -> "(" + condition(less) + " ? " + condition(less) + " : " + condition(less) + ")";
      case 6 -> number(less) + " in (" + number(0) + ", " + number(less) + ", null)";
      case 7 -> text(less) + " in [" + literalText() + ", " + literalText() + "]";
      case 8 -> one("changed(new.t1)", "changed(new.a1)", "changed(new.o1)", "changed(new.n2)");
      case 9 -> "matches(" + text(less) + one(", \"[a-c]+\")", ", 'a.*|b?')", ", \"\")");
      case 10 -> one("contains(", "startsWith(", "endsWith(") + text(less) + ", " + text(0) + ")";
      case 11 -> "includes(" + array() + ", " + (random.nextBoolean() ? number(0) : text(0)) + ")";
      case 12 -> "(boolean) " + (random.nextBoolean() ? number(0) : field("f", 2));
      case 13 -> text(less) + relation() + text(less);
      case 14 -> field("n", 4) + relation() + literalNumber();
      case 15 -> any() + one(" == ", " != ") + one("null", "true", "'ab'", "5");
      case 16 -> field("f", 2) + relation() + one("new.f1", "old.f2", "true");
      default -> number(less) + relation() + number(less);
    };
  }

  private String joined(String operator, int depth) {
    StringBuilder joined = new StringBuilder(condition(depth));
    for (int more = 1 + random.nextInt(3) / 2; more > 0; more--) {
      joined.append(operator).append(condition(depth));
    }
    return joined.toString();
  }

  private String number(int depth) {
    if (isWild()) {
      return any();
    }
    if (depth == 0 || random.nextInt(4) == 0) {
      return random.nextInt(3) == 0 ? literalNumber() : field("n", 4);
    }
    int less = depth - 1;
    return switch (random.nextInt(14)) {
      case 0 -> one("Math.max(", "Math.min(") + number(less) + ", " + number(0) + ", 2)";
      case 1 -> one("Math.floor(", "Math.ceil(", "Math.round(") + number(less) + ")";
      case 2 ->
          one("Math.floor(", "Math.ceil(", "Math.round(")
              + number(less)
              + ", "
              + one("1", "0", "-1", "3", "new.n4")
              + ")";
      case 3 -> one("Math.abs(", "-(", "+(") + number(less) + ")";
      case 4 -> one("(int) ", "(long) ", "(decimal) ", "(double) ") + castable();
      case 5 -> "length(" + text(less) + ")";
      case 6 -> "size(" + array() + ")";
      case 7 -> one("year(", "month(", "day(", "dayOfWeek(") + date(less) + ")";
      case 8 -> "daysBetween(" + date(less) + ", " + date(less) + ")";
      case 9 -> "(" + number(less) + " ?: " + number(less) + ")";
      case 10 -> "(" + condition(less) + " ? " + number(less) + " : " + number(less) + ")";
      case 11 -> "(" + number(less) + " ^ " + one("2", "3", "0", "-1", "new.n4") + ")";
      default -> "(" + number(less) + one(" + ", " - ", " * ", " / ", " % ") + number(less) + ")";
    };
  }

  private String text(int depth) {
    if (isWild()) {
      return any();
    }
    if (depth == 0 || random.nextInt(3) == 0) {
      return random.nextInt(3) == 0 ? literalText() : field("t", 3);
    }
    int less = depth - 1;
    return switch (random.nextInt(6)) {
      case 0 -> one("lower(", "upper(", "trim(") + text(less) + ")";
      case 1 -> "(string) " + field("n", 4);
      case 2 -> "(string) " + field("f", 2);
      case 3 -> "isnull(" + text(less) + ", " + text(less) + ")";
      case 4 -> date(less);
      default -> "(" + text(less) + " + " + text(0) + ")";
    };
  }

  private String date(int depth) {
    if (depth == 0) {
      return one("new.d1", "old.d1", "new.d2", "now()", "'2024-02-29'");
    }
    return switch (random.nextInt(3)) {
      case 0 -> "date(" + date(depth - 1) + ")";
      case 1 -> "plusDays(" + date(depth - 1) + ", " + one("30", "-1", "0", "new.n4") + ")";
      default -> date(0);
    };
  }

  private String castable() {
    return switch (random.nextInt(4)) {
      case 0 -> "(" + number(0) + ")";
      case 1 -> "new.t3";
      case 2 -> "new.f1";
      default -> field("n", 4);
    };
  }

  private String array() {
    return isWild() ? any() : one("new.a1", "old.a1", "new.a2");
  }

  private String any() {
    return one("new.n1", "old.t1", "new.f1", "old.d1", "new.a1", "old.o1", "new.o1.n", "old.t1.x");
  }

  private String field(String name, int count) {
    return one("new.", "old.") + name + (1 + random.nextInt(count));
  }

  private String literalNumber() {
    // 53 is the code of the character 5.
    return one("0", "1", "2", "5", "53", "-3", "2.50", "1000", "0.001", "9223372036854775807");
  }

  private String literalText() {
    return one("'ab'", "\"\"", "'B'", "'5'", "\"a'\\\\b\"", "'$x'", "' ab '");
  }

  private String relation() {
    return one(" == ", " != ", " < ", " <= ", " > ", " >= ");
  }

  private boolean isWild() {
    return random.nextInt(WILD_ONE_IN) == 0;
  }

  private String one(String... choices) {
    return List.of(choices).get(random.nextInt(choices.length));
  }
}
