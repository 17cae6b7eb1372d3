package io.qanat.deliver;

import io.qanat.deliver.BatchOutcome.Unsettled;
import java.util.List;

/** Is told what a batch is held for. */
@FunctionalInterface
interface HoldListener {
  /** These events are held now; an empty list says that none is any more. */
  void held(List<Unsettled> events);
}
