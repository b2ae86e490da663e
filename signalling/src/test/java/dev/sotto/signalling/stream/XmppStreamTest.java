package dev.sotto.signalling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.StreamLimits;
import dev.sotto.signalling.TestKeys;
import dev.sotto.signalling.auth.TokenVerifier;
import dev.sotto.signalling.dialogue.SignIns;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.sasl.ChannelBindingType;
import dev.sotto.signalling.xml.Element;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dialogues with one stream: no sockets, and a clock that the test turns. */
final class XmppStreamTest {

  private static final StreamLimits LIMITS =
      new StreamLimits(
          10_000,
          1000,
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          10_000,
          10,
          1,
          1,
          1,
          Duration.ofMinutes(1),
          10);

  private final Wire wire = new Wire();
  private final Devices devices = new Devices();
  private XmppStream stream = open();

  private XmppStream open() {
    return new XmppStream(
        wire,
        new StreamContext(
            "d",
            LIMITS,
            SignIns.byToken(
                new TokenVerifier(List.of(TestKeys.TOKEN_KEY), Duration.ZERO, Clock.systemUTC())),
            devices,
            Map.of(),
            new StreamCounters(),
            Runnable::run,
            () -> wire.now,
            new Random(1),
            new AtomicBoolean(),
            new ResumableSessions(),
            Clock.systemUTC()));
  }

  /** The transport: remembers what was asked of it, in words. */
  private static final class Wire implements StreamTransport {
    private final List<String> said = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long now;
    private boolean encrypted;
    private boolean failsOnSend;
    private XmppStream owner;
    private String remote = "127.0.0.1";

    private record Timer(long at, Runnable task) implements Comparable<Timer> {
      @Override
      public int compareTo(Timer other) {
        return Long.compare(at, other.at);
      }
    }

    @Override
    public void openStream(String domain, String streamId, Optional<String> version) {
      said.add("header");
    }

    @Override
    public void send(Element element) {
      String what = element.firstElement().map(Element::name).orElse("");
      said.add((element.name() + " " + what).strip());
      if (failsOnSend && owner != null) {
        owner.fail(new StreamError(StreamError.Condition.RESOURCE_CONSTRAINT, "full"));
      }
    }

    @Override
    public void restart() {
      said.add("restart");
    }

    @Override
    public void startTls() {
      said.add("startTls");
      encrypted = true;
    }

    @Override
    public void trusted(int maxStanzaBytes) {
      said.add("trusted");
    }

    @Override
    public void close() {
      said.add("close");
    }

    @Override
    public void pauseReading() {
      said.add("pause");
    }

    @Override
    public void resumeReading() {
      said.add("resume");
    }

    @Override
    public boolean isEncrypted() {
      return encrypted;
    }

    @Override
    public Optional<byte[]> channelBinding(ChannelBindingType type) {
      return Optional.empty();
    }

    @Override
    public boolean canStartTls() {
      return true;
    }

    @Override
    public InetAddress remoteAddress() {
      try {
        return InetAddress.getByName(remote);
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(e);
      }
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void later(Runnable task) {
      task.run();
    }

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
      Timer timer = new Timer(now + delayNanos, task);
      timers.add(timer);
      return () -> timers.remove(timer);
    }

    void passes(Duration time) {
      long until = now + time.toNanos();
      while (!timers.isEmpty() && timers.peek().at <= until) {
        Timer next = timers.remove();
        now = next.at;
        next.task.run();
      }
      now = until;
    }

    List<String> said() {
      List<String> all = List.copyOf(said);
      said.clear();
      return all;
    }
  }

  /** The router: remembers what was routed. */
  private static final class Devices implements StanzaRouter {
    private final List<Element> routed = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private int detached;
    private boolean full;

