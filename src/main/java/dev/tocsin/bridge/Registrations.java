package dev.tocsin.bridge;

import dev.tocsin.api.Reception.Credentials;
import dev.tocsin.api.Reception.Reply;
import dev.tocsin.api.Reception.Visit;
import dev.tocsin.api.Reception.Wish;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that the client of a connection is registered at, each of which is a subscription.
 *
 * <p>Not thread-safe, as its connection is not.
 */
final class Registrations {
  private final Bridges bridges;
  private final Connection connection;
  private final Context context;
  private final Map<String, Registration> registrations = new HashMap<>();

  /** At an address; its feed comes once it is known that the client may. */
  private static final class Registration {
    private @Nullable Feed feed;
  }

  Registrations(Bridges bridges, Connection connection, Context context) {
    this.bridges = bridges;
    this.connection = connection;
    this.context = context;
  }

  /** What stands in an address for the organization; null when it is no address of ours. */
  static @Nullable String organization(String address) {
    for (String prefix : List.of(Protocol.EVENTS + ".", Protocol.NOTIFICATIONS + ".")) {
      if (address.startsWith(prefix)) {
        return address.substring(prefix.length());
      }
    }
    return null;
  }

  boolean has(String address) {
    return registrations.containsKey(address);
  }

  /**
   * Registers the client, if he may; completes when he knows.
   *
   * @param organization as it stands in the address
   */
  Future<?> add(Envelope envelope, String address, String organization) {
    Registration registration = new Registration();
    registrations.put(address, registration);
    Credentials credentials =
        new Credentials(envelope.headers().get("authorization"), organization);
    Wish wish =
        new Wish(
            address.startsWith(Protocol.NOTIFICATIONS),
            envelope.headers().getAll("eventName"),
            envelope.headers().get("after"));
    return bridges
        .reception()
        .follow(context, credentials, wish)
        .onSuccess(visit -> visited(address, registration, visit));
  }

  private void visited(String address, Registration registration, Visit visit) {
    boolean isWanted = registrations.get(address) == registration && !connection.isStopping();
    switch (visit) {
      case Visit.Refused(Reply reply) -> {
        if (isWanted) {
          registrations.remove(address);
          refuse(address, reply);
        }
      }
      case Visit.Begun begun -> {
        if (isWanted) {
          begin(address, registration, begun);
        } else {
          begun.beginning().abandon();
        }
      }
    }
  }

  private void begin(String address, Registration registration, Visit.Begun begun) {
    BridgeSettings settings = bridges.settings();
    Outlet outlet = new Outlet(address, registration);
    Feed feed = new Feed(context, begun.view(), bridges.texts(), settings, outlet, 0);
    registration.feed = feed;
    connection.note(
        connection.message(address, Protocol.subscribed(settings.keepAliveEvery().toSeconds())));
    feed.begin(begun.beginning());
  }

  /** Tells the client why he is not registered. */
  void refuse(String address, Reply reply) {
    connection.note(Frames.failure(address, reply, Protocol.end(0, reply)));
  }

  /** Ends a registration; answers whether there was one. */
  boolean remove(@Nullable String address) {
    Registration gone = registrations.remove(address);
    if (gone != null && gone.feed != null) {
      gone.feed.leave();
    }
    return gone != null;
  }

  /** Ends all without a word. */
  void leaveAll() {
    feeds().forEach(Feed::leave);
    registrations.clear();
  }

  /** Ends all since the server stops; answers whether the client has taken all there was. */
  boolean stopAll() {
    List<Feed> feeds = feeds();
    boolean isIdle = feeds.stream().allMatch(Feed::isIdle);
    feeds.forEach(Feed::stop);
    return isIdle;
  }

  private List<Feed> feeds() {
    List<Feed> feeds = new ArrayList<>();
    for (Registration registration : registrations.values()) {
      if (registration.feed != null) {
        feeds.add(registration.feed);
      }
    }
    return feeds;
  }

  /** How a subscription's messages get to the client. */
  private final class Outlet implements Feed.Outlet {
    private final String address;
    private final Registration registration;

    Outlet(String address, Registration registration) {
      this.address = address;
      this.registration = registration;
    }

    @Override
    public Future<?> send(String message) {
      return connection.write(connection.message(address, message));
    }

    @Override
    public boolean timesOut() {
      return false;
    }

    @Override
    public void end(String message, Reply why) {
      connection.note(Frames.failure(address, why, message));
    }

    @Override
    public void stalled() {
      connection.cut("stalled");
    }

    @Override
    public void ended() {
      registrations.remove(address, registration);
    }
  }
}
