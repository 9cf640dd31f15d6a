package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerKeysTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir Path directory;

  @Test
  void the_same_secret_makes_the_same_keys_and_each_purpose_has_its_own() throws IOException {
    ServerKeys keys = keys(SECRET);
    assertThat(keys).isEqualTo(keys(SECRET)).isNotEqualTo(keys(SECRET + "!"));
    assertThat(
            Stream.of(keys.credentials(), keys.tokens().getFirst(), keys.accessKeys(), keys.check())
                .map(key -> HexFormat.of().formatHex(key.getEncoded())))
        .doesNotHaveDuplicates()
        .allMatch(key -> key.length() == 64);
  }

  @Test
  void tokens_are_signed_with_the_first_of_their_keys_and_the_secrets_own_stays_good()
      throws IOException {
    ServerKeys without = keys(SECRET);
    ServerKeys with = keys(SECRET, List.of("new" + SECRET, "old" + SECRET));

    assertThat(with.tokens()).hasSize(3).doesNotHaveDuplicates();
    assertThat(with.tokens().getLast()).isEqualTo(without.tokens().getFirst());
    assertThat(with.tokens().getFirst())
        .isEqualTo(keys(SECRET, List.of("new" + SECRET)).tokens().getFirst());
    assertThat(with.accessKeys()).isEqualTo(without.accessKeys());
  }

  @Test
  void a_secret_is_made_once_and_kept_where_only_its_owner_can_read_it() throws IOException {
    ServerKeys first = keys(null);
    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(keys(null)).isEqualTo(first);
  }

  @Test
  void a_file_that_others_can_read_is_refused() throws IOException {
    keys(null);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> keys(null)).hasMessageContaining("0600");
  }

  @Test
  void servers_that_start_at_once_have_the_same_secret() throws Exception {
    List<Callable<ServerKeys>> starts = Collections.nCopies(16, () -> keys(null));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Set<ServerKeys> keys = new HashSet<>();
      for (Future<ServerKeys> start : threads.invokeAll(starts)) {
        keys.add(start.get());
      }
      assertThat(keys).containsExactly(keys(null));
    }
    assertThat(file().getParent()).isDirectoryNotContaining("glob:**.unfinished");
  }

  @Test
  void an_empty_file_is_refused_and_not_filled() throws IOException {
    keys(null);
    Files.writeString(file(), "");
    assertThatThrownBy(() -> keys(null)).hasMessageContaining("is empty");
    assertThat(file()).isEmptyFile();
  }

  @Test
  void a_file_that_was_cut_short_is_named() throws IOException {
    keys(null);
    Files.writeString(file(), "abc");
    assertThatThrownBy(() -> keys(null)).hasMessageContaining("secrets.key has 3 characters");
  }

  @Test
  void a_short_secret_is_refused() {
    assertThatThrownBy(() -> keys("short")).hasMessageContaining("at least 32");
  }

  @Test
  void keys_do_not_show_themselves() throws IOException {
    assertThat(keys(SECRET).toString()).isEqualTo("ServerKeys[not shown]");
  }

  private ServerKeys keys(@Nullable String key) throws IOException {
    return keys(key, List.of());
  }

  private ServerKeys keys(@Nullable String key, List<String> tokenKeys) throws IOException {
    return ServerKeys.of(new Settings.Secrets(key, file(), tokenKeys), new SecureRandom());
  }

  private Path file() {
    return directory.resolve("data/secrets.key");
  }
}
