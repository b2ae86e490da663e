package dev.sotto.relay.colibri;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.control.ConferenceDirectory;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.ControlLimits;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

@Label("Whatever may be asked comes through")
class RoundTripTest {
  @Property(tries = 500)
  void a_request_comes_through_xml(@ForAll long seed) {
    ConferenceRequest request = new RandomRequests(new Random(seed)).next();

    assertThat(Stanzas.parseRequest(RequestWriter.xml(request)).request()).isEqualTo(request);
  }

  @Property(tries = 500)
  void a_request_comes_through_json(@ForAll long seed) {
    ConferenceRequest request = new RandomRequests(new Random(seed)).next();
    byte[] json = RequestWriter.json(request).getBytes(StandardCharsets.UTF_8);

    assertThat(JsonRequestReader.read(json, Optional.empty())).isEqualTo(request);
  }

  @Property(tries = 500)
  void a_request_that_creates_is_within_the_limits_and_takes_effect_whole(@ForAll long seed) {
    ConferenceRequest request = new RandomRequests(new Random(seed)).nextCreation();
    ConferenceDirectory directory =
        new ConferenceDirectory(ControlLimits.DEFAULT, new Random(seed));

    directory.commit(directory.plan(request), 0);

    assertThat(directory.endpoints(request.conferenceId())).hasSameSizeAs(request.endpoints());
  }
}
