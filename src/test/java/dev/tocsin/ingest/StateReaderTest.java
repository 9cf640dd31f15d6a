package dev.tocsin.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import dev.tocsin.ingest.RawItem.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateReaderTest {
  private final StateReader reader = new StateReader(40);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'b': 1.10 ,'id':'c1'} | {'b': 1.10 ,'id':'c1'}",
        " {'id':'c1'} | {'id':'c1'}",
        "{} | {'id':'c1'}",
        "{ } | {'id':'c1' }",
        "{'b':1E2, 'é' : [ ]} | {'id':'c1','b':1E2, 'é' : [ ]}",
        "{ 'b':1 } | {'id':'c1', 'b':1 }"
      })
  void a_state_stays_as_received_and_gets_the_id_first_that_it_lacks(String body, String kept)
      throws IOException {
    Payload state = state(item(body, "c1"));

    assertThat(state.json()).isEqualTo(quoted(kept));
    assertThat(state.fields()).isEqualTo(JsonValues.payload(quoted(kept)).fields());
    assertThat(state.fields().keySet())
        .containsExactlyElementsOf(JsonValues.payload(quoted(kept)).fields().keySet());
  }

  @Test
  void an_id_is_put_in_as_json() throws IOException {
    Payload state = state(item("{}", "a\"\\é"));

    assertThat(state.fields()).containsEntry("id", "a\"\\é");
    assertThat(JsonValues.payload(state.json()).fields()).isEqualTo(state.fields());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'id':'c2'}", "{'id':'C1'}", "{'id':1}", "{'id':null}", "{'id':['c1']}"})
  void the_state_of_another_entity_is_pointed_at(String body) {
    assertThat(item(body, "c1").fault())
        .isEqualTo(new Checked.Bad("bad_id", "/id", "must be the id in the path, or left out"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "7", "null", "{} {}", "{'id':'c1','id':'c1'}", "{'a':1,'a':1}", "{"})
  void what_is_no_object_is_malformed(String body) {
    assertThat(read(body, "c1")).isInstanceOf(BatchReading.Malformed.class);
  }

  @Test
  void a_state_has_so_many_bytes_not_characters() {
    assertThat(read("{'a':'" + "é".repeat(16) + "'}", "c1")).isInstanceOf(BatchReading.Items.class);
    assertThat(read("{'a':'" + "é".repeat(17) + "'}", "c1"))
        .isEqualTo(new BatchReading.TooLarge("a state has 42 bytes, and may have 40"));
  }

  private static Payload state(RawItem item) {
    assertThat(item.fault()).isNull();
    return ((State.Present) item.after()).payload();
  }

  private RawItem item(String body, String id) {
    return ((BatchReading.Items) read(body, id)).items().getFirst();
  }

  private BatchReading read(String body, String id) {
    return reader.read(quoted(body).getBytes(StandardCharsets.UTF_8), id);
  }

  /** JSON with single quotes for double ones, which reads better in Java. */
  private static String quoted(String json) {
    return json.replace('\'', '"');
  }
}
