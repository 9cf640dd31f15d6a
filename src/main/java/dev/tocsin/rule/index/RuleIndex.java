package dev.tocsin.rule.index;

import dev.tocsin.event.Change;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.Conjunction;
import dev.tocsin.rule.OneOf;
import dev.tocsin.rule.RuleId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules that listen to the same events, found by what they ask of an event's fields: the cost
 * of an event grows with the rules that it may concern, not with those that there are.
 *
 * <p>A rule is found by one test of values ({@code ==}, {@code in}, or for null) and within by one
 * window of numbers ({@code < <= > >=}), or by either; a rule with an OR in it, by those of each
 * branch. The rest of its calculation is evaluated, if there is a rest. A rule with neither, in
 * some branch, is evaluated on every event.
 *
 * <p>Of several tests of values that must all be passed, it is the most selective: one for certain
 * values before one for null, and that before one for any value; among these the one whose fullest
 * bucket, counting each value as a rule, is emptiest when the rule is put in; then the one whose
 * field has the most different values asked for; then the first. So a field that all rules share a
 * value of soon is passed over for one that tells them apart. Of several ranges it is the
 * {@linkplain Window#narrowest narrowest window}.
 *
 * <p>For use by one thread at a time. Putting in and removing take microseconds, however many rules
 * there are, and milliseconds for a rule with hundreds of branches; and a removed rule leaves
 * nothing behind.
 *
 * @param <R> what the caller knows a rule as
 */
public final class RuleIndex<R> {
  private final Map<RuleId, Entry<R>> entries = new HashMap<>();
  private final IndexedFields<R> fields = new IndexedFields<>();
  private final Bucket<R> ofNoValue = new Bucket<>();
  private final Misses<R> misses;
  private long nextSequence;

  /** An index that counts for itself. */
  public RuleIndex() {
    this(new Misses<>());
  }

  /** An index that counts, perhaps together with others, how often its rules miss. */
  public RuleIndex(Misses<R> misses) {
    this.misses = misses;
  }

  /** What fires on a change; looks at no other rule than it has to. */
  public Matches<R> matching(Change change) {
    Hits<R> hits = new Hits<>(change, fields.size(), misses);
    fields.collect(hits);
    ofNoValue.collect(hits);
    return hits.result();
  }

  /**
   * Puts a rule in, instead of the one with the same id if there is one.
   *
   * @param calculation null for a rule that always fires
   */
  public void put(RuleId id, R rule, @Nullable Calculation calculation) {
    List<Conjunction> ways = Calculations.ways(calculation);
    Entry<R> entry = new Entry<>(nextSequence++, rule, calculation, ways.size() > 1);
    Entry<R> old = entries.put(id, entry);
    if (old != null) {
      withdraw(old);
    }
    List<Posting<R>> postings = new ArrayList<>();
    ways.forEach(way -> post(entry, way, postings));
    entry.posted(postings);
  }

  /** Takes a rule out; whether it was there. */
  public boolean remove(RuleId id) {
    Entry<R> entry = entries.remove(id);
    if (entry != null) {
      withdraw(entry);
    }
    return entry != null;
  }

  /** How many rules there are. */
  public int size() {
    return entries.size();
  }

  /** Whether nothing is left of any rule. */
  boolean isBare() {
    return entries.isEmpty() && fields.size() == 0 && ofNoValue.size() == 0;
  }

  private void post(Entry<R> entry, Conjunction way, List<Posting<R>> postings) {
    Window window = Window.narrowest(way.ranges());
    boolean covered = window == null || window.coversAll(way.ranges());
    boolean decided = way.exact() && covered && way.values().size() <= 1;
    OneOf test = mostSelective(way.values());
    if (test == null) {
      postings.add(ofNoValue.add(entry, window, decided, fields));
      return;
    }
    for (Object key : test.keys()) {
      Bucket<R> bucket = fields.use(test.field()).bucket(key);
      postings.add(bucket.add(entry, window, decided, fields));
    }
  }

  private @Nullable OneOf mostSelective(List<OneOf> tests) {
    OneOf best = null;
    for (OneOf test : tests) {
      if (best == null || isMoreSelective(test, best)) {
        best = test;
      }
    }
    return best;
  }

  private boolean isMoreSelective(OneOf one, OneOf other) {
    if (one.selectivity() != other.selectivity()) {
      return one.selectivity().compareTo(other.selectivity()) < 0;
    }
    int crowd = crowd(one);
    int otherCrowd = crowd(other);
    return crowd == otherCrowd
        ? fields.values(one.field()) > fields.values(other.field())
        : crowd < otherCrowd;
  }

  /** How many rules an event may find that passes the test, and what the test costs us. */
  private int crowd(OneOf test) {
    int fullest = 0;
    for (Object key : test.keys()) {
      fullest = Math.max(fullest, fields.size(test.field(), key));
    }
    return fullest + test.keys().size();
  }

  private void withdraw(Entry<R> entry) {
    entry.postings().forEach(posting -> posting.bucket().remove(posting, fields));
  }
}
