package dev.tocsin.evaluate;

import dev.tocsin.event.EventId;
import dev.tocsin.flow.Settlement;
import org.jspecify.annotations.Nullable;

/**
 * What was judged to be no change, so that there is nothing to commit.
 *
 * @param settlement what is answered
 * @param writer the event of the same group that left the state behind by which it is none, so that
 *     it holds only if that event is stored; null when the store holds that state
 */
record NoChange(Pending pending, Settlement settlement, @Nullable EventId writer) {}
