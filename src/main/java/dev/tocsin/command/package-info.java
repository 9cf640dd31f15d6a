/**
 * What {@code scripts/tocsin} does on the command line, beside a server or without any. It reads
 * the operator's files as a server does, and speaks to one over its API alone: it must never need
 * the database, nor show a secret.
 */
@NullMarked
package dev.tocsin.command;

import org.jspecify.annotations.NullMarked;
