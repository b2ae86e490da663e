package dev.sotto.signalling.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.Eventually;
import dev.sotto.signalling.SignallingSettings.Contacts;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.stream.Delivery;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StanzaRouter.Attachment;
import dev.sotto.signalling.stream.StanzaRouter.Link;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.xml.Element;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Connections live on loops of their own. What others hear of a device keeps its order when a
 * second loop changes it in the middle of a first one's telling.
 */
final class PresenceOrderTest {

  private final LocalStanzaRouter router =
      new LocalStanzaRouter(
          "d",
          Contacts.EVERYONE,
          new SessionDirectory(3),
          new InMemoryOfflineStore(1),
          (sender, to, iq) -> sender.send(iq),
          Clock.systemUTC());

  /** A device that writes down what it hears of Bob's, and can be interrupted before it does. */
  private final class Device implements Link {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicReference<Runnable> interruption = new AtomicReference<>(() -> {});
    private final String jid;
    private final Attachment attachment;

    Device(String jid) {
      this.jid = jid;
      this.attachment = router.attach(Jid.parse(jid).orElseThrow(), this).orElseThrow();
    }

    @Override
    public void send(Element stanza, Delivery delivery) {
      if (stanza.attribute("from").orElseThrow().startsWith("bob@")) {
        interruption.getAndSet(() -> {}).run();
        heard.add(
            stanza
                .child(Namespaces.CLIENT, "show")
                .map(Element::text)
                .or(() -> stanza.attribute("type"))
                .orElse("available"));
      }
    }

    @Override
    public void terminate(StreamError error, Runnable told) {
      told.run();
    }

    void shows(Element presence) {
      attachment.route(presence.with("from", jid));
    }

    /** Runs on a loop of its own, until it is done or waits for this one. */
    void isInterruptedBy(Runnable work) {
      interruption.set(() -> {
        Thread loop = Thread.ofPlatform().start(work);
        Eventually.holds(
            "the other loop is done or waits",
            () ->
                loop.getState() == Thread.State.BLOCKED
                    || loop.getState() == Thread.State.TERMINATED);
        otherLoop.set(loop);
      });
    }
  }

  private final AtomicReference<Thread> otherLoop = new AtomicReference<>();

  private void otherLoopIsDone() {
    try {
      otherLoop.get().join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Element presence() {
    return Element.of(Namespaces.CLIENT, "presence");
  }

  private static Element away() {
    return presence().plus(Element.of(Namespaces.CLIENT, "show").plus("away"));
  }

  @Test
  void aDeviceThatLosesItsNameWhileItTellsAllIsHeardBeforeItsSuccessor() {
    Device first = new Device("alice@d/1");
    Device second = new Device("alice@d/2");
    first.shows(presence());
    second.shows(presence());
    Device old = new Device("bob@d/b");
    first.isInterruptedBy(() -> new Device("bob@d/b").shows(away()));

    old.shows(presence());
    otherLoopIsDone();

    assertThat(first.heard).containsExactly("available", "unavailable", "away");
    assertThat(second.heard).containsExactly("available", "unavailable", "away");
  }

  @Test
  void aDeviceThatLosesItsNameWhileItTellsOneIsHeardBeforeItsSuccessor() {
    Device alice = new Device("alice@d/1");
    Device old = new Device("bob@d/b");
    alice.isInterruptedBy(() -> new Device("bob@d/b").shows(away().with("to", "alice@d/1")));

    old.shows(presence().with("to", "alice@d/1"));
    otherLoopIsDone();

    assertThat(alice.heard).containsExactly("available", "unavailable", "away");
  }

  @Test
  void aNewcomerIsNotLeftWithThePresenceOfADeviceThatJustWent() {
    Device bob = new Device("bob@d/b");
    bob.shows(presence());
    Device alice = new Device("alice@d/1");
    alice.isInterruptedBy(bob.attachment::detach);

    alice.shows(presence());
    otherLoopIsDone();

    assertThat(alice.heard).containsExactly("available", "unavailable");
  }
}
