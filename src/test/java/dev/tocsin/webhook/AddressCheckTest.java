package dev.tocsin.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class AddressCheckTest {
  private static final AddressCheck STRICT = new AddressCheck(List.of());

  @ParameterizedTest
  @CsvFileSource(resources = "/webhook/addresses.csv", numLinesToSkip = 2)
  void only_what_is_public_is_allowed(String address, boolean allowed, String what) {
    assertThat(STRICT.allows(InetAddress.ofLiteral(address))).as(what).isEqualTo(allowed);
  }

  @Test
  void a_mapped_address_is_judged_by_what_it_carries() throws UnknownHostException {
    assertThat(STRICT.allows(mapped(127, 0, 0, 1))).isFalse();
    assertThat(STRICT.allows(mapped(8, 8, 8, 8))).isTrue();
  }

  @Test
  void an_allowed_network_opens_itself_and_nothing_else() throws UnknownHostException {
    AddressCheck check =
        new AddressCheck(
            List.of(Network.of("10.1.0.0/16"), Network.of("fd00:1::/32"), Network.of("::1/128")));

    for (String allowed : List.of("10.1.0.1", "fd00:1::5", "::1", "64:ff9b::10.1.2.3", "8.8.8.8")) {
      assertThat(check.allows(InetAddress.ofLiteral(allowed))).as(allowed).isTrue();
    }
    for (String forbidden :
        List.of("10.2.0.1", "127.0.0.1", "fd00:2::5", "::2", "fd00::10.1.0.1")) {
      assertThat(check.allows(InetAddress.ofLiteral(forbidden))).as(forbidden).isFalse();
    }
    assertThat(check.allows(mapped(10, 1, 0, 1))).isTrue();
  }

  @Test
  void a_name_tells_of_an_address_only_when_it_is_one_or_localhost() {
    AddressCheck check = new AddressCheck(List.of(Network.of("10.1.0.0/16")));

    for (String host : List.of("10.1.0.1", "8.8.8.8", "[2600::1]", "acme.example", "10.acme")) {
      assertThat(check.mayAllow(host)).as(host).isTrue();
    }
    for (String host : List.of("10.2.0.1", "[::1]", "localhost", "LOCALHOST", "[fd00::1]")) {
      assertThat(check.mayAllow(host)).as(host).isFalse();
    }
  }

  @Test
  void a_prefix_need_not_end_with_a_byte() {
    Network network = Network.of("172.16.0.0/12");
    assertThat(network.contains(InetAddress.ofLiteral("172.31.255.255"))).isTrue();
    assertThat(network.contains(InetAddress.ofLiteral("172.32.0.0"))).isFalse();
    assertThat(Network.of("0.0.0.0/0").contains(InetAddress.ofLiteral("255.0.0.1"))).isTrue();
    assertThat(Network.of("0.0.0.0/0").contains(InetAddress.ofLiteral("2000::"))).isFalse();
  }

  /** Java makes an Inet4Address of it wherever it can; this is where it does not. */
  private static InetAddress mapped(int... ipv4) throws UnknownHostException {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    for (int i = 0; i < ipv4.length; i++) {
      bytes[12 + i] = (byte) ipv4[i];
    }
    return Inet6Address.getByAddress(null, bytes, -1);
  }
}
