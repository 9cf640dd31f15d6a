package dev.tocsin.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.multimap.MultiMap;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who is subscribed to what, as the cluster has it: not as vertx-hazelcast remembers it, which goes
 * on believing in what it was not told of the loss of.
 *
 * @param node the id of this one
 */
record Subscriptions(HazelcastInstance hazelcast, String node) {
  /** Where vertx-hazelcast keeps them. */
  private static final String MAP = "__vertx.subs";

  /** Those of some addresses at which this node is not found. Waits. */
  Set<String> lost(Set<String> addresses) {
    MultiMap<String, HazelcastRegistrationInfo> all = hazelcast.getMultiMap(MAP);
    return addresses.stream()
        .filter(address ->
            all.get(address).stream().noneMatch(one -> one.unwrap().nodeId().equals(node)))
        .collect(Collectors.toSet());
  }
}
