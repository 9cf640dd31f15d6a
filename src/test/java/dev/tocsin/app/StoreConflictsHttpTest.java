package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ApiClient.Answer;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call that PostgreSQL ended for another's sake is no defect, and goes through next time. */
class StoreConflictsHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "s");

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  @ParameterizedTest
  @ValueSource(strings = {"40P01", "40001", "55P03"})
  void a_change_that_lost_against_another_is_answered_503_with_retry_after(
      String state, @TempDir Path home) throws Exception {
    WholeServers.declare(home, ACME, "");
    postgres.execute(
        """
        create function lose() returns trigger language plpgsql as $$
        begin
          raise exception 'lost' using errcode = '%s';
        end $$;
        create trigger lose before insert on custom_entity for each row execute function lose()
        """
            .formatted(state));
    try (Server server = WholeServers.start(postgres, home, Map.of());
        ApiClient api = WholeServers.client(server, ACME)) {
      Answer answer = api.put("/catalog/entities/Lead", new JsonObject().put("family", "crm"));

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.headers().get("retry-after")).containsExactly("1");
    }
  }
}
