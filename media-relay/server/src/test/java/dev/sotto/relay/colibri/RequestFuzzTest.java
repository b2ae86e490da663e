package dev.sotto.relay.colibri;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.relay.control.ConferenceControl;
import dev.sotto.relay.control.ConferenceDirectory;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ControlLimits;
import dev.sotto.relay.control.EndpointChange;
import dev.sotto.relay.control.EndpointSettings;
import dev.sotto.relay.control.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaBuilder;
import org.jivesoftware.smack.parsing.SmackParsingException;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.junit.jupiter.api.DisplayName;

/**
 * Bytes as requests. What passes is written again and read again, and is the same then. In the
 * normal test run the saved corpus is read once; COLIBRI.md says how to search for longer.
 */
@DisplayName("Whatever comes is refused or understood")
class RequestFuzzTest {
  @FuzzTest(maxDuration = "4m")
  void json(byte[] body) throws IOException {
    ConferenceRequest[] read = new ConferenceRequest[1];
    ConferenceControl control =
        request -> {
          read[0] = request;
          plan(request);
          return CompletableFuture.failedStage(refused());
        };
    RestAnswer answer =
        new RestControl(control)
            .handle("POST", RestControl.PATH, body)
            .toCompletableFuture()
            .join();
    require(answer.status() != 500, answer.body());
    require(new ObjectMapper().readTree(answer.body()).has("error"), answer.body());
    if (read[0] != null && isPlannable(read[0])) {
      byte[] again = RequestWriter.json(read[0]).getBytes(StandardCharsets.UTF_8);
      require(JsonRequestReader.read(again, Optional.empty()).equals(read[0]), read[0].toString());
    }
  }

  /** A conference-modify; what is around it is Smack's to read. */
  @FuzzTest(maxDuration = "4m")
  void xml(byte[] element) throws SmackParsingException {
    ControlIq iq;
    try {
      XmlPullParser parser =
          PacketParserUtils.getParserFor(new String(element, StandardCharsets.UTF_8));
      iq =
          new ControlIqProvider().parse(parser, StanzaBuilder.buildIqData("1").ofType(IQ.Type.set));
      require(parser.getDepth() == 1, "the parser is at the end of the element");
    } catch (XmlPullParserException | IOException _) {
      // Not XML.
      return;
    }
    try {
      ConferenceRequest request = iq.request();
      plan(request);
      require(
          Stanzas.parseRequest(RequestWriter.xml(request)).request().equals(request),
          request.toString());
    } catch (ControlException refusal) {
      String error = ColibriErrors.stanzaError(refusal).toXML().toString();
      require(error.length() < 10_000, error);
    }
  }

  private static boolean isPlannable(ConferenceRequest request) {
    try {
      plan(request);
      return true;
    } catch (ControlException _) {
      return false;
    }
  }

  /** As if the conference and its endpoints were new: all that is said of them is looked at. */
  private static void plan(ConferenceRequest request) {
    List<EndpointChange> endpoints =
        request.endpoints().stream()
            .map(change ->
                change instanceof EndpointChange.Modify(String id, EndpointSettings settings)
                    ? new EndpointChange.Create(id, settings)
                    : change)
            .toList();
    new ConferenceDirectory(ControlLimits.DEFAULT, new Random(1))
        .plan(
            new ConferenceRequest(
                request.conferenceId(),
                ConferenceRequest.Action.CREATE,
                request.name(),
                endpoints));
  }

  private static ControlException refused() {
    return new ControlException(ErrorCode.DRAINING, "read");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
