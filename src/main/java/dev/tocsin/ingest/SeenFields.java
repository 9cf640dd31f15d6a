package dev.tocsin.ingest;

import java.util.List;

/** Where is kept which fields events were seen to have. */
public interface SeenFields {
  /**
   * Notes them: a field that is new is added if there is room for it, one that is known gets the
   * type that fits all, and the time it was last seen.
   *
   * @return how many were refused because there are as many as may be
   */
  int note(List<SeenField> seen);
}
