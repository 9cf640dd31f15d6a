package dev.tocsin.app;

import dev.tocsin.api.Operations;
import dev.tocsin.bridge.Presence;
import dev.tocsin.bus.Bus;
import dev.tocsin.cluster.Member;
import dev.tocsin.cluster.Node;
import dev.tocsin.event.Ids;
import dev.tocsin.flow.Flow;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.ThreadingModel;
import java.util.List;
import java.util.UUID;

/** What a node has to do with others; nothing, when it is alone. */
record ClusterStage(Node node, Bus bus, MeterRegistry meters) {
  /** What this node is called, where it leases something and by others. */
  UUID id(Ids ids) {
    return switch (node) {
      case Node.Alone alone -> ids.next();
      case Node.Joined joined -> UUID.fromString(joined.id());
    };
  }

  /** Has doorbells ring everywhere, from before the first stage to after the last. */
  void deploy(Deployments deployments, Readiness readiness) {
    if (node instanceof Node.Joined joined) {
      deployments.deploy(
          "cluster",
          1,
          ThreadingModel.EVENT_LOOP,
          instance -> joined.connect(bus, Flow.DOORBELLS, meters, System::nanoTime));
      readiness.warnedBy(() -> silentOnes(joined));
    }
  }

  /** By which whoever serves applications notices that they do not find this node. */
  Presence presence() {
    return switch (node) {
      case Node.Alone alone -> Presence.ALONE;
      case Node.Joined joined -> new Presence(joined.heartbeatEvery(), joined::lost);
    };
  }

  /** A silent member is slower to learn things, and loses nothing. */
  private static List<String> silentOnes(Node.Joined joined) {
    return joined.members().stream()
        .filter(member -> !member.isHeard())
        .map(member ->
            "member " + member.node() + " is not heard on the event bus: the log says what to do")
        .toList();
  }

  /** Everybody in the cluster; empty when there is none. */
  List<Operations.Member> members() {
    return switch (node) {
      case Node.Alone alone -> List.of();
      case Node.Joined joined -> joined.members().stream().map(ClusterStage::member).toList();
    };
  }

  private static Operations.Member member(Member member) {
    return new Operations.Member(member.node(), member.address(), member.since(), member.isHeard());
  }
}
