package dev.sotto.signalling.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.SignallingSettings.Contacts;
import dev.sotto.signalling.dialogue.Dialogue;
import dev.sotto.signalling.dialogue.ResumingClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Sends, acknowledgements, losses of connections, resumptions and ends of sessions in any order:
 * nothing that the server took over is lost, and all comes in order. It comes once, but for what a
 * client had and could not acknowledge before its session ended, which XEP-0198 section 4 cannot
 * help.
 */
final class ResumptionPropertyTest {

  private static final Pattern BODY = Pattern.compile("<body>([0-9]+)</body>");
  private static final List<String> USERS = List.of("alice", "bob");

  /** What happens. */
  enum Event {
    SAYS,
    SAYS_TO_THE_DEVICE,
    SAYS_IN_VAIN,
    HEARS,
    ASKS,
    IS_CUT_OFF,
    IS_CUT_OFF_UNNOTICED,
    COMES_BACK,
    A_MOMENT_PASSES,
    A_SESSION_ENDS
  }

  /** To whom it happens. */
  record Happening(int user, Event event) {}

  @Provide
  Arbitrary<List<Happening>> happenings() {
    Arbitrary<Event> events =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(8, Arbitraries.of(Event.SAYS, Event.SAYS_TO_THE_DEVICE)),
            net.jqwik.api.Tuple.of(6, Arbitraries.of(Event.HEARS, Event.ASKS, Event.COMES_BACK)),
            net.jqwik.api.Tuple.of(
                3,
                Arbitraries.of(Event.IS_CUT_OFF, Event.IS_CUT_OFF_UNNOTICED, Event.SAYS_IN_VAIN)),
            net.jqwik.api.Tuple.of(2, Arbitraries.just(Event.A_MOMENT_PASSES)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Event.A_SESSION_ENDS)));
    return Combinators.combine(Arbitraries.integers().between(0, 1), events)
        .as(Happening::new)
        .list()
        .ofMaxSize(60);
  }

  private static final class Run {
    private final Dialogue dialogue =
        new Dialogue(Contacts.NOBODY, new InMemoryOfflineStore(10_000));
    private final List<ResumingClient> clients = new ArrayList<>();
    private int said;

    Run() {
      USERS.forEach(user -> clients.add(new ResumingClient(dialogue, user + "/device")));
    }

    void happens(Happening happening) {
      ResumingClient client = clients.get(happening.user());
      String to = USERS.get(1 - happening.user()) + "@example.org";
      dialogue.time().pass(Duration.ofMillis(20)); // within everybody's rate
      switch (happening.event()) {
        case SAYS -> client.says(message(to));
        case SAYS_TO_THE_DEVICE -> client.says(message(to + "/device"));
        case SAYS_IN_VAIN -> client.saysInVain(message(to));
        case HEARS -> client.hears();
        case ASKS -> client.asks();
        case IS_CUT_OFF -> client.isCutOff();
        case IS_CUT_OFF_UNNOTICED -> client.isCutOffUnnoticed();
        case COMES_BACK -> client.comesBack();
        case A_MOMENT_PASSES -> dialogue.time().pass(Duration.ofSeconds(10));
        case A_SESSION_ENDS -> {
          client.isCutOff();
          dialogue.time().pass(Dialogue.RESUMPTION_TIME);
        }
      }
    }

    private String message(String to) {
      return "<message type='chat' to='" + to + "'><body>" + said++ + "</body></message>";
    }

    void ends() {
      clients.forEach(ResumingClient::comesBack);
      for (int i = 0; i < 2; i++) { // what the one hears may make the other say more
        clients.forEach(ResumingClient::asks);
      }
    }
  }

  private static List<Integer> bodies(List<String> stanzas) {
    List<Integer> numbers = new ArrayList<>();
    for (String stanza : stanzas) {
      Matcher body = BODY.matcher(stanza);
      if (body.find() && !stanza.contains("type='error'")) {
        numbers.add(Integer.valueOf(body.group(1)));
      }
    }
    return numbers;
  }

  @Property(tries = 1000)
  void nothing_acknowledged_is_lost_and_all_comes_in_order(
      @ForAll("happenings") List<Happening> happenings) {
    Run run = new Run();
    happenings.forEach(run::happens);
    run.ends();

    for (int i = 0; i < USERS.size(); i++) {
      ResumingClient client = run.clients.get(i);
      List<Integer> heard = bodies(client.received());
      Set<Integer> first = new LinkedHashSet<>(heard);
      assertThat(List.copyOf(first)).isSorted();
      assertThat(bodies(run.clients.get(1 - i).acknowledged())).isEqualTo(List.copyOf(first));
      if (client.sessions() == 1) {
        assertThat(heard).doesNotHaveDuplicates();
      }
    }
  }
}
