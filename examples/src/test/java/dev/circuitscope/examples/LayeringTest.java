package dev.circuitscope.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Imports of the whole library")
class LayeringTest {

  private static final String ROOT = "dev.circuitscope.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.circuitscope");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "core.array",
        "core.io",
        "core.hook",
        "core.model",
        "core.text",
        "core.generate",
        "core.train",
        "core.sweep",
        "core.plot",
        "core.reference",
        "core.processing",
        "core.format",
        "circuits",
        "toymodels",
        "examples"
      })
  void areCheckedForPackagesThatExist(String name) {
    assertThat(CLASSES.containPackage(ROOT + name)).isTrue();
  }

  @ParameterizedTest(name = "{0} does not know {1}")
  @CsvSource({
    "core, circuits",
    "core, toymodels",
    "core, examples",
    "circuits, toymodels",
    "circuits, examples",
    "toymodels, circuits",
    "toymodels, examples",
  })
  void pointDownFromModuleToModule(String lower, String higher) {
    forbid(lower, higher);
  }

  @ParameterizedTest(name = "core.{0} does not know core.{1}")
  @CsvSource({
    "array, hook",
    "array, io",
    "array, text",
    "array, model",
    "array, reference",
    "array, train",
    "array, plot",
    "io, hook",
    "io, text",
    "io, model",
    "io, reference",
    "io, train",
    "io, plot",
    "hook, text",
    "hook, model",
    "hook, reference",
    "hook, train",
    "hook, plot",
    "text, model",
    "text, reference",
    "text, train",
    "text, plot",
    "model, train",
    "model, plot",
    "reference, train",
    "reference, plot",
    "train, plot",
    "array, sweep",
    "io, sweep",
    "hook, sweep",
    "text, sweep",
    "model, sweep",
    "train, sweep",
    "sweep, model",
    "sweep, text",
    "sweep, plot",
    "array, format",
    "io, format",
    "hook, format",
    "text, format",
    "model, format",
    "reference, format",
    "train, format",
    "plot, format",
    "format, reference",
    "format, train",
    "format, plot",
  })
  void pointDownWithinCore(String lower, String higher) {
    forbid("core." + lower, "core." + higher);
  }

  @ParameterizedTest(name = "examples.{0} does not know examples.{1}")
  @CsvSource({
    "claims, report",
    "claims, reproduction",
    "claims, cli",
    "report, reproduction",
    "report, cli",
    "reproduction, training",
    "reproduction, induction",
    "reproduction, superposition",
    "reproduction, framework",
    "training, induction",
    "training, superposition",
    "training, framework",
    "training, cli",
    "reproduction, cli",
    "induction, superposition",
    "superposition, induction",
    "framework, induction",
    "framework, superposition",
    "induction, framework",
    "reproduction, incontext",
    "training, incontext",
    "incontext, induction",
    "incontext, framework",
    "incontext, superposition",
    "incontext, cli",
    "induction, incontext",
    "framework, incontext",
    "superposition, incontext",
    "superposition, framework",
    "framework, cli",
    "induction, cli",
    "superposition, cli",
    "model, cli",
    "model, reproduction",
    "compare, cli",
  })
  void pointDownWithinExamples(String lower, String higher) {
    forbid("examples." + lower, "examples." + higher);
  }

  @Test
  void makeNoCyclesBetweenPackages() {
    slices().matching("dev.circuitscope.(*).(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  @DisplayName("are of classes that are final, abstract, or not to be extended otherwise")
  void areOfClosedClasses() {
    List<String> open =
        CLASSES.stream()
            .filter(c -> !c.isInterface() && !c.isEnum() && !c.isRecord() && !c.isAnonymousClass())
            .filter(c -> c.isTopLevelClass())
            .filter(c -> !c.getModifiers().contains(JavaModifier.FINAL))
            .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
            .map(JavaClass::getName)
            .toList();
    assertThat(open).isEmpty();
  }

  @Test
  @DisplayName("of whole packages are never ambiguous: no two public types share a name")
  void areNeverAmbiguous() {
    Map<String, List<String>> packages =
        CLASSES.stream()
            .filter(c -> c.isTopLevelClass() && c.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(c -> !c.getPackageName().startsWith(ROOT + "examples"))
            .filter(c -> !c.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    Collectors.mapping(JavaClass::getPackageName, Collectors.toList())));
    packages.values().removeIf(names -> names.size() == 1);
    assertThat(packages).isEmpty();
  }

  private static void forbid(String lower, String higher) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + lower + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + higher + "..")
        .check(CLASSES);
  }
}
