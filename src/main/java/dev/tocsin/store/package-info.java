/**
 * PostgreSQL: what the stages' and the API's ports are kept in, and the server itself when none is
 * given.
 *
 * <p>The only package that speaks SQL. Every statement has a name and stands in {@code
 * sql/<table>.sql}; none is put together in Java. Decides nothing: what a row means is said by the
 * port it is read for.
 */
@NullMarked
package dev.tocsin.store;

import org.jspecify.annotations.NullMarked;
