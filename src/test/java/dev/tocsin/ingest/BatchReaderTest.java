package dev.tocsin.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tocsin.ingest.RawItem.State;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchReaderTest {
  private static final int ITEMS_MAX = 3;
  private static final int ITEM_BYTES_MAX = 100;

  private final BatchReader reader = new BatchReader(ITEMS_MAX, ITEM_BYTES_MAX);

  @Test
  void one_event_alone_is_an_item() {
    RawItem item =
        items("{'id':'e','eventName':'n','eventTime':'t','new':{},'old':null}").getFirst();

    assertThat(item.index()).isZero();
    assertThat(item.id()).isEqualTo("e");
    assertThat(item.name()).isEqualTo("n");
    assertThat(item.time()).isEqualTo("t");
    assertThat(item.after()).isInstanceOf(State.Present.class);
    assertThat(item.before()).isEqualTo(new State.Absent());
  }

  @Test
  void the_events_of_a_batch_are_items_in_their_order() {
    assertThat(items("{'events':[{'eventName':'a'},{'eventName':'b'}]}"))
        .extracting(RawItem::index, RawItem::name)
        .containsExactly(tuple(0, "a"), tuple(1, "b"));
  }

  /** With characters of one to four bytes before each of them. */
  @Test
  void items_and_payloads_are_cut_out_exactly_as_they_stand() {
    String first = "{ 'eventName' : 'é€🔔' , 'new' : { 'é' : 1.10, 'b':[ ] } }";
    String second = "{'old':{'🔔':-0.0 },'eventName':'b'}";

    List<RawItem> items = items("  { 'events' : [ " + first + " ,\n" + second + "] }\n");

    assertThat(items.get(0).json()).isEqualTo(quoted(first));
    assertThat(items.get(1).json()).isEqualTo(quoted(second));
    assertThat(items.get(0).after())
        .isInstanceOfSatisfying(
            State.Present.class,
            present -> {
              assertThat(present.payload().json()).isEqualTo(quoted("{ 'é' : 1.10, 'b':[ ] }"));
              assertThat(present.payload().fields())
                  .containsEntry("é", new BigDecimal("1.10"))
                  .containsEntry("b", List.of());
            });
    assertThat(items.get(1).before())
        .isInstanceOfSatisfying(
            State.Present.class,
            present -> assertThat(present.payload().json()).isEqualTo(quoted("{'🔔':-0.0 }")));
  }

  @ParameterizedTest
  @CsvSource({"[{}], an array", "1, a number", "1.5, a number", "true, a boolean", "\"x\", a text"})
  void a_state_that_is_no_object_is_named_by_its_type(String value, String type) {
    RawItem item = items("{'new':" + value + ",'eventName':'n'}").getFirst();

    assertThat(item.after()).isEqualTo(new State.NotAnObject(type));
    assertThat(item.name()).isEqualTo("n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | ''",
        "{} | /eventName",
        "{\"eventName\":\"n\"} {} | ''",
        "{\"eventName\":null} | /eventName",
        "{\"eventName\":\"n\",\"id\":7} | /id",
        "{\"eventName\":\"n\",\"eventTime\":[]} | /eventTime",
        "{\"eventName\":\"n\",\"a/b~c\":7} | /a~1b~0c",
        "{\"eventName\":\"n\",\"~1\":7} | /~01",
        "{\"events\":{}} | /events",
        "{\"events\":[]} | /events",
        "{\"events\":[{\"eventName\":\"n\"},1]} | /events/1",
        "{\"events\":[{\"eventName\":\"n\"},{}]} | /events/1/eventName",
        "{\"events\":[{\"eventName\":\"n\",\"new\":{},\"new\":{}}]} | /events/0/new",
        "{\"events\":[{\"eventName\":\"n\"}],\"a/b\":1} | /a~1b"
      })
  void what_has_not_the_form_of_a_request_is_pointed_at(String body, String pointer) {
    assertThat(read(body))
        .isInstanceOfSatisfying(
            BatchReading.Malformed.class,
            malformed -> assertThat(malformed.pointer()).isEqualTo(pointer));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"eventName\":\"n\"",
        "{\"eventName\":\"\u0001\"}",
        "{\"eventName\":\"n\",\"new\":{\"a\":01}}",
        "{\"eventName\":\"n\",\"new\":{\"a\":NaN}}",
        "{\"eventName\":\"n\",\"new\":{\"a\":1,\"a\":2}}",
        "{\"eventName\":\"n\",\"new\":{\"a\":1e99999999999}}"
      })
  void what_is_not_json_is_malformed(String body) {
    assertThat(read(body)).isInstanceOf(BatchReading.Malformed.class);
  }

  @Test
  void a_batch_holds_so_many_events() {
    String item = "{'eventName':'n'}";

    assertThat(items(batch(item, item, item))).hasSize(ITEMS_MAX);
    assertThat(read(batch(item, item, item, item)))
        .isEqualTo(new BatchReading.TooLarge("a request may hold 3 events at most"));
  }

  @Test
  void an_event_has_so_many_bytes_not_characters() {
    int room = ITEM_BYTES_MAX - "{'eventName':''}".length();

    assertThat(items("{'eventName':'" + "é".repeat(room / 2) + "'}")).hasSize(1);
    assertThat(read(batch("{'eventName':'n'}", "{'eventName':'" + "é".repeat(room / 2) + "a'}")))
        .isEqualTo(new BatchReading.TooLarge("event 1 has 101 bytes, and may have 100"));
  }

  private List<RawItem> items(String body) {
    return switch (read(body)) {
      case BatchReading.Items(List<RawItem> items) -> items;
      case BatchReading.Malformed malformed -> throw new AssertionError(malformed);
      case BatchReading.TooLarge large -> throw new AssertionError(large);
    };
  }

  private BatchReading read(String body) {
    return reader.read(quoted(body).getBytes(StandardCharsets.UTF_8));
  }

  private static String batch(String... items) {
    return "{'events':[" + String.join(",", items) + "]}";
  }

  /** JSON with single quotes for double ones, which reads better in Java. */
  private static String quoted(String json) {
    return json.replace('\'', '"');
  }
}
