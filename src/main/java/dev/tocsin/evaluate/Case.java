package dev.tocsin.evaluate;

/**
 * An event that waits, and how it was judged for this commit.
 *
 * @param rulesVersion the version of the rule set it was judged by
 */
record Case(Pending pending, Judged judged, long rulesVersion) {}
