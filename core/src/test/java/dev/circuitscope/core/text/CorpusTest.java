package dev.circuitscope.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.io.MalformedFileException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
  @TempDir Path dir;

  @Nested
  class A_file {
    @Test
    void becomes_documents_by_line_paragraph_or_whole() throws IOException {
      String text = "one\ntwo\n\n \nthree\r\nfour";
      Path file = Files.writeString(dir.resolve("a.txt"), text);
      assertThat(texts(Corpus.ofFile(file, Corpus.Documents.WHOLE_FILE))).containsExactly(text);
      assertThat(texts(Corpus.ofFile(file, Corpus.Documents.LINES)))
          .containsExactly("one", "two", "three", "four");
      Corpus paragraphs = Corpus.ofFile(file, Corpus.Documents.PARAGRAPHS);
      assertThat(texts(paragraphs)).containsExactly("one\ntwo", "three\nfour");
      assertThat(paragraphs.documents().get(1).name()).isEqualTo("a.txt:5");
      assertThat(paragraphs.name()).isEqualTo("a.txt");
    }

    @Test
    void that_is_missing_is_named() {
      assertThatThrownBy(() -> Corpus.ofFile(dir.resolve("none.txt"), Corpus.Documents.WHOLE_FILE))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContainingAll("none.txt", "no such corpus file");
    }

    @Test
    void that_is_not_utf8_is_refused_with_the_place() throws IOException {
      Path file = dir.resolve("latin1.txt");
      Files.write(file, "caf\u00e9 au lait".getBytes(StandardCharsets.ISO_8859_1));
      assertThatThrownBy(() -> Corpus.ofFile(file, Corpus.Documents.LINES))
          .isInstanceOfSatisfying(
              MalformedFileException.class, e -> assertThat(e.offset()).isEqualTo(3))
          .hasMessageContainingAll("latin1.txt", "byte 3", "0xe9");
    }

    @Test
    void that_ends_within_a_character_is_refused() throws IOException {
      Path file = dir.resolve("cut.txt");
      Files.write(file, new byte[] {'a', (byte) 0xe2, (byte) 0x82});
      assertThatThrownBy(() -> Corpus.ofFile(file, Corpus.Documents.LINES))
          .isInstanceOfSatisfying(
              MalformedFileException.class, e -> assertThat(e.offset()).isEqualTo(1));
    }
  }

  @Nested
  class A_directory {
    @Test
    void is_read_below_and_in_order() throws IOException {
      Files.createDirectories(dir.resolve("b/c"));
      Files.writeString(dir.resolve("z.txt"), "last");
      Files.writeString(dir.resolve("b/c/deep.txt"), "deep");
      Files.writeString(dir.resolve("b/a.txt"), "first");
      Files.writeString(dir.resolve("b/a.md"), "other");
      Corpus corpus = Corpus.ofDirectory(dir, "**.txt");
      assertThat(corpus.documents())
          .extracting(Corpus.Document::name)
          .containsExactly("b/a.txt", "b/c/deep.txt", "z.txt");
      assertThat(texts(corpus)).containsExactly("first", "deep", "last");
    }

    @Test
    void that_is_missing_or_has_nothing_is_named() {
      assertThatThrownBy(() -> Corpus.ofDirectory(dir.resolve("no"), "**"))
          .isInstanceOf(NotDirectoryException.class);
      assertThatThrownBy(() -> Corpus.ofDirectory(dir, "**.txt"))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("**.txt");
    }
  }

  @Nested
  class A_jar {
    @Test
    void is_read_by_entry() throws IOException {
      Path jar = dir.resolve("a.jar");
      try (OutputStream file = Files.newOutputStream(jar);
          ZipOutputStream zip = new ZipOutputStream(file)) {
        for (String name : List.of("z.java", "a/B.java", "a/c.txt")) {
          zip.putNextEntry(new ZipEntry(name));
          zip.write(("text of " + name).getBytes(StandardCharsets.UTF_8));
        }
      }
      assertThat(texts(Corpus.ofJar("j", jar, name -> name.endsWith(".java"))))
          .containsExactly("text of a/B.java", "text of z.java");
      assertThatThrownBy(() -> Corpus.ofJar("j", dir.resolve("no.jar"), name -> true))
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  @Nested
  class Text_delivered_by_maven {
    @Test
    void commons_math_has_990_files_without_licence_headers() {
      Corpus corpus = MavenText.COMMONS_MATH;
      assertThat(corpus.documents()).hasSize(990);
      assertThat(corpus.documents())
          .allSatisfy(
              d -> assertThat(d.text()).doesNotContain("Licensed to the Apache").endsWith("\n"));
      assertThat(corpus.documents())
          .filteredOn(d -> d.text().startsWith("package org.apache.commons.math3"))
          .hasSizeGreaterThan(900);
    }

    @Test
    void europarl_has_a_title_and_a_body_in_each_line() {
      Corpus corpus = MavenText.EUROPARL;
      assertThat(corpus.documents()).hasSize(17597);
      assertThat(corpus.documents().get(0).name()).isEqualTo("line 1, 2004-03-30");
      assertThat(corpus.documents().get(0).text()).startsWith("(1)\nIstituzioni europee");
    }

    @Test
    void the_english_part_of_europarl_is_told_apart_with_a_margin() {
      double[] shares =
          MavenText.EUROPARL.documents().stream()
              .mapToDouble(d -> EnglishText.functionWordShare(d.text()))
              .toArray();
      assertThat(Arrays.stream(shares).filter(s -> s >= 0.12).count()).isBetween(1200L, 1350L);
      assertThat(Arrays.stream(shares).filter(s -> s > 0.08 && s < 0.13).count()).isLessThan(5);
      assertThat(EnglishText.looksEnglish("")).isFalse();
      assertThat(EnglishText.looksEnglish("It is to be seen by those with eyes.")).isTrue();
      assertThat(EnglishText.looksEnglish("Es ist zu sehen für alle, die Augen haben.")).isFalse();
    }

    @Test
    void can_lose_its_indentation() {
      Corpus corpus = Corpus.ofTexts("c", "a\n    b c\r\n\td\n\n  ", "  x");
      assertThat(texts(corpus.withoutIndentation())).containsExactly("a\nb c\r\nd\n\n", "x");
    }

    @Test
    void that_is_not_there_says_which_dependency_to_add() {
      assertThatThrownBy(
              () ->
                  CorpusJars.locate(
                      ClassLoader.getPlatformClassLoader(), "a/B.java", "org.a:b:1.0:sources"))
          .isInstanceOf(FileNotFoundException.class)
          .hasMessageContainingAll("a/B.java", "Maven dependency org.a:b:1.0:sources");
    }

    @Test
    void a_comment_that_is_no_licence_stays() {
      assertThat(MavenCorpora.withoutLicence("/* License */\n\npackage a;"))
          .isEqualTo("package a;");
      assertThat(MavenCorpora.withoutLicence("/* Note */\npackage a;")).startsWith("/* Note");
      assertThat(MavenCorpora.withoutLicence("package a; /* License */")).startsWith("package");
    }
  }

  @Nested
  class A_split {
    private final Corpus corpus =
        Corpus.of(
            "numbers",
            IntStream.range(0, 100)
                .mapToObj(i -> new Corpus.Document("d" + i, "text " + i))
                .toList());

    @Test
    void has_every_document_once_and_the_asked_for_share() {
      Corpus.Split split = corpus.split(0.1, 3);
      assertThat(split.validation().documents()).hasSize(10);
      Set<Corpus.Document> all = new HashSet<>(split.train().documents());
      assertThat(all).doesNotContainAnyElementsOf(split.validation().documents());
      all.addAll(split.validation().documents());
      assertThat(all).hasSize(100);
    }

    @Test
    void depends_on_the_seed_only() {
      assertThat(texts(corpus.split(0.1, 3).validation()))
          .isEqualTo(texts(corpus.split(0.1, 3).validation()))
          .isNotEqualTo(texts(corpus.split(0.1, 4).validation()));
    }

    @Test
    void keeps_copies_of_a_text_together() {
      Corpus copies = Corpus.ofTexts("c", "a", "b", "a", "c", "b", "a", "d");
      for (long seed = 0; seed < 50; seed++) {
        Corpus.Split split = copies.split(0.3, seed);
        assertThat(split.train().documents()).isNotEmpty();
        assertThat(texts(split.train())).doesNotContainAnyElementsOf(texts(split.validation()));
      }
    }

    @Test
    void that_leaves_a_part_empty_is_refused() {
      for (double share : new double[] {0, 0.001, 0.999, 1, -1, Double.NaN}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> corpus.split(share, 0))
            .withMessageContainingAll("numbers", "leaves a part empty");
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Corpus.ofTexts("same", "a", "a", "a").split(0.5, 0))
          .withMessageContaining("same text");
    }
  }

  @Nested
  class Provenance {
    @Test
    void counts_characters_and_hashes_texts_and_their_borders() {
      CorpusProvenance provenance = Corpus.ofTexts("c", "abc").provenance();
      // printf 'abc\0' | sha256sum
      assertThat(provenance.sha256())
          .isEqualTo("dc1114cd074914bd872cc1f9a23ec910ea2203bc79779ab2e17da25782a624fc");
      assertThat(Corpus.ofTexts("c", "é😀", "x").provenance().characters()).isEqualTo(3);
      assertThat(Corpus.ofTexts("c", "ab", "c").provenance().sha256())
          .isNotEqualTo(Corpus.ofTexts("c", "a", "bc").provenance().sha256());
    }
  }

  private static List<String> texts(Corpus corpus) {
    return corpus.documents().stream().map(Corpus.Document::text).toList();
  }
}
