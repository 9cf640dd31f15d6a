package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.store.Migrations.Applied;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MigrationsPgTest {
  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  @Test
  void a_schema_that_lacks_something_is_brought_to_the_newest_version() {
    postgres.execute("drop schema " + postgres.address().schema() + " cascade");

    Applied first = Migrations.apply(postgres.address());

    assertThat(first.applied()).isPositive();
    assertThat(first.version()).isEqualTo(newest());
  }

  /** As at every start but the first: an operator wants to know with which schema. */
  @Test
  void a_schema_that_lacks_nothing_says_which_version_it_has() {
    assertThat(Migrations.apply(postgres.address())).isEqualTo(new Applied(newest(), 0));
  }

  private String newest() {
    return postgres.value(
        "select version from "
            + postgres.address().schema()
            + ".flyway_schema_history where version is not null"
            + " order by installed_rank desc limit 1");
  }
}
