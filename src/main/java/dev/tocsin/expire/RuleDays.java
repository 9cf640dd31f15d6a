package dev.tocsin.expire;

import java.time.LocalDate;

/** What is kept of rules by day. */
@FunctionalInterface
public interface RuleDays {
  /** Drops what is before a day, at most so much at once; how many rules and days that were. */
  int dropBefore(LocalDate day, int max);
}
