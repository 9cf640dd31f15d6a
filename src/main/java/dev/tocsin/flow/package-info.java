/**
 * Where the stages meet: every address of the event bus and every message that travels over it, on
 * one page, {@link Flow}.
 *
 * <p>The bus carries work, PostgreSQL carries truth: each message says what its loss costs and who
 * finds the work again. Nothing here decides, parses or stores.
 */
@NullMarked
package dev.tocsin.flow;

import org.jspecify.annotations.NullMarked;
