package dev.tocsin.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.core.LifecycleListener;

/**
 * How far Hazelcast's start has come. What fails once it listens, and before it is a member of
 * anything, is the joining: it has no exception of its own.
 *
 * <p>Thread-safe.
 */
final class Joining implements LifecycleListener {
  private volatile boolean listens;
  private volatile boolean over;

  private Joining() {}

  /** Watches the start of what is made by this configuration. */
  static Joining watch(Config config) {
    Joining joining = new Joining();
    config.addListenerConfig(new ListenerConfig(joining));
    return joining;
  }

  @Override
  public void stateChanged(LifecycleEvent event) {
    if (event.getState() == LifecycleState.STARTING) {
      listens = true; // Its ports are taken before that, or it fails before.
    } else if (event.getState() == LifecycleState.STARTED) {
      over = true;
    }
  }

  /** Whether it looks for others, or ended while it did. */
  boolean isUnderWay() {
    return listens && !over;
  }
}
