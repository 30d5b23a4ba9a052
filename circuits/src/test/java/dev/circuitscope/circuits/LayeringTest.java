package dev.circuitscope.circuits;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LayeringTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.circuitscope");

  @Test
  void circuitsKnowNeitherToyModelsNorExamples() {
    noClasses()
        .that()
        .resideInAPackage("dev.circuitscope.circuits..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.circuitscope.toymodels..", "dev.circuitscope.examples..")
        .check(CLASSES);
  }

  @Test
  void coreDoesNotKnowCircuits() {
    assertThat(CLASSES.containPackage("dev.circuitscope.core")).isTrue();
    noClasses()
        .that()
        .resideInAPackage("dev.circuitscope.core..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.circuitscope.circuits..")
        .check(CLASSES);
  }

  @Test
  void headsDoNotKnowHowTheyAreLearned() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.circuitscope.circuits.heads..", "dev.circuitscope.circuits.sampling..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.circuitscope.circuits.learning..")
        .check(CLASSES);
  }

  @Test
  void snapshotsDoNotKnowWhatIsMadeOfThemAndCurvesDoNotKnowVectorsOfLosses() {
    noClasses()
        .that()
        .resideInAPackage("dev.circuitscope.circuits.learning.snapshots")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.circuitscope.circuits.learning", "dev.circuitscope.circuits.learning.pertoken")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.circuitscope.circuits.learning")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.circuitscope.circuits.learning.pertoken")
        .check(CLASSES);
  }

  @Test
  void measurementsDoNotKnowTheModelsThatTheyAreCheckedOn() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.circuitscope.circuits.known..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.circuitscope.circuits.known..")
        .check(CLASSES);
  }

  @Test
  void edgesAreNamesAndPatchingDoesNotKnowSearches() {
    noClasses()
        .that()
        .resideInAPackage("dev.circuitscope.circuits.edges")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.circuitscope.circuits.patching",
            "dev.circuitscope.circuits.known",
            "dev.circuitscope.circuits.discovery")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage("dev.circuitscope.circuits.patching", "dev.circuitscope.circuits.known")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.circuitscope.circuits.discovery")
        .check(CLASSES);
  }

  @Test
  void packagesOfCircuitsHaveNoCycles() {
    slices().matching("dev.circuitscope.circuits.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void measurementsKnowNothingOfCharts() {
    noClasses()
        .that()
        .resideInAPackage("dev.circuitscope.circuits..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.circuitscope.core.plot..")
        .check(CLASSES);
  }
}
