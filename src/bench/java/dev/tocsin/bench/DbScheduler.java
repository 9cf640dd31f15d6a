package dev.tocsin.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * db-scheduler, a well-known job library, with tasks that do nothing: what is left is taking and
 * ending them. Its fastest way for that is used, lock and fetch.
 */
final class DbScheduler {
  private static final int THREADS = 20;
  private static final int BATCH = 1_000;

  private final Bed.Database database;

  DbScheduler(Bed.Database database) {
    this.database = database;
  }

  /** Has so many run that are due at once; how many a second that were. */
  double burst(int count) throws SQLException, InterruptedException {
    makeTable();
    CountDownLatch left = new CountDownLatch(count);
    OneTimeTask<Void> task =
        Tasks.oneTime("nothing").execute((instance, context) -> left.countDown());
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.url());
    config.setUsername(database.user());
    config.setPassword(database.password());
    config.setMaximumPoolSize(THREADS + 4);
    try (HikariDataSource source = new HikariDataSource(config)) {
      Scheduler scheduler =
          Scheduler.create(source, task)
              .threads(THREADS)
              .pollUsingLockAndFetch(4.0, 20.0)
              .pollingInterval(Duration.ofMillis(200))
              .build();
      schedule(scheduler, task, count);
      long begin = System.nanoTime();
      scheduler.start();
      boolean all = left.await(5, TimeUnit.MINUTES);
      long took = System.nanoTime() - begin;
      scheduler.stop();
      return (all ? count : count - left.getCount()) * 1e9 / took;
    }
  }

  private static void schedule(Scheduler scheduler, OneTimeTask<Void> task, int count) {
    Instant due = Instant.now();
    List<TaskInstance<?>> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batch.add(task.instance("n-" + i));
      if (batch.size() == BATCH || i == count - 1) {
        scheduler.scheduleBatch(batch, due);
        batch.clear();
      }
    }
  }

  private void makeTable() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("drop table if exists scheduled_tasks");
      statement.execute(
          """
          create table scheduled_tasks (
            task_name text not null, task_instance text not null, task_data bytea,
            execution_time timestamptz not null, picked boolean not null, picked_by text,
            last_success timestamptz, last_failure timestamptz, consecutive_failures int,
            last_heartbeat timestamptz, version bigint not null, priority smallint,
            primary key (task_name, task_instance))
          """);
      statement.execute("create index on scheduled_tasks (execution_time)");
      statement.execute("create index on scheduled_tasks (last_heartbeat)");
    }
  }
}
