/**
 * Nodes that know of each other: who is there, and doorbells that ring on every node.
 *
 * <p>Nothing that has to be right depends on it. What comes from another node is a hint to look
 * into the database, and one that never comes delays something by the looks that are there anyway.
 * Only this package knows Hazelcast.
 */
@NullMarked
package dev.tocsin.cluster;

import org.jspecify.annotations.NullMarked;
