package dev.sotto.relay.colibri;

import dev.sotto.relay.control.Candidate;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.DtlsSetup;
import dev.sotto.relay.control.Encoding;
import dev.sotto.relay.control.EndpointChange;
import dev.sotto.relay.control.EndpointSettings;
import dev.sotto.relay.control.Fingerprint;
import dev.sotto.relay.control.ForcedMute;
import dev.sotto.relay.control.HeaderExtension;
import dev.sotto.relay.control.IceCredentials;
import dev.sotto.relay.control.MediaDescription;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.PayloadType;
import dev.sotto.relay.control.ReceiveSlots;
import dev.sotto.relay.control.ReceiverConstraints;
import dev.sotto.relay.control.RemoteTransport;
import dev.sotto.relay.control.RtcpFeedback;
import dev.sotto.relay.control.SourceDescription;
import dev.sotto.relay.control.SourceKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Requests that keep every rule and use every part of the model, from a seed. */
final class RandomRequests {
  private static final String ICE =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";

  /** What XML, JSON and URLs have to escape, and letters of more than one byte and unit. */
  private static final List<String> PIECES =
      List.of(
          "a", "Z", "0", "-", "_", "@", "/", "%", "+", "<", "&", ">", "'", "\"", "\\", "é", "日",
          "😀", " ");

  private final Random random;
  private long ssrcs;
  private int names;

  RandomRequests(Random random) {
    this.random = random;
    this.ssrcs = random.nextLong(1, 0xffff_0000L);
  }

  ConferenceRequest next() {
    ConferenceRequest.Action action = any(ConferenceRequest.Action.values());
    List<EndpointChange> endpoints =
        action == ConferenceRequest.Action.EXPIRE ? List.of() : some(3, this::endpoint);
    return new ConferenceRequest(id(), action, maybe(this::id), endpoints);
  }

  /** One that fits a conference in which nothing is: only new endpoints. */
  ConferenceRequest nextCreation() {
    return new ConferenceRequest(
        id(),
        ConferenceRequest.Action.CREATE,
        maybe(this::id),
        some(3, () -> new EndpointChange.Create(id(), settings())));
  }

  private EndpointChange endpoint() {
    return switch (random.nextInt(3)) {
      case 0 -> new EndpointChange.Create(id(), settings());
      case 1 -> new EndpointChange.Modify(id(), settings());
      default -> new EndpointChange.Expire(id());
    };
  }

  private EndpointSettings settings() {
    List<Integer> payloadTypes = new ArrayList<>();
    for (int number = 0; number < 128; number++) {
      if (number < 64 || number > 95) {
        payloadTypes.add(number);
      }
    }
    Collections.shuffle(payloadTypes, random);
    List<MediaDescription> media = new ArrayList<>();
    for (MediaKind kind : MediaKind.values()) {
      if (random.nextBoolean()) {
        media.add(media(kind, payloadTypes));
      }
    }
    return new EndpointSettings(
        maybe(this::transport),
        media,
        maybe(() -> some(4, this::source)),
        maybe(() -> new ForcedMute(random.nextBoolean(), random.nextBoolean())),
        maybe(() -> new ReceiveSlots(some(4, this::slot), some(9, this::slot))),
        maybe(this::constraints));
  }

  private RemoteTransport transport() {
    List<Fingerprint> fingerprints = some(2, () -> new Fingerprint("sha-256", octets(32)));
    return new RemoteTransport(
        maybe(() -> new IceCredentials(ice(4, 32), ice(22, 40))),
        fingerprints.isEmpty() ? Optional.empty() : maybe(() -> any(DtlsSetup.values())),
        fingerprints,
        some(4, this::candidate),
        random.nextBoolean());
  }

  private Candidate candidate() {
    return new Candidate(
        ice(1, 32),
        random.nextLong(1L << 32),
        any("192.0.2." + random.nextInt(256), "2001:db8::" + random.nextInt(1, 9_999), "x-1.local"),
        random.nextInt(1, 65_536),
        any(Candidate.Type.values()),
        maybe(() -> new Candidate.Related("::", random.nextInt(65_536))));
  }

