package dev.circuitscope.core.text;

import dev.circuitscope.core.text.Corpus.Document;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Draws the validation part of a corpus. */
final class CorpusSplit {
  private static final long SALT = 0x53504c4954L; // "SPLIT"

  private CorpusSplit() {}

  static Corpus.Split split(Corpus corpus, double validationShare, long seed) {
    int total = corpus.documents().size();
    long wanted = Math.round(validationShare * total);
    if (!(validationShare > 0 && validationShare < 1) || wanted < 1 || wanted >= total) {
      throw new IllegalArgumentException(
          "split corpus '%s': a validation share of %s of %d documents leaves a part empty"
              .formatted(corpus.name(), validationShare, total));
    }
    Map<String, Integer> copies = new LinkedHashMap<>();
    corpus.documents().forEach(document -> copies.merge(document.text(), 1, Integer::sum));
    List<String> texts = new ArrayList<>(copies.keySet());
    shuffle(texts, Seeds.random(seed, SALT, 0, 0));

    Set<String> held = new HashSet<>();
    long count = 0;
    for (int i = 0; i < texts.size() - 1 && count < wanted; i++) {
      held.add(texts.get(i));
      count += copies.get(texts.get(i));
    }
    if (held.isEmpty()) {
      throw new IllegalArgumentException(
          "split corpus '%s': all %d documents have the same text".formatted(corpus.name(), total));
    }
    Map<Boolean, List<Document>> parts = new HashMap<>(Map.of(true, new ArrayList<>()));
    parts.put(false, new ArrayList<>());
    corpus.documents().forEach(document -> parts.get(held.contains(document.text())).add(document));
    return new Corpus.Split(
        Corpus.of(corpus.name() + " (training part)", parts.get(false)),
        Corpus.of(corpus.name() + " (validation part)", parts.get(true)));
  }

  private static void shuffle(List<String> list, SplittableRandom random) {
    for (int i = list.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      list.set(i, list.set(j, list.get(i)));
    }
  }
}
