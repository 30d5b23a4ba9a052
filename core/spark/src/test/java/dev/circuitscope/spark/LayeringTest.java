package dev.circuitscope.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LayeringTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.circuitscope.spark");

  @Test
  void sparkKnowsSweepsAndNothingOfWhatIsSwept() {
    classes()
        .that()
        .resideInAPackage("dev.circuitscope.spark")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.circuitscope.spark",
            "dev.circuitscope.core",
            "dev.circuitscope.core.array",
            "dev.circuitscope.core.sweep",
            "org.apache.spark..",
            "scala..",
            "java..")
        .check(CLASSES);
  }
}
