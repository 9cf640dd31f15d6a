package dev.tocsin.deliver;

import static dev.tocsin.deliver.Samples.NOW;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.RunId;
import dev.tocsin.webhook.WebhookId;
import java.time.Duration;

class MemoryDeliveryStoreTest extends DeliveryStoreContract {
  private final MemoryDeliveryStore store = new MemoryDeliveryStore(() -> NOW, LEASE);

  @Override
  protected DeliveryStore store() {
    return store;
  }

  @Override
  protected DeliveryStore otherStore() {
    return store;
  }

  @Override
  protected void add(OrganizationId organization, int run, WebhookId webhook, Duration ago) {
    store.add(
        organization,
        Samples.run(run),
        webhook,
        Samples.message(organization, run),
        NOW.minus(ago));
  }

  @Override
  protected void switchOff(WebhookId webhook) {
    store.switchOff(webhook);
  }

  @Override
  protected void unlink(WebhookId webhook) {
    store.unlink(webhook);
  }

  @Override
  protected void demandMapping(WebhookId webhook) {
    store.demandMapping(webhook);
  }

  @Override
  protected void dropEvent(OrganizationId organization, RunId run) {
    store.dropEvent(organization, run);
  }

  @Override
  protected void makeDue(OrganizationId organization, RunId run) {
    store.makeDue(organization, run);
  }

  @Override
  protected Kept kept(OrganizationId organization, RunId run) {
    return store.kept(organization, run);
  }
}
