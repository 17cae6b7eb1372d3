package io.qanat.salesforce;

import java.util.ArrayList;
import java.util.List;

/** Cuts a list into pieces that a call can carry. */
final class Slices {
  private Slices() {}

  static <T> List<List<T>> of(List<T> all, int size) {
    List<List<T>> slices = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      slices.add(all.subList(from, Math.min(from + size, all.size())));
    }
    return slices;
  }
}
