package dev.tocsin.stream;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import java.util.UUID;

class MemoryEventTailTest extends EventTailContract {
  private final MemoryEventTail tail =
      new MemoryEventTail((hidden, event) -> hidden.hides(event.name()));

  @Override
  protected EventTail tail() {
    return tail;
  }

  @Override
  protected OrganizationId organization(int number) {
    return new OrganizationId(new UUID(0, number));
  }

  @Override
  protected Transaction begin() {
    long number = tail.begin();
    return new Transaction() {
      @Override
      public void store(StoredEvent event) {
        tail.store(number, event);
      }

      @Override
      public void commit() {
        tail.commit(number);
      }

      @Override
      public void abort() {
        tail.abort(number);
      }
    };
  }
}
