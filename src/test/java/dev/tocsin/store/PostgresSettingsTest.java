package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.store.EmbeddedPostgres.Durability;
import dev.tocsin.store.EmbeddedPostgres.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresSettingsTest {
  @Test
  void there_is_room_for_every_connection_of_the_server_and_an_operator() {
    assertThat(PostgresSettings.of(5432, new Needs(Durability.DURABLE, 81)))
        .containsEntry("max_connections", "101");
  }

  @ParameterizedTest
  @CsvSource({"1, 128MB", "4, 256MB", "8, 512MB", "24, 1024MB", "512, 1024MB"})
  void buffers_go_by_the_memory_of_the_machine(int gigabytes, String expected) {
    assertThat(PostgresSettings.sharedBuffers((long) gigabytes << 30)).isEqualTo(expected);
  }
}
