package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.ServerProcess;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Debian's Janus with its videoroom: as many event loops as there are cores, ICE-lite, and no
 * plugin, transport or port but those that are used. A participant has a connection for what it
 * sends and another for all that it gets, as Janus' own clients do. Janus starts the handshakes of
 * DTLS, so that the client chooses the profile of SRTP: the one that Sotto chooses too.
 */
final class JanusVideoroom implements MeetingHost {

  private static final Path PROGRAM = Path.of("/usr/bin/janus");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MOST_PUBLISHERS = 1000;

  private final ServerProcess process;
  private final JanusSession session;
  private int rooms;

  private JanusVideoroom(ServerProcess process, JanusSession session) {
    this.process = process;
    this.session = session;
  }

  /** Whether Debian's Janus is installed. */
  static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  /** Starts it with media on this address, which must not be a loopback address. */
  static JanusVideoroom start(Inet4Address address, Path folder) throws IOException {
    int port = freePort();
    Path settings = Files.createDirectories(folder.resolve("janus"));
    write(settings, "janus.jcfg", CORE, NetworkInterface.getByInetAddress(address).getName());
    write(settings, "janus.transport.http.jcfg", HTTP, port);
    write(settings, "janus.plugin.videoroom.jcfg", "general: { events = false }\n");
    Process janus =
        new ProcessBuilder(PROGRAM.toString(), "-F", settings.toString(), "--disable-colors")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("janus.log").toFile())
            .start();
    ServerProcess process = new ServerProcess("janus", janus);
    URI root = URI.create("http://127.0.0.1:" + port + "/janus");
    try {
      awaitAnswer(root, process);
      return new JanusVideoroom(process, new JanusSession(root));
    } catch (IOException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /**
   * Its log is at warnings; records of events and statistics of calls, which it could keep, off.
   */
  private static final String CORE =
      """
      general: {
        debug_level = 2
        event_loops = %2$d
        no_webrtc_encryption = false
        session_timeout = 600
      }
      media: {
        ipv6 = false
        rtp_port_range = "30000-45000"
      }
      nat: {
        ice_lite = true
        ice_tcp = false
        ice_enforce_list = "%1$s"
      }
      plugins: {
        disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_echotest.so,libjanus_lua.so,\
      libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,\
      libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so"
      }
      transports: {
        disable = "libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,\
      libjanus_rabbitmq.so,libjanus_websockets.so"
      }
      events: { broadcast = false }
      """;

  private static final String HTTP =
      """
      general: {
        json = "compact"
        base_path = "/janus"
        http = true
        ip = "127.0.0.1"
        port = %1$d
        https = false
      }
      admin: { admin_http = false }
      """;

  private static void write(Path folder, String name, String text, Object... values)
      throws IOException {
    List<Object> arguments = new ArrayList<>(List.of(values));
    arguments.add(Runtime.getRuntime().availableProcessors());
    Files.writeString(folder.resolve(name), text.formatted(arguments.toArray()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void awaitAnswer(URI root, ServerProcess process) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      try {
        HttpURLConnection info =
            (HttpURLConnection) URI.create(root + "/info").toURL().openConnection();
        if (info.getResponseCode() == HttpURLConnection.HTTP_OK) {
          return;
        }
      } catch (java.net.ConnectException _) {
        // not yet
      }
      Pauses.pause(Duration.ofMillis(100));
    }
    throw new IOException("Janus did not start; its log is janus.log");
  }

  @Override
  public String label() {
    return "janus";
  }

  @Override
  public ServerProcess process() {
    return process;
  }

  @Override
  public Joined open(Meeting meeting, LoadClient client) throws IOException {
    JoinedRoom room = new JoinedRoom(++rooms);
    try {
      room.create();
      List<Feed> feeds = room.publish(meeting, client);
      room.subscribe(meeting, client, feeds);
    } catch (IOException | RuntimeException e) {
      room.close();
      throw e;
    }
    return room;
  }

  /** What a participant sends, as others ask for it. */
  private record Feed(int participant, long id) {}

  private final class JoinedRoom implements Joined {
    private final int number;
    private final List<Peer> peers = new ArrayList<>();
    private final List<JanusSession.Handle> handles = new ArrayList<>();

    JoinedRoom(int number) {
      this.number = number;
    }

    @Override
    public List<Peer> peers() {
      return peers;
    }

    private JanusSession.Handle attach() throws IOException {
      JanusSession.Handle handle = session.attach();
      handles.add(handle);
      return handle;
    }

    void create() throws IOException {
      session.ask(
          attach(),
          Map.of(
              "request",
              "create",
              "room",
              number,
              "publishers",
              MOST_PUBLISHERS,
              "bitrate",
              0,
              "fir_freq",
              0,
              "audiocodec",
              "opus",
              "videocodec",
              "vp8",
              "videoorient_ext",
              false,
              "playoutdelay_ext",
              false),
          Map.of());
    }

    List<Feed> publish(Meeting meeting, LoadClient client) throws IOException {
      List<Feed> feeds = new ArrayList<>();
      for (int i = 0; i < meeting.participants(); i++) {
        List<Medium> media = meeting.sends(i);
        if (!media.isEmpty()) {
          Peer peer = client.newPeer(media, meeting.audience());
          feeds.add(new Feed(i, publish(peer, media)));
        }
      }
      awaitAll();
      awaitPublishers(feeds.size());
      return feeds;
    }

    /** The end of a handshake that was its own to begin Janus notices after the peer. */
    private void awaitPublishers(int count) throws IOException {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (publishers() < count) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("Janus knows " + publishers() + " of " + count);
        }
        Pauses.pause(Duration.ofMillis(20));
      }
    }

    private long publishers() throws IOException {
      Map<String, Object> data =
          session
              .ask(
                  handles.getFirst(),
                  Map.of("request", "listparticipants", "room", number),
                  Map.of())
              .data();
      return data.get("participants") instanceof List<?> participants
          ? participants.stream()
              .filter(
                  it -> it instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("publisher")))
              .count()
          : 0;
    }

