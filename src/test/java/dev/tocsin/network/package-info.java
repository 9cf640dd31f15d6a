/**
 * Where the nodes of a cluster stand, and the ways between them, which can be cut: namespaces of
 * Linux if they can be had, else cables on the loopback address.
 */
@NullMarked
package dev.tocsin.network;

import org.jspecify.annotations.NullMarked;
