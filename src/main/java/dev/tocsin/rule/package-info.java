/**
 * The calculation language: what a rule's author writes, checked, and run on one change.
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
