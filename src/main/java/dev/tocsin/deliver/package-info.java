/**
 * Brings each integration run to its end: sends it to its webhook, tries again later, or gives up.
 *
 * <p>A run is held by the node that leased it, and only until its lease ends; what a node forgets,
 * the sweep of any node finds. No transaction is ever open while a receiver is waited for, and a
 * receiver's failure is an outcome to be written down, never an error of ours.
 */
@NullMarked
package dev.tocsin.deliver;

import org.jspecify.annotations.NullMarked;
