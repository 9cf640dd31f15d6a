package dev.tocsin.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class CableHttpTest {
  private static final int SILENCE_MILLIS = 200;

  @Test
  void what_is_held_back_comes_later_and_so_does_an_end() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket listening = new ServerSocket(0, 1, here);
        Cable cable = new Cable(listening.getLocalPort());
        Socket one = new Socket(here, cable.port());
        Socket other = listening.accept()) {
      one.getOutputStream().write('a');
      assertThat(other.getInputStream().read()).isEqualTo('a');

      cable.silence();
      one.getOutputStream().write('b');
      one.shutdownOutput();
      other.setSoTimeout(SILENCE_MILLIS);
      assertThatThrownBy(() -> other.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      other.setSoTimeout(0);
      cable.resume();
      assertThat(other.getInputStream().read()).isEqualTo('b');
      assertThat(other.getInputStream().read()).isEqualTo(-1);
    }
  }
}
