package dev.sotto.relay.colibri;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.relay.control.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("COLIBRI.md")
class ColibriDocumentTest {
  /** A request and the answer right below it. */
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "^```(json|xml) (.*)\\n([^`]*)^```\\n```\\1 (.*)\\n([^`]*)^```$", Pattern.MULTILINE);

  /** Stands for what an example leaves out. */
  private static final String CUT = "…";

  private final TestRelay relay = new TestRelay();

  @Test
  void has_examples_that_are_answered_as_it_says() throws Exception {
    List<MatchResult> examples = EXAMPLE.matcher(document()).results().toList();

    assertThat(examples).hasSizeGreaterThan(9);
    for (MatchResult example : examples) {
      if (example.group(1).equals("json")) {
        replayJson(example.group(2), example.group(3), example.group(4), example.group(5));
      } else {
        replayXml(example.group(3), example.group(5));
      }
    }
  }

  @Test
  void names_every_error_as_it_goes_over_the_wire() throws Exception {
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(document())
          .contains(
              "| `%s` | %d | `%s` | `%s` |"
                  .formatted(
                      code,
                      ColibriErrors.httpStatus(code),
                      ColibriErrors.condition(code),
                      ColibriErrors.reason(code).toString().toLowerCase(Locale.ROOT)));
    }
  }

  private void replayJson(String request, String body, String status, String answer)
      throws Exception {
    String[] methodAndPath = request.split(" ", 2);
    RestAnswer given =
        new RestControl(relay)
            .handle(methodAndPath[0], methodAndPath[1], body.getBytes(StandardCharsets.UTF_8))
            .toCompletableFuture()
            .get();

    ObjectMapper mapper = new ObjectMapper();
    assertMatches(mapper.readTree(given.body()), mapper.readTree(answer), body);
    assertThat(given.status()).hasToString(status);
  }

  private void replayXml(String request, String answer) {
    String given =
        new XmppControl(relay, _ -> true)
            .handle(Stanzas.parseRequest(request))
            .toCompletableFuture()
            .join()
            .toXML()
            .toString();

    String pattern =
        Pattern.compile(CUT)
            .splitAsStream(oneLine(answer))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*?"));
    assertThat(oneLine(given)).as(request).matches(pattern);
  }

  private static void assertMatches(JsonNode given, JsonNode shown, String request) {
    if (shown.isTextual() && shown.textValue().equals(CUT)) {
      assertThat(given.isMissingNode()).as(request).isFalse();
    } else if (shown.isObject()) {
      assertThat(given.fieldNames())
          .toIterable()
          .as(request)
          .containsExactlyInAnyOrderElementsOf(shown::fieldNames);
      shown
          .properties()
          .forEach(key -> assertMatches(given.path(key.getKey()), key.getValue(), request));
    } else if (shown.isArray()) {
      assertThat(given.size()).as(request).isEqualTo(shown.size());
      for (int i = 0; i < shown.size(); i++) {
        assertMatches(given.get(i), shown.get(i), request);
      }
    } else {
      assertThat(given).as(request).isEqualTo(shown);
    }
  }

  /** Without what makes it readable. */
  private static String oneLine(String xml) {
    return xml.strip().replaceAll("\\s+<", "<").replaceAll("\\n\\s*", " ").replace('"', '\'');
  }

  private static String document() throws IOException {
    return Files.readString(Path.of("COLIBRI.md"));
  }
}
