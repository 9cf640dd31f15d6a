/**
 * Decides what each event sets off, and makes the event and its consequences durable together.
 *
 * <p>One actor per organization holds its rules and its waiting events; many actors share an
 * instance, which commits their events in groups: while one commit is under way the next fills.
 * Nothing is acknowledged before its commit, and nothing here is the only copy of anything
 * acknowledged.
 */
@NullMarked
package dev.tocsin.evaluate;

import org.jspecify.annotations.NullMarked;
