/** The main job end to end, for a newcomer to watch: {@code scripts/demo} runs it. */
@NullMarked
package dev.tocsin.demo;

import org.jspecify.annotations.NullMarked;
