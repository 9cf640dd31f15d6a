/** Nodes of a cluster, in this process, without a database. */
@NullMarked
package dev.tocsin.cluster;

import org.jspecify.annotations.NullMarked;
