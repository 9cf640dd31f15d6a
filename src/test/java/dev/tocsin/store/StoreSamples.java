package dev.tocsin.store;

import dev.tocsin.api.Author;
import dev.tocsin.api.IntegrationConfiguration;
import dev.tocsin.api.NotificationConfiguration;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Webhook;
import dev.tocsin.api.Written;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.Horizon;
import dev.tocsin.event.Ids;
import dev.tocsin.event.OrganizationId;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Resources, authors and ids for tests of the store. */
final class StoreSamples {
  /** Hides nothing, for tests of what else is hidden. */
  static final Horizon EVERYTHING = organization -> EventId.floor(Instant.EPOCH);

  private static final Ids IDS = Samples.ids();

  private StoreSamples() {}

  /** A new id, above every one before it. */
  static UUID id() {
    return IDS.next();
  }

  /** An organization that nothing else in the schema belongs to, with rule set version 1. */
  static OrganizationId organization(PostgresFixture postgres) {
    OrganizationId organization = new OrganizationId(id());
    postgres.createOrganization(organization.toString());
    return organization;
  }

  static Author author(OrganizationId organization) {
    return new Author(organization, "tester", Samples.NOW);
  }

  /** Another author, an hour later. */
  static Author editor(OrganizationId organization) {
    return new Author(organization, "editor", Samples.NOW.plusSeconds(3600));
  }

  static NotificationConfiguration.Content rule(String code, @Nullable String calculation) {
    return rule(code, Samples.UPDATED, true, calculation);
  }

  static NotificationConfiguration.Content rule(
      String code, EventName event, boolean active, @Nullable String calculation) {
    return new NotificationConfiguration.Content(
        code, "Rule " + code, "About " + code, event, active, calculation == null, calculation);
  }

  static Webhook.Content webhook(@Nullable String code) {
    return new Webhook.Content(
        code, "Hook", "About it", URI.create("https://example.com/hook?a=b"), true, "the key");
  }

  static IntegrationConfiguration.Content link(String rule, String webhook) {
    return new IntegrationConfiguration.Content(
        "Notification", rule, "Webhook", webhook, "{}", null, null);
  }

  /** A seal with a key of its own for each number. */
  static CredentialsSeal seal(int number) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) number;
    return new CredentialsSeal(new SecretKeySpec(bytes, "AES"), new Random(42));
  }

  /** The outcome of a change that must have been made. */
  static <T> Written.Done<T> done(Written<T> written) {
    if (written instanceof Written.Done<T> done) {
      return done;
    }
    throw new AssertionError("not done: " + written);
  }

  /** All pages of a list, each checked to be full but the last. */
  static <T> List<List<T>> pages(
      int size, Function<PageRequest, Page<T>> list, Function<T, UUID> id) {
    List<List<T>> pages = new ArrayList<>();
    @Nullable UUID after = null;
    boolean hasMore = true;
    while (hasMore) {
      Page<T> page = list.apply(new PageRequest(size, after));
      if (page.items().size() > size || (page.hasMore() && page.items().size() < size)) {
        throw new AssertionError("a page of " + page.items().size() + " instead of " + size);
      }
      pages.add(page.items());
      hasMore = page.hasMore();
      after = hasMore ? id.apply(page.items().getLast()) : null;
    }
    return pages;
  }

  /** The rule set's version, as the database has it. */
  static long version(PostgresFixture postgres, OrganizationId organization) {
    return Long.parseLong(
        postgres.value(
            "select version from rule_set where organization_id = '" + organization + "'"));
  }
}
