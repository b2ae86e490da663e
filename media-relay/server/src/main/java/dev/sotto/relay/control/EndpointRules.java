package dev.sotto.relay.control;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What an endpoint keeps after each request: values in their ranges, numbers within the limits,
 * SSRCs and source ids once each. Transport and media descriptions have rules of their own.
 */
final class EndpointRules {
  private static final long MAX_SSRC = 0xffff_ffffL;

  /** No screen is taller; what is more is a mistake of units. */
  private static final int MAX_HEIGHT = 16_384;

  /** More sources than the largest conference has. */
  private static final int MAX_LAST_N = 100_000;

  /** RFC 8851 section 10. */
  private static final int MAX_RID_LENGTH = 255;

  private final ControlLimits limits;
  private final EndpointState endpoint;
  private final EndpointFaults faults;

  private EndpointRules(ControlLimits limits, EndpointState endpoint) {
    this.limits = limits;
    this.endpoint = endpoint;
    this.faults = new EndpointFaults(limits, endpoint.id());
  }

  /**
   * @throws ControlException with the first fault
   */
  static void check(ControlLimits limits, EndpointState endpoint) {
    EndpointRules rules = new EndpointRules(limits, endpoint);
    new TransportRules(limits, rules.faults).check(endpoint.transport());
    new MediaRules(limits, rules.faults).check(endpoint.media());
    rules.checkSources();
    rules.checkSlots();
    rules.checkSsrcs();
    rules.checkConstraints();
  }

  private void checkSources() {
    faults.checkCount(
        ErrorCode.LIMIT_SOURCES, "sources", endpoint.sources().size(), limits.sourcesPerEndpoint());
    Set<String> ids = new HashSet<>();
    Set<String> mids = new HashSet<>();
    for (SourceDescription source : endpoint.sources()) {
      faults.checkId("source", source.id());
      if (!ids.add(source.id())) {
        throw faults.fault(
            ErrorCode.SOURCE_CONFLICT, "source %s is given twice", Texts.quoted(source.id()));
      }
      source.mid().ifPresent(mid -> checkMid(source, mid, mids));
      checkEncodings(source);
    }
  }

  private void checkMid(SourceDescription source, String mid, Set<String> mids) {
    faults.checkToken("mid of source " + Texts.quoted(source.id()), mid);
    if (!mids.add(mid)) {
      throw faults.bad("mid %s is that of two sources", Texts.quoted(mid));
    }
  }

  private void checkEncodings(SourceDescription source) {
    String id = Texts.quoted(source.id());
    List<Encoding> encodings = source.encodings();
    faults.checkCount(
        ErrorCode.LIMIT_SSRCS,
        "encodings of source " + id,
        encodings.size(),
        limits.encodingsPerSource());
    if (encodings.isEmpty()) {
      throw faults.bad("source %s has no encoding; give its SSRCs or RIDs", id);
    }
    if (source.kind() == SourceKind.AUDIO && encodings.size() > 1) {
      throw faults.bad("audio source %s has %d encodings; give one", id, encodings.size());
    }
    boolean learnt = encodings.getFirst().ssrc().isEmpty();
    Set<String> rids = new HashSet<>();
    for (Encoding encoding : encodings) {
      if (encoding.ssrc().isEmpty() != learnt) {
        throw faults.bad("source %s has SSRCs for some encodings; give all or none", id);
      }
      if (learnt && (encoding.rid().isEmpty() || source.mid().isEmpty())) {
        throw faults.bad("source %s has no SSRC; give one, or its mid and RIDs", id);
      }
      if (learnt && encoding.rtxSsrc().isPresent()) {
        throw faults.bad("source %s has an RTX SSRC without an SSRC", id);
      }
      encoding.rid().ifPresent(rid -> checkRid(id, rid, rids));
    }
  }

  private void checkRid(String id, String rid, Set<String> rids) {
    boolean usable =
        rid.length() <= MAX_RID_LENGTH
            && !rid.isEmpty()
            && rid.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || isDash(c)));
    if (!usable) {
      throw faults.bad(
          "RID %s of source %s: letters, digits, - and _ only (RFC 8851)", Texts.quoted(rid), id);
    }
    if (!rids.add(rid)) {
      throw faults.bad("RID %s is that of two encodings of source %s", Texts.quoted(rid), id);
    }
  }

  private static boolean isDash(int c) {
    return c == '-' || c == '_';
  }

  private void checkSlots() {
    ReceiveSlots slots = endpoint.slots();
    int most = limits.slotsPerKind();
    faults.checkCount(ErrorCode.LIMIT_SLOTS, "audio slots", slots.audio().size(), most);
    faults.checkCount(ErrorCode.LIMIT_SLOTS, "video slots", slots.video().size(), most);
  }

  /** The endpoint's sources and its slots share one RTP session. */
  private void checkSsrcs() {
    Set<Long> ssrcs = new HashSet<>();
    endpoint.forEachSentSsrc(ssrc -> checkSsrc(ssrc, ssrcs));
    faults.checkCount(ErrorCode.LIMIT_SSRCS, "SSRCs", ssrcs.size(), limits.ssrcsPerEndpoint());
    endpoint.forEachSlotSsrc(ssrc -> checkSsrc(ssrc, ssrcs));
  }

  private void checkSsrc(long ssrc, Set<Long> ssrcs) {
    if (ssrc < 1 || ssrc > MAX_SSRC) {
      throw faults.bad("SSRC %d is not from 1 to %d", ssrc, MAX_SSRC);
    }
    if (!ssrcs.add(ssrc)) {
      throw faults.fault(
          ErrorCode.SSRC_CONFLICT, "SSRC %d is given twice; give each stream its own", ssrc);
    }
  }

  private void checkConstraints() {
    ReceiverConstraints wanted = endpoint.constraints();
    int named = wanted.maxHeights().size() + wanted.pinned().size();
    faults.checkCount(
        ErrorCode.LIMIT_CONSTRAINTS, "constrained sources", named, limits.constrainedSources());
    checkRange("last-n of video", wanted.videoLastN(), MAX_LAST_N);
    checkRange("last-n of audio", wanted.audioLastN(), MAX_LAST_N);
    checkRange("the maximal height", wanted.maxHeight(), MAX_HEIGHT);
    wanted.pinned().forEach(id -> faults.checkId("pinned source", id));
    wanted
        .maxHeights()
        .forEach((id, height) -> {
          faults.checkId("constrained source", id);
          checkRange(
              "the maximal height of " + Texts.quoted(id), OptionalInt.of(height), MAX_HEIGHT);
        });
  }

  private void checkRange(String what, OptionalInt value, int most) {
    if (value.isPresent() && (value.getAsInt() < 0 || value.getAsInt() > most)) {
      throw faults.bad("%s is %d, not from 0 to %d", what, value.getAsInt(), most);
    }
  }
}
