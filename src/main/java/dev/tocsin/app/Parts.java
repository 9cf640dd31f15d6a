package dev.tocsin.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a server consists of so far, to be closed in the opposite order. */
final class Parts {
  private static final Logger log = LoggerFactory.getLogger(Parts.class);

  private record Part(String name, AutoCloseable closeable) {}

  private final Deque<Part> parts = new ArrayDeque<>();

  synchronized void add(String name, AutoCloseable closeable) {
    parts.push(new Part(name, closeable));
  }

  /** Closes all; one that fails is logged, and does not keep the others open. */
  synchronized void close() {
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      try {
        part.closeable().close();
      } catch (Exception e) {
        log.error("part did not close part=\"{}\"", part.name(), e);
      }
    }
  }
}
