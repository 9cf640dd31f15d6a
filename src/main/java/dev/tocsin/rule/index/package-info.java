/**
 * The rules that listen to the same events, found by what their calculations ask of an event.
 *
 * <p>{@link dev.tocsin.rule.index.RuleIndex} is what others use. It has an {@code IndexedField} for
 * each field that some rule asks something of, each of them a {@code Bucket} for each value asked
 * for, and each bucket the {@code Windows} of numbers that its rules ask for besides, in a {@code
 * WindowTree}. A {@code Posting} is one place where a rule stands; {@code Hits} gathers what a
 * change finds.
 *
 * <p>Of the language it knows what a calculation can be looked for by, {@link
 * dev.tocsin.rule.Conjunction}, and no more.
 */
@NullMarked
package dev.tocsin.rule.index;

import org.jspecify.annotations.NullMarked;
