package dev.tocsin.ingest;

import com.fasterxml.jackson.core.JsonToken;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.Payload;
import dev.tocsin.ingest.BodySource.Excess;
import dev.tocsin.ingest.BodySource.Violation;
import dev.tocsin.ingest.RawItem.State;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of an entity whose id is in the path. A state that does not repeat the id gets it
 * as its first member; the rest stays exactly as received.
 */
final class StateReader {
  private final int bytesMax;

  StateReader(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** The one item has the state for its new one, and a fault when it is another entity's. */
  BatchReading read(byte[] body, String id) {
    return BodySource.read(body, "object", source -> List.of(item(source, id)));
  }

  private RawItem item(BodySource source, String id) throws IOException, Violation, Excess {
    if (source.parser().nextToken() != JsonToken.START_OBJECT) {
      throw new Violation("a JSON object was expected: the state of the entity", "");
    }
    int start = source.tokenStart();
    State.Present read = (State.Present) source.state();
    int bytes = source.tokenEnd() - start;
    if (bytes > bytesMax) {
      throw new Excess("a state has " + bytes + " bytes, and may have " + bytesMax);
    }
    boolean hasId = read.payload().fields().containsKey("id");
    boolean isOther = hasId && !id.equals(read.payload().fields().get("id"));
    Checked.Bad fault =
        isOther
            ? new Checked.Bad("bad_id", "/id", "must be the id in the path, or left out")
            : null;
    State state = hasId ? read : new State.Present(withId(read.payload(), id));
    return new RawItem(0, "", null, null, "", null, state, new State.Absent(), fault);
  }

  private static Payload withId(Payload state, String id) {
    StringBuilder json = new StringBuilder(state.json().length() + id.length() + 16);
    EventJson.appendText(json.append("{\"id\":"), id);
    if (!state.fields().isEmpty()) {
      json.append(',');
    }
    json.append(state.json(), 1, state.json().length());
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.putAll(state.fields());
    return new Payload(json.toString(), fields);
  }
}