    private long publish(Peer peer, List<Medium> media) throws IOException {
      peers.add(peer);
      JanusSession.Event joined =
          session.ask(
              attach(),
              Map.of("request", "joinandconfigure", "room", number, "ptype", "publisher"),
              Map.of(
                  "type",
                  "offer",
                  "trickle",
                  false,
                  "sdp",
                  SessionDescription.offer(peer, media).toString()));
      SessionDescription answer = SessionDescription.parse(joined.sdp().orElseThrow());
      if (answer.transportNumbersId().isPresent()) {
        peer.media().numberPackets();
      }
      peer.connect(answer.transport());
      return joined.number("id");
    }

    void subscribe(Meeting meeting, LoadClient client, List<Feed> feeds) throws IOException {
      for (int i = 0; i < meeting.participants(); i++) {
        int own = i;
        List<Map<String, Object>> streams =
            feeds.stream()
                .filter(feed -> feed.participant() != own)
                .map(feed -> Map.<String, Object>of("feed", feed.id()))
                .toList();
        if (!streams.isEmpty()) {
          subscribe(client.newPeer(List.of(), 0), streams);
        }
      }
      awaitAll();
    }

    private void subscribe(Peer peer, List<Map<String, Object>> streams) throws IOException {
      peers.add(peer);
      JanusSession.Handle handle = attach();
      JanusSession.Event attached =
          session.ask(
              handle,
              Map.of("request", "join", "ptype", "subscriber", "room", number, "streams", streams),
              Map.of());
      SessionDescription offer = SessionDescription.parse(attached.sdp().orElseThrow());
      if (peer.media().offersTransportFeedback()) {
        offer.transportNumbersId().ifPresent(peer.media()::reportTransport);
      }
      peer.connect(offer.transport());
      session.ask(
          handle,
          Map.of("request", "start", "room", number),
          Map.of("type", "answer", "trickle", false, "sdp", offer.answer(peer).toString()));
    }

    private void awaitAll() {
      peers.forEach(peer -> peer.connected().join());
    }

    @Override
    public void close() {
      peers.forEach(Peer::close);
      for (JanusSession.Handle handle : handles) {
        try {
          session.detach(handle);
        } catch (IOException | IllegalStateException _) {
          // gone with its peer
        }
      }
    }
  }

  @Override
  public void close() {
    session.close();
    process.close();
  }
}
