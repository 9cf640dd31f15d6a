package dev.tocsin.expire;

import java.time.LocalDate;
import java.util.Optional;

/** The partitions of the tables that are kept by day, and of those kept by generation. */
public interface Partitions {
  /**
   * Makes those that are missing for the given days, both included; nodes that do so at the same
   * time wait for each other.
   *
   * @return how many were missing
   */
  int ensure(LocalDate first, LocalDate last);

  /** The first of the given days, both included, for which some table has no room. */
  Optional<LocalDate> firstLacking(LocalDate first, LocalDate last);
}
