/**
 * Campaigns of faults on real processes: what was acknowledged must survive them. Seeded, so that a
 * failure can be looked for again with the same events and the same order of kills, though never at
 * the same microsecond.
 */
@NullMarked
package dev.tocsin.faults;

import org.jspecify.annotations.NullMarked;
