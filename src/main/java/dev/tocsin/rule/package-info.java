/**
 * The calculation language: what a rule's author writes, checked, and run on one change.
 *
 * <p>On its way a text passes a {@code Tokenizer}, a {@code Parser} and a {@code TreeBuilder},
 * which make a tree of {@code Node}s of it or refuse it; {@code Closures} make of the tree what
 * runs, with the meaning of operators and functions in {@code Comparison}, {@code Arithmetic} and
 * {@code Functions}; {@code CompiledTier} has the busiest printed by {@code GroovyPrinter} and
 * compiled; {@code Tracer} and {@code NearestMiss} explain one evaluation; {@code Reviewer} warns
 * of what is probably a mistake; and {@code Indexable} tells the index, which is a package of its
 * own, what to find a calculation by. {@link dev.tocsin.rule.Calculations} is where to begin.
 *
 * <p>The sandbox is the grammar. A calculation reads the change it was given and computes a
 * boolean, in bounded time and memory; nothing in it can name a class, a method or a property of
 * the JVM. The author's text is read by our own {@link dev.tocsin.rule.Tokenizer} and {@link
 * dev.tocsin.rule.Parser} only and must never reach another compiler. Nothing here may import
 * Vert.x, SQL, {@code java.net} or {@code java.io}, or read a clock.
 */
@NullMarked
package dev.tocsin.rule;

import org.jspecify.annotations.NullMarked;
