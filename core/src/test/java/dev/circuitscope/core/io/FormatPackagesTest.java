package dev.circuitscope.core.io;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class FormatPackagesTest {
  private static final String IO = "dev.circuitscope.core.io";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(IO);

  @Test
  void what_formats_share_does_not_know_them() {
    noClasses()
        .that()
        .resideInAPackage(IO)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(IO + ".*..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(IO + ".zip")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(IO + ".numpy", IO + ".torch", IO + ".llama2c")
        .check(CLASSES);
  }

  @Test
  void formats_do_not_know_each_other() {
    for (String format : new String[] {"numpy", "torch", "llama2c"}) {
      String[] others =
          java.util.stream.Stream.of("numpy", "torch", "llama2c")
              .filter(other -> !other.equals(format))
              .map(other -> IO + "." + other)
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(IO + "." + format)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(CLASSES);
    }
  }
}
