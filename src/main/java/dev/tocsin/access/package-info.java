/**
 * Who may call, and do what: access keys, the tokens they are exchanged for, the check of both, and
 * the permissions that policies give.
 *
 * <p>The one place where a right is decided. Secrets are known here only as keyed hashes, and
 * nothing of a token or a secret reaches a log line.
 */
@NullMarked
package dev.tocsin.access;

import org.jspecify.annotations.NullMarked;
