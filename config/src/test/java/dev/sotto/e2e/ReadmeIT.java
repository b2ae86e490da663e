package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's commands, on a clone that nothing was built in. */
final class ReadmeIT {

  @Test
  void everyCommandOfTheReadmeWorksOnAFreshClone(@TempDir Path folder) throws Exception {
    Path said = folder.resolve("said");
    Process script =
        new ProcessBuilder(
                PythonPeer.PYTHON.toString(),
                SottoProcess.checkout().resolve("config/src/test/python/run_readme.py").toString(),
                "--without",
                "./sotto test") // this test is a part of it
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = script.waitFor(10, TimeUnit.MINUTES);
    script.destroyForcibly();
    String output = Files.readString(said);
    assertThat(ended).as(output).isTrue();
    assertThat(script.exitValue()).as(output).isZero();
    assertThat(output).contains("3 blocks ran");
  }
}
