/**
 * Keeps a partition ready for every day to come, well before the day.
 *
 * <p>Never blocks a writer, and never touches a row.
 */
@NullMarked
package dev.tocsin.expire;

import org.jspecify.annotations.NullMarked;
