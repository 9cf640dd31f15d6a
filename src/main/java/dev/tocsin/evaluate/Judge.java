package dev.tocsin.evaluate;

import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.flow.Settlement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges the events of a group in their order, each by its organization's rules. */
final class Judge {
  private final Evaluator evaluator;
  private final EntityStates entityStates;

  Judge(Evaluator evaluator, EntityStates entityStates) {
    this.evaluator = evaluator;
    this.entityStates = entityStates;
  }

  /** Judges every event whose organization has rules in the map. */
  Judgement judge(List<Pending> group, Map<OrganizationId, RuleSet> rules) {
    StateOverlay states = statesFor(group);
    Judgement judgement = new Judgement(new ArrayList<>(group.size()), new ArrayList<>(0));
    for (Pending pending : group) {
      RuleSet inForce = rules.get(pending.organization());
      if (inForce == null) {
        continue;
      }
      if (pending.event().isUndecided()) {
        decide(pending, inForce, states, judgement);
      } else {
        Judged judged = judge(pending, inForce, states);
        judgement.cases().add(new Case(pending, judged, inForce.version()));
      }
    }
    return judgement;
  }

  private StateOverlay statesFor(List<Pending> group) {
    Set<EntityKey> wanted = new HashSet<>();
    for (Pending pending : group) {
      EntityRef entity = pending.event().entity();
      if (entity != null && pending.event().wantsStoredState()) {
        wanted.add(new EntityKey(pending.organization(), entity));
      }
    }
    return new StateOverlay(wanted, wanted.isEmpty() ? Map.of() : entityStates.read(wanted));
  }

  private Judged judge(Pending pending, RuleSet rules, StateOverlay states) {
    IncomingEvent event = pending.event();
    EventId id = identify(pending);
    Payload before = event.before();
    Judged.@Nullable Assumption assumption = null;
    EntityRef entity = event.changed();
    if (entity != null) {
      EntityKey key = new EntityKey(pending.organization(), entity);
      event = states.inOrder(key, event);
      if (event.wantsStoredState()) {
        before = states.before(key, event);
        assumption = states.assumption(key);
      }
      states.apply(key, id, event);
    }
    return evaluator.judge(pending.organization(), id, event, before, assumption, rules);
  }

  /** Tells from the state that the event finds what happened, and judges that, if anything did. */
  private void decide(Pending pending, RuleSet rules, StateOverlay states, Judgement judgement) {
    EntityRef entity = Objects.requireNonNull(pending.event().entity(), "a state is an entity's");
    EntityKey key = new EntityKey(pending.organization(), entity);
    IncomingEvent said = states.inOrder(key, pending.event());
    switch (StateDecision.of(said, states.current(key))) {
      case StateDecision.Unchanged unchanged ->
          judgement
              .unchanged()
              .add(new NoChange(pending, new Settlement.Unchanged(), states.writtenHere(key)));
      case StateDecision.Absent absent ->
          judgement
              .unchanged()
              .add(new NoChange(pending, new Settlement.Absent(), states.writtenHere(key)));
      case StateDecision.Changed(IncomingEvent event, @Nullable Payload before) -> {
        EventId id = identify(pending);
        Judged.Assumption assumption = states.assumption(key);
        states.apply(key, id, event);
        Judged judged =
            evaluator.judge(pending.organization(), id, event, before, assumption, rules);
        judgement.cases().add(new Case(pending, judged, rules.version()));
      }
    }
  }

  private EventId identify(Pending pending) {
    EventId id = pending.id();
    if (id == null) {
      id = evaluator.newId();
      pending.identify(id);
    }
    return id;
  }
}
