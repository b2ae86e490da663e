package dev.sotto.relay.control;

import static dev.sotto.relay.control.Asked.camera;
import static dev.sotto.relay.control.Asked.carries;
import static dev.sotto.relay.control.Asked.encoding;
import static dev.sotto.relay.control.Asked.learnt;
import static dev.sotto.relay.control.Asked.microphone;
import static dev.sotto.relay.control.Asked.opus;
import static dev.sotto.relay.control.Asked.reachedAt;
import static dev.sotto.relay.control.Asked.receives;
import static dev.sotto.relay.control.Asked.sends;
import static dev.sotto.relay.control.Asked.wants;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What is said of an endpoint")
class EndpointRulesTest {
  private static final String SHA_256 = "AB:".repeat(31) + "AB";
  private static final String UFRAG = "abcd";
  private static final String PASSWORD = "abcdefghijklmnopqrstuv";

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(ErrorCode.BAD_REQUEST, "a short ufrag", credentials("abc", PASSWORD)),
        fault(ErrorCode.BAD_REQUEST, "a ufrag with a space", credentials("ab cd", PASSWORD)),
        fault(ErrorCode.BAD_REQUEST, "a long ufrag", credentials("a".repeat(257), PASSWORD)),
        fault(ErrorCode.BAD_REQUEST, "a short password", credentials(UFRAG, "short")),
        fault(ErrorCode.BAD_REQUEST, "another hash", fingerprint("sha-1", "AB:".repeat(19) + "AB")),
        fault(ErrorCode.BAD_REQUEST, "octets missing", fingerprint("sha-512", SHA_256)),
        fault(ErrorCode.BAD_REQUEST, "no hex", fingerprint("sha-256", SHA_256.replace('A', 'X'))),
        fault(
            ErrorCode.BAD_REQUEST, "no colons", fingerprint("sha-256", SHA_256.replace(':', '-'))),
        fault(ErrorCode.BAD_REQUEST, "no foundation", candidate("", 1, "192.0.2.1", 1)),
        fault(ErrorCode.BAD_REQUEST, "a negative priority", candidate("1", -1, "192.0.2.1", 1)),
        fault(ErrorCode.BAD_REQUEST, "a priority of 33 bits", candidate("1", 1L << 32, "::1", 1)),
        fault(ErrorCode.BAD_REQUEST, "an address with a path", candidate("1", 1, "a/b", 1)),
        fault(ErrorCode.BAD_REQUEST, "no address", candidate("1", 1, "", 1)),
        fault(ErrorCode.BAD_REQUEST, "port 0", candidate("1", 1, "192.0.2.1", 0)),
        fault(ErrorCode.BAD_REQUEST, "port 65536", candidate("1", 1, "192.0.2.1", 65_536)),
        fault(
            ErrorCode.LIMIT_FINGERPRINTS,
            "many fingerprints",
            reachedAt(
                transport(Collections.nCopies(5, new Fingerprint("sha-256", SHA_256)), List.of()))),
        fault(
            ErrorCode.LIMIT_CANDIDATES,
            "many candidates",
            reachedAt(
                transport(
                    List.of(), IntStream.rangeClosed(1, 33).mapToObj(port -> at(port)).toList()))),
        fault(ErrorCode.BAD_REQUEST, "payload type 128", audio(opus(128))),
        fault(ErrorCode.BAD_REQUEST, "a payload type like RTCP", audio(opus(72))),
        fault(ErrorCode.BAD_REQUEST, "a payload type twice", audio(opus(111), opus(111))),
        fault(
            ErrorCode.BAD_REQUEST,
            "a payload type of audio and video",
            carries(
                media(MediaKind.AUDIO, List.of(opus(111)), List.of()),
                media(MediaKind.VIDEO, List.of(opus(111)), List.of()))),
        fault(ErrorCode.BAD_REQUEST, "no clock", audio(type("opus", 0, 1, Map.of(), List.of()))),
        fault(ErrorCode.BAD_REQUEST, "no channel", audio(type("opus", 1, 0, Map.of(), List.of()))),
        fault(ErrorCode.BAD_REQUEST, "no name", audio(type("", 1, 1, Map.of(), List.of()))),
        fault(
            ErrorCode.BAD_REQUEST,
            "a parameter of two lines",
            audio(type("opus", 1, 1, Map.of("a", "b\nc"), List.of()))),
        fault(
            ErrorCode.LIMIT_LENGTH,
            "a long parameter",
            audio(type("opus", 1, 1, Map.of("a", "b".repeat(1_025)), List.of()))),
        fault(
            ErrorCode.BAD_REQUEST,
            "feedback without a type",
            audio(type("opus", 1, 1, Map.of(), List.of(new RtcpFeedback("", Optional.empty()))))),
        fault(
            ErrorCode.LIMIT_PAYLOAD_TYPES,
            "much feedback",
            audio(
                type(
                    "opus",
                    1,
                    1,
                    Map.of(),
                    Collections.nCopies(17, new RtcpFeedback("nack", Optional.empty()))))),
        fault(
            ErrorCode.LIMIT_PAYLOAD_TYPES,
            "many parameters",
            audio(type("opus", 1, 1, numbered(33), List.of()))),
        fault(
            ErrorCode.LIMIT_PAYLOAD_TYPES,
            "many payload types",
            audio(
                IntStream.range(0, 97)
                    .mapToObj(n -> opus(n < 64 ? n : n + 32))
                    .toArray(PayloadType[]::new))),
        fault(ErrorCode.BAD_REQUEST, "header extension 0", extensions(0, "urn:a")),
        fault(ErrorCode.BAD_REQUEST, "header extension 256", extensions(256, "urn:a")),
        fault(
            ErrorCode.BAD_REQUEST, "a header extension twice", extensions(1, "urn:a", 1, "urn:b")),
        fault(ErrorCode.BAD_REQUEST, "a header extension without scheme", extensions(1, ":a")),
        fault(
            ErrorCode.BAD_REQUEST,
            "a header extension that differs in audio and video",
            carries(
                media(MediaKind.AUDIO, List.of(), List.of(new HeaderExtension(1, "urn:a"))),
                media(MediaKind.VIDEO, List.of(), List.of(new HeaderExtension(1, "urn:b"))))),
        fault(
            ErrorCode.LIMIT_HEADER_EXTENSIONS,
            "many header extensions",
            carries(
                media(
                    MediaKind.AUDIO,
                    List.of(),
                    IntStream.rangeClosed(1, 33)
                        .mapToObj(n -> new HeaderExtension(n, "urn:" + n))
                        .toList()))),
        fault(ErrorCode.BAD_REQUEST, "a blank source id", sends(microphone(" ", 1))),
        fault(ErrorCode.LIMIT_LENGTH, "a long source id", sends(microphone("a".repeat(257), 1))),
        fault(ErrorCode.BAD_REQUEST, "SSRC 0", sends(microphone("s", 0))),
        fault(ErrorCode.BAD_REQUEST, "an SSRC of 33 bits", sends(microphone("s", 1L << 32))),
        fault(ErrorCode.BAD_REQUEST, "no encoding", sends(camera("s"))),
        fault(
            ErrorCode.SSRC_CONFLICT,
            "an SSRC that is its own RTX",
            sends(camera("s", encoding(1, 1)))),
        fault(
            ErrorCode.SOURCE_CONFLICT,
            "a source twice",
            sends(microphone("s", 1), microphone("s", 2))),
        fault(
            ErrorCode.BAD_REQUEST,
            "audio simulcast",
            sends(
                new SourceDescription(
                    "s",
                    SourceKind.AUDIO,
                    Optional.empty(),
                    List.of(
                        encoding(1, OptionalLong.empty()), encoding(2, OptionalLong.empty()))))),
        fault(ErrorCode.BAD_REQUEST, "a RID without a mid", sends(camera("s", learnt("h")))),
        fault(
            ErrorCode.BAD_REQUEST,
            "SSRCs for some encodings",
            sends(onMid("s", "0", encoding(1, 2), learnt("h")))),
        fault(
            ErrorCode.BAD_REQUEST,
            "a mid twice",
            sends(onMid("s", "0", learnt("h")), onMid("t", "0", learnt("h")))),
        fault(
            ErrorCode.BAD_REQUEST, "a RID twice", sends(onMid("s", "0", learnt("h"), learnt("h")))),
        fault(ErrorCode.BAD_REQUEST, "a RID with a dot", sends(onMid("s", "0", learnt("h.1")))),
        fault(ErrorCode.BAD_REQUEST, "a mid with a space", sends(onMid("s", "0 1", learnt("h")))),
        fault(
            ErrorCode.BAD_REQUEST,
            "an RTX SSRC without an SSRC",
            sends(
                onMid(
                    "s",
                    "0",
                    new Encoding(OptionalLong.empty(), Optional.of("h"), OptionalLong.of(1))))),
        fault(
            ErrorCode.LIMIT_SOURCES,
            "many sources",
            sends(
                LongStream.rangeClosed(1, 17)
                    .mapToObj(n -> microphone("s" + n, n))
                    .toArray(SourceDescription[]::new))),
        fault(
            ErrorCode.LIMIT_SSRCS,
            "many encodings",
            sends(
                camera(
                    "s",
                    LongStream.rangeClosed(1, 9)
                        .mapToObj(n -> encoding(n, OptionalLong.empty()))
                        .toArray(Encoding[]::new)))),
        fault(
            ErrorCode.LIMIT_SSRCS,
            "many SSRCs",
            sends(
                IntStream.range(0, 5)
                    .mapToObj(s ->
                        camera(
                            "s" + s,
                            LongStream.rangeClosed(1, 8)
                                .mapToObj(n -> encoding(s * 100L + n * 2, s * 100L + n * 2 + 1))
                                .toArray(Encoding[]::new)))
                    .toArray(SourceDescription[]::new))),
        fault(
            ErrorCode.SSRC_CONFLICT,
            "a slot twice",
            receives(new ReceiveSlots(List.of(slot(1)), List.of(slot(1))))),
        fault(
            ErrorCode.LIMIT_SLOTS,
            "many slots",
            receives(
                new ReceiveSlots(
                    List.of(),
                    LongStream.rangeClosed(1, 65).mapToObj(EndpointRulesTest::slot).toList()))),
        fault(
            ErrorCode.BAD_REQUEST,
            "a negative last-n",
            wants(
                new ReceiverConstraints(
                    OptionalInt.of(-1),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Map.of(),
                    Set.of()))),
        fault(ErrorCode.BAD_REQUEST, "a height of kilometres", wants(heights(Map.of("s", 99_999)))),
        fault(ErrorCode.BAD_REQUEST, "a blank source", wants(heights(Map.of("", 1)))),
        fault(ErrorCode.LIMIT_CONSTRAINTS, "many constraints", wants(heights(heights(513)))));
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("faults")
  void that_breaks_a_rule_is_refused_by_name(
      ErrorCode code, String what, EndpointSettings settings) {
    ControlException refusal =
        catchThrowableOfType(
            ControlException.class, () -> plan(new EndpointChange.Create("alice", settings)));

    assertThat(refusal).as(what).isNotNull();
    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
    assertThat(refusal.endpointId()).contains("alice");
    assertThat(refusal.getMessage()).startsWith("endpoint 'alice': ").doesNotContain("\n");
    assertThat(refusal.getStackTrace()).isEmpty();
  }

  @Test
  void a_password_is_in_no_message_and_no_string() {
    String secret = "a secret with spaces in it";
    ControlException refusal =
        catchThrowableOfType(
            ControlException.class,
            () -> plan(new EndpointChange.Create("a", credentials(UFRAG, secret))));

    assertThat(refusal.getMessage()).doesNotContain(secret);
    assertThat(credentials(UFRAG, PASSWORD).toString()).doesNotContain(PASSWORD).contains(UFRAG);
  }

  @Test
  void a_request_that_contradicts_itself_is_refused() {
    assertThat(code(Asked.creation(Asked.join("a"), Asked.leave("a"))))
        .isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(code(Asked.request(ConferenceRequest.Action.EXPIRE, Asked.join("a"))))
        .isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(
            code(
                Asked.creation(
                    new EndpointChange.Create(
                        "a",
                        carries(
                            media(MediaKind.AUDIO, List.of(opus(1)), List.of()),
                            media(MediaKind.AUDIO, List.of(opus(2)), List.of()))))))
        .isEqualTo(ErrorCode.BAD_REQUEST);
  }

  @Test
  void ids_and_names_are_one_line_and_short() {
    assertThat(code(Asked.creation(Asked.join(" ")))).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(code(Asked.creation(Asked.join("a\u0000")))).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(code(Asked.creation(Asked.join("a\ud800")))).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(code(Asked.creation(Asked.join("a\u2028b")))).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(code(Asked.creation(Asked.join("a\uffff")))).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(code(Asked.creation(Asked.join("a".repeat(257))))).isEqualTo(ErrorCode.LIMIT_LENGTH);
    assertThat(code(named("", ""))).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(code(named("c".repeat(257), ""))).isEqualTo(ErrorCode.LIMIT_LENGTH);
    assertThat(code(named("c", "two\nlines"))).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(code(named("c", "n".repeat(1_025)))).isEqualTo(ErrorCode.LIMIT_LENGTH);
  }

  @Test
  void a_hostile_value_is_cut_and_made_plain_before_it_is_repeated() {
    assertThat(Texts.quoted("a\nb\u0000\ud800")).isEqualTo("'a?b??'");
    assertThat(Texts.quoted("x".repeat(1_000_000))).hasSizeLessThan(60).endsWith("...'");
  }

  @Test
  void limits_are_meant_inclusively() {
    plan(
        new EndpointChange.Create(
            "a".repeat(256),
            sends(
                LongStream.rangeClosed(1, 16)
                    .mapToObj(n -> microphone("s" + n, n))
                    .toArray(SourceDescription[]::new))));
    plan(
        new EndpointChange.Create(
            "a",
            reachedAt(
                transport(
                    Collections.nCopies(
                        4, new Fingerprint("SHA-256", SHA_256.toLowerCase(Locale.ROOT))),
                    IntStream.rangeClosed(1, 32).mapToObj(port -> at(port)).toList()))));
  }

  private static ConferencePlan plan(EndpointChange change) {
    return new ConferenceDirectory(ControlLimits.DEFAULT, new Random(1))
        .plan(Asked.creation(change));
  }

  private static ErrorCode code(ConferenceRequest request) {
    return catchThrowableOfType(
            ControlException.class,
            () -> new ConferenceDirectory(ControlLimits.DEFAULT, new Random(1)).plan(request))
        .code();
  }

  private static ConferenceRequest named(String id, String name) {
    return new ConferenceRequest(id, ConferenceRequest.Action.CREATE, Optional.of(name), List.of());
  }

  private static Arguments fault(ErrorCode code, String what, EndpointSettings settings) {
    return Arguments.of(code, what, settings);
  }

  private static EndpointSettings credentials(String ufrag, String password) {
    return reachedAt(
        new RemoteTransport(
            Optional.of(new IceCredentials(ufrag, password)),
            Optional.empty(),
            List.of(),
            List.of(),
            false));
  }

  private static EndpointSettings fingerprint(String hash, String value) {
    return reachedAt(transport(List.of(new Fingerprint(hash, value)), List.of()));
  }

  private static EndpointSettings candidate(
      String foundation, long priority, String address, int port) {
    return reachedAt(
        transport(
            List.of(),
            List.of(
                new Candidate(
                    foundation, priority, address, port, Candidate.Type.HOST, Optional.empty()))));
  }

  private static Candidate at(int port) {
    return new Candidate("1", 1, "192.0.2.1", port, Candidate.Type.HOST, Optional.empty());
  }

  private static RemoteTransport transport(
      List<Fingerprint> fingerprints, List<Candidate> candidates) {
    return new RemoteTransport(Optional.empty(), Optional.empty(), fingerprints, candidates, false);
  }

  private static EndpointSettings audio(PayloadType... types) {
    return carries(media(MediaKind.AUDIO, List.of(types), List.of()));
  }

  private static EndpointSettings extensions(Object... numbersAndUris) {
    List<HeaderExtension> extensions = new ArrayList<>();
    for (int i = 0; i < numbersAndUris.length; i += 2) {
      extensions.add(
          new HeaderExtension((Integer) numbersAndUris[i], (String) numbersAndUris[i + 1]));
    }
    return carries(media(MediaKind.AUDIO, List.of(), extensions));
  }

  private static MediaDescription media(
      MediaKind kind, List<PayloadType> types, List<HeaderExtension> extensions) {
    return new MediaDescription(kind, types, extensions, false);
  }

  private static PayloadType type(
      String name,
      int clockRateHz,
      int channels,
      Map<String, String> parameters,
      List<RtcpFeedback> feedback) {
    return new PayloadType(111, name, clockRateHz, channels, parameters, feedback);
  }

  private static Map<String, String> numbered(int count) {
    Map<String, String> parameters = new HashMap<>();
    IntStream.range(0, count).forEach(n -> parameters.put("p" + n, "v"));
    return parameters;
  }

  private static SourceDescription onMid(String id, String mid, Encoding... encodings) {
    return new SourceDescription(id, SourceKind.CAMERA, Optional.of(mid), List.of(encodings));
  }

  private static ReceiveSlots.Slot slot(long ssrc) {
    return new ReceiveSlots.Slot(ssrc, OptionalLong.empty());
  }

  private static ReceiverConstraints heights(Map<String, Integer> heights) {
    return new ReceiverConstraints(
        OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), heights, Set.of());
  }

  private static Map<String, Integer> heights(int count) {
    Map<String, Integer> heights = new HashMap<>();
    IntStream.range(0, count).forEach(n -> heights.put("s" + n, 180));
    return heights;
  }
}
