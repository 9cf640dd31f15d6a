package dev.tocsin.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which nodes are in the cluster, this one included: told in the log and by meters when that
 * changes. Applications that joined it to use the bus are no nodes: nothing is told to them, and
 * nobody waits to hear of them.
 */
final class Membership implements MembershipListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Membership.class);

  private final HazelcastInstance hazelcast;
  private final Counter joined;
  private final Counter left;
  private final UUID registration;

  Membership(HazelcastInstance hazelcast, MeterRegistry meters) {
    this.hazelcast = hazelcast;
    this.joined = meters.counter("tocsin.cluster.joined");
    this.left = meters.counter("tocsin.cluster.left");
    Gauge.builder("tocsin.cluster.members", this, one -> one.members().size()).register(meters);
    this.registration = hazelcast.getCluster().addMembershipListener(this);
    members().forEach(one -> log.info("cluster has {}", named(one)));
  }

  /** All nodes there, in the order in which they came; empty when this one has left. */
  List<com.hazelcast.cluster.Member> members() {
    try {
      return hazelcast.getCluster().getMembers().stream().filter(Membership::isNode).toList();
    } catch (HazelcastInstanceNotActiveException e) {
      return List.of();
    }
  }

  /** The ids of the nodes there but this one. */
  Set<String> others() {
    return members().stream()
        .filter(member -> !member.localMember())
        .map(Membership::id)
        .collect(Collectors.toSet());
  }

  private static boolean isNode(com.hazelcast.cluster.Member member) {
    return member.getAttribute(HazelcastForm.SINCE) != null;
  }

  static String id(com.hazelcast.cluster.Member member) {
    return Objects.requireNonNullElse(member.getAttribute(HazelcastForm.NODE_ID), "");
  }

  static String address(com.hazelcast.cluster.Member member) {
    return member.getAddress().getHost() + ":" + member.getAddress().getPort();
  }

  @Override
  public void memberAdded(MembershipEvent event) {
    if (isNode(event.getMember())) {
      joined.increment();
      log.info("node joined {} members={}", named(event.getMember()), members().size());
    } else {
      log.info("application joined {}", named(event.getMember()));
    }
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    if (isNode(event.getMember())) {
      left.increment();
      log.info("node left {} members={}", named(event.getMember()), members().size());
    } else {
      log.info("application left {}", named(event.getMember()));
    }
  }

  private static String named(com.hazelcast.cluster.Member member) {
    return "node=" + id(member) + " address=" + address(member);
  }

  @Override
  public void close() {
    try {
      hazelcast.getCluster().removeMembershipListener(registration);
    } catch (HazelcastInstanceNotActiveException e) {
      // It left before.
    }
  }
}
