package dev.tocsin.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.internal.cluster.impl.ClusterTopologyChangedException;
import com.hazelcast.internal.partition.PartitionStateVersionMismatchException;
import com.hazelcast.internal.serialization.SerializationClassNameFilter;
import com.hazelcast.partition.NoDataMemberInClusterException;
import com.hazelcast.spi.exception.RetryableHazelcastException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HazelcastFormTest {
  private static final ClusterSettings SETTINGS =
      new ClusterSettings(
          true,
          "test",
          "127.0.0.1",
          5701,
          null,
          5702,
          null,
          0,
          0,
          List.of(),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          Duration.ofMillis(5),
          100,
          null,
          false);

  private static SerializationClassNameFilter filter() {
    Config config = HazelcastForm.of(SETTINGS, Instant.EPOCH);
    return new SerializationClassNameFilter(
        config.getSerializationConfig().getJavaSerializationFilterConfig());
  }

  /**
   * Three nodes that started together: one was told that the topology had changed, was not allowed
   * to read it, and never joined.
   */
  @ParameterizedTest
  @ValueSource(
      classes = {
        ClusterTopologyChangedException.class,
        PartitionStateVersionMismatchException.class,
        NoDataMemberInClusterException.class,
        RetryableHazelcastException.class,
        ExecutionException.class,
        StackTraceElement[].class
      })
  void failures_of_other_members_are_read(Class<?> type) {
    assertThatCode(() -> filter().filter(type.getName())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.hazelcast.internal.util.executor.ManagedExecutorService",
        "javax.management.BadAttributeValueExpException",
        "dev.tocsin.app.Main"
      })
  void nothing_else_is(String type) {
    assertThatThrownBy(() -> filter().filter(type)).isInstanceOf(SecurityException.class);
  }
}
