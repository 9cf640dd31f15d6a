package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.Receiver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Two receivers of one organization's notifications, each with a secret of its own. */
final class ClusterReceivers implements AutoCloseable {
  private static final List<String> SECRETS =
      List.of("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  private static final int SLOW_OF_A_HUNDRED = 4;

  private final List<Receiver> receivers = new ArrayList<>();
  private final List<Arrivals> arrivals = new ArrayList<>();
  private final List<String> webhooks = new ArrayList<>();

  /** Starts them where every node reaches them. */
  ClusterReceivers(InetAddress at, Consumer<String> complaints, Random random) throws IOException {
    for (String secret : SECRETS) {
      Arrivals here = new Arrivals(complaints, random.nextLong(), SLOW_OF_A_HUNDRED);
      Receiver receiver = Receiver.start(new InetSocketAddress(at, 0), secret, here);
      receiver.answer(here::answer);
      arrivals.add(here);
      receivers.add(receiver);
    }
  }

  /** Makes a webhook of each. */
  void register(ApiClient api) throws IOException, InterruptedException {
    for (int i = 0; i < receivers.size(); i++) {
      webhooks.add(
          api.webhook("receiver" + i, receivers.get(i).url("/hook"), "key", SECRETS.get(i)));
    }
  }

  List<String> webhooks() {
    return webhooks;
  }

  /** How often each notification was taken, by webhook and id. */
  Map<String, Map<String, Integer>> taken() {
    Map<String, Map<String, Integer>> taken = new HashMap<>();
    for (int i = 0; i < webhooks.size(); i++) {
      Map<String, Integer> here = new HashMap<>();
      arrivals.get(i).taken().forEach((id, times) -> here.put(id, times.get()));
      taken.put(webhooks.get(i), here);
    }
    return taken;
  }

  int repeated() {
    return arrivals.stream().mapToInt(Arrivals::repeated).sum();
  }

  @Override
  public void close() {
    receivers.forEach(Receiver::close);
  }
}
