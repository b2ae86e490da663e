package dev.sotto.signalling;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

  @Test
  void thePackagesBelowTheModulesOwnStandInOneDirection() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new DoNotIncludeTests())
            .importPackages("dev.sotto.signalling");
    assertThat(classes).hasSizeGreaterThan(40);
    slices().matching("dev.sotto.signalling.(*)..").should().beFreeOfCycles().check(classes);
  }
}
