package dev.tocsin.flow;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The form in which the events of a request are written down. */
public sealed interface BodyForm {
  /** Our own: one event, or {@code {"events": […]}}. */
  record Events() implements BodyForm {}

  /** One CloudEvent in its JSON format: the structured mode of CloudEvents over HTTP. */
  record CloudEvent() implements BodyForm {}

  /** An array of those: the batched mode. */
  record CloudEventBatch() implements BodyForm {}

  /**
   * The data of one CloudEvent, whose attributes came apart: the binary mode.
   *
   * @param attributes by their names, each as it stood in its header
   * @param contentType what the data says it is; null when it does not say
   */
  record CloudEventData(Map<String, String> attributes, @Nullable String contentType)
      implements BodyForm {
    public CloudEventData {
      attributes = Map.copyOf(attributes);
    }
  }
}