    @Override
    public Optional<Attachment> attach(Jid device, Link link) {
      if (full) {
        return Optional.empty();
      }
      links.add(link);
      return Optional.of(
          new Attachment() {
            @Override
            public void route(Element stanza) {
              routed.add(stanza);
            }

            @Override
            public void waits(boolean waits) {
              throw new AssertionError("nobody enabled resumption");
            }

            @Override
            public void detach() {
              detached++;
            }
          });
    }
  }

  private void header() {
    stream.onOpen(Element.of(Namespaces.STREAMS, "stream", "to", "d", "version", "1.0"));
  }

  private void auth(String user, String token) {
    String plain =
        Base64.getEncoder()
            .encodeToString(("\0" + user + "\0" + token).getBytes(StandardCharsets.UTF_8));
    stream.onElement(Element.of(Namespaces.SASL, "auth", "mechanism", "PLAIN").plus(plain));
  }

  private void bind(String resource) {
    stream.onElement(
        Element.of(Namespaces.CLIENT, "iq", "type", "set", "id", "b")
            .plus(
                Element.of(Namespaces.BIND, "bind")
                    .plus(Element.of(Namespaces.BIND, "resource").plus(resource))));
  }

  private void bound() {
    header();
    auth("jane", TestKeys.token("jane"));
    header();
    bind("a");
    wire.said();
  }

  @Test
  void aClientSignsInStepByStep() {
    header();
    assertThat(wire.said()).containsExactly("header", "features starttls");
    stream.onElement(Element.of(Namespaces.TLS, "starttls"));
    assertThat(wire.said()).containsExactly("proceed", "startTls");
    header();
    assertThat(wire.said()).containsExactly("header", "features mechanisms");
    auth("jane", TestKeys.token("jane"));
    assertThat(wire.said()).containsExactly("success", "restart");
    header();
    assertThat(wire.said()).containsExactly("header", "features bind");
    bind("a");
    assertThat(wire.said()).containsExactly("trusted", "iq bind");
  }

  @Test
  void aTokenIsNeverTakenInClearFromAnotherHost() {
    wire.remote = "192.0.2.1";
    header();
    auth("jane", TestKeys.token("jane"));
    assertThat(wire.said())
        .containsExactly("header", "features starttls", "failure encryption-required");
  }

  @Test
  void theThirdFailureEndsTheStream() {
    header();
    wire.said();
    auth("jane", "x");
    stream.onElement(Element.of(Namespaces.SASL, "auth", "mechanism", "X"));
    stream.onElement(Element.of(Namespaces.SASL, "abort"));
    assertThat(wire.said())
        .containsExactly(
            "failure not-authorized",
            "failure invalid-mechanism",
            "failure aborted",
            "error policy-violation",
            "close");
  }

