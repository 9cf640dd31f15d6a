/**
 * Benchmarks, one class a question, each a ratio to a baseline of the same run. {@link
 * dev.tocsin.bench.Bench} runs them.
 */
@NullMarked
package dev.tocsin.bench;

import org.jspecify.annotations.NullMarked;
