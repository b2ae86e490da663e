package dev.sotto.signalling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.Eventually;
import dev.sotto.signalling.stream.StreamTransport.Cancellable;
import dev.sotto.signalling.xml.Element;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads put into one inbox, which moves from loop to loop meanwhile. */
final class InboxTest {

  private static final int LOOPS = 3;
  private static final int SENDERS = 4;
  private static final int STANZAS = 20_000;

  /** A thread of its own. */
  private static final class Thread1 implements Loop {
    private final ExecutorService executor;
    private volatile Thread thread;

    Thread1() {
      executor =
          Executors.newSingleThreadExecutor(work -> {
            thread = new Thread(work);
            return thread;
          });
      executor.execute(() -> {});
    }

    boolean isHere() {
      return Thread.currentThread().equals(thread);
    }

    @Override
    public void execute(Runnable task) {
      if (isHere()) {
        task.run();
      } else {
        later(task);
      }
    }

    @Override
    public void later(Runnable task) {
      executor.execute(task);
    }

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
      throw new AssertionError("an inbox has no timers");
    }
  }

  private final List<Thread1> loops = new ArrayList<>();

  InboxTest() {
    for (int i = 0; i < LOOPS; i++) {
      loops.add(new Thread1());
    }
  }

  @AfterEach
  void stop() {
    loops.forEach(loop -> loop.executor.shutdownNow());
  }

  /** Everything here is touched by the owning loop alone, so nothing in it is safe for threads. */
  private final class Recipient {
    private final int[] next = new int[SENDERS];
    private int owner;
    private int atWork;
    private int moves;
    private final AtomicInteger total = new AtomicInteger();
    private final List<String> faults = new ArrayList<>();
    private final Inbox inbox = new Inbox(loops.getFirst(), this::take);

    private void take(Inbox.Stanza stanza) {
      enter();
      int sender = Integer.parseInt(stanza.element().attribute("from").orElseThrow());
      int number = Integer.parseInt(stanza.element().attribute("id").orElseThrow());
      if (number != next[sender]) {
        faults.add("sender " + sender + " said " + number + " instead of " + next[sender]);
      }
      next[sender] = number + 1;
      total.incrementAndGet();
      atWork--;
    }

    private void enter() {
      if (atWork++ != 0) {
        faults.add("two at a time");
      }
      if (!loops.get(owner).isHere()) {
        faults.add("not the owner's loop");
      }
    }

    void moves() {
      enter();
      int to = (owner + 1) % LOOPS;
      atWork--;
      inbox.handOver(
          loops.get(to),
          () -> {
            owner = to;
            enter();
            moves++;
            atWork--;
          });
    }
  }

  @Test
  void all_comes_once_in_each_senders_order_on_the_owning_loop() throws InterruptedException {
    Recipient recipient = new Recipient();
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      String sender = Integer.toString(i);
      senders.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < STANZAS; n++) {
                  Element stanza =
                      Element.of("", "message", "from", sender, "id", Integer.toString(n));
                  recipient.inbox.add(stanza, Delivery.UNTRACKED);
                  if (n % 100 == 0) {
                    recipient.inbox.add(recipient::moves);
                  }
                }
              }));
    }
    for (Thread sender : senders) {
      sender.join();
    }
    Eventually.holds("all has come", () -> recipient.total.get() == SENDERS * STANZAS);

    assertThat(recipient.faults).isEmpty();
    assertThat(Arrays.stream(recipient.next)).containsOnly(STANZAS);
    assertThat(recipient.moves).isPositive();
  }

  @Test
  void a_stanza_that_fails_does_not_keep_the_next_ones_waiting() {
    List<String> taken = new ArrayList<>();
    Thread1 loop = loops.getFirst();
    AtomicInteger seen = new AtomicInteger();
    Inbox inbox =
        new Inbox(
            loop,
            stanza -> {
              taken.add(stanza.element().name());
              if (seen.incrementAndGet() == 1) {
                throw new IllegalStateException("of this test");
              }
            });

    inbox.add(Element.of("", "a"), Delivery.UNTRACKED);
    inbox.add(Element.of("", "b"), Delivery.UNTRACKED);

    Eventually.holds("both are taken", () -> seen.get() == 2);
    assertThat(taken).containsExactly("a", "b");
  }
}