  @ParameterizedTest
  @ValueSource(strings = {"john", "jane@other", "d", "jane@d/x"})
  void aTokenOpensItsOwnAccountOnly(String claimed) {
    header();
    wire.said();
    auth(claimed, TestKeys.token("jane"));
    assertThat(wire.said()).containsExactly("failure not-authorized");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jane doe", "jane\\20doe", "jane\\20doe@d"})
  void aUserIsNamedAsTheAppDoesOrAsAJid(String claimed) {
    header();
    wire.said();
    auth(claimed, TestKeys.token("jane doe"));
    assertThat(wire.said()).containsExactly("success", "restart");
  }

  @Test
  void nothingComesBeforeAResourceIsBound() {
    header();
    auth("jane", TestKeys.token("jane"));
    header();
    wire.said();
    stream.onElement(Element.of(Namespaces.CLIENT, "message", "to", "x@d"));
    assertThat(wire.said()).containsExactly("error not-authorized", "close");
    assertThat(devices.routed).isEmpty();
  }

  @Test
  void onlySoManyAttemptsToBind() {
    devices.full = true;
    header();
    auth("jane", TestKeys.token("jane"));
    header();
    wire.said();
    for (int i = 0; i < 20; i++) {
      bind("a");
    }
    assertThat(wire.said()).contains("iq error").endsWith("error policy-violation", "close");
  }

  @Test
  void anErrorOnARestartedStreamHasAHeaderOfItsOwn() {
    header();
    stream.onElement(Element.of(Namespaces.TLS, "starttls"));
    wire.said();
    stream.fail(new StreamError(StreamError.Condition.BAD_FORMAT, ""));
    assertThat(wire.said()).containsExactly("header", "error bad-format", "close");
  }

  @Test
  void startTlsInTlsFails() {
    wire.encrypted = true;
    header();
    wire.said();
    stream.onElement(Element.of(Namespaces.TLS, "starttls"));
    assertThat(wire.said()).containsExactly("failure", "close");
  }

  @Test
  void theSenderIsStampedAndCannotBeForged() {
    bound();
    stream.onElement(Element.of(Namespaces.CLIENT, "message", "to", "x@d", "from", "jane@d"));
    assertThat(devices.routed.getFirst().attribute("from")).contains("jane@d/a");
    stream.onElement(Element.of(Namespaces.CLIENT, "message", "to", "x@d", "from", "john@d"));
    assertThat(devices.routed).hasSize(1);
    assertThat(wire.said()).containsExactly("error invalid-from", "close");
    assertThat(devices.detached).isEqualTo(1);
  }

  @Test
  void whatComesTooFastWaitsInTheSocket() {
    bound();
    for (int i = 0; i < 11; i++) {
      stream.onElement(Element.of(Namespaces.CLIENT, "message", "to", "x@d"));
    }
    assertThat(wire.said()).containsExactly("pause");
    wire.passes(Duration.ofMillis(99));
    assertThat(wire.said()).isEmpty();
    wire.passes(Duration.ofMillis(1));
    assertThat(wire.said()).containsExactly("resume");
    assertThat(devices.routed).hasSize(11);
  }

  @Test
  void authenticationHasADeadline() {
    header();
    wire.said();
    wire.passes(Duration.ofSeconds(14));
    assertThat(wire.said()).isEmpty();
    wire.passes(Duration.ofSeconds(1));
    assertThat(wire.said()).containsExactly("error connection-timeout", "close");
  }

  @Test
  void silenceIsAnsweredByAPingAndThenByTheEnd() {
    bound();
    stream.onKeepAlive();
    wire.passes(Duration.ofSeconds(60));
    assertThat(wire.said()).isEmpty();
    wire.passes(Duration.ofSeconds(60));
    assertThat(wire.said()).containsExactly("iq ping");
    stream.onElement(Element.of(Namespaces.CLIENT, "iq", "type", "result", "id", "p"));
    wire.passes(Duration.ofSeconds(119));
    assertThat(wire.said()).isEmpty();
    wire.passes(Duration.ofSeconds(1));
    assertThat(wire.said()).containsExactly("iq ping");
    wire.passes(Duration.ofSeconds(60));
    assertThat(wire.said()).containsExactly("error connection-timeout", "close");
    assertThat(wire.timers).isEmpty();
  }

  @Test
  void aFullQueueEndsTheStreamOnce() {
    bound();
    wire.owner = stream;
    wire.failsOnSend = true;
    devices
        .links
        .getFirst()
        .terminate(new StreamError(StreamError.Condition.CONFLICT, ""), () -> {});
    assertThat(wire.said()).containsExactly("error conflict", "close");
    assertThat(devices.detached).isEqualTo(1);
  }

  @Test
  void nothingIsSaidAfterTheEnd() {
    bound();
    stream.onStreamClose();
    assertThat(wire.said()).containsExactly("close");
    stream.onElement(Element.of(Namespaces.CLIENT, "message", "to", "x@d"));
    stream.onDisconnected();
    stream.fail(new StreamError(StreamError.Condition.BAD_FORMAT, ""));
    assertThat(wire.said()).isEmpty();
    assertThat(devices.routed).isEmpty();
    assertThat(devices.detached).isEqualTo(1);
    assertThat(wire.timers).isEmpty();
  }
}
