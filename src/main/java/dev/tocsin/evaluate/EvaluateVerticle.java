package dev.tocsin.evaluate;

import dev.tocsin.bus.Bus;
import dev.tocsin.flow.EventsAccepted;
import dev.tocsin.flow.EventsSettled;
import dev.tocsin.flow.Flow;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An instance of evaluate, on virtual threads, so that a commit can be waited for. */
public final class EvaluateVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(EvaluateVerticle.class);

  private final int instance;
  private final Bus bus;
  private final GroupCommit groupCommit;
  private final RuleLoader rules;
  private final RuleCountWriter counts;
  private boolean stopping;

  /** The instance that senders address by this number; it pauses while the store is away. */
  public EvaluateVerticle(
      int instance, Bus bus, GroupCommit groupCommit, RuleLoader rules, RuleCountWriter counts) {
    this.instance = instance;
    this.bus = bus;
    this.groupCommit = groupCommit;
    this.rules = rules;
    this.counts = counts;
  }

  @Override
  public Future<?> start() {
    bus.answer(Flow.EVENTS_ACCEPTED.of(instance), this::accept);
    bus.consume(Flow.RULES_CHANGED, groupCommit::rulesChanged);
    vertx.setPeriodic(counts.every().toMillis(), timer -> counts.runOnce());
    return Future.succeededFuture();
  }

  private Future<EventsSettled> accept(EventsAccepted accepted) {
    Promise<EventsSettled> settled = Promise.promise();
    groupCommit.submit(accepted, settled::complete);
    wake();
    return settled.future();
  }

  private void wake() {
    if (!stopping && groupCommit.begin()) {
      context.runOnContext(nothing -> run());
    }
  }

  private void run() {
    boolean interrupted = true;
    try {
      interrupted = groupCommit.run(this::load);
    } catch (RuntimeException e) {
      log.error("evaluate failed instance={}", instance, e);
    }
    if (interrupted) {
      vertx.setTimer(groupCommit.pause().toMillis(), timer -> wake());
    }
  }

  private void load(RulesWanted wanted) {
    rules.begin(
        wanted,
        loaded ->
            context.runOnContext(nothing -> {
              groupCommit.loaded(wanted.organization(), loaded);
              wake();
            }));
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    counts.runOnce();
    log.info("evaluate stopped instance={} abandoned={}", instance, groupCommit.abandon());
    return Future.succeededFuture();
  }
}