  private MediaDescription media(MediaKind kind, List<Integer> payloadTypes) {
    List<HeaderExtension> extensions = new ArrayList<>();
    for (int number = 1; number < 255; number += random.nextInt(1, 80)) {
      extensions.add(new HeaderExtension(number, "urn:ietf:params:rtp-hdrext:x" + number));
    }
    return new MediaDescription(
        kind,
        some(4, () -> payloadType(payloadTypes.removeLast())),
        extensions,
        random.nextBoolean());
  }

  private PayloadType payloadType(int number) {
    Map<String, String> parameters = new LinkedHashMap<>();
    some(3, () -> parameters.put("p" + names++, id()));
    if (random.nextInt(4) == 0) {
      parameters.put("", "111/111");
    }
    return new PayloadType(
        number,
        any("opus", "red", "VP8", "AV1", "rtx"),
        any(8_000, 48_000, 90_000),
        random.nextInt(1, 3),
        parameters,
        some(3, () -> new RtcpFeedback(any("nack", "ccm"), maybe(() -> any("pli", "fir")))));
  }

  private SourceDescription source() {
    SourceKind kind = any(SourceKind.values());
    boolean learnt = random.nextInt(4) == 0;
    int count = kind == SourceKind.AUDIO ? 1 : random.nextInt(1, 4);
    List<Encoding> encodings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String rid = "r_" + i;
      encodings.add(
          learnt
              ? new Encoding(OptionalLong.empty(), Optional.of(rid), OptionalLong.empty())
              : new Encoding(OptionalLong.of(ssrc()), maybe(() -> rid), optionalLong(this::ssrc)));
    }
    Optional<String> mid = Optional.of("m" + names++).filter(_ -> learnt || random.nextBoolean());
    return new SourceDescription(id(), kind, mid, encodings);
  }

  private ReceiveSlots.Slot slot() {
    return new ReceiveSlots.Slot(ssrc(), optionalLong(this::ssrc));
  }

  private ReceiverConstraints constraints() {
    Map<String, Integer> heights = new HashMap<>();
    some(3, () -> heights.put(id(), random.nextInt(2_161)));
    List<String> pinned = new ArrayList<>(some(2, this::id));
    pinned.addAll(heights.keySet().stream().filter(_ -> random.nextBoolean()).toList());
    return new ReceiverConstraints(
        optionalInt(() -> random.nextInt(30)),
        optionalInt(() -> random.nextInt(4)),
        optionalInt(() -> random.nextInt(2_161)),
        heights,
        Set.copyOf(pinned));
  }

  /** Of its own, with whatever else in it. */
  private String id() {
    StringBuilder id = new StringBuilder("n" + names++);
    some(6, () -> id.append(any(PIECES.toArray(String[]::new))));
    return id.append('.').toString();
  }

  private long ssrc() {
    return ssrcs++;
  }

  private String ice(int least, int most) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(least, most + 1);
    while (text.length() < length) {
      text.append(ICE.charAt(random.nextInt(ICE.length())));
    }
    return text.toString();
  }

  private String octets(int count) {
    byte[] octets = new byte[count];
    random.nextBytes(octets);
    return HexFormat.ofDelimiter(":").withUpperCase().formatHex(octets);
  }

  @SafeVarargs
  private <T> T any(T... values) {
    return values[random.nextInt(values.length)];
  }

  private <T> Optional<T> maybe(Supplier<T> supplier) {
    return random.nextInt(4) == 0 ? Optional.empty() : Optional.of(supplier.get());
  }

  private OptionalInt optionalInt(Supplier<Integer> supplier) {
    return maybe(supplier).map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  private OptionalLong optionalLong(Supplier<Long> supplier) {
    return maybe(supplier).map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }

  private <T> List<T> some(int most, Supplier<T> supplier) {
    List<T> list = new ArrayList<>();
    for (int count = random.nextInt(most + 1); count > 0; count--) {
      list.add(supplier.get());
    }
    return list;
  }
}
