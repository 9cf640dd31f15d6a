package dev.tocsin.expire;

import java.time.LocalDate;

/** The partitions of the tables that are kept by day, and of those kept by generation. */
public interface Partitions {
  /**
   * Makes those that are missing for the given days, both included; nodes that do so at the same
   * time wait for each other.
   *
   * @return how many were missing
   */
  int ensure(LocalDate first, LocalDate last);
}
