package dev.tocsin.rule.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.event.Change;
import dev.tocsin.event.Payload;
import dev.tocsin.rule.Bound;
import dev.tocsin.rule.FieldPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tree grows to several levels and shrinks to nothing, and finds what looking at each finds. */
class WindowTreeTest {
  private static final int WINDOWS = 5_000;
  private static final Change CHANGE = new Change(Instant.EPOCH, new Payload("{}", Map.of()), null);
  private static final FieldPath FIELD = new FieldPath(FieldPath.Side.NEW, List.of("a"));

  private final WindowTree<Integer> tree = new WindowTree<>();
  private final List<WindowPosting<Integer>> all = new ArrayList<>();
  private int added;

  /** The width of the numbers decides how many windows begin alike: nearly none, many, most. */
  @ParameterizedTest
  @ValueSource(ints = {100_000, 500, 3})
  void a_tree_finds_the_windows_around_two_numbers(int width) {
    Random random = new Random(width);
    while (all.size() < WINDOWS) {
      step(random, width, 0.8);
    }
    while (!all.isEmpty()) {
      step(random, width, 0.2);
    }
    assertThat(tree.isEmpty()).isTrue();
    assertThat(found(0, 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 40, 2_000})
  void what_is_not_there_cannot_be_removed(int others) {
    Random random = new Random(others);
    for (int i = 0; i < others; i++) {
      tree.add(posting(random, 100));
    }
    WindowPosting<Integer> stranger = posting(random, 100);
    assertThatThrownBy(() -> tree.remove(stranger)).isInstanceOf(IllegalStateException.class);
  }

  private void step(Random random, int width, double growth) {
    if (all.isEmpty() || random.nextDouble() < growth) {
      WindowPosting<Integer> posting = posting(random, width);
      all.add(posting);
      tree.add(posting);
    } else {
      tree.remove(all.remove(random.nextInt(all.size())));
    }
    if (random.nextInt(20) == 0) {
      int low = random.nextInt(width);
      int high = random.nextInt(width);
      assertThat(found(low, high)).isEqualTo(lookedAt(low, high));
    }
  }

  private List<Integer> found(int low, int high) {
    Hits<Integer> hits = new Hits<>(CHANGE, 0, new Misses<>());
    tree.collect(Spot.of((long) low, (long) high), hits);
    return hits.result().fired().stream().sorted().toList();
  }

  private List<Integer> lookedAt(int low, int high) {
    return all.stream()
        .filter(posting -> posting.window().admits((long) low, (long) high))
        .map(Posting::rule)
        .sorted()
        .toList();
  }

  /** A threshold, a band or a crossing, its rule numbered in the order they are made in. */
  private WindowPosting<Integer> posting(Random random, int width) {
    Window window = new Window(FIELD, bound(random, width), FIELD, bound(random, width));
    int rule = added++;
    return new WindowPosting<>(new Entry<>(rule, rule, null, false), new Bucket<>(), true, window);
  }

  private static @Nullable Bound bound(Random random, int width) {
    return random.nextInt(3) == 0
        ? null
        : new Bound((long) random.nextInt(width), random.nextBoolean());
  }
}
