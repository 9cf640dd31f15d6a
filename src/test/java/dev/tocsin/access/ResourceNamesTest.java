package dev.tocsin.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EntityForm;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A denial of a resource of the server's own must not hide an entity's events. */
class ResourceNamesTest {
  @ParameterizedTest
  @EnumSource(Kind.class)
  void no_entity_is_called_like_a_resource_of_the_server(Kind kind) {
    String name = kind.text().substring(0, 1).toUpperCase(Locale.ROOT) + kind.text().substring(1);

    assertThat(EntityForm.faults(Catalog.system(), name, "crm", List.of()))
        .extracting(EntityForm.Fault::property)
        .containsExactly("name");
  }
}
