/**
 * Words of messages: what somebody probably meant who misspelt a name, and how many there are of
 * something.
 *
 * <p>Knows texts only, not what they are names of. Senders choose what is misspelt, and may do so a
 * thousand times in a request: what a name can cost is bounded by the names that are known.
 */
@NullMarked
package dev.tocsin.spelling;

import org.jspecify.annotations.NullMarked;
