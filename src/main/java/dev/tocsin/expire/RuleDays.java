package dev.tocsin.expire;

import java.time.LocalDate;

/** What is kept of rules by day. */
@FunctionalInterface
public interface RuleDays {
  /** Drops everything before a day; how many rules and days that were. */
  int dropBefore(LocalDate day);
}
