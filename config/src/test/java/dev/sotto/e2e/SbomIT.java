package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The list of what the jar is made of, which lies beside it (CycloneDX). */
final class SbomIT {

  private static final Path TARGET = SottoProcess.checkout().resolve("config/target");

  @Test
  void theLibrariesInTheJarAreListedWithVersionsAndLicences() throws Exception {
    Map<String, Object> sbom =
        JSONObjectUtils.parse(Files.readString(TARGET.resolve("sotto-sbom.json")), 10_000_000);
    List<Map<String, Object>> components =
        Arrays.asList(JSONObjectUtils.getJSONObjectArray(sbom, "components"));
    assertThat(sbom).containsEntry("bomFormat", "CycloneDX");
    assertThat(components)
        .allSatisfy(component -> {
          assertThat(component.get("version"))
              .as("%s", component.get("name"))
              .asString()
              .isNotEmpty();
          assertThat(component.get("licenses")).as("%s", component.get("name")).isNotNull();
        });

    assertThat(components.stream().map(component -> component.get("name")))
        .contains(
            "netty-transport-classes-epoll",
            "micronaut-http-server-netty",
            "nimbus-jose-jwt",
            "aalto-xml",
            "picocli",
            "logback-classic")
        .doesNotContain("junit-jupiter-api", "assertj-core", "selenium-api");
  }
}
