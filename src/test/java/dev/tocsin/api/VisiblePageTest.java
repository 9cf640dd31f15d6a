package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VisiblePageTest {
  @Test
  void pages_hold_each_visible_item_once_and_are_full_but_for_the_last() {
    Random random = new Random(20261127);
    for (int round = 0; round < 500; round++) {
      List<UUID> all = ids(random.nextInt(30));
      Set<String> hidden = new HashSet<>();
      all.stream().filter(id -> random.nextInt(3) == 0).forEach(id -> hidden.add(id.toString()));
      int size = 1 + random.nextInt(6);

      List<UUID> seen = new ArrayList<>();
      @Nullable UUID after = null;
      boolean hasMore = true;
      while (hasMore) {
        Page<UUID> page =
            VisiblePage.of(
                new PageRequest(size, after), hidden, one -> page(all, one), Function.identity());
        assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
        hasMore = page.hasMore();
        if (hasMore) {
          assertThat(page.items()).hasSize(size);
          after = page.items().getLast();
        }
        seen.addAll(page.items());
      }
      assertThat(seen)
          .isEqualTo(all.stream().filter(id -> !hidden.contains(id.toString())).toList());
    }
  }

  @Test
  void where_nothing_is_hidden_one_page_is_read() {
    List<UUID> all = ids(9);
    AtomicInteger reads = new AtomicInteger();

    Page<UUID> page =
        VisiblePage.of(
            new PageRequest(3, null),
            Set.of(),
            one -> {
              reads.incrementAndGet();
              return page(all, one);
            },
            Function.identity());

    assertThat(page).isEqualTo(new Page<>(all.subList(0, 3), true));
    assertThat(reads).hasValue(1);
  }

  private static List<UUID> ids(int count) {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.addFirst(new UUID(0x7000, i));
    }
    return ids;
  }

  private static Page<UUID> page(List<UUID> all, PageRequest request) {
    int from = request.after() == null ? 0 : all.indexOf(request.after()) + 1;
    int to = Math.min(all.size(), from + request.size());
    return new Page<>(all.subList(from, to), to < all.size());
  }
}
