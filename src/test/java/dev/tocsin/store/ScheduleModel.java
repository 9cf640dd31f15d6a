package dev.tocsin.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Compares scheduled events with a plain model of them, on random histories. Run by {@code
 * scripts/schedule-model [count] [seed]}, and a little of it by the tests.
 */
final class ScheduleModel {
  private static final int HISTORIES_A_LINE = 500;

  private ScheduleModel() {}

  /**
   * A campaign.
   *
   * @param arguments how many histories, ten thousand by default, and the seed of the first
   */
  public static void main(String[] arguments) throws SQLException {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    System.out.println("seed " + seed);
    try (PostgresFixture postgres = PostgresFixture.alone()) {
      run(postgres, count, seed);
    }
    System.out.println(count + " histories agree");
  }

  /** Runs histories, each with the next seed, until one disagrees. */
  static void run(PostgresFixture postgres, int count, long seed) throws SQLException {
    RandomAppointments.prepare(postgres, AppointmentHistory.SPAN_MAX.toDays());
    // A history that a crash of the database cuts short is nobody's loss.
    Map<String, String> session = new HashMap<>(PgLedger.SESSION);
    session.put("synchronous_commit", "off");
    Map<String, String> schedule = new HashMap<>(PgScheduleStore.SESSION);
    schedule.put("synchronous_commit", "off");
    try (Connection connection = postgres.connect();
        Database ledger = postgres.open("ledger", session);
        Database database = postgres.open("schedule", schedule)) {
      AppointmentGround ground = new AppointmentGround(connection, database, ledger);
      for (int i = 0; i < count; i++) {
        new AppointmentHistory(seed + i, ground).run();
        if ((i + 1) % HISTORIES_A_LINE == 0) {
          System.out.println(i + 1);
        }
      }
    }
  }
}
