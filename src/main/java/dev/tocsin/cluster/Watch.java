package dev.tocsin.cluster;

import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches whether the members of the cluster are heard on the event bus. */
final class Watch {
  private static final Logger log = LoggerFactory.getLogger(Watch.class);

  private final Membership membership;
  private final Hearing hearing;

  Watch(Membership membership, Hearing hearing) {
    this.membership = membership;
    this.hearing = hearing;
  }

  /** Looks, and says in the log what is new; answers whether anybody is silent. */
  boolean look() {
    Hearing.Look look = hearing.look(membership.others());
    look.fallenSilent()
        .forEach(node ->
            log.warn(
                "member is not heard on the event bus, what it tells comes later node={}; can its"
                    + " bus port be reached, and has it a certificate of this cluster?",
                node));
    look.heardAgain().forEach(node -> log.info("member is heard again node={}", node));
    return look.anySilent();
  }

  /** The ids of the nodes there but this one. */
  Set<String> others() {
    return membership.others();
  }

  /** Everybody there, and whether he is heard. */
  List<Member> members() {
    return membership.members().stream()
        .map(member -> {
          String since = member.getAttribute(HazelcastForm.SINCE);
          String node = Membership.id(member);
          return new Member(
              node,
              Membership.address(member),
              since == null ? "" : since,
              member.localMember() || hearing.isHeard(node));
        })
        .toList();
  }
}
