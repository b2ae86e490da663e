package dev.sotto.config.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the launcher in a folder of its own with tools that only say what they were asked: which JDK
 * it takes, when it builds, what it says where something is missing.
 */
class LauncherTest {

  /** What the launcher may use of the system; PATH holds nothing else. */
  private static final List<String> SYSTEM_TOOLS =
      List.of(
          "sh", "dirname", "find", "sed", "head", "sort", "mkdir", "touch", "grep", "tail", "id",
          "tr", "xargs", "cat", "awk", "rm", "mv", "cp", "dd", "flock", "mktemp");

  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  @TempDir private Path folder;
  private Path tree;
  private Path bin;
  private Path jar;
  private final Map<String, String> environment = new HashMap<>();

  record Result(int status, String out, String err) {}

  @BeforeEach
  void layOut() throws IOException {
    tree = folder.resolve("sotto tree"); // The space is meant: paths have them.
    bin = Files.createDirectories(folder.resolve("bin"));
    for (String tool : SYSTEM_TOOLS) {
      Path found = find(tool);
      if (found != null) {
        script(tool, "exec " + found + " \"$@\"");
      }
    }
    for (String module :
        List.of(
            "turn", "media-relay", "signalling/src/main", "client/web/src", "config/src/test")) {
      Files.createDirectories(tree.resolve(module));
    }
    Files.writeString(tree.resolve("pom.xml"), "<project/>");
    Files.writeString(tree.resolve("signalling/src/main/Source.java"), "source");
    Files.copy(Path.of("..", "sotto"), tree.resolve("sotto"));
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
      }
    }
    jar = tree.resolve("config/target/sotto.jar");
    script("node", "echo v22.1.0");
    script("npm", "exit 0");
    script(
        "mvn",
        """
        if [ "$1" = -v ]; then echo 'Apache Maven 3.9.9 (abc)'; exit; fi
        echo "built with $JAVA_HOME" >>"$BUILDS"
        mkdir -p config/target; echo jar >config/target/sotto.jar
        """);
    environment.put("PATH", bin.toString());
    environment.put("HOME", folder.resolve("home").toString());
    environment.put("SOTTO_JVM_ROOT", folder.resolve("root").toString());
    environment.put("BUILDS", folder.resolve("builds").toString());
  }

  @Test
  void theConfiguredJdkComesFirstAndGetsTheArguments() throws Exception {
    environment.put("SOTTO_JAVA_HOME", jdk("mine", "25.0.1").toString());
    environment.put("JAVA_HOME", jdk("other", "26").toString());

    Result result = sotto("token", "alice smith");

    assertThat(result.status()).isZero();
    assertThat(result.out())
        .startsWith("mine ")
        .contains("-XX:+UseZGC", "-Xmx512m", "-jar\n" + jar + "\ntoken\nalice smith\n");
    assertThat(result.out()).contains("\n-Dsotto.home=" + tree + "\n");
  }

  @Test
  void javaHomeIsTakenWhenItIsNewEnough() throws Exception {
    environment.put("JAVA_HOME", jdk("home", "26-ea").toString());

    assertThat(sotto("run").out()).startsWith("home ");
  }

  @Test
  void anOldJavaHomeAndAnOldJavaOnThePathArePassedOver() throws Exception {
    Path old = jdk("old", "17.0.15");
    environment.put("JAVA_HOME", old.toString());
    script("java", "echo '    java.home = " + old + "' >&2");
    jdk("root/usr/lib/jvm/a-runtime", "25.0.3");
    Files.delete(folder.resolve("root/usr/lib/jvm/a-runtime/bin/javac"));
    jdk("root/usr/lib/jvm/temurin-25-jdk-amd64", "25.0.3");

    assertThat(sotto("run").out()).startsWith("temurin-25-jdk-amd64 ");
  }

  @Test
  void javaOnThePathIsAskedWhereItLives() throws Exception {
    script("java", "echo '    java.home = " + jdk("pathed", "25") + "' >&2");

    assertThat(sotto("run").out()).startsWith("pathed ");
  }

  @Test
  void theUsualFoldersAreLookedInto() throws Exception {
    for (String home :
        List.of(
            "root/Library/Java/JavaVirtualMachines/jdk-25/Contents/Home",
            "home/.sdkman/candidates/java/25-tem",
            "root/opt/some-jdk-25")) {
      Path jdk = jdk(home, "25.0.2");

      assertThat(sotto("run").out()).as(home).startsWith(jdk.getFileName() + " ");

      Files.delete(jdk.resolve("release"));
    }
  }

  @Test
  void withoutAJdkOneLineSaysWhatToInstall() throws Exception {
    Result result = sotto("run");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).singleElement().asString().contains("JDK 25", "install");
  }

  @Test
  void aConfiguredFolderWithoutAJdkIsNamed() throws Exception {
    environment.put("SOTTO_JAVA_HOME", folder.resolve("nowhere").toString());

    Result result = sotto("run");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err().lines()).singleElement().asString().contains("nowhere");
  }

  @Test
  void itBuildsOnceAndAgainOnlyWhenASourceIsNewer() throws Exception {
    Path jdk = jdk("jdk", "25");
    environment.put("JAVA_HOME", jdk.toString());

    Result first = sotto("run");
    Result second = sotto("run");

    assertThat(first.err()).isEqualTo("Building Sotto (first time: a few minutes)…\n");
    assertThat(second.err()).isEmpty();
    assertThat(builds()).containsExactly("built with " + jdk);

    touch("signalling/src/main/Source.java");
    assertThat(sotto("run").err()).isEqualTo("Building Sotto (sources have changed)…\n");
    assertThat(builds()).hasSize(2);
  }

  @Test
  void aStartDuringABuildWaitsForItAndTakesItsJar() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25").toString());
    Path half = folder.resolve("half-built");
    Path goOn = folder.resolve("go-on");
    new ProcessBuilder("mkfifo", half.toString(), goOn.toString()).start().waitFor();
    // Maven leaves half a jar, says so, and waits until it is told to go on.
    script(
        "mvn",
        """
        if [ "$1" = -v ]; then echo 'Apache Maven 3.9.9 (abc)'; exit; fi
        echo built >>"$BUILDS"
        mkdir -p config/target; echo half >config/target/sotto.jar
        echo >'%s'; cat '%s' >/dev/null
        echo jar >config/target/sotto.jar
        """
            .formatted(half, goOn));
    Process first = start("first", "run");
    Files.readString(half);

    Process second = start("second", "token", "alice");
    awaitLine(folder.resolve("second.err"), "Waiting for the build");
    assertThat(second.isAlive()).isTrue();
    assertThat(Files.readString(folder.resolve("second.out"))).isEmpty();
    Files.writeString(goOn, "on");

    assertThat(first.waitFor()).isZero();
    assertThat(second.waitFor()).isZero();
    assertThat(Files.readString(folder.resolve("second.out"))).endsWith("\ntoken\nalice\n");
    assertThat(builds()).hasSize(1);
  }

  /** A JVM reads its jar for as long as it runs: the file that it has open must stay as it is. */
  @Test
  void aBuildLeavesTheJarOfARunningServerAlone() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25").toString());
    sotto("run");
    try (FileInputStream running = new FileInputStream(jar.toFile())) {
      script(
          "mvn",
          """
          if [ "$1" = -v ]; then echo 'Apache Maven 3.9.9'; exit; fi
          printf 'another' | dd of=config/target/sotto.jar conv=notrunc 2>/dev/null
          """);
      touch("signalling/src/main/Source.java");

      assertThat(sotto("run").err()).contains("Building");

      assertThat(new String(running.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("jar\n");
      assertThat(Files.readString(jar)).isEqualTo("another");
    }
  }

  @Test
  void aTreeThatMayOnlyBeReadRunsWhatItHolds() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25").toString());
    sotto("run");
    Path target = tree.resolve("target");
    Files.delete(target.resolve("build.lock"));
    // Root may write whatever the mode says, so a file stands where the folder would be.
    try (Stream<Path> files = Files.walk(target)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
    Files.writeString(target, "not a folder");

    Result result = sotto("token", "alice");

    assertThat(result.status()).isZero();
    assertThat(result.err()).isEmpty();
  }

  @Test
  void whatTheJarDoesNotHoldIsNoReasonToBuild() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25").toString());
    sotto("run");

    for (String path :
        List.of(
            "config/src/test/New.java",
            "config/sotto.yml",
            "client/web/node_modules/new.js",
            "client/web/dist/new.js",
            "signalling/target/New.class",
            "signalling/README.md")) {
      touch(path);

      assertThat(sotto("run").err()).as(path).isEmpty();
    }
  }

  @Test
  void aDeletedSourceIsNoticed() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25").toString());
    sotto("run");

    Files.delete(tree.resolve("signalling/src/main/Source.java"));
    later(tree.resolve("signalling/src/main"));

    assertThat(sotto("run").err()).contains("Building");
  }

  @Test
  void anOldMavenIsPassedOverForTheWrapper() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25").toString());
    script("mvn", "if [ \"$1\" = -v ]; then echo 'Apache Maven 3.6.3'; else exit 9; fi");
    Path wrapper = tree.resolve("mvnw");
    Files.writeString(
        wrapper, "#!/bin/sh\nmkdir -p config/target; echo jar >config/target/sotto.jar\n");
    wrapper.toFile().setExecutable(true);

    assertThat(sotto("run").status()).isZero();
  }

  @Test
  void aBuildThatFailsShowsItsErrorsAndStops() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25").toString());
    script(
        "mvn",
        """
        if [ "$1" = -v ]; then echo 'Apache Maven 3.9.9'; exit; fi
        echo '[INFO] noise'; echo '[ERROR] Source.java: no such symbol'; exit 1
        """);

    Result result = sotto("run");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("[ERROR] Source.java: no such symbol", "build.log")
        .doesNotContain("noise");
  }

  @Test
  void withoutNodeOneLineSaysSoBeforeMavenStarts() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25").toString());
    Files.delete(bin.resolve("npm"));

    Result result = sotto("run");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err().lines()).singleElement().asString().contains("Node 20.19", "npm");
    assertThat(builds()).isEmpty();
  }

  @Test
  void anOldNodeIsNamed() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25").toString());
    script("node", "echo v20.18.0");

    Result result = sotto("run");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err().lines()).singleElement().asString().contains("20.19", "v20.18.0");
  }

  @Test
  void testEndsWithTheReasonsOfSkipsAndTheTotals() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25").toString());
    Files.writeString(tree.resolve("config/src/test/packages.txt"), "# none\n");
    report(
        """
        <testsuite name="A" tests="3" failures="1" skipped="1">
          <testcase name="works" classname="dev.A" time="1"/>
          <testcase name="needs a browser" classname="dev.A" time="0">
            <skipped message="chromium is &quot;missing&quot;"/>
          </testcase>
          <testcase name="breaks" classname="dev.A" time="0">
            <failure message="x" type="T">trace</failure>
          </testcase>
        </testsuite>
        """);

    Result result = sotto("test");

    assertThat(result.out())
        .endsWith(
            """
            skipped: dev.A.needs a browser: chromium is "missing"
            failed: dev.A.breaks
            1 passed, 1 failed, 1 skipped
            """);
    assertThat(result.status()).isEqualTo(1);
  }

  @Test
  void testSucceedsWhenNothingFailed() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk", "25").toString());
    Files.writeString(tree.resolve("config/src/test/packages.txt"), "");
    report("<testsuite><testcase name=\"works\" classname=\"A\"/></testsuite>");

    Result result = sotto("test");

    assertThat(result.out()).endsWith("1 passed, 0 failed, 0 skipped\n");
    assertThat(result.status()).isZero();
  }

  /** Lets Maven write a report, since the launcher removes those of earlier runs. */
  private void report(String xml) throws IOException {
    Path report = Files.writeString(folder.resolve("report.xml"), xml);
    script(
        "mvn",
        """
        if [ "$1" = -v ]; then echo 'Apache Maven 3.9.9'; exit; fi
        mkdir -p turn/target/surefire-reports
        cat '%s' >turn/target/surefire-reports/TEST-A.xml
        """
            .formatted(report));
  }

  private Result sotto(String... arguments) throws IOException, InterruptedException {
    int status = start("sotto", arguments).waitFor();
    return new Result(
        status,
        Files.readString(folder.resolve("sotto.out")),
        Files.readString(folder.resolve("sotto.err")));
  }

  /** Starts the launcher; what it prints goes to {@code name.out} and {@code name.err}. */
  private Process start(String name, String... arguments) throws IOException {
    List<String> command =
        Stream.concat(
                Stream.of(bin.resolve("sh").toString(), tree.resolve("sotto").toString()),
                Arrays.stream(arguments))
            .toList();
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder
        .redirectOutput(folder.resolve(name + ".out").toFile())
        .redirectError(folder.resolve(name + ".err").toFile())
        .start();
  }

  private static void awaitLine(Path file, String start) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.readString(file).startsWith(start)) {
      assertThat(System.nanoTime()).as(file + " says: " + start).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** A JDK whose java prints the JDK's name and then its arguments, one a line. */
  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    for (String tool : List.of("java", "javac")) {
      Path file = home.resolve("bin").resolve(tool);
      Files.writeString(
          file, "#!/bin/sh\nprintf '%s ' '" + home.getFileName() + "'\nprintf '%s\\n' \"$@\"\n");
      file.toFile().setExecutable(true);
    }
    return home;
  }

  private void script(String name, String body) throws IOException {
    Path file = bin.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    file.toFile().setExecutable(true);
  }

  private void touch(String path) throws IOException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "changed");
    later(file);
  }

  /** Newer than the jar whatever the file system's clock resolves. */
  private void later(Path file) throws IOException {
    Instant built = Files.getLastModifiedTime(jar).toInstant();
    Files.setLastModifiedTime(file, FileTime.from(built.plusSeconds(2)));
  }

  private List<String> builds() throws IOException {
    Path builds = folder.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
  }

  private static Path find(String tool) {
    return Stream.of("/usr/bin", "/bin", "/usr/local/bin")
        .map(directory -> Path.of(directory, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}
