package dev.tocsin.app;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Gives each meter the description that {@code meters.properties} has of it: they are made where
 * they count, in every stage, and told of on one page.
 *
 * @param byName what each tells
 */
record MeterDescriptions(Map<String, String> byName) implements MeterFilter {
  private static final String FILE = "/meters.properties";

  MeterDescriptions {
    byName = Map.copyOf(byName);
  }

  static MeterDescriptions load() {
    Properties properties = new Properties();
    try (InputStream in = MeterDescriptions.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("there is no " + FILE);
      }
      properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> byName = new HashMap<>();
    properties.forEach((name, text) -> byName.put(name.toString(), text.toString()));
    return new MeterDescriptions(byName);
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    String description = byName.get(id.getName());
    return description == null || id.getDescription() != null
        ? id
        : new Meter.Id(
            id.getName(),
            Tags.of(id.getTagsAsIterable()),
            id.getBaseUnit(),
            description,
            id.getType());
  }
}
