package dev.tocsin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.multimap.MultiMap;
import dev.tocsin.cluster.TestNode.Knocked;
import dev.tocsin.cluster.TestNode.Place;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What nodes tell each other, while cables are cut, subscriptions lost and certificates wrong. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NodesClusterTest {
  private static final UUID ACME = new UUID(0, 1);

  @TempDir static Path home;

  private Place here;
  private Place there;

  @BeforeEach
  void lay() throws IOException {
    here = Place.free();
    there = Place.free();
  }

  @AfterEach
  void remove() throws IOException {
    here.close();
    there.close();
  }

  private TestNode one() {
    return new TestNode(here, List.of(there), null);
  }

  private TestNode other() {
    return new TestNode(there, List.of(here), null);
  }

  @Test
  void a_node_that_finds_no_other_starts_alone_and_is_found_later() throws Exception {
    try (TestNode one = one()) {
      assertThat(one.node.members()).hasSize(1);
      one.knock(ACME, 7);
      assertThat(one.heard.take()).isEqualTo(new Knocked(ACME, 7));
      try (TestNode other = other()) {
        one.awaitMembers(2);
        assertThat(other.node.members()).extracting(Member::node).contains(one.node.id());
        one.knockUntilHeardBy(other);
        other.knockUntilHeardBy(one);
      }
      one.awaitMembers(1);
      one.awaitCount("tocsin.cluster.left", 1);
      assertThat(one.count("tocsin.cluster.joined")).isEqualTo(1);
    }
  }

  /** As behind a balancer, or where a node was stopped and its connections are still accepted. */
  @Test
  void a_node_whose_others_accept_and_do_not_answer_starts_alone_and_finds_them_later()
      throws Exception {
    there.membership().hang();
    try (TestNode one = one()) {
      assertThat(one.node.members()).hasSize(1);
      there.membership().mend();
      try (TestNode other = new TestNode(there, List.of(), null)) {
        one.awaitMembers(2);
        one.knockUntilHeardBy(other);
      }
    }
  }

  @Test
  void a_ring_is_heard_once_on_its_own_node_and_once_elsewhere() throws Exception {
    try (TestNode one = one();
        TestNode other = other()) {
      one.knockUntilHeardBy(other);
      one.heard.clear();

      one.knock(ACME, 1);
      assertThat(other.heard.take()).isEqualTo(new Knocked(ACME, 1));
      other.knock(ACME, 2);
      // Its own ring comes before this one, and none after it.
      assertThat(one.heard.take()).isEqualTo(new Knocked(ACME, 1));
      assertThat(one.heard.take()).isEqualTo(new Knocked(ACME, 2));
      assertThat(one.heard).isEmpty();
    }
  }

  @Test
  void a_node_that_dies_is_noticed() throws Exception {
    try (TestNode one = one()) {
      TestNode other = other();
      one.awaitMembers(2);
      hazelcast(there).getLifecycleService().terminate();
      there.cut();
      one.awaitMembers(1);
      one.awaitCount("tocsin.cluster.left", 1);
      other.close();
    }
  }

  /** Vert.x restores what its nodes subscribed to only when one leaves; these are both there. */
  @Test
  void a_node_whose_subscription_was_lost_subscribes_anew() throws Exception {
    try (TestNode one = one();
        TestNode other = other()) {
      one.knockUntilHeardBy(other);
      MultiMap<Object, Object> subscriptions = hazelcast(here).getMultiMap("__vertx.subs");
      // One by one, which nodes hear of: what they remember is not used then either.
      Set.copyOf(subscriptions.keySet()).forEach(subscriptions::remove);
      while (one.hearsAll() && other.hearsAll()) {
        one.heard.poll(20, TimeUnit.MILLISECONDS);
      }

      one.knockUntilHeardBy(other);
      other.knockUntilHeardBy(one);
    }
  }

  @Test
  void members_whose_bus_is_cut_are_seen_and_not_heard_and_heard_again_when_it_is_mended()
      throws Exception {
    try (TestNode one = one();
        TestNode other = other()) {
      one.knockUntilHeardBy(other);
      other.knockUntilHeardBy(one);
      there.bus().cut();
      while (other.hearsAll()) {
        other.heard.poll(20, TimeUnit.MILLISECONDS);
      }
      assertThat(other.node.members()).hasSize(2);
      assertThat(one.hearsAll()).isTrue();

      there.bus().mend();
      one.knockUntilHeardBy(other);
      while (!other.hearsAll()) {
        other.heard.poll(20, TimeUnit.MILLISECONDS);
      }
    }
  }

  @Test
  void nodes_that_were_apart_find_each_other_again_and_hear_again() throws Exception {
    try (TestNode one = one();
        TestNode other = other()) {
      one.knockUntilHeardBy(other);
      here.cut();
      there.cut();
      one.awaitMembers(1);
      other.awaitMembers(1);
      here.mend();
      there.mend();

      one.awaitMembers(2);
      other.awaitMembers(2);
      one.knockUntilHeardBy(other);
      other.knockUntilHeardBy(one);
    }
  }

  @Test
  void a_node_may_listen_on_an_ipv6_address() {
    Node.Joined node =
        Node.join(TestNode.onIpv6(here), VertxOptions::new, Instant.parse("2026-11-27T12:00:00Z"));
    try {
      assertThat(hazelcast(here.port()).getCluster().getLocalMember().getAddress().getHost())
          .isEqualTo("::1");
    } finally {
      TestNode.await(node.vertx().close());
    }
  }

  @Test
  void certificates_of_one_authority_make_nodes() throws Exception {
    Path keys = ClusterKeys.make(home.resolve("one"), "a", "b");
    try (TestNode one = new TestNode(here, List.of(there), ClusterKeys.of(keys, "a"));
        TestNode other = new TestNode(there, List.of(here), ClusterKeys.of(keys, "b"))) {
      one.knockUntilHeardBy(other);
      other.knockUntilHeardBy(one);
    }
  }

  @Test
  void a_node_without_a_certificate_tells_nothing_and_is_told_nothing() throws Exception {
    Path keys = ClusterKeys.make(home.resolve("two"), "a");
    staysOut(ClusterKeys.of(keys, "a"), null);
  }

  @Test
  void a_node_of_another_authority_tells_nothing_and_is_told_nothing() throws Exception {
    Path keys = ClusterKeys.make(home.resolve("three"), "a");
    Path others = ClusterKeys.make(home.resolve("four"), "a");
    staysOut(ClusterKeys.of(keys, "a"), ClusterKeys.of(others, "a"));
  }

  private void staysOut(ClusterSettings.Keys right, ClusterSettings.@Nullable Keys wrong)
      throws InterruptedException {
    try (TestNode one = new TestNode(here, List.of(there), right);
        TestNode stranger = new TestNode(there, List.of(here), wrong)) {
      one.awaitMembers(2);
      for (int times = 1; one.hearsAll() || stranger.hearsAll(); times++) {
        one.knock(ACME, times);
        stranger.knock(ACME, -times);
        one.heard.poll(20, TimeUnit.MILLISECONDS);
      }
      assertThat(one.count("tocsin.cluster.doorbells.received")).isZero();
      assertThat(stranger.count("tocsin.cluster.doorbells.received")).isZero();
    }
  }

  private static HazelcastInstance hazelcast(Place place) {
    return hazelcast(place.membership().port());
  }

  private static HazelcastInstance hazelcast(int port) {
    return Hazelcast.getAllHazelcastInstances().stream()
        .filter(one -> one.getCluster().getLocalMember().getAddress().getPort() == port)
        .findFirst()
        .orElseThrow();
  }
}
