package dev.tocsin.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tocsin.ingest.RawItem.State;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventReaderTest {
  private static final int ITEMS_MAX = 3;
  private static final int ITEM_BYTES_MAX = 400;
  private static final String MINIMAL = "'specversion':'1.0','type':'n','source':'/s','id':'1'";

  private final CloudEventReader reader = new CloudEventReader(ITEMS_MAX, ITEM_BYTES_MAX);

  @Test
  void an_event_in_structured_mode_is_an_item_cut_out_exactly_as_it_stands() {
    String state = "{ 'é' : 1.10, 'b':[ ] }";
    String event =
        "{ 'time':'2026-11-23T08:00:00Z', "
            + MINIMAL
            + ", 'data' : {'new':"
            + state
            + " ,'old':null}, 'datacontenttype':'Application/JSON; charset=utf-8'}";

    RawItem item = event("  " + event + "\n");

    assertThat(item.fault()).isNull();
    assertThat(item.index()).isZero();
    assertThat(item.json()).isEqualTo(quoted(event));
    assertThat(item.name()).isEqualTo("n");
    assertThat(item.source()).isEqualTo("/s");
    assertThat(item.id()).isEqualTo("1");
    assertThat(item.time()).isEqualTo("2026-11-23T08:00:00Z");
    assertThat(item.before()).isEqualTo(new State.Absent());
    assertThat(json(item.after())).isEqualTo(quoted(state));
    assertThat(((State.Present) item.after()).payload().fields())
        .containsEntry("é", new BigDecimal("1.10"));
  }

  @Test
  void what_is_not_ours_to_know_is_passed_over() {
    RawItem item =
        event(
            "{'subject':'x','dataschema':'http://s','traceparent':'00-1','ext':{'a':[1]},'n':7,"
                + "'time':null,'datacontenttype':null,'data_base64':null,"
                + MINIMAL
                + "}");

    assertThat(item.fault()).isNull();
    assertThat(item.time()).isNull();
    assertThat(item.after()).isEqualTo(new State.Absent());
  }

  @Test
  void the_events_of_a_batch_are_items_and_a_wrong_one_is_wrong_alone() {
    List<RawItem> items =
        items(reader.batch(bytes("[{" + MINIMAL + "}, 7 ,{'specversion':'0.3'}]")));

    assertThat(items)
        .extracting(RawItem::index, RawItem::json)
        .containsExactly(
            tuple(0, quoted("{" + MINIMAL + "}")),
            tuple(1, "7"),
            tuple(2, quoted("{'specversion':'0.3'}")));
    assertThat(items.get(0).fault()).isNull();
    assertThat(fault(items.get(1)).message())
        .isEqualTo("a CloudEvent must be an object, not a number");
    assertThat(fault(items(reader.batch(bytes("[null]"))).getFirst()).message())
        .isEqualTo("a CloudEvent must be an object, not null");
    assertThat(fault(items.get(2)).message()).isEqualTo("specversion must be 1.0, not \"0.3\"");
  }

  @Test
  void a_batch_may_be_empty() {
    assertThat(items(reader.batch(bytes("[]")))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | /specversion | a CloudEvent must have the attribute specversion, which is 1.0",
        "{'specversion':1.0,'type':'n','source':'s','id':'1'} | /specversion | specversion must be a text, not a number",
        "{'specversion':'1.0','source':'s','id':'1'} | /type | a CloudEvent must have the attribute type",
        "{'specversion':'1.0','type':'','source':'s','id':'1'} | /type | a CloudEvent must have the attribute type",
        "{'specversion':'1.0','type':'n','id':'1'} | /source | a CloudEvent must have the attribute source",
        "{'specversion':'1.0','type':'n','source':'a b','id':'1'} | /source | source must be a URI reference, not \"a b\"",
        "{'specversion':'1.0','type':'n','source':'s'} | /id | a CloudEvent must have the attribute id",
        "{'specversion':'1.0','type':'n','source':'s','id':7} | /id | id must be a text, not a number",
        "{'specversion':'1.0','type':'n','source':'s','id':'\\u0007'} | /id | id must not have control characters or half surrogates",
        "{'specversion':'1.0','type':'n','source':'s','id':'1','data':7} | /data | data must be an object with new and old, not a number",
        "{'specversion':'1.0','type':'n','source':'s','id':'1','data':{'neu':{}}} | /data/neu | data has new and old, and here is neu",
        "{'specversion':'1.0','type':'n','source':'s','id':'1','data_base64':'e30='} | /data_base64 | data must be JSON, in data, and not in data_base64",
        "{'specversion':'1.0','type':'n','source':'s','id':'1','datacontenttype':'text/xml'} | /datacontenttype | data must be JSON, and not \"text/xml\""
      })
  void what_is_no_cloud_event_is_pointed_at(String event, String pointer, String message) {
    assertThat(fault(event(event))).isEqualTo(new Checked.Bad("bad_cloud_event", pointer, message));
  }

  @Test
  void a_time_that_is_none_is_quoted() {
    assertThat(fault(event("{'time':'yesterday'," + MINIMAL + "}")))
        .isEqualTo(
            new Checked.Bad(
                "bad_cloud_event",
                "/time",
                "time must be a date and time with offset, such as 2026-11-23T08:00:00Z, not"
                    + " \"yesterday\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | ``",
        "{'id':'1','id':'2'} | /id",
        "{'data':{'new':{},'new':{}}} | /data/new",
        "{} {} | ``"
      })
  void what_has_not_the_form_of_a_request_is_malformed(String body, String pointer) {
    assertThat(reader.event(bytes(body)))
        .isInstanceOfSatisfying(
            BatchReading.Malformed.class,
            malformed -> assertThat(malformed.pointer()).isEqualTo(pointer));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[{'data':{'new':{'a':1,'a':2}}}]", "[{'data':{'new':{'a':01}}}]"})
  void what_is_not_json_is_malformed(String body) {
    assertThat(reader.batch(bytes(body))).isInstanceOf(BatchReading.Malformed.class);
  }

  @Test
  void a_batch_holds_so_many_events_of_so_many_bytes() {
    assertThat(reader.batch(bytes("[1,2,3,4]")))
        .isEqualTo(new BatchReading.TooLarge("a request may hold 3 events at most"));
    String filler = "x".repeat(ITEM_BYTES_MAX - "{'x':''}".length());
    assertThat(items(reader.batch(bytes("[{'x':'" + filler + "'}]")))).hasSize(1);
    assertThat(reader.batch(bytes("[1,{'x':'" + filler + "y'}]")))
        .isEqualTo(new BatchReading.TooLarge("event 1 has 401 bytes, and may have 400"));
    assertThat(reader.event(bytes("{'x':'" + filler + "y'}")))
        .isEqualTo(new BatchReading.TooLarge("event 0 has 401 bytes, and may have 400"));
  }

  /** The parser reads a text only when somebody asks for it. */
  @Test
  void a_text_where_an_event_or_its_data_should_be_is_cut_out_whole() {
    assertThat(items(reader.batch(bytes("[{" + MINIMAL + "}, 'a\\u0062é' ,'']"))))
        .extracting(RawItem::json)
        .containsExactly(quoted("{" + MINIMAL + "}"), quoted("'a\\u0062é'"), quoted("''"));
    assertThat(data(headers(), null, " 'abc' ").json()).endsWith(quoted(",'data':'abc'}"));
    assertThat(event("{" + MINIMAL + ",'data':'abc'}").json())
        .isEqualTo(quoted("{" + MINIMAL + ",'data':'abc'}"));
  }

  @Test
  void a_text_where_an_event_should_be_has_so_many_bytes_too() {
    String filler = "x".repeat(ITEM_BYTES_MAX - "''".length());

    assertThat(items(reader.batch(bytes("['" + filler + "']")))).hasSize(1);
    assertThat(reader.batch(bytes("[1,'" + filler + "y']")))
        .isEqualTo(new BatchReading.TooLarge("event 1 has 401 bytes, and may have 400"));
    assertThat(reader.data(headers(), null, bytes("'" + filler + "y'")))
        .isEqualTo(new BatchReading.TooLarge("event 0 has 401 bytes, and may have 400"));
  }

  @Test
  void an_event_in_binary_mode_is_the_one_it_would_be_in_structured_mode() {
    String state = "{ 'a' : 1.10 }";
    Map<String, String> headers =
        headers("time", "2026-11-23T08:00:00Z", "subject", "caf%C3%A9%22", "id", "%E2%82%AC");

    RawItem item = data(headers, "application/json", " { 'new': " + state + " } ");

    assertThat(item.fault()).isNull();
    assertThat(item.id()).isEqualTo("€");
    assertThat(item.source()).isEqualTo("/s");
    assertThat(item.time()).isEqualTo("2026-11-23T08:00:00Z");
    assertThat(json(item.after())).isEqualTo(quoted(state));
    assertThat(item.json())
        .isEqualTo(
            quoted(
                "{'datacontenttype':'application/json','id':'€','source':'/s','specversion':'1.0',"
                    + "'subject':'café\\\"','time':'2026-11-23T08:00:00Z','type':'n',"
                    + "'data':{ 'new': "
                    + state
                    + " }}"));
    assertThat(item).isEqualTo(event(item.json()));
  }

  @Test
  void data_that_is_not_json_is_rejected_with_its_text() {
    RawItem item = data(headers(), "text/plain", "{'new'");

    assertThat(fault(item).pointer()).isEqualTo("/datacontenttype");
    assertThat(item.json()).endsWith("\"data\":\"{\\\"new\\\"\"}");
  }

  @Test
  void a_header_that_cannot_be_decoded_is_named() {
    assertThat(fault(data(headers("source", "%FF"), null, "")))
        .isEqualTo(
            new Checked.Bad(
                "bad_cloud_event",
                "/source",
                "the header ce-source must be ASCII, with UTF-8 percent-encoded"));
  }

  @Test
  void a_header_that_is_not_ours_to_know_need_not_be_decoded() {
    RawItem item = data(headers("subject", "ü", "ext", "%FF"), null, "{}");

    assertThat(item.fault()).isNull();
    assertThat(item.json()).doesNotContain("subject", "ext");
  }

  @Test
  void data_in_binary_mode_may_be_missing_must_be_json_and_not_too_long() {
    assertThat(data(headers(), "application/json", "").after()).isEqualTo(new State.Absent());
    assertThat(data(headers(), null, " \n").after()).isEqualTo(new State.Absent());
    assertThat(data(headers("data", "x"), null, "{}").json()).endsWith(",\"data\":{}}");
    assertThat(reader.data(headers(), null, bytes("{'new':")))
        .isInstanceOf(BatchReading.Malformed.class);
    assertThat(reader.data(headers(), null, bytes("{} {}")))
        .isInstanceOf(BatchReading.Malformed.class);
    assertThat(reader.data(headers(), null, bytes("{'new':{'a':'" + "x".repeat(400) + "'}}")))
        .isEqualTo(new BatchReading.TooLarge("event 0 has 416 bytes, and may have 400"));
    assertThat(reader.data(headers(), "text/plain", bytes("x".repeat(401))))
        .isEqualTo(new BatchReading.TooLarge("event 0 has 401 bytes, and may have 400"));
  }

  private static Map<String, String> headers(String... more) {
    Map<String, String> headers =
        new TreeMap<>(Map.of("specversion", "1.0", "type", "n", "source", "/s", "id", "1"));
    for (int i = 0; i < more.length; i += 2) {
      headers.put(more[i], more[i + 1]);
    }
    return headers;
  }

  private RawItem data(Map<String, String> headers, @Nullable String contentType, String body) {
    return items(reader.data(headers, contentType, bytes(body))).getFirst();
  }

  private RawItem event(String body) {
    return items(reader.event(bytes(body))).getFirst();
  }

  private static List<RawItem> items(BatchReading reading) {
    return switch (reading) {
      case BatchReading.Items(List<RawItem> items) -> items;
      case BatchReading.Malformed malformed -> throw new AssertionError(malformed);
      case BatchReading.TooLarge large -> throw new AssertionError(large);
    };
  }

  private static Checked.Bad fault(RawItem item) {
    return Objects.requireNonNull(item.fault());
  }

  private static String json(State state) {
    return ((State.Present) state).payload().json();
  }

  private static byte[] bytes(String body) {
    return quoted(body).getBytes(StandardCharsets.UTF_8);
  }

  /** JSON with single quotes for double ones, which reads better in Java. */
  private static String quoted(String json) {
    return json.replace('\'', '"');
  }
}
