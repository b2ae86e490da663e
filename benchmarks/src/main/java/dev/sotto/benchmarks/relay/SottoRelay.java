package dev.sotto.benchmarks.relay;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sotto.benchmarks.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code ./sotto relay} as its users start it, steered by COLIBRI2 in JSON. A participant is one
 * endpoint with a receive slot for each stream that it gets.
 */
final class SottoRelay implements MeetingHost {

  private final HttpClient http = HttpClient.newHttpClient();
  private final ServerProcess process;
  private final SelfReport selfReport;
  private final URI conferences;
  private int meetings;

  private SottoRelay(ServerProcess process, Path gcLog, URI management) {
    this.process = process;
    this.conferences = management.resolve("/colibri/v2/conferences");
    this.selfReport =
        new SelfReport(
            new JvmFigures(process, gcLog), new MetricsPage(http, management.resolve("/metrics")));
  }

  static SottoRelay start(Inet4Address address, Path folder) throws IOException {
    return start(address, folder, List.of());
  }

  /** With further settings, such as {@code relay.gather-time=1ms}. */
  static SottoRelay start(Inet4Address address, Path folder, List<String> settings)
      throws IOException {
    int managementPort = freeTcpPort();
    List<String> command = new ArrayList<>(List.of("./sotto", "relay"));
    for (String setting :
        List.of(
            "relay.port=" + freeUdpPorts(address, Runtime.getRuntime().availableProcessors()),
            "relay.addresses=" + address.getHostAddress(),
            "management.relay-port=" + managementPort,
            "data-dir=" + folder.resolve("sotto-" + managementPort))) {
      command.addAll(List.of("--set", setting));
    }
    settings.forEach(setting -> command.addAll(List.of("--set", setting)));
    Path gcLog = folder.resolve("sotto-" + managementPort + ".gc.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("sotto-" + managementPort + ".log").toFile());
    builder
        .environment()
        .merge("SOTTO_JAVA_OPTS", JvmFigures.option(gcLog), (given, own) -> given + " " + own);
    Process relay = builder.start();
    BufferedReader out = relay.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null || !line.contains("ready")) {
      throw new IOException("./sotto relay did not start: " + line);
    }
    ServerProcess process = new ServerProcess("sotto", relay);
    return new SottoRelay(process, gcLog, URI.create("http://127.0.0.1:" + managementPort + "/"));
  }

  private static int freeTcpPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** The first of so many in a row that nobody has now. */
  private static int freeUdpPorts(Inet4Address address, int count) throws IOException {
    for (int first = 10_000; first < 30_000; first += count) {
      if (areFree(address, first, count)) {
        return first;
      }
    }
    throw new IOException("no free ports for media");
  }

  private static boolean areFree(Inet4Address address, int first, int count) {
    for (int port = first; port < first + count; port++) {
      try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, port))) {
        Objects.requireNonNull(socket);
      } catch (IOException _) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String label() {
    return "sotto";
  }

  @Override
  public ServerProcess process() {
    return process;
  }

  @Override
  public Optional<SelfReport> selfReport() {
    return Optional.of(selfReport);
  }

  @Override
  public Joined open(Meeting meeting, LoadClient client) throws IOException {
    JoinedConference conference = new JoinedConference("bench" + ++meetings);
    request("POST", conferences, Map.of("meeting-id", conference.id, "create", true));
    try {
      for (int i = 0; i < meeting.participants(); i++) {
        conference.join(meeting, i, client.newPeer(meeting.sends(i), meeting.audience()));
      }
      conference.peers.forEach(peer -> peer.connected().join());
    } catch (IOException | RuntimeException e) {
      conference.close();
      throw e;
    }
    return conference;
  }

  private final class JoinedConference implements Joined {
    private final String id;
    private final List<Peer> peers = new ArrayList<>();

    JoinedConference(String id) {
      this.id = id;
    }

    private URI uri() {
      return URI.create(conferences + "/" + id);
    }

    void join(Meeting meeting, int participant, Peer peer) throws IOException {
      peers.add(peer);
      if (peer.media().offersTransportFeedback()) {
        peer.media().numberPackets();
        peer.media().reportTransport(Medium.TRANSPORT_SEQUENCE_NUMBER_ID);
      }
      Map<String, Object> answer =
          request(
              "PATCH",
              uri(),
              Map.of("endpoints", List.of(ColibriEndpoint.of(meeting, participant, peer))));
      peer.connect(ColibriEndpoint.transport(answer));
    }

    @Override
    public List<Peer> peers() {
      return peers;
    }

    @Override
    public void close() {
      peers.forEach(Peer::close);
      try {
        request("PATCH", uri(), Map.of("expire", true));
      } catch (IOException | IllegalStateException _) {
        // it expires by itself
      }
    }
  }

  private Map<String, Object> request(String method, URI uri, Map<String, Object> document)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(JSONObjectUtils.toJSONString(document)))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("the relay refused: " + response.body());
      }
      return JSONObjectUtils.parse(response.body());
    } catch (ParseException e) {
      throw new IOException("the relay did not answer in JSON", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    selfReport.close();
    process.close();
  }
}
