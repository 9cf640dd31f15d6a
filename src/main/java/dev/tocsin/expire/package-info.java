/**
 * Keeps a partition ready for every day to come, well before the day, and takes away what has
 * expired: whole days by dropping them, and rows where they stand among those of others.
 *
 * <p>Never keeps a reader or a writer waiting, and never decides what anybody sees: what has
 * expired is hidden before it gets here.
 */
@NullMarked
package dev.tocsin.expire;

import org.jspecify.annotations.NullMarked;
