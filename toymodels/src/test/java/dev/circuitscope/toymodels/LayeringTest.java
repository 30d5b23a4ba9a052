package dev.circuitscope.toymodels;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayeringTest {

  private static final String ROOT = "dev.circuitscope.toymodels.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.circuitscope.toymodels");

  @ParameterizedTest(name = "{0} does not know {1}")
  @CsvSource({
    "kernels, geometry",
    "kernels, superposition",
    "kernels, theory",
    "kernels, adversarial",
    "geometry, kernels",
    "geometry, superposition",
    "geometry, theory",
    "geometry, adversarial",
    "superposition, theory",
    "superposition, adversarial",
    "superposition, computation",
    "kernels, computation",
    "kernels, dynamics",
    "geometry, dynamics",
    "superposition, dynamics",
    "theory, dynamics",
    "dynamics, theory",
    "theory, computation",
    "theory, kernels",
    "theory, adversarial",
    "computation, theory",
    "computation, adversarial",
  })
  void importsPointDown(String lower, String higher) {
    assertThat(CLASSES.containPackage(ROOT + lower)).isTrue();
    assertThat(CLASSES.containPackage(ROOT + higher)).isTrue();
    noClasses()
        .that()
        .resideInAPackage(ROOT + lower + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + higher + "..")
        .check(CLASSES);
  }
}
