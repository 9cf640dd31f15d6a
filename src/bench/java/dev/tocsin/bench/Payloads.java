package dev.tocsin.bench;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests with commitments of the published shape, about 1.1 KB each, every one of another
 * commitment and with an id of its own. Of a hundred accounts, one event in a hundred is of each.
 */
final class Payloads {
  static final int ACCOUNTS = 100;
  static final String EVENT_NAME = "configuration.commitment.created";

  private static final String DETAILS =
      """
      ","accountCode":"doetech_premium_enterprise",\
      "contractId":"68595d6d-0b5a-44c6-9b1d-3a2e9f4b7c10","currency":"USD","amount":15000,\
      "amountSpent":""";

  private static final String REST =
      """
      .25,"amountPrePaid":0,"amountFirstBill":1250.5,"startDate":"2026-01-01",\
      "endDate":"2027-12-31","billEpoch":"2026-01-01","billingInterval":1,\
      "billingOffset":0,"billingPlanId":"0409e75a-4f7d-4d7e-a1e5-4a3f5cdd8a11",\
      "commitmentFeeBillInAdvance":true,"overageSurchargePercent":5,\
      "productIds":["bec371ef-06ac-4d86-9ff3-6b2a52d4a911",\
      "7b0e4ba1-9c9a-4d43-8b3c-1d7d2f1b7a22"],\
      "commitmentFeeDescription":"Annual platform commitment, billed monthly in advance",\
      "commitmentUsageDescription":"Drawdown of usage charges against the commitment",\
      "overageDescription":"Usage beyond the commitment at list price plus surcharge",\
      "customFields":{"tier":"gold","region":"eu-west-1",\
      "owner":"billing-operations@example.com"},\
      "createdBy":"USER_810e3a43-5d0c-4b2a-8f1e-9c6d3e2f1a00",\
      "lastModifiedBy":"USER_810e3a43-5d0c-4b2a-8f1e-9c6d3e2f1a00",\
      "dtCreated":"2026-10-28T13:54:48.081781Z",\
      "dtLastModified":"2026-10-28T13:54:48.081781Z"}""";

  private final String run;
  private final AtomicLong next = new AtomicLong();

  /** Payloads whose ids no other run uses. */
  Payloads(long seed) {
    this.run = Long.toHexString(new Random(seed).nextLong());
  }

  /** One commitment. */
  static String commitment(String id, long number) {
    return "{\"id\":\""
        + id
        + "\",\"orgId\":\"00000000-0000-4000-8000-000000000001\",\"version\":1,\"accountId\":\""
        + account((int) (number % ACCOUNTS))
        + DETAILS
        + number % 15_000
        + REST;
  }

  static String account(int number) {
    return "account-" + (number + 100);
  }

  /** The body of a request with so many events. */
  Buffer request(int events) {
    StringBuilder body = new StringBuilder(events * 1_400);
    if (events == 1) {
      return Buffer.buffer(append(body).toString());
    }
    body.append("{\"events\":[");
    for (int i = 0; i < events; i++) {
      append(i == 0 ? body : body.append(','));
    }
    return Buffer.buffer(body.append("]}").toString());
  }

  private StringBuilder append(StringBuilder body) {
    long number = next.getAndIncrement();
    String id = run + "-" + number;
    body.append("{\"id\":\"").append(id);
    body.append("\",\"eventName\":\"").append(EVENT_NAME).append("\",\"new\":");
    return body.append(commitment(id, number)).append('}');
  }
}
