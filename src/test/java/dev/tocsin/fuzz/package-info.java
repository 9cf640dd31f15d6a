/**
 * Searches for texts and events that calculations do not bear: {@link dev.tocsin.fuzz.Fuzzer} makes
 * texts at random, {@link dev.tocsin.fuzz.AttackTimes} measures the known ones. {@link
 * dev.tocsin.fuzz.Fuzz} runs both as long as wanted, the tests a short slice.
 */
@NullMarked
package dev.tocsin.fuzz;

import org.jspecify.annotations.NullMarked;
