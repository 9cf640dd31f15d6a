package dev.tocsin.evaluate;

import java.util.Objects;

/** What came of loading an organization's rule set. */
public sealed interface Loaded {
  /** The rule set that was current while it was loaded. */
  record Found(RuleSet rules) implements Loaded {
    public Found {
      Objects.requireNonNull(rules);
    }
  }

  /** What changed since the version there was. */
  record Changed(RuleSetChanges changes) implements Loaded {
    public Changed {
      Objects.requireNonNull(changes);
    }
  }

  /** Either of these, and that the rules do not change before they were used. */
  record Held(Loaded rules, Hold hold) implements Loaded {
    public Held {
      Objects.requireNonNull(rules);
      Objects.requireNonNull(hold);
    }
  }

  /** The organization does not exist. */
  record Missing() implements Loaded {}

  /** It could not be loaded, which says nothing about it. */
  record Failed() implements Loaded {}
}
