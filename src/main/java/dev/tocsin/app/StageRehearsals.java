package dev.tocsin.app;

import dev.tocsin.api.Rehearsals;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.evaluate.LastKnown;
import dev.tocsin.evaluate.LedgerException;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.StoreUnavailable;
import dev.tocsin.ingest.Checked;
import dev.tocsin.ingest.EventCheck;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Rehearses events with what the stages do to them: the check of one, the old states of another.
 */
public final class StageRehearsals implements Rehearsals {
  private final LastKnown lastKnown;
  private final Duration aheadMax;

  /**
   * Rehearsals on the last known states.
   *
   * @param aheadMax how far ahead of now an event's time may be
   */
  public StageRehearsals(LastKnown lastKnown, Duration aheadMax) {
    this.lastKnown = lastKnown;
    this.aheadMax = aheadMax;
  }

  @Override
  public Rehearsed rehearse(
      OrganizationId organization, Catalog catalog, Draft draft, Instant now) {
    Checked checked =
        new EventCheck(catalog, aheadMax)
            .check(
                draft.name(),
                draft.time(),
                draft.after(),
                draft.before(),
                now.truncatedTo(ChronoUnit.MICROS));
    return switch (checked) {
      case Checked.Good(IncomingEvent event) -> judged(organization, event);
      case Checked.Bad bad -> new Rehearsed.Rejected(bad.pointer(), bad.message());
    };
  }

  private Rehearsed judged(OrganizationId organization, IncomingEvent event) {
    try {
      LastKnown.Found found = lastKnown.of(organization, event);
      return new Rehearsed.Judged(found.change(), found.writer());
    } catch (LedgerException.Unavailable e) {
      throw new StoreUnavailable(String.valueOf(e.getMessage()), e);
    }
  }
}
