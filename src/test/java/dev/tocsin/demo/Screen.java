package dev.tocsin.demo;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** What the demo shows: plain ASCII, one line for each thing that happens, columns that align. */
final class Screen {
  private final PrintStream out;
  private final long start = System.nanoTime();

  Screen(PrintStream out) {
    this.out = out;
  }

  void title(String text) {
    out.printf("%n%s%n%n", text);
  }

  /** Something that is there. */
  void part(String name, String text) {
    out.printf("  %-10s %s%n", name, text);
  }

  void columns() {
    out.printf(
        "%n  %8s  %-10s %-18s %10s %10s %8s   %s%n",
        "TIME", "WHAT", "WHO", "SPENT", "OF", "SHARE", "THEN");
  }

  /** Something that happens to an account. */
  void event(String what, String who, String then) {
    line(what, who, "", "", "", then);
  }

  /** Spending of a commitment. */
  void spending(String who, BigDecimal spent, BigDecimal amount, String then) {
    line("spending", who, money(spent), money(amount), share(spent, amount), then);
  }

  private void line(String what, String who, String spent, String of, String share, String then) {
    double seconds = (System.nanoTime() - start) / 1e9;
    out.print(
        String.format(
                Locale.ROOT,
                "  %6.2f s  %-10s %-18s %10s %10s %8s   %s",
                seconds,
                what,
                who,
                spent,
                of,
                share,
                then)
            .stripTrailing());
    out.println();
  }

  private static String money(BigDecimal amount) {
    return String.format(Locale.ROOT, "%,.2f", amount);
  }

  /** Cut, not rounded: what is short of the threshold must not look as if it were on it. */
  private static String share(BigDecimal spent, BigDecimal amount) {
    return spent.movePointRight(2).divide(amount, 2, RoundingMode.DOWN) + " %";
  }

  /** Something that was checked. */
  void check(boolean holds, String text) {
    out.printf("  %-10s %s%n", holds ? "ok" : "NOT OK", text);
  }

  void text(String text) {
    out.println(text);
  }
}
