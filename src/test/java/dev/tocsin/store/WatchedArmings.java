package dev.tocsin.store;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.schedule.Arming;
import dev.tocsin.schedule.ArmingStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the model which entities walks came by; some of their nodes die or stand still. */
final class WatchedArmings implements ArmingStore {
  private final PgArmings store;
  private final AppointmentModel model;
  private final InstantSource clock;
  private final Consumer<String> log;
  private @Nullable Stalled stalled;

  /** A walk whose node read states, and has not written yet what they make. */
  private record Stalled(
      Arming arming,
      String entity,
      ArmingStore.States read,
      Map<String, Integer> versions,
      List<ArmingStore.Dated> dated) {}

  WatchedArmings(
      PgArmings store, AppointmentModel model, InstantSource clock, Consumer<String> log) {
    this.store = store;
    this.model = model;
    this.clock = clock;
    this.log = log;
  }

  private void tell(String what) {
    log.accept(what);
  }

  void takeAndDie() {
    tell("a node takes a walk and dies: %s".formatted(store.claim(null, 10)));
  }

  /** A node reads states, and the next time writes what they made then. */
  void standStillOrGoOn() {
    if (stalled == null) {
      stall();
    } else {
      goOn(stalled);
      stalled = null;
    }
  }

  private void stall() {
    for (Arming arming : store.claim(null, 10)) {
      ArmingStore.Wanted wanted = store.wanted(arming).orElse(null);
      if (wanted != null && !arming.walked() && wanted.date().arming() == arming.number()) {
        String entity = wanted.date().entity();
        ArmingStore.States read = store.states(arming, entity, 2);
        Map<String, Integer> versions = new HashMap<>();
        List<ArmingStore.Dated> dated = new ArrayList<>();
        for (ArmingStore.State state : read.states()) {
          versions.put(state.entityId(), model.version(entity, state.entityId()));
          dated.add(
              new ArmingStore.Dated(
                  state.entityId(),
                  state.writer(),
                  state.payload() == null
                      ? null
                      : wanted.date().due(state.payload(), wanted.zone())));
        }
        stalled = new Stalled(arming, entity, read, versions, dated);
        tell("a node reads %s for %s, and stands still".formatted(versions, arming));
      }
    }
  }

  private void goOn(Stalled walk) {
    Optional<ArmingStore.Step> step =
        store.arm(walk.arming(), walk.entity(), walk.dated(), walk.read().isLast());
    tell("it goes on: %s".formatted(step));
    if (step.isPresent()) {
      walk.versions()
          .forEach((id, version) ->
              model.walked(
                  walk.arming().configuration(), walk.entity(), id, version, clock.instant()));
    }
  }

  @Override
  public List<Arming> claim(@Nullable OrganizationId after, int organizationsMax) {
    return store.claim(after, organizationsMax);
  }

  @Override
  public Optional<ArmingStore.Wanted> wanted(Arming arming) {
    return store.wanted(arming);
  }

  @Override
  public States states(Arming arming, String entity, int max) {
    return store.states(arming, entity, max);
  }

  @Override
  public Optional<Step> arm(Arming arming, String entity, List<Dated> states, boolean isLast) {
    Optional<Step> step = store.arm(arming, entity, states, isLast);
    tell("  %s by %s: %s".formatted(arming, states, step));
    if (step.isEmpty()) {
      throw new AssertionError("a walk that nobody disturbed");
    }
    states.forEach(state ->
        model.walked(
            arming.configuration(),
            entity,
            state.entityId(),
            model.version(entity, state.entityId()),
            clock.instant()));
    return step;
  }

  @Override
  public Optional<Step> removeEarlier(Arming arming, int max) {
    Optional<Step> step = store.removeEarlier(arming, max);
    tell("  %s removes: %s".formatted(arming, step));
    model.removedEarlier(arming.configuration(), arming.after(), max);
    return step;
  }

  @Override
  public Optional<Step> removeAll(Arming arming, int max) {
    return store.removeAll(arming, max);
  }
}
