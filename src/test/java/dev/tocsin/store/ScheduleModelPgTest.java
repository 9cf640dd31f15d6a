package dev.tocsin.store;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A slice of the campaign of {@link ScheduleModel}. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ScheduleModelPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final int HISTORIES = 150;
  private static final long SEED = 1;

  /** It throws where a history and the model disagree, and names the seed. */
  @Test
  void scheduled_events_are_what_a_plain_model_of_them_says() throws SQLException {
    ScheduleModel.run(
        postgres,
        Integer.getInteger("schedule.count", HISTORIES),
        Long.getLong("schedule.seed", SEED));
  }
}
