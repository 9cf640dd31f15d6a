package dev.tocsin.schedule;

import java.time.Instant;

class MemoryScheduleStoreTest extends ScheduleStoreContract {
  private Instant now = NOW;
  private final MemoryScheduleStore store = new MemoryScheduleStore(() -> now);

  @Override
  protected ScheduleStore store() {
    return store;
  }

  @Override
  protected void now(Instant moment) {
    now = moment;
  }

  @Override
  protected void arm(DueEvent due) {
    store.add(due);
  }
}
