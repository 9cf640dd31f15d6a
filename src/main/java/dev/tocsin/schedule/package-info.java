/**
 * Keeps the appointments of scheduled events: takes what is due, and has an event made of each,
 * which takes the road of every event; and arms what was stored before a configuration was made.
 *
 * <p>Which appointments there are is written by the commits of the states that make them. One that
 * is due belongs to the node that leased it, and only until its lease ends; its event has a key, so
 * that whoever fires it a second time repeats nothing.
 */
@NullMarked
package dev.tocsin.schedule;

import org.jspecify.annotations.NullMarked;
