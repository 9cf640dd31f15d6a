package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a",
        "/a%20b",
        "/%C3%A4?x=%e2%82%ac",
        "/%EF%BF%BD",
        "/%",
        "/%2",
        "/%zz",
        "/100%25"
      })
  void is_text(String address) {
    assertThat(Addresses.isText(address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/%FF", "/a/%FE/b", "/%C3", "/%C3x%A4", "/x?y=%80", "/%ED%A0%80", "/%C3%C3%A4"})
  void is_none(String address) {
    assertThat(Addresses.isText(address)).isFalse();
  }
}
